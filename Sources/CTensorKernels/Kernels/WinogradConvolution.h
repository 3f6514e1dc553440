// Convolutions with 3 × 3 kernels, causal in time or not, by Winograd's tiles (Winograd.h): a quarter of the multiplications.
//
// A kernel of `frames` × 3 × 3 is a sum of `frames` plane ones. Each input frame is transformed once and kept while output frames need
// it; for each of the 36 points, one matrix product then sums over channels and frames at once, and what comes out is transformed
// back. Frames are taken in stripes of tile rows, so that all of a stripe stays in the cache. In float32 throughout, whatever the
// elements: errors are some 1e-6 of the result, far below bfloat16's rounding.
namespace TK_LEVEL {

/// How a convolution falls into stripes of tile rows and slabs of output frames.
struct TileStripes {
  static constexpr int64_t tilesWanted = 160;  // in a slab: enough for a product to pay for reading its weights
  static constexpr int64_t slabLimit = 16;

  int64_t across, down, rowsPerStripe, stripes, paddedTiles, slab, frames, slots;
  int64_t inputs, outputs;  // channels
  // Elements from one point to the next: 16 more than the tiles take, lest all points share a set of the cache.
  int64_t inputPlane, outputPlane;
  TK_INLINE explicit TileStripes(const TKConvolution &c)
      : across((c.output[2] + tileExtent - 1) / tileExtent), down((c.output[1] + tileExtent - 1) / tileExtent), frames(c.kernel[0]),
        inputs(c.inputChannels), outputs(c.outputChannels) {
    rowsPerStripe = smallest(down, across < tilesWanted ? tilesWanted / across : 1);
    stripes = (down + rowsPerStripe - 1) / rowsPerStripe;
    const int64_t tiles = rowsPerStripe * across;
    paddedTiles = (tiles + TK_PRODUCT_ROWS - 1) / TK_PRODUCT_ROWS * TK_PRODUCT_ROWS;
    slab = smallest(smallest(c.output[0], slabLimit), tiles < tilesWanted ? tilesWanted / tiles : 1);
    slots = slab + frames - 1;
    inputPlane = paddedTiles * inputs + laneCount;
    outputPlane = paddedTiles * outputs + laneCount;
  }
  TK_INLINE int64_t rows(int64_t stripe) const { return smallest(down - stripe * rowsPerStripe, rowsPerStripe); }
  TK_INLINE int64_t weightElements() const { return tilePoints * frames * inputs * outputs; }
  /// Transformed inputs of all frames that a slab sees, and its products or transformed gradients.
  TK_INLINE int64_t scratchElements() const { return tilePoints * (slots * inputPlane + slab * outputPlane); }
};

/// Sixteen channels of the pixel (row, column) of a frame, or zeros outside.
template <class T>
TK_INLINE f32x16 loadPixel(const T *frame, int64_t row, int64_t column, int64_t height, int64_t width, int64_t channels) {
  if (row < 0 || row >= height || column < 0 || column >= width) return f32x16{};
  return loadLanes(frame + (row * width + column) * channels);
}

/// The transformed input frames that a slab's products need, [point][tile][channel] each; a frame is transformed when it first comes up.
template <class T> struct FrameRing {
  const TKConvolution &c;
  const TileStripes &s;
  const T *x;
  int64_t stripe;
  float *scratch;
  int64_t next = 0;  // the first frame not yet transformed

  TK_INLINE float *slot(int64_t frame) const { return scratch + frame % s.slots * tilePoints * s.inputPlane; }
  /// The input frame that kernel frame `k` meets at output frame `t`, transformed; null before the first and after the last.
  TK_INLINE const float *seen(int64_t t, int64_t k) const {
    const int64_t frame = t + k - c.paddingBefore[0];
    return frame < 0 || frame >= c.input[0] ? nullptr : slot(frame);
  }
  /// Transforms what output frames t ..< t + count see.
  TK_INLINE void advance(int64_t t, int64_t count) {
    const int64_t first = t - c.paddingBefore[0], end = smallest(first + count + s.frames - 1, c.input[0]);
    if (next < first) next = first;
    if (next < end) parallel((end - next) * s.rows(stripe), [&](int64_t item) { transformLine(next + item / s.rows(stripe), item % s.rows(stripe)); });
    if (next < end) next = end;
  }
  TK_INLINE void transformLine(int64_t frame, int64_t line) const {
    const T *from = x + frame * c.input[1] * c.input[2] * s.inputs;
    for (int64_t tile = 0; tile < s.across; tile++) {
      const int64_t row = (stripe * s.rowsPerStripe + line) * tileExtent - c.paddingBefore[1], column = tile * tileExtent - c.paddingBefore[2];
      for (int64_t channel = 0; channel < s.inputs; channel += laneCount) {
        f32x16 patch[6][6], points[6][6];
        float *to = slot(frame) + (line * s.across + tile) * s.inputs + channel;
        // Thirty-six lines far apart are more than a processor foresees: those of the channels after next are fetched by hand.
        for (int p = 0; p < tilePoints; p++) __builtin_prefetch(to + p * s.inputPlane + 2 * laneCount, 1);
        for (int i = 0; i < 6; i++)
          for (int j = 0; j < 6; j++) patch[i][j] = loadPixel(from + channel, row + i, column + j, c.input[1], c.input[2], s.inputs);
        transformBoth<6, 6>(patch, points, [](const f32x16 *in, f32x16 *out) TK_INLINE_LAMBDA { transformPatch(in, out); });
        for (int p = 0; p < tilePoints; p++) storeLanes(to + p * s.inputPlane, points[p / 6][p % 6]);
      }
    }
  }
};

// MARK: weights

/// packed[point][frame][in][out] from w [out, frames, 3, 3, in].
template <class T> void packTileWeights(const TKConvolution &c, const T *w, float *packed) {
  const TileStripes s(c);
  const int64_t blocks = s.inputs / laneCount;
  parallel(s.outputs / laneCount * blocks, [&](int64_t item) {
    const int64_t out = item / blocks * laneCount, in = item % blocks * laneCount;
    for (int64_t frame = 0; frame < s.frames; frame++) {
      f32x16 columns[tilePoints][laneCount];
      for (int64_t j = 0; j < laneCount; j++) {
        const T *from = w + ((out + j) * s.frames + frame) * 9 * s.inputs + in;
        f32x16 kernel[3][3], points[6][6];
        for (int i = 0; i < 9; i++) kernel[i / 3][i % 3] = loadLanes(from + i * s.inputs);
        transformBoth<3, 6>(kernel, points, [](const f32x16 *in, f32x16 *out) TK_INLINE_LAMBDA { transformKernel(in, out); });
        for (int p = 0; p < tilePoints; p++) columns[p][j] = points[p / 6][p % 6];
      }
      for (int64_t p = 0; p < tilePoints; p++) {
        transpose(columns[p]);
        float *to = packed + ((p * s.frames + frame) * s.inputs + in) * s.outputs + out;
        for (int64_t j = 0; j < laneCount; j++) storeLanes(to + j * s.outputs, columns[p][j]);
      }
    }
  });
}

/// The weights of the convolution that takes the gradient back: turned round in all axes, and in and out exchanged.
/// packed[point][frame][out][in] from w [out, frames, 3, 3, in].
template <class T> void packTileWeightsTurned(const TKConvolution &c, const T *w, float *packed) {
  const TileStripes s(c);
  parallel(s.outputs, [&](int64_t out) {
    for (int64_t frame = 0; frame < s.frames; frame++)
      for (int64_t in = 0; in < s.inputs; in += laneCount) {
        const T *from = w + (out * s.frames + frame) * 9 * s.inputs + in;
        f32x16 kernel[3][3], points[6][6];
        for (int i = 0; i < 9; i++) kernel[2 - i / 3][2 - i % 3] = loadLanes(from + i * s.inputs);
        transformBoth<3, 6>(kernel, points, [](const f32x16 *in, f32x16 *out) TK_INLINE_LAMBDA { transformKernel(in, out); });
        float *to = packed + ((s.frames - 1 - frame) * s.outputs + out) * s.inputs + in;
        for (int64_t p = 0; p < tilePoints; p++) storeLanes(to + p * s.frames * s.outputs * s.inputs, points[p / 6][p % 6]);
      }
  });
}

// MARK: convolution

/// The most frames that a kernel may have.
constexpr int64_t kernelFrameLimit = 8;

/// One point's products of tiles: all of 64 outputs beside each other where the registers allow, then what is left.
TK_INLINE void multiplyTiles(int64_t rows, int64_t columns, int64_t inner, const ProductTerm<float> *terms, int64_t count, float *c) {
  constexpr int64_t wide = TK_AVX512 ? 4 * laneCount : laneCount;
  const int64_t whole = columns / wide * wide;
  vectorProduct<float, f32x16, 4, wide / laneCount, true>(rows, whole, inner, terms, count, inner, 1, columns, c, columns, false);
  if (whole == columns) return;
  ProductTerm<float> rest[kernelFrameLimit];
  for (int64_t i = 0; i < count; i++) rest[i] = {terms[i].left, terms[i].right + whole};
  vectorProduct<float, f32x16, TK_PRODUCT_ROWS, 1, true>(rows, columns - whole, inner, rest, count, inner, 1, columns, c + whole, columns, false);
}

template <class T>
void convolveTiles(const TKConvolution &c, const T *x, const float *packed, const T *bias, T *y, float *scratch) {
  const TileStripes s(c);
  const int64_t inputElements = c.input[0] * c.input[1] * c.input[2] * s.inputs, outputFrame = c.output[1] * c.output[2] * s.outputs;
  float *products = scratch + tilePoints * s.slots * s.inputPlane;
  for (int64_t batch = 0; batch < c.batch; batch++)
    for (int64_t stripe = 0; stripe < s.stripes; stripe++) {
      FrameRing<T> ring = {c, s, x + batch * inputElements, stripe, scratch};
      const int64_t tiles = s.rows(stripe) * s.across;
      for (int64_t begin = 0; begin < c.output[0]; begin += s.slab) {
        const int64_t count = smallest(c.output[0] - begin, s.slab);
        ring.advance(begin, count);

        // For each point and frame, tiles × channels of all frames seen · channels × outputs.
        constexpr int64_t chunk = 64;
        const int64_t chunks = (tiles + chunk - 1) / chunk;
        parallel(tilePoints * count * chunks, [&](int64_t item) {
          const int64_t p = item / (count * chunks), frame = item / chunks % count, first = item % chunks * chunk;
          ProductTerm<float> terms[kernelFrameLimit];
          int64_t met = 0;
          for (int64_t k = 0; k < s.frames; k++)
            if (const float *seen = ring.seen(begin + frame, k))
              terms[met++] = {seen + p * s.inputPlane + first * s.inputs, packed + (p * s.frames + k) * s.inputs * s.outputs};
          multiplyTiles(smallest(s.paddedTiles - first, chunk), s.outputs, s.inputs, terms, met,
                        products + (frame * tilePoints + p) * s.outputPlane + first * s.outputs);
        });

        parallel(count * s.rows(stripe), [&](int64_t item) {
          const int64_t frame = item / s.rows(stripe), line = item % s.rows(stripe), row = (stripe * s.rowsPerStripe + line) * tileExtent;
          T *to = y + (batch * c.output[0] + begin + frame) * outputFrame;
          for (int64_t tile = 0; tile < s.across; tile++)
            for (int64_t channel = 0; channel < s.outputs; channel += laneCount) {
              f32x16 points[6][6], outputs[4][4];
              const float *from = products + frame * tilePoints * s.outputPlane + (line * s.across + tile) * s.outputs + channel;
              for (int p = 0; p < tilePoints; p++) {
                __builtin_prefetch(from + p * s.outputPlane + 2 * laneCount);
                points[p / 6][p % 6] = loadLanes(from + p * s.outputPlane);
              }
              transformBoth<6, 4>(points, outputs, [](const f32x16 *in, f32x16 *out) TK_INLINE_LAMBDA { transformProducts(in, out); });
              const f32x16 offset = bias ? loadLanes(bias + channel) : f32x16{};
              const int64_t height = smallest(c.output[1] - row, tileExtent), width = smallest(c.output[2] - tile * tileExtent, tileExtent);
              for (int64_t i = 0; i < height; i++)
                for (int64_t j = 0; j < width; j++)
                  storeLanes(to + ((row + i) * c.output[2] + tile * tileExtent + j) * s.outputs + channel, outputs[i][j] + offset);
            }
        });
      }
    }
}

// MARK: the gradient at the weights

/// dw [out, frames, 3, 3, in]. `sums` holds weightElements() values, [point][frame][out][in].
template <class T> void tileWeightGradient(const TKConvolution &c, const T *x, const T *dy, T *dw, float *sums, float *scratch) {
  const TileStripes s(c);
  const int64_t inputElements = c.input[0] * c.input[1] * c.input[2] * s.inputs, outputFrame = c.output[1] * c.output[2] * s.outputs;
  float *gradients = scratch + tilePoints * s.slots * s.inputPlane;
  fillElements<float>(s.weightElements(), 0, sums);
  for (int64_t batch = 0; batch < c.batch; batch++)
    for (int64_t stripe = 0; stripe < s.stripes; stripe++) {
      FrameRing<T> ring = {c, s, x + batch * inputElements, stripe, scratch};
      const int64_t tiles = s.rows(stripe) * s.across;
      for (int64_t begin = 0; begin < c.output[0]; begin += s.slab) {
        const int64_t count = smallest(c.output[0] - begin, s.slab);
        ring.advance(begin, count);

        parallel(count * s.rows(stripe), [&](int64_t item) {
          const int64_t frame = item / s.rows(stripe), line = item % s.rows(stripe), row = (stripe * s.rowsPerStripe + line) * tileExtent;
          const T *from = dy + (batch * c.output[0] + begin + frame) * outputFrame;
          for (int64_t tile = 0; tile < s.across; tile++)
            for (int64_t channel = 0; channel < s.outputs; channel += laneCount) {
              f32x16 outputs[4][4], points[6][6];
              for (int i = 0; i < 4; i++)
                for (int j = 0; j < 4; j++)
                  outputs[i][j] = loadPixel(from + channel, row + i, tile * tileExtent + j, c.output[1], c.output[2], s.outputs);
              transformBoth<4, 6>(outputs, points, [](const f32x16 *in, f32x16 *out) TK_INLINE_LAMBDA { transformOutputGradient(in, out); });
              float *to = gradients + frame * tilePoints * s.outputPlane + (line * s.across + tile) * s.outputs + channel;
              for (int p = 0; p < tilePoints; p++) storeLanes(to + p * s.outputPlane, points[p / 6][p % 6]);
            }
        });

        // For each point and kernel frame, outputs × tiles · tiles × inputs: one thread sums one of them, in the order of the frames.
        parallel(tilePoints * s.frames, [&](int64_t item) {
          const int64_t p = item / s.frames, k = item % s.frames;
          float *sum = sums + (p * s.frames + k) * s.outputs * s.inputs;
          // Sixty-four tiles at a time, whose columns stay in the first cache.
          constexpr int64_t chunk = 64, wide = TK_PRODUCT_COLUMNS * laneCount;
          const int64_t whole = s.inputs / wide * wide;
          for (int64_t frame = 0; frame < count; frame++) {
            const float *seen = ring.seen(begin + frame, k);
            if (!seen) continue;
            for (int64_t first = 0; first < tiles; first += chunk) {
              const int64_t inner = smallest(tiles - first, chunk);
              ProductTerm<float> term = {gradients + (frame * tilePoints + p) * s.outputPlane + first * s.outputs,
                                         seen + p * s.inputPlane + first * s.inputs};
              vectorProduct<float, f32x16, TK_PRODUCT_ROWS, TK_PRODUCT_COLUMNS>(s.outputs, whole, inner, &term, 1, 1, s.outputs, s.inputs, sum,
                                                                                s.inputs, true);
              if (whole == s.inputs) continue;
              term.right += whole;
              vectorProduct<float, f32x16, TK_PRODUCT_ROWS, 1>(s.outputs, s.inputs - whole, inner, &term, 1, 1, s.outputs, s.inputs, sum + whole,
                                                               s.inputs, true);
            }
          }
        });
      }
    }
  parallel(s.outputs, [&](int64_t out) {
    for (int64_t frame = 0; frame < s.frames; frame++)
      for (int64_t in = 0; in < s.inputs; in += laneCount) {
        f32x16 points[6][6], kernel[3][3];
        const float *from = sums + (frame * s.outputs + out) * s.inputs + in;
        for (int64_t p = 0; p < tilePoints; p++) points[p / 6][p % 6] = loadLanes(from + p * s.frames * s.outputs * s.inputs);
        transformBoth<6, 3>(points, kernel, [](const f32x16 *in, f32x16 *out) TK_INLINE_LAMBDA { transformKernelGradient(in, out); });
        T *to = dw + (out * s.frames + frame) * 9 * s.inputs + in;
        for (int i = 0; i < 9; i++) storeLanes(to + i * s.inputs, kernel[i / 3][i % 3]);
      }
  });
}

// MARK: by element type

int64_t tileWeightBytes(const TKConvolution *c) { return TileStripes(*c).weightElements() * int64_t(sizeof(float)); }
int64_t tileScratchBytes(const TKConvolution *c) { return TileStripes(*c).scratchElements() * int64_t(sizeof(float)); }

/// Runs a statement with T the type of the elements, which is not float64.
#define TK_FOR_EACH_FAST_TYPE(type, ...)                          \
  if (type == TKFloat32) { typedef float T; __VA_ARGS__; }        \
  else { typedef bfloat16 T; __VA_ARGS__; }

void tilePack(TKElementType type, const TKConvolution *c, bool turned, const void *w, void *packed) {
  TK_FOR_EACH_FAST_TYPE(type, if (turned) packTileWeightsTurned(*c, (const T *)w, (float *)packed);
                        else packTileWeights(*c, (const T *)w, (float *)packed))
}
void tileConvolution(TKElementType type, const TKConvolution *c, const void *x, const void *packed, const void *bias, void *y,
                     void *scratch) {
  TK_FOR_EACH_FAST_TYPE(type, convolveTiles(*c, (const T *)x, (const float *)packed, (const T *)bias, (T *)y, (float *)scratch))
}
void tileConvolutionBackwardWeights(TKElementType type, const TKConvolution *c, const void *x, const void *dy, void *dw, void *sums,
                                    void *scratch) {
  TK_FOR_EACH_FAST_TYPE(type, tileWeightGradient(*c, (const T *)x, (const T *)dy, (T *)dw, (float *)sums, (float *)scratch))
}

}  // namespace TK_LEVEL

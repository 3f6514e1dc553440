// Layer, root-mean-square and group normalisation, and the gated residual that follows them in a transformer block.
namespace TK_LEVEL {

/// Rows whose contributions to a gradient over rows are summed by one piece of work.
constexpr int64_t rowsPerGradientPiece = 64;

// MARK: rows

/// Σ term(i) over i = 0, 16, 32 … below width, in four sums that don't wait for each other.
template <class V, class Term> TK_INLINE V sumAlong(int64_t width, const Term &term) {
  V sums[4] = {};
  int64_t i = 0;
  for (; i + 4 * laneCount <= width; i += 4 * laneCount)
    for (int64_t j = 0; j < 4; j++) sums[j] += term(i + j * laneCount);
  for (; i < width; i += laneCount) sums[0] += term(i);
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

template <class T>
void normalizeRows(const TKRowNormalization &n, const T *x, const T *scale, const T *shift, T *y, Scalar<T> *means,
                   Scalar<T> *reciprocals) {
  typedef Scalar<T> S;
  typedef Lanes<T> V;
  int64_t width = n.width;
  const S offset = S(n.scaleOffset);
  parallelPieces(n.rows, rowsPerPiece(width), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const T *xr = x + row * width;
      S mean = 0;
      if (n.centered) {
        mean = sumLanes(sumAlong<V>(width, [&](int64_t i) { return loadLanes<T>(xr + i, width - i); })) / S(width);
      }
      const V squares = sumAlong<V>(width, [&](int64_t i) {
        V d = loadLanes<T>(xr + i, width - i) - mean;
        if (width - i < laneCount)
          for (int64_t j = width - i; j < laneCount; j++) d[j] = 0;
        return d * d;
      });
      S reciprocal = 1 / S(__builtin_sqrt(sumLanes(squares) / S(width) + S(n.epsilon)));
      means[row] = mean;
      reciprocals[row] = reciprocal;

      int64_t batch = row / n.rowsPerBatch;
      const T *sr = scale ? scale + batch * n.scaleStride : nullptr, *br = shift ? shift + batch * n.shiftStride : nullptr;
      for (int64_t i = 0; i < width; i += laneCount) {
        V v = (loadLanes<T>(xr + i, width - i) - mean) * reciprocal;
        if (sr) v = v * (loadLanes<T>(sr + i, width - i) + offset);
        if (br) v = v + loadLanes<T>(br + i, width - i);
        storeLanes<T>(y + row * width + i, v, width - i);
      }
    }
  });
}
void rowNormalization(TKElementType type, const TKRowNormalization *n, const void *x, const void *scale, const void *shift, void *y,
                      void *mean, void *reciprocal) {
  TK_FOR_EACH_TYPE(type, normalizeRows<T>(*n, (const T *)x, (const T *)scale, (const T *)shift, (T *)y, (Scalar<T> *)mean,
                                          (Scalar<T> *)reciprocal))
}

/// With x̂ the normalised row and g = dy·(offset + scale): dx = r·(g − mean g − x̂·mean(g·x̂)), dscale = Σ dy·x̂, dshift = Σ dy.
template <class T>
void normalizeRowsBackward(const TKRowNormalization &n, const T *x, const T *scale, const Scalar<T> *means,
                           const Scalar<T> *reciprocals, const T *dy, T *dx, T *dscale, T *dshift, Scalar<T> *scratch) {
  typedef Scalar<T> S;
  typedef Lanes<T> V;
  int64_t width = n.width, batches = n.rows / n.rowsPerBatch;
  int64_t pieces = (n.rowsPerBatch + rowsPerGradientPiece - 1) / rowsPerGradientPiece;
  const S offset = S(n.scaleOffset);
  parallel(batches * pieces, [&](int64_t item) {
    int64_t batch = item / pieces, begin = item % pieces * rowsPerGradientPiece;
    int64_t end = begin + rowsPerGradientPiece < n.rowsPerBatch ? begin + rowsPerGradientPiece : n.rowsPerBatch;
    const T *sr = scale ? scale + batch * n.scaleStride : nullptr;
    S *scaleSum = scratch + item * width, *shiftSum = scratch + (batches * pieces + item) * width;
    for (int64_t i = 0; i < width; i += laneCount) {
      storeLanes<S>(scaleSum + i, V{}, width - i);
      storeLanes<S>(shiftSum + i, V{}, width - i);
    }
    for (int64_t r = begin; r < end; r++) {
      int64_t row = batch * n.rowsPerBatch + r;
      const T *xr = x + row * width, *dyr = dy + row * width;
      const S mean = means[row], reciprocal = reciprocals[row];
      V gradients = V{}, projections = V{};
      for (int64_t i = 0; i < width; i += laneCount) {
        int64_t left = width - i;
        V normalized = (loadLanes<T>(xr + i, left) - mean) * reciprocal, d = loadLanes<T>(dyr + i, left);
        storeLanes<S>(scaleSum + i, loadLanes<S>(scaleSum + i, left) + d * normalized, left);
        storeLanes<S>(shiftSum + i, loadLanes<S>(shiftSum + i, left) + d, left);
        V g = sr ? d * (loadLanes<T>(sr + i, left) + offset) : d;
        gradients += g;
        projections += g * normalized;
      }
      const S meanGradient = n.centered ? sumLanes(gradients) / S(width) : S(0), meanProjection = sumLanes(projections) / S(width);
      for (int64_t i = 0; i < width; i += laneCount) {
        int64_t left = width - i;
        V normalized = (loadLanes<T>(xr + i, left) - mean) * reciprocal, d = loadLanes<T>(dyr + i, left);
        V g = sr ? d * (loadLanes<T>(sr + i, left) + offset) : d;
        storeLanes<T>(dx + row * width + i, (g - meanGradient - normalized * meanProjection) * reciprocal, left);
      }
    }
  });
  for (int64_t batch = 0; batch < batches; batch++) {
    if (dscale) addPartialSums<T>(pieces, width, scratch + batch * pieces * width, 1, dscale + batch * width);
    if (dshift) addPartialSums<T>(pieces, width, scratch + (batches + batch) * pieces * width, 1, dshift + batch * width);
  }
}
void rowNormalizationBackward(TKElementType type, const TKRowNormalization *n, const void *x, const void *scale, const void *mean,
                              const void *reciprocal, const void *dy, void *dx, void *dscale, void *dshift, void *scratch) {
  TK_FOR_EACH_TYPE(type, normalizeRowsBackward<T>(*n, (const T *)x, (const T *)scale, (const Scalar<T> *)mean,
                                                  (const Scalar<T> *)reciprocal, (const T *)dy, (T *)dx, (T *)dscale, (T *)dshift,
                                                  (Scalar<T> *)scratch))
}

// MARK: the gated residual y = x + gate·h

template <class T>
void addGated(int64_t batch, int64_t rows, int64_t width, int64_t gateStride, const T *x, const T *gate, const T *h, T *y) {
  parallelPieces(batch * rows, rowsPerPiece(width), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const T *g = gate + row / rows * gateStride;
      for (int64_t i = 0; i < width; i += laneCount) {
        int64_t at = row * width + i, left = width - i;
        storeLanes<T>(y + at, loadLanes<T>(x + at, left) + loadLanes<T>(g + i, left) * loadLanes<T>(h + at, left), left);
      }
    }
  });
}
void gatedAdd(TKElementType type, int64_t batch, int64_t rows, int64_t width, int64_t gateStride, const void *x, const void *gate,
              const void *h, void *y) {
  TK_FOR_EACH_TYPE(type, addGated<T>(batch, rows, width, gateStride, (const T *)x, (const T *)gate, (const T *)h, (T *)y))
}

template <class T>
void addGatedBackward(int64_t batch, int64_t rows, int64_t width, int64_t gateStride, const T *gate, const T *h, const T *dy, T *dh,
                      T *dgate, Scalar<T> *scratch) {
  typedef Scalar<T> S;
  typedef Lanes<T> V;
  int64_t pieces = (rows + rowsPerGradientPiece - 1) / rowsPerGradientPiece;
  parallel(batch * pieces, [&](int64_t item) {
    int64_t begin = item % pieces * rowsPerGradientPiece;
    int64_t end = begin + rowsPerGradientPiece < rows ? begin + rowsPerGradientPiece : rows;
    const T *g = gate + item / pieces * gateStride;
    int64_t base = item / pieces * rows * width;
    for (int64_t i = 0; i < width; i += laneCount) {
      int64_t left = width - i;
      V gv = loadLanes<T>(g + i, left), total = V{};
      for (int64_t row = begin; row < end; row++) {
        V d = loadLanes<T>(dy + base + row * width + i, left);
        total += d * loadLanes<T>(h + base + row * width + i, left);
        storeLanes<T>(dh + base + row * width + i, d * gv, left);
      }
      storeLanes<S>(scratch + item * width + i, total, left);
    }
  });
  for (int64_t b = 0; b < batch; b++) addPartialSums<T>(pieces, width, scratch + b * pieces * width, 1, dgate + b * width);
}
void gatedAddBackward(TKElementType type, int64_t batch, int64_t rows, int64_t width, int64_t gateStride, const void *gate,
                      const void *h, const void *dy, void *dh, void *dgate, void *scratch) {
  TK_FOR_EACH_TYPE(type, addGatedBackward<T>(batch, rows, width, gateStride, (const T *)gate, (const T *)h, (const T *)dy, (T *)dh,
                                             (T *)dgate, (Scalar<T> *)scratch))
}

}  // namespace TK_LEVEL

// Scaled dot-product attention in blocks of some queries and some keys: the weights of all queries on all keys never exist at once.
//
// Forward: the online softmax of Milakov & Gimelshein (2018); backward: weights recomputed from the stored log-sum-exp, as in
// FlashAttention (Dao et al. 2022). All blocks are kept transposed, keys down and queries across: a query's maximum and sum then run
// down a lane, and no reduction across lanes is ever needed.
namespace TK_LEVEL {

constexpr double log2e = 1.4426950408889634, ln2 = 0.69314718055994531;

template <int64_t queryBlock> struct AttentionExtents {
  int64_t queryBlocks, keyBlocks, width;  // width: of a head, rounded up to the operands' granularity
  TK_INLINE explicit AttentionExtents(const TKAttention &a)
      : queryBlocks((a.queries + queryBlock - 1) / queryBlock), keyBlocks((a.keys + keyBlock - 1) / keyBlock),
        width((a.headWidth + 31) / 32 * 32) {}
  TK_INLINE int64_t queryElements() const { return queryBlock * width; }
  TK_INLINE int64_t keyElements() const { return keyBlock * width; }
};
/// Rows of block `index` that there are.
TK_INLINE int64_t rowsOfBlock(int64_t count, int64_t index, int64_t block) {
  return count - index * block < block ? count - index * block : block;
}

/// Calls body(row, whether that row is valid, whether the next is) for the pairs of rows of a block.
template <class Body> TK_INLINE void forEachRowPair(int64_t valid, const Body &body) {
  int64_t r = 0;
  for (; r + 1 < valid; r += 2) body(r, true, true);
  for (; r < keyBlock; r += 2) body(r, r < valid, false);
}

/// Writes the transposed block [width × queryBlock], column q times factors[q], to rows of a view.
template <int64_t queryBlock, class T>
TK_INLINE void storeTransposed(const Scalar<T> *block, const Scalar<T> *factors, int64_t rows, int64_t width, T *y, int64_t stride) {
  typedef Lanes<T> V;
  for (int64_t q = 0; q < rows; q += laneCount)
    for (int64_t i = 0; i < width; i += laneCount) {
      V lines[16];
      V factor = loadLanes(factors + q);
#pragma unroll
      for (int64_t j = 0; j < laneCount; j++) lines[j] = loadLanes(block + (i + j) * queryBlock + q) * factor;
      transpose(lines);
      if (q + laneCount <= rows && i + laneCount <= width) {
#pragma unroll
        for (int64_t j = 0; j < laneCount; j++) storeLanes(y + (q + j) * stride + i, lines[j]);
      } else {
        for (int64_t j = 0; j < laneCount && q + j < rows; j++) storeLanes<T>(y + (q + j) * stride + i, lines[j], width - i);
      }
    }
}

// MARK: forward

template <class Blocks>
void attend(const TKAttention &a, const typename Blocks::Element *q, const typename Blocks::Element *k, const typename Blocks::Element *v,
            typename Blocks::Element *y, typename Blocks::S *logSumExp, void *scratch) {
  typedef typename Blocks::Element T;
  typedef typename Blocks::S S;
  typedef typename Blocks::V V;
  typedef typename Blocks::Operand Operand;
  constexpr int64_t queryBlock = forwardQueryBlock, groups = queryBlock / laneCount;
  const AttentionExtents<queryBlock> e(a);
  const int64_t keyElements = e.keyElements(), width = e.width;
  const S scale = S(a.scale * log2e);

  // Keys as left operands, and values transposed as left operands, once for all queries of a head.
  Operand *keys = (Operand *)scratch, *values = keys + a.batch * a.heads * e.keyBlocks * keyElements;
  parallel(a.batch * a.heads * e.keyBlocks, [&](int64_t item) {
    int64_t j = item % e.keyBlocks, head = item / e.keyBlocks % a.heads, batch = item / e.keyBlocks / a.heads;
    int64_t rows = rowsOfBlock(a.keys, j, keyBlock), first = j * keyBlock;
    Blocks::packLeft(k + batch * a.key.batch + head * a.key.head + first * a.key.token, a.key.token, rows, a.headWidth,
                     keys + item * keyElements, keyBlock, width);
    Blocks::packLeftTransposed(v + batch * a.value.batch + head * a.value.head + first * a.value.token, a.value.token, rows,
                               a.headWidth, values + item * keyElements, keyBlock, width);
  });

  parallel(a.batch * a.heads * e.queryBlocks, [&](int64_t item) {
    typename Blocks::Session session;
    (void)session;
    alignas(64) Operand query[attentionWidthLimit * queryBlock];
    alignas(64) Operand weights[2][keyBlock * queryBlock];
    alignas(64) S scores[2][keyBlock * queryBlock];
    alignas(64) S total[attentionWidthLimit * queryBlock];
    alignas(64) S largest[queryBlock], sums[queryBlock], factors[queryBlock];
    int64_t i = item % e.queryBlocks, head = item / e.queryBlocks % a.heads, batch = item / e.queryBlocks / a.heads;
    int64_t rows = rowsOfBlock(a.queries, i, queryBlock), first = i * queryBlock;
    Blocks::packRightTransposed(q + batch * a.query.batch + head * a.query.head + first * a.query.token, a.query.token, rows,
                                a.headWidth, query, queryBlock, width);
    for (int64_t g = 0; g < queryBlock; g += laneCount) {
      storeLanes(largest + g, splat<V>(S(-1e30)));
      storeLanes(sums + g, V{});
    }
    const Operand *headKeys = keys + (item / e.queryBlocks) * e.keyBlocks * keyElements;
    const Operand *headValues = values + (item / e.queryBlocks) * e.keyBlocks * keyElements;
    // Corners of 32 × 32, counted row by row: of block j's scores, and of what its weights add to the total.
    constexpr int64_t across = queryBlock / 32;
    auto multiplyScores = [&](int64_t j, int64_t corner) TK_INLINE_LAMBDA {
      int64_t m = corner / across * 32, n = corner % across * 32;
      Blocks::multiplyCorner(headKeys + j * keyElements + m * width, query + n * Blocks::rightRow, scores[j & 1] + m * queryBlock + n,
                             width, queryBlock, false);
    };
    auto multiplyValues = [&](int64_t j, int64_t corner) TK_INLINE_LAMBDA {
      int64_t m = corner / across * 32, n = corner % across * 32;
      Blocks::multiplyCorner(headValues + j * keyElements + m * keyBlock, weights[j & 1] + n * Blocks::rightRow,
                             total + m * queryBlock + n, keyBlock, queryBlock, j > 0);
    };
    const int64_t scoreCorners = keyBlock / 32 * across, valueCorners = width / 32 * across;

    // Block j's softmax runs between the products of block j + 1's scores and of block j − 1's values. Neither waits for it, so tiles
    // and lanes work at the same time, and no tile is loaded while what it reads is still on its way to the cache (1.15 times as
    // fast as one after the other, in bfloat16).
    for (int64_t corner = 0; corner < scoreCorners; corner++) multiplyScores(0, corner);
    for (int64_t j = 0; j < e.keyBlocks; j++) {
      const S *blockScores = scores[j & 1];
      int64_t valid = rowsOfBlock(a.keys, j, keyBlock);
      V m[groups];
      for (int64_t g = 0; g < groups; g++) m[g] = loadLanes(blockScores + g * laneCount);
      for (int64_t r = 1; r < valid; r++)
        for (int64_t g = 0; g < groups; g++) m[g] = larger(m[g], loadLanes(blockScores + r * queryBlock + g * laneCount));
      bool isRescaled[groups];
      for (int64_t g = 0; g < groups; g++) {
        if (j + 1 < e.keyBlocks)
          for (int64_t corner = g; corner < scoreCorners; corner += groups) multiplyScores(j + 1, corner);
        const V previous = loadLanes(largest + g * laneCount), present = larger(m[g] * scale, previous);
        V sum = loadLanes(sums + g * laneCount);
        storeLanes(largest + g * laneCount, present);
        isRescaled[g] = j > 0 && anyNegative(previous - present);
        if (isRescaled[g]) {
          const V factor = Blocks::powerOfTwo(previous - present);
          storeLanes(factors + g * laneCount, factor);
          sum = sum * factor;
        }
        forEachRowPair(valid, [&](int64_t r, bool hasEven, bool hasOdd) {
          V even = V{}, odd = V{};
          const S *line = blockScores + r * queryBlock + g * laneCount;
          if (hasEven) even = Blocks::powerOfTwo(loadLanes(line) * scale - present);
          if (hasOdd) odd = Blocks::powerOfTwo(loadLanes(line + queryBlock) * scale - present);
          sum += even + odd;
          Blocks::storeRight(weights[j & 1], r, g * laneCount, queryBlock, even, odd);
        });
        storeLanes(sums + g * laneCount, sum);
        if (j > 0)
          for (int64_t corner = g; corner < valueCorners; corner += groups) multiplyValues(j - 1, corner);
      }
      // A new maximum shrinks what has been summed so far.
      for (int64_t g = 0; g < groups; g++)
        if (isRescaled[g])
          for (int64_t d = 0; d < width; d++) {
            S *line = total + d * queryBlock + g * laneCount;
            storeLanes(line, loadLanes(line) * loadLanes(factors + g * laneCount));
          }
    }
    for (int64_t corner = 0; corner < valueCorners; corner++) multiplyValues(e.keyBlocks - 1, corner);

    S *statistics = logSumExp + (batch * a.heads + head) * a.queries + first;
    for (int64_t r = 0; r < rows; r++) statistics[r] = S(largest[r] * ln2 + __builtin_log(sums[r]));
    for (int64_t g = 0; g < queryBlock; g += laneCount) storeLanes(sums + g, 1 / loadLanes(sums + g));
    storeTransposed<queryBlock, T>(total, sums, rows, a.headWidth, y + batch * a.output.batch + head * a.output.head + first * a.output.token,
                       a.output.token);
  });
}

// MARK: backward

/// What one head's backward pass keeps at hand.
template <class Blocks> struct AttentionHead {
  static constexpr int64_t queryBlock = backwardQueryBlock;
  typedef AttentionExtents<queryBlock> Extents;
  typedef typename Blocks::S S;
  typedef typename Blocks::Operand Operand;
  Operand *keys, *values, *keysTransposed;                           // left operands, a key block each
  Operand *queriesTransposed, *gradientsTransposed, *queries, *gradients;  // right operands, a query block each
  S *queryGradients, *statistics, *projections;                       // [blocks, width × queryBlock]; [queries]; [queries]

  static TK_INLINE int64_t bytes(const Extents &e) {
    int64_t operands = (3 * e.keyBlocks * e.keyElements() + 4 * e.queryBlocks * e.queryElements()) * int64_t(sizeof(Operand));
    int64_t sums = e.queryBlocks * (e.queryElements() + 2 * queryBlock) * int64_t(sizeof(S));
    return operands + sums;
  }
  TK_INLINE AttentionHead(void *scratch, const Extents &e) {
    Operand *p = (Operand *)scratch;
    int64_t k = e.keyBlocks * e.keyElements(), q = e.queryBlocks * e.queryElements();
    keys = p, values = p + k, keysTransposed = p + 2 * k, p += 3 * k;
    queriesTransposed = p, gradientsTransposed = p + q, queries = p + 2 * q, gradients = p + 3 * q, p += 4 * q;
    queryGradients = (S *)p, statistics = queryGradients + q, projections = statistics + e.queryBlocks * queryBlock;
  }
};

template <class Blocks>
void attendBackward(const TKAttention &a, const TKAttentionGradients &s, const typename Blocks::Element *q,
                    const typename Blocks::Element *k, const typename Blocks::Element *v, const typename Blocks::Element *y,
                    const typename Blocks::S *logSumExp, const typename Blocks::Element *dy, typename Blocks::Element *dq,
                    typename Blocks::Element *dk, typename Blocks::Element *dv, void *scratch) {
  typedef typename Blocks::Element T;
  typedef typename Blocks::S S;
  typedef typename Blocks::V V;
  typedef typename Blocks::Operand Operand;
  constexpr int64_t queryBlock = backwardQueryBlock;
  const AttentionExtents<queryBlock> e(a);
  const int64_t keyElements = e.keyElements(), queryElements = e.queryElements(), width = e.width;
  const S scale = S(a.scale * log2e), gradientScale = S(a.scale);
  int64_t heads = a.batch * a.heads, slots = TKThreadCount() < heads ? TKThreadCount() : heads;

  parallel(slots, [&](int64_t slot) {
    typename Blocks::Session session;
    (void)session;
    alignas(64) S scores[keyBlock * queryBlock], weightGradients[keyBlock * queryBlock];
    alignas(64) Operand weights[keyBlock * queryBlock];
    alignas(64) Operand scoreGradients[keyBlock * queryBlock], scoreGradientsRight[keyBlock * queryBlock];
    alignas(64) S keySums[keyBlock * attentionWidthLimit], valueSums[keyBlock * attentionWidthLimit];
    alignas(64) S ones[queryBlock];
    for (S &one : ones) one = 1;
    AttentionHead<Blocks> h((char *)scratch + slot * AttentionHead<Blocks>::bytes(e), e);

    for (int64_t item = slot; item < heads; item += slots) {
      int64_t batch = item / a.heads, head = item % a.heads;
      const T *qh = q + batch * a.query.batch + head * a.query.head, *kh = k + batch * a.key.batch + head * a.key.head;
      const T *vh = v + batch * a.value.batch + head * a.value.head, *yh = y + batch * a.output.batch + head * a.output.head;
      const T *dyh = dy + batch * s.outputGradient.batch + head * s.outputGradient.head;
      T *dqh = dq + batch * s.queryGradient.batch + head * s.queryGradient.head;
      T *dkh = dk + batch * s.keyGradient.batch + head * s.keyGradient.head;
      T *dvh = dv + batch * s.valueGradient.batch + head * s.valueGradient.head;

      for (int64_t j = 0; j < e.keyBlocks; j++) {
        int64_t rows = rowsOfBlock(a.keys, j, keyBlock), first = j * keyBlock;
        Blocks::packLeft(kh + first * a.key.token, a.key.token, rows, a.headWidth, h.keys + j * keyElements, keyBlock, width);
        Blocks::packLeftTransposed(kh + first * a.key.token, a.key.token, rows, a.headWidth, h.keysTransposed + j * keyElements, keyBlock, width);
        Blocks::packLeft(vh + first * a.value.token, a.value.token, rows, a.headWidth, h.values + j * keyElements, keyBlock, width);
      }
      for (int64_t i = 0; i < e.queryBlocks; i++) {
        int64_t rows = rowsOfBlock(a.queries, i, queryBlock), first = i * queryBlock;
        const T *qi = qh + first * a.query.token, *dyi = dyh + first * s.outputGradient.token;
        Blocks::packRightTransposed(qi, a.query.token, rows, a.headWidth, h.queriesTransposed + i * queryElements, queryBlock, width);
        Blocks::packRight(qi, a.query.token, rows, a.headWidth, h.queries + i * queryElements, queryBlock, width);
        Blocks::packRightTransposed(dyi, s.outputGradient.token, rows, a.headWidth, h.gradientsTransposed + i * queryElements, queryBlock, width);
        Blocks::packRight(dyi, s.outputGradient.token, rows, a.headWidth, h.gradients + i * queryElements, queryBlock, width);
        // Σ_d y·dy, the projection that the softmax's gradient subtracts; queries beyond the last have none, and weight nothing.
        for (int64_t r = 0; r < queryBlock; r++) {
          V projection = V{};
          if (r < rows)
            for (int64_t d = 0; d < a.headWidth; d += laneCount)
              projection += loadLanes<T>(yh + (first + r) * a.output.token + d, a.headWidth - d) *
                            loadLanes<T>(dyi + r * s.outputGradient.token + d, a.headWidth - d);
          h.projections[first + r] = sumLanes(projection);
          h.statistics[first + r] = r < rows ? S(logSumExp[item * a.queries + first + r] * log2e) : S(1e30);
        }
      }

      for (int64_t j = 0; j < e.keyBlocks; j++) {
        int64_t valid = rowsOfBlock(a.keys, j, keyBlock);
        for (int64_t i = 0; i < e.queryBlocks; i++) {
          multiply<Blocks>(keyBlock, queryBlock, width, h.keys + j * keyElements, h.queriesTransposed + i * queryElements, scores, false);
          multiply<Blocks>(keyBlock, queryBlock, width, h.values + j * keyElements, h.gradientsTransposed + i * queryElements,
                           weightGradients, false);
          for (int64_t g = 0; g < queryBlock; g += laneCount) {
            V statistic = loadLanes(h.statistics + i * queryBlock + g), projection = loadLanes(h.projections + i * queryBlock + g);
            forEachRowPair(valid, [&](int64_t r, bool hasEven, bool hasOdd) {
              V even = V{}, odd = V{};
              if (hasEven) even = Blocks::powerOfTwo(loadLanes(scores + r * queryBlock + g) * scale - statistic);
              if (hasOdd) odd = Blocks::powerOfTwo(loadLanes(scores + (r + 1) * queryBlock + g) * scale - statistic);
              V evenGradient = even * (loadLanes(weightGradients + r * queryBlock + g) - projection) * gradientScale;
              V oddGradient = odd * (loadLanes(weightGradients + (r + 1) * queryBlock + g) - projection) * gradientScale;
              Blocks::storeLeft(weights, r, g, queryBlock, even, odd);
              Blocks::storeLeft(scoreGradients, r, g, queryBlock, evenGradient, oddGradient);
              Blocks::storeRight(scoreGradientsRight, r, g, queryBlock, evenGradient, oddGradient);
            });
          }
          multiply<Blocks>(keyBlock, width, queryBlock, weights, h.gradients + i * queryElements, valueSums, i > 0);
          multiply<Blocks>(keyBlock, width, queryBlock, scoreGradients, h.queries + i * queryElements, keySums, i > 0);
          multiply<Blocks>(width, queryBlock, keyBlock, h.keysTransposed + j * keyElements, scoreGradientsRight,
                           h.queryGradients + i * queryElements, j > 0);
        }
        for (int64_t r = 0; r < valid; r++)
          for (int64_t d = 0; d < a.headWidth; d += laneCount) {
            int64_t row = j * keyBlock + r, left = a.headWidth - d;
            storeLanes<T>(dkh + row * s.keyGradient.token + d, loadLanes(keySums + r * width + d), left);
            storeLanes<T>(dvh + row * s.valueGradient.token + d, loadLanes(valueSums + r * width + d), left);
          }
      }
      for (int64_t i = 0; i < e.queryBlocks; i++)
        storeTransposed<queryBlock, T>(h.queryGradients + i * queryElements, ones, rowsOfBlock(a.queries, i, queryBlock), a.headWidth,
                           dqh + i * queryBlock * s.queryGradient.token, s.queryGradient.token);
    }
  });
}

// MARK: which blocks

template <class T> struct BlocksFor { typedef VectorBlocks<T> type; };
#if TK_TILES
template <> struct BlocksFor<bfloat16> { typedef TileBlocks type; };
template <> struct BlocksFor<float> { typedef SplitTileBlocks type; };
#elif TK_HARDWARE_BFLOAT16
template <> struct BlocksFor<bfloat16> { typedef DotBlocks type; };
#endif

template <class T> int64_t attentionBytes(const TKAttention &a, bool backward) {
  typedef typename BlocksFor<T>::type Blocks;
  const AttentionExtents<backwardQueryBlock> e(a);
  int64_t heads = a.batch * a.heads;
  if (!backward) return 2 * heads * e.keyBlocks * e.keyElements() * int64_t(sizeof(typename Blocks::Operand));
  return (TKThreadCount() < heads ? TKThreadCount() : heads) * AttentionHead<Blocks>::bytes(e);
}
int64_t attentionScratch(TKElementType type, const TKAttention *a, bool backward) {
  int64_t bytes = 0;
  TK_FOR_EACH_TYPE(type, bytes = attentionBytes<T>(*a, backward))
  return bytes;
}

void attention(TKElementType type, const TKAttention *a, const void *q, const void *k, const void *v, void *y, void *logSumExp,
               void *scratch) {
  TK_FOR_EACH_TYPE(type, attend<typename BlocksFor<T>::type>(*a, (const T *)q, (const T *)k, (const T *)v, (T *)y,
                                                             (Scalar<T> *)logSumExp, scratch))
}
void attentionBackward(TKElementType type, const TKAttention *a, const TKAttentionGradients *s, const void *q, const void *k,
                       const void *v, const void *y, const void *logSumExp, const void *dy, void *dq, void *dk, void *dv,
                       void *scratch) {
  TK_FOR_EACH_TYPE(type, attendBackward<typename BlocksFor<T>::type>(*a, *s, (const T *)q, (const T *)k, (const T *)v, (const T *)y,
                                                                     (const Scalar<T> *)logSumExp, (const T *)dy, (T *)dq, (T *)dk,
                                                                     (T *)dv, scratch))
}

}  // namespace TK_LEVEL

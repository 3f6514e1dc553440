// Group normalisation of [batch, positions, channels], with the SiLU that follows it in a residual block.
namespace TK_LEVEL {

/// Positions are summed in pieces; the pieces' sums are then added in order. Calls body(batch, first position, end, piece).
template <class Body> TK_INLINE void forEachPositionPiece(const TKGroupNormalization &n, const Body &body) {
  const int64_t pieces = (n.positions + rowsPerPartialSum - 1) / rowsPerPartialSum;
  parallel(n.batch * pieces, [&](int64_t item) {
    int64_t begin = item % pieces * rowsPerPartialSum;
    body(item / pieces, begin, smallest(begin + rowsPerPartialSum, n.positions), item);
  });
}

/// Mean and reciprocal deviation of each group, written to every channel of it.
///
/// Each piece takes its own channels' means and spreads about them while it lies in the cache, so that x is read once; these are then
/// put together exactly (Chan, Golub & LeVeque 1983). `scratch` holds two values for each piece and channel.
template <class T>
TK_INLINE void groupStatistics(const TKGroupNormalization &n, const T *x, Scalar<T> *means, Scalar<T> *reciprocals, Scalar<T> *scratch) {
  typedef Scalar<T> S;
  typedef Lanes<T> V;
  const int64_t channels = n.channels, pieces = (n.positions + rowsPerPartialSum - 1) / rowsPerPartialSum, table = n.batch * pieces * channels;
  forEachPositionPiece(n, [&](int64_t b, int64_t begin, int64_t end, int64_t piece) {
    const T *rows = x + (b * n.positions + begin) * channels;
    const int64_t count = end - begin;
    S *mean = scratch + piece * channels, *spread = mean + table;
    auto row = [&](int64_t r, int64_t c, int64_t left) { return loadLanes<T>(rows + r * channels + c, left); };
    columnSums<S, V>(0, count, channels, mean, row);
    for (int64_t c = 0; c < channels; c++) mean[c] /= S(count);
    columnSums<S, V>(0, count, channels, spread, [&](int64_t r, int64_t c, int64_t left) {
      V d = row(r, c, left) - loadLanes<S>(mean + c, left);
      return d * d;
    });
  });
  const int64_t size = channels / n.groups;
  for (int64_t g = 0; g < n.batch * n.groups; g++) {
    const int64_t first = g / n.groups * pieces * channels + g % n.groups * size;
    auto average = [&](auto term) {
      double total = 0;
      for (int64_t piece = 0; piece < pieces; piece++) {
        const S count = S(smallest(n.positions - piece * rowsPerPartialSum, rowsPerPartialSum));
        for (int64_t c = 0; c < size; c++) total += term(first + piece * channels + c, count);
      }
      return S(total / (size * n.positions));
    };
    const S mean = average([&](int64_t i, S count) { return scratch[i] * count; });
    const S variance = average([&](int64_t i, S count) { return scratch[table + i] + count * (scratch[i] - mean) * (scratch[i] - mean); });
    for (int64_t c = 0; c < size; c++) {
      means[g * size + c] = mean;
      reciprocals[g * size + c] = 1 / S(__builtin_sqrt(variance + S(n.epsilon)));
    }
  }
}

/// The mean over each group of per-channel totals, written back to every channel of the group.
template <class S> TK_INLINE void averageOverGroups(const TKGroupNormalization &n, S *totals) {
  int64_t size = n.channels / n.groups;
  for (int64_t g = 0; g < n.batch * n.groups; g++) {
    S total = 0;
    for (int64_t c = 0; c < size; c++) total += totals[g * size + c];
    for (int64_t c = 0; c < size; c++) totals[g * size + c] = total / S(size * n.positions);
  }
}

/// Runs body(batch, element offset, channel, count) for sixteen channels at a time over all of [batch, positions, channels].
template <class Body> TK_INLINE void forEachPosition(const TKGroupNormalization &n, const Body &body) {
  parallelPieces(n.batch * n.positions, rowsPerPiece(n.channels), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++)
      for (int64_t c = 0; c < n.channels; c += laneCount) body(row / n.positions, row * n.channels + c, c, n.channels - c);
  });
}

template <class T>
void normalizeGroups(const TKGroupNormalization &n, const T *x, const T *scale, const T *shift, T *y, Scalar<T> *means,
                     Scalar<T> *reciprocals, Scalar<T> *scratch) {
  typedef Scalar<T> S;
  typedef Lanes<T> V;
  const int64_t channels = n.channels;
  groupStatistics(n, x, means, reciprocals, scratch);
  forEachPosition(n, [&](int64_t b, int64_t i, int64_t c, int64_t count) {
    V v = loadLanes<T>(x + i, count) - loadLanes<S>(means + b * channels + c, count);
    v = v * loadLanes<S>(reciprocals + b * channels + c, count);
    v = v * loadLanes<T>(scale + c, count) + loadLanes<T>(shift + c, count);
    storeLanes<T>(y + i, n.activated ? v * sigmoidFor<T>(v) : v, count);
  });
}
void groupNormalization(TKElementType type, const TKGroupNormalization *n, const void *x, const void *scale, const void *shift,
                        void *y, void *mean, void *reciprocal, void *scratch) {
  TK_FOR_EACH_TYPE(type, normalizeGroups<T>(*n, (const T *)x, (const T *)scale, (const T *)shift, (T *)y, (Scalar<T> *)mean,
                                            (Scalar<T> *)reciprocal, (Scalar<T> *)scratch))
}

/// As for rows, the means of the gradient and of its projection being taken over each group. `scratch` begins with four
/// [batch, channels] tables: Σdy, Σdy·x̂, and the two means.
template <class T>
void normalizeGroupsBackward(const TKGroupNormalization &n, const T *x, const T *scale, const T *shift, const Scalar<T> *means,
                             const Scalar<T> *reciprocals, const T *dy, T *dx, T *dscale, T *dshift, Scalar<T> *scratch) {
  typedef Scalar<T> S;
  typedef Lanes<T> V;
  int64_t channels = n.channels, table = n.batch * channels;
  S *gradients = scratch, *projections = scratch + table, *meanGradients = scratch + 2 * table, *meanProjections = scratch + 3 * table;
  S *partial = scratch + 4 * table;
  auto normalized = [&](int64_t b, int64_t i, int64_t c, int64_t count) {
    return (loadLanes<T>(x + i, count) - loadLanes<S>(means + b * channels + c, count)) *
           loadLanes<S>(reciprocals + b * channels + c, count);
  };
  // The gradient before SiLU: what SiLU was given is computed again, which costs less than to keep and read it.
  auto gradient = [&](int64_t i, int64_t c, int64_t count, V normalized) {
    V d = loadLanes<T>(dy + i, count);
    if (!n.activated) return d;
    V v = normalized * loadLanes<T>(scale + c, count) + loadLanes<T>(shift + c, count), s = sigmoidFor<T>(v);
    return d * s * (1 + v * (1 - s));
  };
  // Both sums in one pass: gradient and x̂ are computed once for them.
  const int64_t pieces = (n.positions + rowsPerPartialSum - 1) / rowsPerPartialSum, pieceTable = n.batch * pieces * channels;
  forEachPositionPiece(n, [&](int64_t b, int64_t begin, int64_t end, int64_t piece) {
    for (int64_t c = 0; c < channels; c += laneCount) {
      V total = V{}, projected = V{};
      for (int64_t row = begin; row < end; row++) {
        const int64_t i = (b * n.positions + row) * channels + c, left = channels - c;
        V x = normalized(b, i, c, left), g = gradient(i, c, left, x);
        total += g;
        projected += g * x;
      }
      storeLanes<S>(partial + piece * channels + c, total, channels - c);
      storeLanes<S>(partial + pieceTable + piece * channels + c, projected, channels - c);
    }
  });
  for (int64_t b = 0; b < n.batch; b++) {
    addPartialSums<S>(pieces, channels, partial + b * pieces * channels, 1, gradients + b * channels);
    addPartialSums<S>(pieces, channels, partial + pieceTable + b * pieces * channels, 1, projections + b * channels);
  }
  for (int64_t c = 0; c < channels; c++) {
    S scaleTotal = 0, shiftTotal = 0;
    for (int64_t b = 0; b < n.batch; b++) {
      int64_t i = b * channels + c;
      scaleTotal += projections[i];
      shiftTotal += gradients[i];
      meanGradients[i] = gradients[i] * load(scale + c);
      meanProjections[i] = projections[i] * load(scale + c);
    }
    store(dscale + c, scaleTotal);
    store(dshift + c, shiftTotal);
  }
  averageOverGroups(n, meanGradients);
  averageOverGroups(n, meanProjections);
  forEachPosition(n, [&](int64_t b, int64_t i, int64_t c, int64_t count) {
    int64_t j = b * channels + c;
    V x = normalized(b, i, c, count), g = gradient(i, c, count, x) * loadLanes<T>(scale + c, count);
    V d = g - loadLanes<S>(meanGradients + j, count) - x * loadLanes<S>(meanProjections + j, count);
    storeLanes<T>(dx + i, d * loadLanes<S>(reciprocals + j, count), count);
  });
}
void groupNormalizationBackward(TKElementType type, const TKGroupNormalization *n, const void *x, const void *scale, const void *shift,
                                const void *mean, const void *reciprocal, const void *dy, void *dx, void *dscale, void *dshift, void *scratch) {
  TK_FOR_EACH_TYPE(type, normalizeGroupsBackward<T>(*n, (const T *)x, (const T *)scale, (const T *)shift, (const Scalar<T> *)mean,
                                                    (const Scalar<T> *)reciprocal, (const T *)dy, (T *)dx, (T *)dscale, (T *)dshift,
                                                    (Scalar<T> *)scratch))
}

}  // namespace TK_LEVEL

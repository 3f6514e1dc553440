// Group normalisation of [batch, positions, channels], with the SiLU that follows it in a residual block.
namespace TK_LEVEL {

/// Per-channel sums over the positions of each batch element, in pieces: term(batch, position, channel, count) gives sixteen channels.
template <class T, class Term>
TK_INLINE void channelSums(const TKGroupNormalization &n, Scalar<T> *totals, Scalar<T> *scratch, const Term &term) {
  typedef Scalar<T> S;
  int64_t pieces = (n.positions + rowsPerPartialSum - 1) / rowsPerPartialSum;
  parallel(n.batch * pieces, [&](int64_t item) {
    int64_t batch = item / pieces, begin = item % pieces * rowsPerPartialSum;
    int64_t end = begin + rowsPerPartialSum < n.positions ? begin + rowsPerPartialSum : n.positions;
    columnSums<S, Lanes<T>>(begin, end, n.channels, scratch + item * n.channels,
                            [&](int64_t row, int64_t c, int64_t count) { return term(batch, row, c, count); });
  });
  for (int64_t b = 0; b < n.batch; b++)
    addPartialSums<S>(pieces, n.channels, scratch + b * pieces * n.channels, 1, totals + b * n.channels);
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
  int64_t positions = n.positions, channels = n.channels;
  auto at = [&](int64_t b, int64_t row, int64_t c) { return x + (b * positions + row) * channels + c; };
  // Mean first, then the spread about it: the difference of two large sums would cancel.
  channelSums<T>(n, means, scratch, [&](int64_t b, int64_t row, int64_t c, int64_t count) { return loadLanes<T>(at(b, row, c), count); });
  averageOverGroups(n, means);
  channelSums<T>(n, reciprocals, scratch, [&](int64_t b, int64_t row, int64_t c, int64_t count) {
    V d = loadLanes<T>(at(b, row, c), count) - loadLanes<S>(means + b * channels + c, count);
    return d * d;
  });
  averageOverGroups(n, reciprocals);
  for (int64_t i = 0; i < n.batch * channels; i++) reciprocals[i] = 1 / S(__builtin_sqrt(reciprocals[i] + S(n.epsilon)));

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
  auto offset = [&](int64_t b, int64_t row, int64_t c) { return (b * n.positions + row) * channels + c; };
  // The gradient before SiLU: what SiLU was given is computed again, which costs less than to keep and read it.
  auto gradient = [&](int64_t i, int64_t c, int64_t count, V normalized) {
    V d = loadLanes<T>(dy + i, count);
    if (!n.activated) return d;
    V v = normalized * loadLanes<T>(scale + c, count) + loadLanes<T>(shift + c, count), s = sigmoidFor<T>(v);
    return d * s * (1 + v * (1 - s));
  };
  channelSums<T>(n, gradients, partial, [&](int64_t b, int64_t row, int64_t c, int64_t count) {
    int64_t i = offset(b, row, c);
    return gradient(i, c, count, n.activated ? normalized(b, i, c, count) : V{});
  });
  channelSums<T>(n, projections, partial, [&](int64_t b, int64_t row, int64_t c, int64_t count) {
    int64_t i = offset(b, row, c);
    V x = normalized(b, i, c, count);
    return gradient(i, c, count, x) * x;
  });
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

// Rows picked by index, and sparse matrices along one axis.
namespace TK_LEVEL {

template <class T> void gatherRows(int64_t count, int64_t width, const int32_t *index, const T *table, T *y) {
  parallelPieces(count, rowsPerPiece(width), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) __builtin_memcpy(y + row * width, table + index[row] * width, sizeof(T) * width);
  });
}
void gather(TKElementType type, int64_t count, int64_t width, const int32_t *index, const void *table, void *y) {
  TK_FOR_EACH_TYPE(type, gatherRows<T>(count, width, index, (const T *)table, (T *)y))
}

/// A table's row gets the sum over the places it was picked for, in their order; each piece of work owns some columns.
template <class T>
void gatherRowsBackward(int64_t count, int64_t width, int64_t tableRows, const int32_t *index, const T *dy, T *dtable) {
  fillElements<T>(tableRows * width, 0, dtable);
  parallelPieces(width, 4 * laneCount, [&](int64_t begin, int64_t end) {
    for (int64_t row = 0; row < count; row++)
      for (int64_t i = begin; i < end; i += laneCount) {
        T *to = dtable + index[row] * width + i;
        storeLanes<T>(to, loadLanes<T>(to, end - i) + loadLanes<T>(dy + row * width + i, end - i), end - i);
      }
  });
}
void gatherBackward(TKElementType type, int64_t count, int64_t width, int64_t tableRows, const int32_t *index, const void *dy,
                    void *dtable) {
  TK_FOR_EACH_TYPE(type, gatherRowsBackward<T>(count, width, tableRows, index, (const T *)dy, (T *)dtable))
}

template <class T>
void resampleAxis(int64_t outer, int64_t from, int64_t to, int64_t inner, const int32_t *starts, const int32_t *columns,
                  const double *weights, const T *x, T *y) {
  parallelPieces(outer * to, rowsPerPiece(inner), [&](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; line++) {
      int64_t j = line % to;
      const T *slab = x + line / to * from * inner;
      for (int64_t i = 0; i < inner; i += laneCount) {
        Lanes<T> total = Lanes<T>{};
        for (int32_t t = starts[j]; t < starts[j + 1]; t++)
          total += loadLanes<T>(slab + columns[t] * inner + i, inner - i) * Scalar<T>(weights[t]);
        storeLanes<T>(y + line * inner + i, total, inner - i);
      }
    }
  });
}
void resample(TKElementType type, int64_t outer, int64_t from, int64_t to, int64_t inner, const int32_t *starts,
              const int32_t *columns, const double *weights, const void *x, void *y) {
  TK_FOR_EACH_TYPE(type, resampleAxis<T>(outer, from, to, inner, starts, columns, weights, (const T *)x, (T *)y))
}

}  // namespace TK_LEVEL

// Softmax over the last axis.
namespace TK_LEVEL {

template <class T> void softmaxRows(int64_t rows, int64_t width, const T *x, T *y) {
  typedef Scalar<T> S;
  typedef Lanes<T> V;
  parallelPieces(rows, rowsPerPiece(width), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const T *xr = x + row * width;
      T *yr = y + row * width;
      S largest = load(xr);
      for (int64_t i = 0; i < width; i++) largest = load(xr + i) > largest ? S(load(xr + i)) : largest;
      V total = V{};
      for (int64_t i = 0; i < width; i += laneCount) {
        V e = exponential(loadLanes<T>(xr + i, width - i) - largest);
        for (int64_t j = width - i; j < laneCount; j++) e[j] = 0;
        total += e;
      }
      S reciprocal = 1 / sumLanes(total);
      for (int64_t i = 0; i < width; i += laneCount)
        storeLanes<T>(yr + i, exponential(loadLanes<T>(xr + i, width - i) - largest) * reciprocal, width - i);
    }
  });
}
void softmax(TKElementType type, int64_t rows, int64_t width, const void *x, void *y) {
  TK_FOR_EACH_TYPE(type, softmaxRows<T>(rows, width, (const T *)x, (T *)y))
}

/// dx = y·(dy − Σ y·dy)
template <class T> void softmaxRowsBackward(int64_t rows, int64_t width, const T *y, const T *dy, T *dx) {
  typedef Lanes<T> V;
  parallelPieces(rows, rowsPerPiece(width), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const T *yr = y + row * width, *dyr = dy + row * width;
      V total = V{};
      for (int64_t i = 0; i < width; i += laneCount) total += loadLanes<T>(yr + i, width - i) * loadLanes<T>(dyr + i, width - i);
      Scalar<T> projection = sumLanes(total);
      for (int64_t i = 0; i < width; i += laneCount) {
        V d = loadLanes<T>(yr + i, width - i) * (loadLanes<T>(dyr + i, width - i) - projection);
        storeLanes<T>(dx + row * width + i, d, width - i);
      }
    }
  });
}
void softmaxBackward(TKElementType type, int64_t rows, int64_t width, const void *y, const void *dy, void *dx) {
  TK_FOR_EACH_TYPE(type, softmaxRowsBackward<T>(rows, width, (const T *)y, (const T *)dy, (T *)dx))
}

}  // namespace TK_LEVEL

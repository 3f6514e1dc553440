// Rotary position embedding (Su et al. 2021), first half of each head paired with the second.
namespace TK_LEVEL {

template <class T>
void rotateRows(int64_t rows, int64_t tokens, int64_t groups, int64_t width, double direction, const float *cosines,
                const float *sines, const T *x, T *y) {
  int64_t half = width / 2;
  parallelPieces(rows, rowsPerPiece(groups * width), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const float *cosine = cosines + row % tokens * half, *sine = sines + row % tokens * half;
      for (int64_t g = 0; g < groups; g++) {
        int64_t base = (row * groups + g) * width;
        for (int64_t i = 0; i < half; i += laneCount) {
          int64_t left = half - i;
          auto c = changed(loadLanes<float>(cosine + i, left), (Scalar<T> *)nullptr);
          auto s = changed(loadLanes<float>(sine + i, left), (Scalar<T> *)nullptr) * Scalar<T>(direction);
          auto a = loadLanes<T>(x + base + i, left), b = loadLanes<T>(x + base + half + i, left);
          storeLanes<T>(y + base + i, a * c - b * s, left);
          storeLanes<T>(y + base + half + i, a * s + b * c, left);
        }
      }
    }
  });
}
void rotate(TKElementType type, int64_t rows, int64_t tokens, int64_t groups, int64_t width, double direction, const float *cosines,
            const float *sines, const void *x, void *y) {
  TK_FOR_EACH_TYPE(type, rotateRows<T>(rows, tokens, groups, width, direction, cosines, sines, (const T *)x, (T *)y))
}

}  // namespace TK_LEVEL

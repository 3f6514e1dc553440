// Matrix products of small blocks that lie in the cache, in the lanes of the vector unit.
namespace TK_LEVEL {

/// C[rows × columns] (+)= A[rows × inner] · B[inner × columns]; rows a multiple of `R`, columns of 16·`C`.
///
/// R·C accumulators stay in registers while one column of A and one row of B pass by.
template <class S, class V, int R, int C>
TK_INLINE void vectorProduct(int64_t rows, int64_t columns, int64_t inner, const S *a, int64_t aStride, const S *b, int64_t bStride, S *c,
                             int64_t cStride, bool accumulate) {
  for (int64_t n = 0; n < columns; n += C * laneCount)
    for (int64_t m = 0; m < rows; m += R) {
      V sums[R][C];
      for (int i = 0; i < R; i++)
        for (int j = 0; j < C; j++) sums[i][j] = accumulate ? loadLanes(c + (m + i) * cStride + n + j * laneCount) : V{};
      const S *column = a + m * aStride, *row = b + n;
      for (int64_t k = 0; k < inner; k++, row += bStride) {
        V right[C];
        for (int j = 0; j < C; j++) right[j] = loadLanes(row + j * laneCount);
        for (int i = 0; i < R; i++)
          for (int j = 0; j < C; j++) sums[i][j] += column[i * aStride + k] * right[j];
      }
      for (int i = 0; i < R; i++)
        for (int j = 0; j < C; j++) storeLanes(c + (m + i) * cStride + n + j * laneCount, sums[i][j]);
    }
}

// MARK: transposition

/// Transposes sixteen rows of sixteen 32-bit words: four rounds exchange neighbours at distance 1, 2, 4 and 8.
TK_INLINE void transposeWords(u32x16 r[16]) {
#pragma unroll
  for (int i = 0; i < 16; i += 2) {
    u32x16 a = r[i], b = r[i + 1];
    r[i] = __builtin_shufflevector(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30);
    r[i + 1] = __builtin_shufflevector(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
  }
#pragma unroll
  for (int i = 0; i < 16; i++)
    if (!(i & 2)) {
      u32x16 a = r[i], b = r[i + 2];
      r[i] = __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
      r[i + 2] = __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    }
#pragma unroll
  for (int i = 0; i < 16; i++)
    if (!(i & 4)) {
      u32x16 a = r[i], b = r[i + 4];
      r[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27);
      r[i + 4] = __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
    }
#pragma unroll
  for (int i = 0; i < 8; i++) {
    u32x16 a = r[i], b = r[i + 8];
    r[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    r[i + 8] = __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  }
}

}  // namespace TK_LEVEL

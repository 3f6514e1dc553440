// Matrix products of small blocks that lie in the cache, in the lanes of the vector unit.
namespace TK_LEVEL {

/// One product of a sum of products: where its two operands begin.
template <class S> struct ProductTerm { const S *left, *right; };

/// C[rows × columns] (+)= Σ over `count` terms of left[rows × inner] · right[inner × columns]; rows a multiple of `R`, columns of 16·`C`.
///
/// R·C accumulators stay in registers while columns of the left and rows of the right operand pass by. `Ahead` fetches the left rows
/// that come next, which pays where they lie beyond the second cache (1.3 times as fast) and rows are consecutive.
template <class S, class V, int R, int C, bool Ahead = false>
TK_INLINE void vectorProduct(int64_t rows, int64_t columns, int64_t inner, const ProductTerm<S> *terms, int64_t count, int64_t leftRow,
                             int64_t leftColumn, int64_t rightStride, S *c, int64_t cStride, bool accumulate) {
  for (int64_t n = 0; n < columns; n += C * laneCount)
    for (int64_t m = 0; m < rows; m += R) {
      V sums[R][C];
      for (int i = 0; i < R; i++)
        for (int j = 0; j < C; j++) sums[i][j] = accumulate ? loadLanes(c + (m + i) * cStride + n + j * laneCount) : V{};
      for (int64_t term = 0; term < count; term++) {
        const S *row = terms[term].right + n;
        // One pointer for four rows, which addressing with the row's stride times 1, 2 and 3 tells apart: no other is kept in a register.
        const S *column[R / 4];
        for (int i = 0; i < R / 4; i++) column[i] = terms[term].left + (m + 4 * i) * leftRow;
        const int64_t thrice = 3 * leftRow;
        for (int64_t k = 0; k < inner; k++, row += rightStride) {
          if (Ahead && k % laneCount == 0)
            for (int i = 0; i < R; i++) __builtin_prefetch(column[0] + (R + i) * leftRow + k * leftColumn);
          V right[C];
          for (int j = 0; j < C; j++) right[j] = loadLanes(row + j * laneCount);
          for (int i = 0; i < R; i++) {
            const S left = column[i / 4][k * leftColumn + (i % 4 == 3 ? thrice : i % 4 * leftRow)];
            for (int j = 0; j < C; j++) sums[i][j] += left * right[j];
          }
        }
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

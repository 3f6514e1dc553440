// The block products inside attention, on AVX-512's bfloat16 dot products.
//
// VDPBF16PS adds to each of sixteen float32 the two products of a pair of bfloat16 on either side: twice the rate of float32 lanes.
namespace TK_LEVEL {

struct DotBlocks: PairBlocks {
  struct Session {};

  /// Eight rows of C at a time: sixteen accumulators, so that none is waited for, and ten loads for sixteen products.
  static TK_INLINE void multiplyCorner(const bfloat16 *left, const bfloat16 *right, float *c, int64_t inner, int64_t columns,
                                       bool accumulate) {
    for (int64_t m = 0; m < 32; m += 8) {
      __m512 sums[8][2];
#pragma unroll
      for (int64_t i = 0; i < 8; i++)
#pragma unroll
        for (int64_t j = 0; j < 2; j++)
          sums[i][j] = accumulate ? _mm512_loadu_ps(c + (m + i) * columns + j * laneCount) : _mm512_setzero_ps();
      const bfloat16 *row = right, *column = left + m * inner;
      for (int64_t k = 0; k < inner; k += 2, row += 2 * columns, column += 2) {
        const __m512bh first = (__m512bh)_mm512_loadu_si512(row), second = (__m512bh)_mm512_loadu_si512(row + 2 * laneCount);
#pragma unroll
        for (int64_t i = 0; i < 8; i++) {
          int32_t pair;
          __builtin_memcpy(&pair, column + i * inner, 4);
          const __m512bh both = (__m512bh)_mm512_set1_epi32(pair);
          sums[i][0] = _mm512_dpbf16_ps(sums[i][0], both, first);
          sums[i][1] = _mm512_dpbf16_ps(sums[i][1], both, second);
        }
      }
#pragma unroll
      for (int64_t i = 0; i < 8; i++)
#pragma unroll
        for (int64_t j = 0; j < 2; j++) _mm512_storeu_ps(c + (m + i) * columns + j * laneCount, sums[i][j]);
    }
  }
};

}  // namespace TK_LEVEL

// The operands of attention's block products in bfloat16, for processors that multiply pairs of bfloat16 and sum in float32.
//
// A left operand lies row by row. A right one holds pairs of rows interleaved: word (p, n) is (B[2p][n], B[2p + 1][n]). AMX's tiles and
// AVX-512's dot products both want it so.
namespace TK_LEVEL {

struct PairBlocks {
  typedef bfloat16 Element;
  typedef float S;
  typedef f32x16 V;
  typedef bfloat16 Operand;

  static TK_INLINE u16x16 loadHalf(const bfloat16 *x) {
    u16x16 v;
    __builtin_memcpy(&v, x, 32);
    return v;
  }
  static TK_INLINE u16x16 loadHalf(const bfloat16 *x, int64_t count) {
    if (__builtin_expect(count >= laneCount, 1)) return loadHalf(x);
    u16x16 v = {};
    for (int64_t i = 0; i < count; i++) v[i] = x[i].bits;
    return v;
  }
  /// Sixteen words: elements 2i and 2i + 1 of one row.
  static TK_INLINE u32x16 loadPairs(const bfloat16 *x) {
    u32x16 v;
    __builtin_memcpy(&v, x, 64);
    return v;
  }
  static TK_INLINE u32x16 loadPairs(const bfloat16 *x, int64_t count) {
    if (__builtin_expect(count >= 2 * laneCount, 1)) return loadPairs(x);
    u32x16 v = {};
    for (int64_t i = 0; i < count; i++) v[i / 2] |= uint32_t(x[i].bits) << (i % 2 * 16);
    return v;
  }
  static TK_INLINE u32x16 interleave(u16x16 even, u16x16 odd) {
    return __builtin_convertvector(even, u32x16) | (__builtin_convertvector(odd, u32x16) << 16);
  }
  static TK_INLINE void storeWords(bfloat16 *to, int64_t word, u32x16 v) { __builtin_memcpy(to + 2 * word, &v, 64); }

  static TK_INLINE void packLeft(const bfloat16 *x, int64_t stride, int64_t rows, int64_t width, bfloat16 *to, int64_t paddedRows,
                                  int64_t paddedWidth) {
    for (int64_t r = 0; r < paddedRows; r++)
      for (int64_t i = 0; i < paddedWidth; i += 2 * laneCount)
        storeWords(to, (r * paddedWidth + i) / 2, loadPairs(x + r * stride + i, r < rows ? width - i : 0));
  }
  /// to[width × rows]: pairs of rows are interleaved, and the words then transposed.
  static TK_INLINE void packLeftTransposed(const bfloat16 *x, int64_t stride, int64_t rows, int64_t width, bfloat16 *to,
                                           int64_t paddedRows, int64_t paddedWidth) {
    for (int64_t r = 0; r < paddedRows; r += 2 * laneCount)
      for (int64_t i = 0; i < paddedWidth; i += laneCount) {
        u32x16 words[16];
        // Whole blocks apart: their loads are straight lines, and the words stay in registers (a quarter off the packing).
        const bool isWhole = r + 2 * laneCount <= rows && i + laneCount <= width;
        if (isWhole) {
#pragma unroll
          for (int64_t j = 0; j < laneCount; j++)
            words[j] = interleave(loadHalf(x + (r + 2 * j) * stride + i), loadHalf(x + (r + 2 * j + 1) * stride + i));
        } else {
          for (int64_t j = 0; j < laneCount; j++) {
            int64_t even = r + 2 * j, odd = even + 1;
            words[j] = interleave(loadHalf(x + even * stride + i, even < rows ? width - i : 0),
                                  loadHalf(x + odd * stride + i, odd < rows ? width - i : 0));
          }
        }
        transposeWords(words);
#pragma unroll
        for (int64_t j = 0; j < laneCount; j++) storeWords(to, ((i + j) * paddedRows + r) / 2, words[j]);
      }
  }
  static TK_INLINE void packRight(const bfloat16 *x, int64_t stride, int64_t rows, int64_t width, bfloat16 *to, int64_t paddedRows,
                                  int64_t paddedWidth) {
    for (int64_t r = 0; r < paddedRows; r += 2)
      for (int64_t i = 0; i < paddedWidth; i += laneCount)
        storeWords(to, r / 2 * paddedWidth + i,
                   interleave(loadHalf(x + r * stride + i, r < rows ? width - i : 0),
                              loadHalf(x + (r + 1) * stride + i, r + 1 < rows ? width - i : 0)));
  }
  /// A right operand [width × rows]: the words of each row are already its pairs.
  static TK_INLINE void packRightTransposed(const bfloat16 *x, int64_t stride, int64_t rows, int64_t width, bfloat16 *to,
                                           int64_t paddedRows, int64_t paddedWidth) {
    for (int64_t r = 0; r < paddedRows; r += laneCount)
      for (int64_t i = 0; i < paddedWidth; i += 2 * laneCount) {
        u32x16 words[16];
        if (r + laneCount <= rows && i + 2 * laneCount <= width) {
#pragma unroll
          for (int64_t j = 0; j < laneCount; j++) words[j] = loadPairs(x + (r + j) * stride + i);
        } else {
          for (int64_t j = 0; j < laneCount; j++) words[j] = loadPairs(x + (r + j) * stride + i, r + j < rows ? width - i : 0);
        }
        transposeWords(words);
#pragma unroll
        for (int64_t j = 0; j < laneCount; j++) storeWords(to, (i / 2 + j) * paddedRows + r, words[j]);
      }
  }

  static TK_INLINE void storeRight(bfloat16 *to, int64_t r, int64_t column, int64_t columns, V even, V odd) {
    // Rounded half up in place, in the upper halves: four instructions where conversion and interleaving take seven. The barrier
    // keeps the compiler from merging shift and mask into one word permutation, which is slower than both.
    u32x16 low = ((u32x16)even + 0x8000) >> 16, high = ((u32x16)odd + 0x8000) & 0xffff0000;
    asm("" : "+v"(low));
    storeWords(to, r / 2 * columns + column, low | high);
  }
  static TK_INLINE void storeLeft(bfloat16 *to, int64_t r, int64_t column, int64_t columns, V even, V odd) {
    storeLanes(to + r * columns + column, even);
    storeLanes(to + (r + 1) * columns + column, odd);
  }

  static TK_INLINE V powerOfTwo(V x) { return coarsePowerOfTwo(x); }

  static constexpr int64_t rightRow = 2;
};

}  // namespace TK_LEVEL

// The block products inside attention, on AMX's bfloat16 tiles.
//
// A tile has sixteen rows of 64 bytes. TDPBF16PS adds to C[16 × 16] (float32) the product of A[16 × 32] and B[32 × 16]; B holds
// pairs of rows interleaved: word (p, n) is (B[2p][n], B[2p + 1][n]).
namespace TK_LEVEL {

struct TileBlocks {
  typedef bfloat16 Element;
  typedef float S;
  typedef f32x16 V;
  typedef bfloat16 Operand;

  /// Eight tiles of full size, from construction to destruction, on this thread.
  struct Session {
    TK_INLINE Session() {
      struct { uint8_t palette, startRow, reserved[14]; uint16_t bytes[16]; uint8_t rows[16]; } layout = {};
      layout.palette = 1;
      for (int tile = 0; tile < 8; tile++) layout.bytes[tile] = 64, layout.rows[tile] = 16;
      _tile_loadconfig(&layout);
    }
    TK_INLINE ~Session() { _tile_release(); }
  };

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

  /// Four tiles of C; each step loads two tiles of either side and multiplies them crosswise.
  static TK_INLINE void multiplyCorner(const bfloat16 *left, const bfloat16 *right, float *c, int64_t inner, int64_t columns,
                                       bool accumulate) {
    const int64_t cBytes = columns * 4, leftBytes = inner * 2, rightBytes = columns * 4;
    if (accumulate) {
      _tile_loadd(0, c, cBytes);
      _tile_loadd(1, c + 16, cBytes);
      _tile_loadd(2, c + 16 * columns, cBytes);
      _tile_loadd(3, c + 16 * columns + 16, cBytes);
    } else {
      _tile_zero(0);
      _tile_zero(1);
      _tile_zero(2);
      _tile_zero(3);
    }
    for (int64_t k = 0; k < inner; k += 32) {
      _tile_loadd(4, left + k, leftBytes);
      _tile_loadd(6, right + k * columns, rightBytes);
      _tile_loadd(7, right + k * columns + 32, rightBytes);
      _tile_loadd(5, left + 16 * inner + k, leftBytes);
      _tile_dpbf16ps(0, 4, 6);
      _tile_dpbf16ps(1, 4, 7);
      _tile_dpbf16ps(2, 5, 6);
      _tile_dpbf16ps(3, 5, 7);
    }
    _tile_stored(0, c, cBytes);
    _tile_stored(1, c + 16, cBytes);
    _tile_stored(2, c + 16 * columns, cBytes);
    _tile_stored(3, c + 16 * columns + 16, cBytes);
  }
};

}  // namespace TK_LEVEL

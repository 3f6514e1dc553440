// The block products inside attention and linear layers in float32, on AMX's bfloat16 tiles.
//
// A float32 has 24 significant bits, a bfloat16 eight: x = x₁ + x₂ + x₃ exactly, each part the rounding of what the ones before leave.
// Of the nine products of parts, the six above 2⁻²⁶ are taken and summed in float32, so that the result is as near as a float32 product
// (Henry, Tang & Heinecke 2019, "Leveraging the bfloat16 Artificial Intelligence Datatype"). Tiles multiply sixteen times as fast as
// float32 lanes where a core has its own, eight to ten times where two threads share one: a sixth of that is still 1.6 times the lanes.
// An infinity becomes NaN, as it has no parts.
namespace TK_LEVEL {

/// Room for the three parts of one number; parts lie apart in runs of 32, one tile row each: [row][run][part][32].
struct SplitFloat { bfloat16 parts[3]; };

struct SplitTileBlocks {
  typedef float Element;
  typedef float S;
  typedef f32x16 V;
  typedef SplitFloat Operand;
  typedef TileBlocks::Session Session;
  static constexpr int64_t rightRow = 2;

  /// The upper half of each word, as a float32 again.
  static TK_INLINE V widened(u16x16 half) { return (V)(__builtin_convertvector(half, u32x16) << 16); }

  // MARK: splitting

  /// A row of a left operand: numbers 0 ..< 16 and 16 ..< 32 side by side.
  static TK_INLINE void storeRow(SplitFloat *to, V low, V high) {
    bfloat16 *p = (bfloat16 *)to;
#pragma unroll
    for (int part = 0; part < 3; part++) {
      u16x16 l = roundToBFloat16(low), h = roundToBFloat16(high);
      __builtin_memcpy(p + part * 32, &l, 32);
      __builtin_memcpy(p + part * 32 + 16, &h, 32);
      low -= widened(l);
      high -= widened(h);
    }
  }
  /// Two rows of a right operand, sixteen columns: the rows' numbers alternate.
  static TK_INLINE void storePairs(SplitFloat *to, V even, V odd) {
    bfloat16 *p = (bfloat16 *)to;
#pragma unroll
    for (int part = 0; part < 3; part++) {
      u16x16 e = roundToBFloat16(even), o = roundToBFloat16(odd);
      TileBlocks::storeWords(p + part * 32, 0, TileBlocks::interleave(e, o));
      even -= widened(e);
      odd -= widened(o);
    }
  }
  static TK_INLINE V loadRow(const float *x, int64_t stride, int64_t row, int64_t rows, int64_t from, int64_t width) {
    return row < rows && from < width ? loadLanes<float>(x + row * stride + from, width - from) : V{};
  }
  /// Columns from ..< from + 16 of rows row ..< row + 16, transposed.
  static TK_INLINE void loadTransposed(const float *x, int64_t stride, int64_t row, int64_t rows, int64_t from, int64_t width, V block[16]) {
    if (row + laneCount <= rows && from + laneCount <= width) {
#pragma unroll
      for (int64_t j = 0; j < laneCount; j++) block[j] = loadLanes(x + (row + j) * stride + from);
    } else {
      for (int64_t j = 0; j < laneCount; j++) block[j] = loadRow(x, stride, row + j, rows, from, width);
    }
    transpose(block);
  }

  // MARK: packing

  static TK_INLINE void packLeft(const float *x, int64_t stride, int64_t rows, int64_t width, SplitFloat *to, int64_t paddedRows,
                                 int64_t paddedWidth) {
    for (int64_t r = 0; r < paddedRows; r++)
      for (int64_t i = 0; i < paddedWidth; i += 2 * laneCount)
        storeRow(to + r * paddedWidth + i, loadRow(x, stride, r, rows, i, width), loadRow(x, stride, r, rows, i + laneCount, width));
  }
  static TK_INLINE void packLeftTransposed(const float *x, int64_t stride, int64_t rows, int64_t width, SplitFloat *to,
                                           int64_t paddedRows, int64_t paddedWidth) {
    for (int64_t r = 0; r < paddedRows; r += 2 * laneCount)
      for (int64_t i = 0; i < paddedWidth; i += laneCount) {
        V low[16], high[16];
        loadTransposed(x, stride, r, rows, i, width, low);
        loadTransposed(x, stride, r + laneCount, rows, i, width, high);
#pragma unroll
        for (int64_t j = 0; j < laneCount; j++) storeRow(to + (i + j) * paddedRows + r, low[j], high[j]);
      }
  }
  static TK_INLINE void packRight(const float *x, int64_t stride, int64_t rows, int64_t width, SplitFloat *to, int64_t paddedRows,
                                  int64_t paddedWidth) {
    for (int64_t r = 0; r < paddedRows; r += 2)
      for (int64_t i = 0; i < paddedWidth; i += laneCount)
        storePairs(to + r * paddedWidth + 2 * i, loadRow(x, stride, r, rows, i, width), loadRow(x, stride, r + 1, rows, i, width));
  }
  static TK_INLINE void packRightTransposed(const float *x, int64_t stride, int64_t rows, int64_t width, SplitFloat *to,
                                            int64_t paddedRows, int64_t paddedWidth) {
    for (int64_t r = 0; r < paddedRows; r += laneCount)
      for (int64_t i = 0; i < paddedWidth; i += laneCount) {
        V block[16];
        loadTransposed(x, stride, r, rows, i, width, block);
#pragma unroll
        for (int64_t j = 0; j < laneCount; j += 2) storePairs(to + (i + j) * paddedRows + 2 * r, block[j], block[j + 1]);
      }
  }

  /// Split by cutting where `storePairs` rounds: still exact, and half the instructions in attention's inner loop. Its left partners
  /// are rounded, so that what is dropped stays below 2⁻²⁴.
  static TK_INLINE void storeRight(SplitFloat *to, int64_t r, int64_t column, int64_t columns, V even, V odd) {
    bfloat16 *p = (bfloat16 *)(to + r * columns + 2 * column);
#pragma unroll
    for (int part = 0; part < 3; part++) {
      u32x16 e = (u32x16)even & 0xffff0000, o = (u32x16)odd & 0xffff0000;
      TileBlocks::storeWords(p + part * 32, 0, (e >> 16) | o);
      even -= (V)e;
      odd -= (V)o;
    }
  }
  /// Half a run of either row: `column` is a multiple of sixteen.
  static TK_INLINE void storeLeft(SplitFloat *to, int64_t r, int64_t column, int64_t columns, V even, V odd) {
    bfloat16 *p = (bfloat16 *)(to + r * columns + column / 32 * 32) + column % 32;
#pragma unroll
    for (int part = 0; part < 3; part++) {
      u16x16 e = roundToBFloat16(even), o = roundToBFloat16(odd);
      __builtin_memcpy(p + part * 32, &e, 32);
      __builtin_memcpy(p + 3 * columns + part * 32, &o, 32);
      even -= widened(e);
      odd -= widened(o);
    }
  }

  static TK_INLINE V powerOfTwo(V x) { return TK_LEVEL::powerOfTwo(x); }

  // MARK: multiplying

  /// C[32 × 32] = start + left[32 × inner] · right[inner × 32 of columns]; C's rows are `cStride` apart, those of `start` (null: zeros)
  /// `startStride`, which is 0 where all rows are the same.
  ///
  /// Twenty-four tile products for fourteen loads in each step of 32, so that loads are not what is waited for.
  static TK_INLINE void multiplyTile(const SplitFloat *left, const SplitFloat *right, const float *start, int64_t startStride, float *c,
                                     int64_t cStride, int64_t inner, int64_t columns) {
    const int64_t leftBytes = inner * 6, rightBytes = columns * 12;
    if (start) {
      _tile_loadd(0, start, startStride * 4);
      _tile_loadd(1, start + 16, startStride * 4);
      _tile_loadd(2, start + 16 * startStride, startStride * 4);
      _tile_loadd(3, start + 16 * startStride + 16, startStride * 4);
    } else {
      _tile_zero(0);
      _tile_zero(1);
      _tile_zero(2);
      _tile_zero(3);
    }
    for (int64_t k = 0; k < inner; k += 32) {
      const bfloat16 *upper = (const bfloat16 *)(left + k), *lower = (const bfloat16 *)(left + 16 * inner + k);
      const bfloat16 *first = (const bfloat16 *)(right + k * columns), *second = first + 96;
#define TK_LOAD_LEFT(part) _tile_loadd(4, upper + 32 * (part), leftBytes), _tile_loadd(5, lower + 32 * (part), leftBytes)
#define TK_LOAD_RIGHT(part) _tile_loadd(6, first + 32 * (part), rightBytes), _tile_loadd(7, second + 32 * (part), rightBytes)
#define TK_MULTIPLY_TILES _tile_dpbf16ps(0, 4, 6), _tile_dpbf16ps(1, 4, 7), _tile_dpbf16ps(2, 5, 6), _tile_dpbf16ps(3, 5, 7)
      TK_LOAD_LEFT(2), TK_LOAD_RIGHT(0), TK_MULTIPLY_TILES;
      TK_LOAD_LEFT(1), TK_MULTIPLY_TILES;
      TK_LOAD_RIGHT(1), TK_MULTIPLY_TILES;
      TK_LOAD_LEFT(0), TK_MULTIPLY_TILES;
      TK_LOAD_RIGHT(2), TK_MULTIPLY_TILES;
      TK_LOAD_RIGHT(0), TK_MULTIPLY_TILES;
#undef TK_LOAD_LEFT
#undef TK_LOAD_RIGHT
#undef TK_MULTIPLY_TILES
    }
    _tile_stored(0, c, cStride * 4);
    _tile_stored(1, c + 16, cStride * 4);
    _tile_stored(2, c + 16 * cStride, cStride * 4);
    _tile_stored(3, c + 16 * cStride + 16, cStride * 4);
  }
  static TK_INLINE void multiplyCorner(const SplitFloat *left, const SplitFloat *right, float *c, int64_t inner, int64_t columns,
                                       bool accumulate) {
    multiplyTile(left, right, accumulate ? c : nullptr, columns, c, columns, inner, columns);
  }
};

}  // namespace TK_LEVEL

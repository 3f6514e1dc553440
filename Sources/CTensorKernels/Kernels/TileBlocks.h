// The block products inside attention, on AMX's bfloat16 tiles.
//
// A tile has sixteen rows of 64 bytes. TDPBF16PS adds to C[16 × 16] (float32) the product of A[16 × 32] and B[32 × 16], whose rows are
// interleaved in pairs (PairBlocks.h).
namespace TK_LEVEL {

struct TileBlocks: PairBlocks {
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

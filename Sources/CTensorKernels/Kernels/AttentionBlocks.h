// The block products inside attention, on vector lanes: operands packed by copying or transposing, products in registers.
//
// A block product is C[rows × columns] (+)= left[rows × inner] · right[inner × columns]. An engine says how left and right
// operands lie in memory and how to fill them from the caller's views. All extents are multiples of 32.
namespace TK_LEVEL {

// Queries and keys that are worked on at a time. Forward, 32 queries keep a pass's blocks in the first cache; backward has three sums
// to load and store per block, which 64 queries halve.
constexpr int64_t keyBlock = 64, forwardQueryBlock = 32, backwardQueryBlock = 64;
constexpr int64_t attentionWidthLimit = 256;        // of a head

TK_INLINE void transpose(f32x16 block[16]) {
  u32x16 words[16];
#pragma unroll
  for (int i = 0; i < 16; i++) words[i] = (u32x16)block[i];
  transposeWords(words);
#pragma unroll
  for (int i = 0; i < 16; i++) block[i] = (f32x16)words[i];
}
TK_INLINE void transpose(f64x16 block[16]) {
  for (int i = 0; i < 16; i++)
    for (int j = 0; j < i; j++) {
      double x = block[i][j];
      block[i][j] = block[j][i];
      block[j][i] = x;
    }
}

/// Copies rows × width from a view to `to` [paddedRows × paddedWidth], with zeros around.
template <class To, class From>
TK_INLINE void packRows(const From *x, int64_t stride, int64_t rows, int64_t width, To *to, int64_t paddedRows, int64_t paddedWidth) {
  for (int64_t r = 0; r < paddedRows; r++)
    for (int64_t i = 0; i < paddedWidth; i += laneCount) {
      int64_t left = r < rows ? width - i : 0;
      storeLanes(to + r * paddedWidth + i, left > 0 ? loadLanes<From>(x + r * stride + i, left) : Lanes<From>{});
    }
}

/// The same, transposed: `to` is [paddedWidth × paddedRows].
template <class To, class From>
TK_INLINE void packTransposed(const From *x, int64_t stride, int64_t rows, int64_t width, To *to, int64_t paddedRows,
                              int64_t paddedWidth) {
  for (int64_t r = 0; r < paddedRows; r += laneCount)
    for (int64_t i = 0; i < paddedWidth; i += laneCount) {
      Lanes<From> block[16];
      for (int64_t j = 0; j < laneCount; j++) {
        int64_t left = r + j < rows ? width - i : 0;
        block[j] = left > 0 ? loadLanes<From>(x + (r + j) * stride + i, left) : Lanes<From>{};
      }
      transpose(block);
      for (int64_t j = 0; j < laneCount; j++) storeLanes(to + (i + j) * paddedRows + r, block[j]);
    }
}

/// C[rows × columns] (+)= left · right, by corners of 32 × 32.
template <class Blocks>
TK_INLINE void multiply(int64_t rows, int64_t columns, int64_t inner, const typename Blocks::Operand *left,
                        const typename Blocks::Operand *right, typename Blocks::S *c, bool accumulate) {
  for (int64_t m = 0; m < rows; m += 32)
    for (int64_t n = 0; n < columns; n += 32)
      Blocks::multiplyCorner(left + m * inner, right + n * Blocks::rightRow, c + m * columns + n, inner, columns, accumulate);
}

/// float32 (also for bfloat16 where there is no hardware for it) and float64.
template <class T> struct VectorBlocks {
  typedef T Element;
  typedef Scalar<T> S;
  typedef Lanes<T> V;
  typedef S Operand;
  struct Session {};

  static TK_INLINE void packLeft(const T *x, int64_t stride, int64_t rows, int64_t width, S *to, int64_t paddedRows,
                                  int64_t paddedWidth) {
    packRows(x, stride, rows, width, to, paddedRows, paddedWidth);
  }
  static TK_INLINE void packLeftTransposed(const T *x, int64_t stride, int64_t rows, int64_t width, S *to, int64_t paddedRows,
                                  int64_t paddedWidth) {
    packTransposed(x, stride, rows, width, to, paddedRows, paddedWidth);
  }
  static TK_INLINE void packRight(const T *x, int64_t stride, int64_t rows, int64_t width, S *to, int64_t paddedRows,
                                  int64_t paddedWidth) {
    packRows(x, stride, rows, width, to, paddedRows, paddedWidth);
  }
  static TK_INLINE void packRightTransposed(const T *x, int64_t stride, int64_t rows, int64_t width, S *to, int64_t paddedRows,
                                  int64_t paddedWidth) {
    packTransposed(x, stride, rows, width, to, paddedRows, paddedWidth);
  }

  /// Puts rows r and r + 1, sixteen columns from `column`, into a right operand of `columns` columns.
  static TK_INLINE void storeRight(S *to, int64_t r, int64_t column, int64_t columns, V even, V odd) {
    storeLanes(to + r * columns + column, even);
    storeLanes(to + (r + 1) * columns + column, odd);
  }
  static TK_INLINE void storeLeft(S *to, int64_t r, int64_t column, int64_t columns, V even, V odd) {
    storeRight(to, r, column, columns, even, odd);
  }

  static TK_INLINE V powerOfTwo(V x) { return TK_LEVEL::powerOfTwo(x); }

  static TK_INLINE void multiplyCorner(const S *left, const S *right, S *c, int64_t inner, int64_t columns, bool accumulate) {
    const ProductTerm<S> term = {left, right};
    vectorProduct<S, V, TK_PRODUCT_ROWS, sizeof(S) == 4 ? TK_PRODUCT_COLUMNS : 1>(32, 32, inner, &term, 1, inner, 1, columns, c, columns,
                                                                                  accumulate);
  }
  static constexpr int64_t rightRow = 1;
};

}  // namespace TK_LEVEL

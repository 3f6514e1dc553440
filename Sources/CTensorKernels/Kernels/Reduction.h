// Sums and maxima over one axis of [outer, reduced, inner].
namespace TK_LEVEL {

/// Rows that one piece of a column sum takes; partial sums are then added in the rows' order.
constexpr int64_t rowsPerPartialSum = 128;

/// totals[c] = Σ over rows of term(row, column, count), where `term` gives sixteen columns of one row.
template <class S, class V, class Term>
TK_INLINE void columnSums(int64_t begin, int64_t end, int64_t columns, S *totals, const Term &term) {
  for (int64_t c = 0; c < columns; c += 2 * laneCount) {
    int64_t n = columns - c, m = n - laneCount;
    V even = V{}, odd = V{};
    for (int64_t row = begin; row < end; row++) {
      even += term(row, c, n);
      if (m > 0) odd += term(row, c + laneCount, m);
    }
    storeLanes<S>(totals + c, even, n);
    if (m > 0) storeLanes<S>(totals + c + laneCount, odd, m);
  }
}

/// Adds up the partial sums [pieces, columns] into y[columns], times scale.
template <class T> TK_INLINE void addPartialSums(int64_t pieces, int64_t columns, const Scalar<T> *partial, Scalar<T> scale, T *y) {
  for (int64_t c = 0; c < columns; c += laneCount) {
    Lanes<T> total = Lanes<T>{};
    for (int64_t piece = 0; piece < pieces; piece++) total += loadLanes<Scalar<T>>(partial + piece * columns + c, columns - c);
    storeLanes<T>(y + c, total * scale, columns - c);
  }
}

template <class T> void sumAxis(int64_t outer, int64_t reduced, int64_t inner, double scale, const T *x, T *y, Scalar<T> *scratch) {
  typedef Scalar<T> S;
  typedef Lanes<T> V;
  if (inner == 1) {
    // Rows: long ones in pieces, whose sums are then added in order.
    int64_t pieces = (reduced + elementsPerPiece - 1) / elementsPerPiece;
    parallelPieces(outer * pieces, rowsPerPiece(reduced / pieces + 1), [&](int64_t begin, int64_t end) {
      for (int64_t item = begin; item < end; item++) {
        int64_t piece = item % pieces, from = piece * elementsPerPiece;
        int64_t to = from + elementsPerPiece < reduced ? from + elementsPerPiece : reduced;
        const T *row = x + item / pieces * reduced;
        V a = V{}, b = V{};
        for (int64_t i = from; i < to; i += 2 * laneCount) {
          a += loadLanes<T>(row + i, to - i);
          if (i + laneCount < to) b += loadLanes<T>(row + i + laneCount, to - i - laneCount);
        }
        scratch[item] = sumLanes<V>(a + b);
      }
    });
    for (int64_t o = 0; o < outer; o++) {
      S total = 0;
      for (int64_t piece = 0; piece < pieces; piece++) total += scratch[o * pieces + piece];
      store(y + o, S(total * scale));
    }
    return;
  }
  int64_t pieces = (reduced + rowsPerPartialSum - 1) / rowsPerPartialSum;
  parallel(outer * pieces, [&](int64_t item) {
    int64_t begin = item % pieces * rowsPerPartialSum;
    int64_t end = begin + rowsPerPartialSum < reduced ? begin + rowsPerPartialSum : reduced;
    const T *rows = x + item / pieces * reduced * inner;
    columnSums<S, V>(begin, end, inner, scratch + item * inner,
                     [&](int64_t row, int64_t c, int64_t n) { return loadLanes<T>(rows + row * inner + c, n); });
  });
  parallel(outer, [&](int64_t o) { addPartialSums<T>(pieces, inner, scratch + o * pieces * inner, S(scale), y + o * inner); });
}
void sum(TKElementType type, int64_t outer, int64_t reduced, int64_t inner, double scale, const void *x, void *y, void *scratch) {
  TK_FOR_EACH_TYPE(type, sumAxis<T>(outer, reduced, inner, scale, (const T *)x, (T *)y, (Scalar<T> *)scratch))
}

template <class T> void maximumAxis(int64_t outer, int64_t reduced, int64_t inner, const T *x, T *y, int32_t *index) {
  parallelPieces(outer * inner, rowsPerPiece(reduced), [&](int64_t begin, int64_t end) {
    for (int64_t item = begin; item < end; item++) {
      const T *line = x + item / inner * reduced * inner + item % inner;
      int64_t best = 0;
      for (int64_t r = 1; r < reduced; r++)
        if (load(line + r * inner) > load(line + best * inner)) best = r;
      index[item] = int32_t(best);
      y[item] = line[best * inner];
    }
  });
}
void maximum(TKElementType type, int64_t outer, int64_t reduced, int64_t inner, const void *x, void *y, int32_t *index) {
  TK_FOR_EACH_TYPE(type, maximumAxis<T>(outer, reduced, inner, (const T *)x, (T *)y, index))
}

template <class T>
void maximumAxisBackward(int64_t outer, int64_t reduced, int64_t inner, const int32_t *index, const T *dy, T *dx) {
  fillElements<T>(outer * reduced * inner, 0, dx);
  for (int64_t item = 0; item < outer * inner; item++)
    dx[(item / inner * reduced + index[item]) * inner + item % inner] = dy[item];
}
void maximumBackward(TKElementType type, int64_t outer, int64_t reduced, int64_t inner, const int32_t *index, const void *dy, void *dx) {
  TK_FOR_EACH_TYPE(type, maximumAxisBackward<T>(outer, reduced, inner, index, (const T *)dy, (T *)dx))
}

template <class T> double squares(int64_t count, const T *x) {
  // A fixed number of pieces at most, so that their sums fit on the stack.
  constexpr int64_t most = 1024;
  int64_t piece = (count + most - 1) / most;
  if (piece < elementsPerPiece) piece = elementsPerPiece;
  double sums[most] = {};
  parallelPieces(count, piece, [&](int64_t begin, int64_t end) {
    double total = 0;
    for (int64_t block = begin; block < end; block += 4096) {
      Lanes<T> v = Lanes<T>{};
      int64_t stop = block + 4096 < end ? block + 4096 : end;
      for (int64_t i = block; i < stop; i += laneCount) {
        Lanes<T> u = loadLanes<T>(x + i, stop - i);
        v += u * u;
      }
      total += sumLanes(v);
    }
    sums[begin / piece] = total;
  });
  double total = 0;
  for (double partial : sums) total += partial;
  return total;
}
double sumOfSquares(TKElementType type, int64_t count, const void *x) {
  double result = 0;
  TK_FOR_EACH_TYPE(type, result = squares<T>(count, (const T *)x))
  return result;
}

}  // namespace TK_LEVEL

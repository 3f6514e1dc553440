// Functions of one element, of two with broadcasting, and copies between layouts and element types.
namespace TK_LEVEL {

/// Runs `line(offset, first, second, count)` along the innermost axis for the elements begin ..< end of the walk.
template <class Line> TK_INLINE void walkLines(const TKWalk &walk, int64_t begin, int64_t end, const Line &line) {
  int64_t last = walk.rank - 1, position[TKMaximumRank], rest = begin;
  int64_t first = 0, second = 0;
  for (int64_t axis = last; axis >= 0; axis--) {
    position[axis] = rest % walk.extent[axis];
    rest /= walk.extent[axis];
    first += position[axis] * walk.firstStride[axis];
    second += position[axis] * walk.secondStride[axis];
  }
  for (int64_t offset = begin; offset < end;) {
    int64_t count = walk.extent[last] - position[last];
    if (count > end - offset) count = end - offset;
    line(offset, first, second, count);
    offset += count;
    // Carry into the outer axes.
    first -= position[last] * walk.firstStride[last];
    second -= position[last] * walk.secondStride[last];
    position[last] = 0;
    for (int64_t axis = last - 1; axis >= 0; axis--) {
      first += walk.firstStride[axis];
      second += walk.secondStride[axis];
      if (++position[axis] < walk.extent[axis]) break;
      first -= position[axis] * walk.firstStride[axis];
      second -= position[axis] * walk.secondStride[axis];
      position[axis] = 0;
    }
  }
}

TK_INLINE int64_t walkCount(const TKWalk &walk) {
  int64_t count = 1;
  for (int64_t axis = 0; axis < walk.rank; axis++) count *= walk.extent[axis];
  return count;
}

TK_INLINE f32x16 changed(f32x16 v, float *) { return v; }
TK_INLINE f64x16 changed(f32x16 v, double *) { return __builtin_convertvector(v, f64x16); }
TK_INLINE f32x16 changed(f64x16 v, float *) { return __builtin_convertvector(v, f32x16); }
TK_INLINE f64x16 changed(f64x16 v, double *) { return v; }

template <class To, class From> void copyLines(const TKWalk &walk, To *y, const From *x) {
  int64_t last = walk.rank - 1;
  bool contiguous = walk.firstStride[last] == 1 && walk.secondStride[last] == 1;
  int64_t toStride = walk.firstStride[last], fromStride = walk.secondStride[last];
  parallelPieces(walkCount(walk), elementsPerPiece, [&](int64_t begin, int64_t end) {
    walkLines(walk, begin, end, [&](int64_t, int64_t to, int64_t from, int64_t count) {
      if (contiguous)
        for (int64_t i = 0; i < count; i += laneCount)
          storeLanes<To>(y + to + i, changed(loadLanes<From>(x + from + i, count - i), (Scalar<To> *)nullptr), count - i);
      else
        for (int64_t i = 0; i < count; i++) store(y + to + i * toStride, Scalar<To>(load(x + from + i * fromStride)));
    });
  });
}

template <class To> void copyTo(TKElementType source, const TKWalk &walk, To *y, const void *x) {
  TK_FOR_EACH_TYPE(source, copyLines<To, T>(walk, y, (const T *)x))
}
void copy(TKElementType target, TKElementType source, const TKWalk *walk, void *y, const void *x) {
  TK_FOR_EACH_TYPE(target, copyTo<T>(source, *walk, (T *)y, x))
}

template <class T> void fillElements(int64_t count, double value, T *y) {
  Lanes<T> v = splat<Lanes<T>>(Scalar<T>(value));
  parallelPieces(count, 4 * elementsPerPiece, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i += laneCount) storeLanes<T>(y + i, v, end - i);
  });
}
void fill(TKElementType type, int64_t count, double value, void *y) { TK_FOR_EACH_TYPE(type, fillElements<T>(count, value, (T *)y)) }

// MARK: one operand

template <class T, class Function> TK_INLINE void mapUnary(int64_t count, const T *x, T *y, const Function &function) {
  parallelPieces(count, elementsPerPiece, [&](int64_t begin, int64_t end) {
    int64_t i = begin;
    for (; i + laneCount <= end; i += laneCount) storeLanes(y + i, function(loadLanes(x + i)));
    if (i < end) storeLanes<T>(y + i, function(loadLanes<T>(x + i, end - i)), end - i);
  });
}

template <class T> void unaryElements(TKUnary function, int64_t n, const T *x, T *y) {
  typedef Lanes<T> V;
  switch (function) {
    case TKGelu: return mapUnary(n, x, y, [](V v) { return gelu<T>(v); });
    case TKSilu: return mapUnary(n, x, y, [](V v) { return v * sigmoidFor<T>(v); });
    case TKSigmoid: return mapUnary(n, x, y, [](V v) { return sigmoid(v); });
    case TKTanh: return mapUnary(n, x, y, [](V v) { return hyperbolicTangent(v); });
    case TKExponential: return mapUnary(n, x, y, [](V v) { return exponential(v); });
    case TKLogarithm: return mapUnary(n, x, y, [](V v) { return logarithm(v); });
    case TKSquare: return mapUnary(n, x, y, [](V v) { return v * v; });
    case TKSquareRoot: return mapUnary(n, x, y, [](V v) { return squareRoot(v); });
  }
}
void unary(TKElementType type, TKUnary function, int64_t n, const void *x, void *y) {
  TK_FOR_EACH_TYPE(type, unaryElements<T>(function, n, (const T *)x, (T *)y))
}

template <class T, class Slope> TK_INLINE void mapSlope(int64_t count, const T *x, const T *dy, T *dx, const Slope &slope) {
  parallelPieces(count, elementsPerPiece, [&](int64_t begin, int64_t end) {
    int64_t i = begin;
    for (; i + laneCount <= end; i += laneCount) storeLanes(dx + i, loadLanes(dy + i) * slope(loadLanes(x + i)));
    if (i < end) storeLanes<T>(dx + i, loadLanes<T>(dy + i, end - i) * slope(loadLanes<T>(x + i, end - i)), end - i);
  });
}

template <class T> void unarySlopes(TKUnary function, int64_t n, const T *x, const T *dy, T *dx) {
  typedef Lanes<T> V;
  switch (function) {
    case TKGelu: return mapSlope(n, x, dy, dx, [](V v) { return geluSlope<T>(v); });
    case TKSilu: return mapSlope(n, x, dy, dx, [](V v) { V s = sigmoidFor<T>(v); return s * (1 + v * (1 - s)); });
    case TKSigmoid: return mapSlope(n, x, dy, dx, [](V v) { V s = sigmoid(v); return s * (1 - s); });
    case TKTanh: return mapSlope(n, x, dy, dx, [](V v) { V t = hyperbolicTangent(v); return 1 - t * t; });
    case TKExponential: return mapSlope(n, x, dy, dx, [](V v) { return exponential(v); });
    case TKLogarithm: return mapSlope(n, x, dy, dx, [](V v) { return 1 / v; });
    case TKSquare: return mapSlope(n, x, dy, dx, [](V v) { return v + v; });
    case TKSquareRoot: return mapSlope(n, x, dy, dx, [](V v) { return Scalar<T>(0.5) / squareRoot(v); });
  }
}
void unaryBackward(TKElementType type, TKUnary function, int64_t n, const void *x, const void *dy, void *dx) {
  TK_FOR_EACH_TYPE(type, unarySlopes<T>(function, n, (const T *)x, (const T *)dy, (T *)dx))
}

void affine(TKElementType type, int64_t n, double scale, double offset, const void *x, void *y) {
  TK_FOR_EACH_TYPE(type, {
    const Scalar<T> a = Scalar<T>(scale), b = Scalar<T>(offset);
    mapUnary(n, (const T *)x, (T *)y, [=](Lanes<T> v) { return v * a + b; });
  })
}

// MARK: two operands

template <class T, class Function> TK_INLINE void mapBinary(const TKWalk &walk, const T *a, const T *b, T *y, const Function &f) {
  int64_t last = walk.rank - 1, aStride = walk.firstStride[last], bStride = walk.secondStride[last];
  bool lanes = aStride >= 0 && aStride <= 1 && bStride >= 0 && bStride <= 1;
  typedef Lanes<T> V;
  parallelPieces(walkCount(walk), elementsPerPiece, [&](int64_t begin, int64_t end) {
    walkLines(walk, begin, end, [&](int64_t offset, int64_t first, int64_t second, int64_t count) {
      for (int64_t i = 0; i < count; i += laneCount) {
        int64_t n = count - i < laneCount ? count - i : laneCount;
        V u, v;
        if (lanes) {
          u = aStride ? loadLanes<T>(a + first + i, n) : splat<V>(load(a + first));
          v = bStride ? loadLanes<T>(b + second + i, n) : splat<V>(load(b + second));
        } else {
          u = V{}, v = V{};
          for (int64_t j = 0; j < n; j++) u[j] = load(a + first + (i + j) * aStride), v[j] = load(b + second + (i + j) * bStride);
        }
        storeLanes<T>(y + offset + i, f(u, v), n);
      }
    });
  });
}

template <class T> void binaryElements(TKBinary function, const TKWalk &walk, const T *a, const T *b, T *y) {
  typedef Lanes<T> V;
  switch (function) {
    case TKAdd: return mapBinary(walk, a, b, y, [](V u, V v) { return u + v; });
    case TKSubtract: return mapBinary(walk, a, b, y, [](V u, V v) { return u - v; });
    case TKMultiply: return mapBinary(walk, a, b, y, [](V u, V v) { return u * v; });
    case TKDivide: return mapBinary(walk, a, b, y, [](V u, V v) { return u / v; });
  }
}
void binary(TKElementType type, TKBinary function, const TKWalk *walk, const void *a, const void *b, void *y) {
  TK_FOR_EACH_TYPE(type, binaryElements<T>(function, *walk, (const T *)a, (const T *)b, (T *)y))
}

}  // namespace TK_LEVEL

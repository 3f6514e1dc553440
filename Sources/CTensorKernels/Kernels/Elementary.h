// Exponentials and their relatives on sixteen lanes.
namespace TK_LEVEL {

/// e^x to 1.2e-7 relative: x = n·ln 2 + r with |r| ≤ ln 2 / 2, a polynomial of degree 6 in r, and n into the exponent's bits.
TK_INLINE f32x16 exponential(f32x16 x) {
  x = smaller(larger(x, splat<f32x16>(-87.3f)), splat<f32x16>(88.3f));
  // Adding 1.5·2²³ leaves the rounded integer in the low bits of the sum.
  const f32x16 magic = splat<f32x16>(12582912.0f);
  f32x16 shifted = x * 1.44269504f + magic;
  f32x16 n = shifted - magic;
  f32x16 r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  f32x16 p = splat<f32x16>(1.3888889e-3f);
  p = p * r + 8.3333333e-3f;
  p = p * r + 4.1666668e-2f;
  p = p * r + 1.6666667e-1f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  return (f32x16)((u32x16)p + ((u32x16)shifted << 23));
}

TK_INLINE f64x16 exponential(f64x16 x) {
  f64x16 y;
  for (int i = 0; i < 16; i++) y[i] = __builtin_exp(x[i]);
  return y;
}

template <class V> TK_INLINE V sigmoid(V x) { return 1 / (1 + exponential(-x)); }
/// tanh x = 2σ(2x) − 1; near zero its odd series, where that difference would cancel.
template <class V> TK_INLINE V hyperbolicTangent(V x) {
  V square = x * x;
  V series = x * (1 + square * (-1.0f / 3 + square * (2.0f / 15 - square * (17.0f / 315))));
  V quotient = 2 * sigmoid<V>(2 * x) - 1;
  return select(square < splat<V>(0.0064f), series, quotient);
}
TK_INLINE f64x16 hyperbolicTangent(f64x16 x) {
  f64x16 y;
  for (int i = 0; i < 16; i++) y[i] = __builtin_tanh(x[i]);
  return y;
}
template <class V> TK_INLINE V logarithm(V x) {
  V y;
  for (int i = 0; i < 16; i++) y[i] = __builtin_log(x[i]);
  return y;
}
template <class V> TK_INLINE V squareRoot(V x) {
  V y;
  for (int i = 0; i < 16; i++) y[i] = __builtin_sqrt(x[i]);
  return y;
}

/// GELU in its tanh form (Hendrycks & Gimpel 2016): x·σ(2u) with u = √(2/π)·(x + 0.044715x³).
template <class V> TK_INLINE V gelu(V x) {
  typedef typename Lane<V>::type S;
  V doubled = x * (S(1.5957691216057308) + S(0.07135481282605926) * (x * x));
  return x * sigmoid(doubled);
}
template <class V> TK_INLINE V geluSlope(V x) {
  typedef typename Lane<V>::type S;
  V square = x * x;
  V s = sigmoid<V>(x * (S(1.5957691216057308) + S(0.07135481282605926) * square));
  V inner = S(1.5957691216057308) + S(3 * 0.07135481282605926) * square;
  return s + x * s * (1 - s) * inner;
}

}  // namespace TK_LEVEL

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
template <class V> TK_INLINE V squareRoot(V x) { return __builtin_elementwise_sqrt(x); }

/// 2^x to 7.5e-5 relative for all x: a cubic in x − ⌊x⌋, scaled by 2^⌊x⌋. Enough where the result is rounded to bfloat16 (4e-3).
TK_INLINE f32x16 coarsePowerOfTwo(f32x16 x) {
#if TK_AVX512
  f32x16 r = (f32x16)_mm512_reduce_ps((__m512)x, 1);
  f32x16 p = ((r * 0.07802452f + 0.22606716f) * r + 0.69583354f) * r + 0.99992522f;
  return (f32x16)_mm512_scalef_ps((__m512)p, (__m512)x);
#else
  return exponential(x * 0.69314718f);
#endif
}

/// 2^x to 1.6e-7 relative for all x: a polynomial of degree 5 in x − ⌊x⌋, scaled by 2^⌊x⌋; half the instructions of `exponential`.
TK_INLINE f32x16 powerOfTwo(f32x16 x) {
#if TK_AVX512
  f32x16 r = (f32x16)_mm512_reduce_ps((__m512)x, 1);
  f32x16 p = splat<f32x16>(1.87757648e-3f);
  p = p * r + 8.98934058e-3f;
  p = p * r + 5.58263176e-2f;
  p = p * r + 2.40153617e-1f;
  p = p * r + 6.93153073e-1f;
  p = p * r + 9.99999925e-1f;
  return (f32x16)_mm512_scalef_ps((__m512)p, (__m512)x);
#else
  return exponential(x * 0.69314718f);
#endif
}

TK_INLINE f64x16 powerOfTwo(f64x16 x) { return exponential(x * 0.69314718055994531); }

/// σ(x) as precisely as elements of type T can tell.
template <class T> TK_INLINE Lanes<T> sigmoidFor(Lanes<T> x) { return sigmoid(x); }
#if TK_AVX512
template <> TK_INLINE f32x16 sigmoidFor<bfloat16>(f32x16 x) {
  return (f32x16)_mm512_rcp14_ps((__m512)(1 + coarsePowerOfTwo(x * -1.44269504f)));
}
#endif

/// GELU in its tanh form (Hendrycks & Gimpel 2016): x·σ(2u) with u = √(2/π)·(x + 0.044715x³).
template <class T> TK_INLINE Lanes<T> gelu(Lanes<T> x) {
  typedef Scalar<T> S;
  return x * sigmoidFor<T>(x * (S(1.5957691216057308) + S(0.07135481282605926) * (x * x)));
}
template <class T> TK_INLINE Lanes<T> geluSlope(Lanes<T> x) {
  typedef Scalar<T> S;
  Lanes<T> square = x * x;
  Lanes<T> s = sigmoidFor<T>(x * (S(1.5957691216057308) + S(0.07135481282605926) * square));
  Lanes<T> inner = S(1.5957691216057308) + S(3 * 0.07135481282605926) * square;
  return s + x * s * (1 - s) * inner;
}

}  // namespace TK_LEVEL

// The transforms of Winograd's minimal filtering F(4 × 4, 3 × 3): sixteen outputs of a 3 × 3 kernel from 36 products, not 144.
//
// Winograd 1980; Lavin & Gray 2016, "Fast Algorithms for Convolutional Neural Networks":
// y = Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A of an input patch d [6 × 6] and a kernel g [3 × 3]. The gradient at g is the adjoint,
// Gᵀ[(A dy Aᵀ) ⊙ (Bᵀ d B)]G. The points are 0, ±5/8, ±3/2 and ∞, whose squares a float32 holds exactly: the usual 0, ±1, ±2, ∞ lose 2.3
// times as much to rounding. All work on sixteen channels at a time.
namespace TK_LEVEL {

constexpr int64_t tileExtent = 4, patchExtent = 6, tilePoints = 36;

/// The points ±p and ±q of four of the six, squared too.
constexpr float winogradP = 0.625f, winogradQ = 1.5f, winogradPP = winogradP * winogradP, winogradQQ = winogradQ * winogradQ;
/// What G divides by at ±p and at ±q.
constexpr float winogradFactorP = 1 / (2 * winogradPP * (winogradPP - winogradQQ)), winogradFactorQ = 1 / (2 * winogradQQ * (winogradQQ - winogradPP));

/// Bᵀ: six of a patch to six.
template <class V> TK_INLINE void transformPatch(const V d[6], V t[6]) {
  V a = d[4] - winogradQQ * d[2], b = winogradP * (d[3] - winogradQQ * d[1]);
  V c = d[4] - winogradPP * d[2], e = winogradQ * (d[3] - winogradPP * d[1]);
  t[0] = winogradPP * winogradQQ * d[0] - (winogradPP + winogradQQ) * d[2] + d[4];
  t[1] = a + b;
  t[2] = a - b;
  t[3] = c + e;
  t[4] = c - e;
  t[5] = winogradPP * winogradQQ * d[1] - (winogradPP + winogradQQ) * d[3] + d[5];
}
/// G: three of a kernel to six.
template <class V> TK_INLINE void transformKernel(const V g[3], V t[6]) {
  V a = (g[0] + winogradPP * g[2]) * winogradFactorP, b = g[1] * (winogradP * winogradFactorP);
  V c = (g[0] + winogradQQ * g[2]) * winogradFactorQ, d = g[1] * (winogradQ * winogradFactorQ);
  t[0] = g[0] * (1 / (winogradPP * winogradQQ));
  t[1] = a + b;
  t[2] = a - b;
  t[3] = c + d;
  t[4] = c - d;
  t[5] = g[2];
}
/// Aᵀ: six to four outputs.
template <class V> TK_INLINE void transformProducts(const V m[6], V y[4]) {
  V a = m[1] + m[2], b = winogradP * (m[1] - m[2]), c = m[3] + m[4], d = winogradQ * (m[3] - m[4]);
  y[0] = m[0] + a + c;
  y[1] = b + d;
  y[2] = winogradPP * a + winogradQQ * c;
  y[3] = winogradPP * b + winogradQQ * d + m[5];
}
/// A: the gradients at four outputs to six.
template <class V> TK_INLINE void transformOutputGradient(const V y[4], V z[6]) {
  V a = y[0] + winogradPP * y[2], b = winogradP * (y[1] + winogradPP * y[3]);
  V c = y[0] + winogradQQ * y[2], d = winogradQ * (y[1] + winogradQQ * y[3]);
  z[0] = y[0];
  z[1] = a + b;
  z[2] = a - b;
  z[3] = c + d;
  z[4] = c - d;
  z[5] = y[3];
}
/// Gᵀ: six to the gradients at three of a kernel.
template <class V> TK_INLINE void transformKernelGradient(const V t[6], V g[3]) {
  V a = (t[1] + t[2]) * winogradFactorP, b = (t[3] + t[4]) * winogradFactorQ;
  g[0] = t[0] * (1 / (winogradPP * winogradQQ)) + a + b;
  g[1] = (t[1] - t[2]) * (winogradP * winogradFactorP) + (t[3] - t[4]) * (winogradQ * winogradFactorQ);
  g[2] = winogradPP * a + winogradQQ * b + t[5];
}

/// A one-dimensional transform of all columns, then of all rows: from [From × From] to [To × To].
template <int From, int To, class V, class Transform>
TK_INLINE void transformBoth(const V from[From][From], V to[To][To], const Transform &transform) {
  V half[To][From];
#pragma unroll
  for (int column = 0; column < From; column++) {
    V in[From], out[To];
#pragma unroll
    for (int row = 0; row < From; row++) in[row] = from[row][column];
    transform(in, out);
#pragma unroll
    for (int row = 0; row < To; row++) half[row][column] = out[row];
  }
#pragma unroll
  for (int row = 0; row < To; row++) transform(half[row], to[row]);
}

}  // namespace TK_LEVEL

// The cubic spline kernel of support 2 h with h = d (Monaghan & Lattanzio 1985), and what a flat sheet of fluid sees of it.
//
// On a cubic lattice of spacing d its sum is 1.0000, so a lattice is at rest.
namespace fluids::FK_LEVEL {

struct CubicSpline {
  float spacing, inverseSpacing, support, volume;
  float weight;    // volume × W's factor: the sum over neighbours is a relative density
  float slope;     // of the derivative

  FK_INLINE explicit CubicSpline(float d)
      : spacing(d), inverseSpacing(1 / d), support(2 * d), volume(d * d * d), weight(float(1 / M_PI)), slope(float(1 / M_PI) / d) {}

  /// V W(r).
  FK_INLINE f32x16 value(f32x16 r) const {
    f32x16 q = r * inverseSpacing, outer = positive(2 - q), inner = positive(1 - q);
    return weight * (0.25f * outer * outer * outer - inner * inner * inner);
  }
  FK_INLINE float valueAtZero() const { return weight; }

  /// V W′(r)/r, so that V ∇W = scalar × offset.
  FK_INLINE f32x16 gradientScalar(f32x16 squaredDistance) const {
    f32x16 r = __builtin_elementwise_sqrt(larger(squaredDistance, splat(1e-12f * spacing * spacing)));
    f32x16 q = r * inverseSpacing, outer = positive(2 - q), inner = positive(1 - q);
    return slope * (3 * inner * inner - 0.75f * outer * outer) / r;
  }
};

/// ∫ W over the plane at distance z, times h, with z in spacings: 2π ∫_z^2 W r dr.
FK_INLINE float sheet(float z) {
  z = __builtin_fabsf(z);
  if (z >= 2) return 0;
  float t = 2 - z, t4 = t * t * t * t;
  float w = 0.5f * (t4 / 2 - t4 * t / 5);
  if (z < 1) {
    float s = 1 - z, s4 = s * s * s * s;
    w -= 2 * (s4 / 4 - s4 * s / 5);
  }
  return w;
}

/// The derivative of ``sheet``: −2π z W(z).
FK_INLINE float sheetSlope(float z) {
  float a = __builtin_fabsf(z);
  if (a >= 2) return 0;
  float t = 2 - a, w = t * t * t;
  if (a < 1) w -= 4 * (1 - a) * (1 - a) * (1 - a);
  return -0.5f * z * w;
}

}  // namespace fluids::FK_LEVEL

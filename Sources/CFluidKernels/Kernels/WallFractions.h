// How much of the kernel round a point lies in a wall, and how that changes with the point.
//
// A wall counts as fluid frozen in sheets half a spacing, one and a half, … behind its surface, so that a lattice beside it is at rest:
// γ(u) = Σ_k w(u + (k − ½) d) with w the integral of W over a plane (after the density maps of Koschier & Bender 2017, with sums for
// their integrals). A box is the product of three such sums, exact but at edges, where the spline is only nearly separable. Round
// shapes are nested shells: a sphere of radius ρ seen from distance D has ∫ W dA = (ρ/D) w(D − ρ), exactly.
namespace fluids::FK_LEVEL {

struct Fraction {
  float value;        // γ
  float gradient[3];  // part frame, 1/m
  float distance;     // signed, m
  float normal[3];    // part frame, outward
};

/// γ and its derivative of a half-space whose surface is u spacings away (negative inside).
struct Step { float value, slope; };
FK_INLINE Step step(float u) {
  if (u <= -2.5f) return {1, 0};
  Step s = {0, 0};
  for (float z = u + 0.5f; z < 2; z += 1) {
    s.value += sheet(z);
    s.slope += sheetSlope(z);
  }
  return s;
}

/// Share of the kernel between two faces at ± `half`, seen from x.
FK_INLINE Step between(float x, float half) {
  Step a = step(x - half), b = step(-x - half);
  return {a.value + b.value - 1, a.slope - b.slope};
}

/// Nested shells of outer radius R, seen from distance D of their centre (power 1) or axis (power ½).
FK_INLINE Step shells(float D, float R, bool round) {
  int count = int(__builtin_roundf(R));
  if (count < 1) count = 1;
  float thickness = R / float(count);
  Step s = {0, 0};
  for (int k = 0; k < count; k++) {
    float radius = R - (float(k) + 0.5f) * thickness, z = D - radius;
    if (z >= 2) break;
    float share = radius / (D > 0.25f ? D : 0.25f), power = 1;
    if (!round) { share = __builtin_sqrtf(share); power = 0.5f; }
    float w = sheet(z);
    s.value += thickness * share * w;
    s.slope += thickness * share * (sheetSlope(z) - power * w / (D > 0.25f ? D : 0.25f));
  }
  if (s.value > 1) s = {1, 0};
  return s;
}

/// The same where what is between is too thin to hold the kernel: the wall counts as going on behind the face that is seen.
FK_INLINE Step behind(float x, float half) {
  Step s = step(__builtin_fabsf(x) - half);
  return {s.value, x < 0 ? -s.slope : s.slope};
}

/// Spacings within which a wall is too thin.
constexpr float thinWall = 2.5f;

FK_INLINE bool boxFraction(const float half[3], bool plate, const float p[3], float d, Fraction &f) {
  float outside = 0, inside = -1e30f;
  int nearest = 0;
  float q[3];
  for (int a = 0; a < 3; a++) {
    q[a] = __builtin_fabsf(p[a]) - half[a];
    if (q[a] > 2 * d) return false;
    if (q[a] > 0) outside += q[a] * q[a];
    if (q[a] > inside) { inside = q[a]; nearest = a; }
    f.normal[a] = 0;
  }
  if (outside > 0) {
    f.distance = __builtin_sqrtf(outside);
    for (int a = 0; a < 3; a++)
      if (q[a] > 0) f.normal[a] = (p[a] < 0 ? -q[a] : q[a]) / f.distance;
  } else {
    f.distance = inside;
    f.normal[nearest] = p[nearest] < 0 ? -1 : 1;
  }

  float inverse = 1 / d;
  Step axis[3];
  for (int a = 0; a < 3; a++) {
    float x = p[a] * inverse, h = half[a] * inverse;
    axis[a] = plate && 2 * h < thinWall ? behind(x, h) : between(x, h);
    // Less than a sheet between the faces holds nothing of the kernel, but is a wall all the same.
    if (axis[a].value <= 0) axis[a] = {0, 0};
  }
  f.value = axis[0].value * axis[1].value * axis[2].value;
  f.gradient[0] = axis[0].slope * axis[1].value * axis[2].value * inverse;
  f.gradient[1] = axis[1].slope * axis[2].value * axis[0].value * inverse;
  f.gradient[2] = axis[2].slope * axis[0].value * axis[1].value * inverse;
  return true;
}

/// A round wall: `offset` leads from its centre or axis to the point.
FK_INLINE bool roundFraction(const float offset[3], float radius, bool round, float d, Fraction &f) {
  float D = __builtin_sqrtf(offset[0] * offset[0] + offset[1] * offset[1] + offset[2] * offset[2]);
  if (D > radius + 2 * d) return false;
  Step s = shells(D / d, radius / d, round);
  f.value = s.value;
  f.distance = D - radius;
  for (int a = 0; a < 3; a++) {
    f.normal[a] = D > 0 ? offset[a] / D : (a == 2);
    f.gradient[a] = s.slope / d * f.normal[a];
  }
  return true;
}

FK_INLINE bool cylinderFraction(float radius, float half, const float p[3], float d, Fraction &f) {
  Step axial = between(p[2] / d, half / d);
  float radial[3] = {p[0], p[1], 0};
  if (axial.value <= 0 || !roundFraction(radial, radius, false, d, f)) return false;
  float beyond = __builtin_fabsf(p[2]) - half, up = p[2] < 0 ? -1.f : 1.f, side = f.distance;
  for (int a = 0; a < 2; a++) f.gradient[a] *= axial.value;
  f.gradient[2] = f.value * axial.slope / d;
  f.value *= axial.value;
  if (side > 0 && beyond > 0) {
    f.distance = __builtin_sqrtf(side * side + beyond * beyond);
    for (int a = 0; a < 2; a++) f.normal[a] *= side / f.distance;
    f.normal[2] = up * beyond / f.distance;
  } else if (beyond > side) {
    f.distance = beyond;
    f.normal[0] = f.normal[1] = 0;
    f.normal[2] = up;
  }
  return true;
}

/// Signed distances between the nodes of a grid, linearly; beyond the grid there is no wall.
static bool fieldFraction(const FKPart &part, const float p[3], float d, Fraction &f) {
  int32_t cell[3];
  float t[3];
  for (int a = 0; a < 3; a++) {
    float g = (p[a] - part.fieldOrigin[a]) / part.fieldSpacing;
    if (!(g >= 0 && g < float(part.fieldCount[a] - 1))) return false;
    cell[a] = int32_t(g);
    t[a] = g - float(cell[a]);
  }
  const int64_t row = part.fieldCount[0], slab = row * part.fieldCount[1];
  const float *node = part.field + cell[0] + cell[1] * row + cell[2] * slab;
  float v[8];
  for (int k = 0; k < 8; k++) v[k] = node[(k & 1) + ((k >> 1) & 1) * row + (k >> 2) * slab];
  auto mix = [](float a, float b, float s) FK_INLINE_LAMBDA { return a + (b - a) * s; };
  float x00 = mix(v[0], v[1], t[0]), x10 = mix(v[2], v[3], t[0]), x01 = mix(v[4], v[5], t[0]), x11 = mix(v[6], v[7], t[0]);
  float y0 = mix(x00, x10, t[1]), y1 = mix(x01, x11, t[1]);
  f.distance = mix(y0, y1, t[2]);
  if (f.distance > 2 * d) return false;
  float slope[3] = {
      mix(mix(v[1] - v[0], v[3] - v[2], t[1]), mix(v[5] - v[4], v[7] - v[6], t[1]), t[2]),
      mix(x10 - x00, x11 - x01, t[2]), y1 - y0};
  float length = __builtin_sqrtf(slope[0] * slope[0] + slope[1] * slope[1] + slope[2] * slope[2]);
  Step s = step(f.distance / d);
  f.value = s.value;
  for (int a = 0; a < 3; a++) {
    f.normal[a] = length > 0 ? slope[a] / length : (a == 2);
    f.gradient[a] = s.slope / d * f.normal[a];
  }
  return true;
}

/// γ of one part at a point of its frame; false where it is out of reach.
FK_INLINE bool fraction(const FKPart &part, const float p[3], float d, Fraction &f) {
  const float *size = part.size;
  switch (part.shape) {
    case FKHalfSpace: {
      if (p[2] > 2 * d) return false;
      Step s = step(p[2] / d);
      f = {s.value, {0, 0, s.slope / d}, p[2], {0, 0, 1}};
      return true;
    }
    case FKBox: return boxFraction(size, false, p, d, f);
    case FKPlate: return boxFraction(size, true, p, d, f);
    case FKCylinder: return cylinderFraction(size[0], size[1], p, d, f);
    case FKSphere: return roundFraction(p, size[0], true, d, f);
    case FKCapsule: {
      float z = p[2] < -size[1] ? -size[1] : p[2] > size[1] ? size[1] : p[2];
      float offset[3] = {p[0], p[1], p[2] - z};
      return roundFraction(offset, size[0], z != p[2], d, f);
    }
    case FKTorus: {
      float radial = __builtin_sqrtf(p[0] * p[0] + p[1] * p[1]), scale = radial > 0 ? 1 - size[0] / radial : 1;
      float offset[3] = {p[0] * scale, p[1] * scale, p[2]};
      return roundFraction(offset, size[1], false, d, f);
    }
    case FKField: return fieldFraction(part, p, d, f);
  }
  return false;
}

}  // namespace fluids::FK_LEVEL

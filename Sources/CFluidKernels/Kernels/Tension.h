// Surface tension as the stress of a thin skin, σ (I − n nᵀ) per area (the continuum surface stress of Lafaurie et al. 1994).
//
// A particle at a free surface lacks neighbours on one side: g = Σ V ∇W + ∇γ points inwards, across the surface, and ∫ |g| over the skin
// is ½ whatever the order of the particles. Its divergence between pairs, Σ (S_i + S_j) V ∇W, keeps linear momentum exactly; and since
// S n = 0, that neighbours are missing outside leaves no force along n. (A scalar, a negative pressure of the surface, does not do: the
// projection finds the pressure that cancels it, and a drop stays as it is.)
namespace fluids::FK_LEVEL {

/// The gradients that disorder makes inside, over 1/d: the outermost layer of a lattice has ½.
constexpr float surfaceDisorder = 0.03f;

/// −V W′(r)/r of the biweight kernel ∝ (1 − r²/4d²)², times d². A stress that pulls lets particles clump where the kernel is convex (Swegle
/// et al. 1995); the cubic spline is from ⅔ d on, this one from 1.15 d: neighbours in the skin stay apart.
constexpr float skinSlope = 105 / (256 * float(M_PI));
FK_INLINE float skinPull(float squaredDistance) { return squaredDistance < 4 ? skinSlope * (1 - squaredDistance / 4) : 0; }

/// How much of a skin's weight counts, against disorder.
FK_INLINE float skinWeight(float g) { return g * g * g / (g * g + surfaceDisorder * surfaceDisorder); }

/// The tension of the flat surface of a lattice for S = |g| d, in its layers: the smoothed |g| of the first two times the moments
/// ½ Σ x² skinPull over their neighbours in the layers that exist, so that the lattice's tension is σ exactly.
FK_INLINE float latticeTension() {
  const float inLayer = 2 * skinPull(1) + 4 * skinPull(2), besideIt = 2 * skinPull(2) + 4 * skinPull(3);
  const float own = sheet(0), next = sheet(1);
  return skinWeight(0.5f * own / (own + next)) * (inLayer + besideIt) + skinWeight(0.5f * next) * (inLayer + 2 * besideIt);
}

/// m = n √|S| over reference density, so that S v = m² v − m (m·v), from the gradients g in the accelerations, smoothed over the
/// neighbours: m/s.
static void surfaceStresses(const FKParticles *particles, const FKLists *lists, int64_t blockIndex) {
  const FKBlock &block = lists->blocks[size_t(blockIndex)];
  const float d = particles->spacing, scale = 1 / (d * latticeTension());
  const CubicSpline kernel(d);
  forParticles(particles, blockIndex, [&](int32_t slot, int32_t i) FK_INLINE_LAMBDA {
    const FKVector p = particles->position[i], a = particles->acceleration[i];
    f32x16 gx = {}, gy = {}, gz = {}, weights = {};
    forNeighbors(block, slot, i, [&](const int32_t *index) FK_INLINE_LAMBDA {
      Fields q = gather(particles->position, index), u = gather(particles->acceleration, index);
      f32x16 dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z, r2 = dx * dx + dy * dy + dz * dz;
      f32x16 w = kernel.value(__builtin_elementwise_sqrt(r2));
      w = r2 > 0 ? w : f32x16{};
      gx += w * u.x; gy += w * u.y; gz += w * u.z; weights += w;
    });
    const float own = kernel.valueAtZero(), share = d / (sumLanes(weights) + own);
    const float g[3] = {share * (sumLanes(gx) + own * a.x), share * (sumLanes(gy) + own * a.y), share * (sumLanes(gz) + own * a.z)};
    const float length = std::sqrt(dot(g, g)), root = length > 0 ? std::sqrt(a.w * scale * skinWeight(length)) / length : 0;
    FKVector &skin = particles->skin[i];
    skin.x = root * g[0]; skin.y = root * g[1]; skin.z = root * g[2];
  });
}

/// v += Δt ℓ [Σ (S_i + S_j) V ∇W + 2 S_i ∇γ]; `given` [bodies] gets the force on each body over the reference mass: walls count as fluid,
/// which wets them.
static void tension(const FKParticles *particles, const FKLists *lists, const FKBody *bodies, int64_t bodyCount, float step, FKMotion *given,
                    int64_t blockIndex) {
  const FKBlock &block = lists->blocks[size_t(blockIndex)];
  const float inverse = 1 / (particles->spacing * particles->spacing), slope = -skinSlope * inverse;
  for (int64_t b = 0; b < bodyCount; b++) given[b] = {};
  forParticles(particles, blockIndex, [&](int32_t slot, int32_t i) FK_INLINE_LAMBDA {
    const FKVector p = particles->position[i], m = particles->skin[i];
    const float square = m.x * m.x + m.y * m.y + m.z * m.z;
    f32x16 ax = {}, ay = {}, az = {};
    forNeighbors(block, slot, i, [&](const int32_t *index) FK_INLINE_LAMBDA {
      Fields q = gather(particles->position, index), u = gather(particles->skin, index);
      f32x16 dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z;
      f32x16 f = slope * positive(1 - 0.25f * inverse * (dx * dx + dy * dy + dz * dz));
      f32x16 mine = m.x * dx + m.y * dy + m.z * dz, theirs = u.x * dx + u.y * dy + u.z * dz;
      f32x16 both = square + u.x * u.x + u.y * u.y + u.z * u.z;
      ax += f * (both * dx - mine * m.x - theirs * u.x);
      ay += f * (both * dy - mine * m.y - theirs * u.y);
      az += f * (both * dz - mine * m.z - theirs * u.z);
    });
    const float scale = step * particles->lightness[i];
    FKVector &v = particles->velocity[i];
    v.x += scale * sumLanes(ax); v.y += scale * sumLanes(ay); v.z += scale * sumLanes(az);
  });
  for (const FKWall &wall : block.walls) {
    const int32_t i = wall.particle;
    const FKVector &s = particles->skin[i];
    const float m[3] = {s.x, s.y, s.z}, square = dot(m, m), scale = step * particles->lightness[i];
    FKVector &v = particles->velocity[i];
    for (int32_t c = wall.first; c < wall.first + wall.count; c++) {
      const FKContact &contact = block.contacts[size_t(c)];
      const float across = dot(m, contact.gradient);
      float force[3];
      for (int k = 0; k < 3; k++) force[k] = 2 * (square * contact.gradient[k] - across * m[k]);
      v.x += scale * force[0]; v.y += scale * force[1]; v.z += scale * force[2];
      giveBack(bodies[contact.body], particles->position[i], force, given[contact.body]);
    }
  }
}

}  // namespace fluids::FK_LEVEL

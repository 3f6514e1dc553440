// Surface tension as the pull of a surface's energy.
//
// A particle at a free surface lacks neighbours: its relative density δ is less than 1. Let each have the energy V σ/(N d) f(1 − δ), f zero
// in the fluid: their sum is σ times the surface's area, with N the value of f in the outermost layer of a lattice. Its derivative is a
// negative pressure −σ/(N d) f′(1 − δ) in the outermost layers, so that both momenta stay, the inside feels nothing, and a drop that has
// come off is held together. f′ = x²/(x² + t²) leaves out the disorder t inside the fluid. (Pairwise forces that attract everywhere in
// the fluid, as in Akinci et al. 2013, make it stiff like a solid at this kernel's width: a drop doesn't become round.)
namespace fluids::FK_LEVEL {

/// t
constexpr float surfaceDisorder = 0.05f;

/// The accelerations' x becomes the negative pressure over reference density, m²/s².
static void surfacePressures(const FKParticles *particles, const FKLists *, int64_t blockIndex) {
  const float inverseSpacing = 1 / particles->spacing;
  forParticles(particles, blockIndex, [&](int32_t, int32_t i) {
    FKVector &a = particles->acceleration[i];
    const float lack = std::max(1 - particles->density[i], 0.f), square = lack * lack;
    a.x = -a.w * inverseSpacing * square / (square + surfaceDisorder * surfaceDisorder);
    a.y = a.z = 0;
  });
}

/// v −= Δt ℓ [Σ (P_i + P_j) V∇W + 2 P_i ∇γ] with the pressures that `surfacePressures` left; `given` [bodies] gets the force on each body
/// over the reference mass: walls count as fluid, which wets them.
static void tension(const FKParticles *particles, const FKLists *lists, const FKBody *bodies, int64_t bodyCount, float step, FKMotion *given,
                    int64_t blockIndex) {
  const FKBlock &block = lists->blocks[size_t(blockIndex)];
  const CubicSpline kernel(particles->spacing);
  for (int64_t b = 0; b < bodyCount; b++) given[b] = {};
  forParticles(particles, blockIndex, [&](int32_t slot, int32_t i) FK_INLINE_LAMBDA {
    const FKVector p = particles->position[i];
    const float pressure = particles->acceleration[i].x;
    f32x16 ax = {}, ay = {}, az = {};
    forNeighbors(block, slot, i, [&](const int32_t *index) FK_INLINE_LAMBDA {
      Fields q = gather(particles->position, index), u = gather(particles->acceleration, index);
      f32x16 dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z;
      f32x16 f = kernel.gradientScalar(dx * dx + dy * dy + dz * dz) * (pressure + u.x);
      ax += f * dx; ay += f * dy; az += f * dz;
    });
    const float scale = -step * particles->lightness[i];
    FKVector &v = particles->velocity[i];
    v.x += scale * sumLanes(ax); v.y += scale * sumLanes(ay); v.z += scale * sumLanes(az);
  });
  for (const FKWall &wall : block.walls) {
    const int32_t i = wall.particle;
    const float scale = -2 * particles->acceleration[i].x, lightness = particles->lightness[i];
    FKVector &v = particles->velocity[i];
    for (int32_t c = wall.first; c < wall.first + wall.count; c++) {
      const FKContact &contact = block.contacts[size_t(c)];
      float force[3];
      for (int k = 0; k < 3; k++) force[k] = scale * contact.gradient[k];
      v.x += step * lightness * force[0]; v.y += step * lightness * force[1]; v.z += step * lightness * force[2];
      giveBack(bodies[contact.body], particles->position[i], force, given[contact.body]);
    }
  }
}

}  // namespace fluids::FK_LEVEL

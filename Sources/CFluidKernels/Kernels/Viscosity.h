// Viscosity between particles and on walls, and the smoothing that keeps particles in order.
namespace fluids::FK_LEVEL {

/// L u = 10 ℓ Σ V (u_ij·x_ij)/(|x_ij|² + 0.01 d²) ∇W for a field u: the Laplacian that viscosity has, without a coefficient.
FK_INLINE void centralLaplacian(const FKParticles *particles, const FKBlock &block, const FKVector *field, int32_t slot, int32_t i,
                                float out[3]) {
  const float d = particles->spacing;
  const CubicSpline kernel(d);
  const FKVector p = particles->position[i], v = field[i];
  f32x16 ax = {}, ay = {}, az = {};
  forNeighbors(block, slot, i, [&](const int32_t *index) FK_INLINE_LAMBDA {
    Fields q = gather(particles->position, index), u = gather(field, index);
    f32x16 dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z, r2 = dx * dx + dy * dy + dz * dz;
    f32x16 along = (v.x - u.x) * dx + (v.y - u.y) * dy + (v.z - u.z) * dz;
    f32x16 f = kernel.gradientScalar(r2) * along / (r2 + 0.01f * d * d);
    ax += f * dx; ay += f * dy; az += f * dz;
  });
  const float scale = 10 * particles->lightness[i];
  out[0] = scale * sumLanes(ax); out[1] = scale * sumLanes(ay); out[2] = scale * sumLanes(az);
}

/// The accelerations become L v: large where neighbours move unlike one another, hardly anything in a wide eddy.
static void roughness(const FKParticles *particles, const FKLists *lists, int64_t blockIndex) {
  const FKBlock &block = lists->blocks[size_t(blockIndex)];
  forParticles(particles, blockIndex, [&](int32_t slot, int32_t i) FK_INLINE_LAMBDA {
    float w[3];
    centralLaplacian(particles, block, particles->velocity, slot, i, w);
    FKVector &a = particles->acceleration[i];
    a.x = w[0]; a.y = w[1]; a.z = w[2];
  });
}

/// v −= factor L a, with a the roughness L v: a bilaplacian's damping, which fades with the fourth power of the wavelength. Both steps are
/// sums of central pairs, so both momenta stay, and v·L L v = |L v|² takes energy only.
static void smooth(const FKParticles *particles, const FKLists *lists, float factor, int64_t blockIndex) {
  const FKBlock &block = lists->blocks[size_t(blockIndex)];
  forParticles(particles, blockIndex, [&](int32_t slot, int32_t i) FK_INLINE_LAMBDA {
    float w[3];
    centralLaplacian(particles, block, particles->acceleration, slot, i, w);
    FKVector &v = particles->velocity[i];
    v.x -= factor * w[0]; v.y -= factor * w[1]; v.z -= factor * w[2];
  });
}

/// What has been pressed closer to a wall counts as at this distance, in spacings.
constexpr float leastWallDistance = 0.25f;

/// a_i = 10 ℓ Σ μ V (v_ij·x_ij)/(|x_ij|² + 0.01 d²) ∇W (Monaghan 2005, eq. 8.9; Weiler et al. 2018, eq. 3): central, so that both
/// momenta stay. On walls no slip: the wall's sheets at distance z from the particle move as if the velocity fell evenly to the wall's at
/// its surface, u from the particle (Morris et al. 1997, section 3.5): Δv = (v_wall − v_i) z/u, so that their 2 ℓ μ |∇γ|/z Δv is
/// 2 ℓ μ |∇γ|/u (v_wall − v_i).
static void viscousForces(const FKParticles *particles, const FKLists *lists, const FKBody *bodies, int64_t bodyCount, float smoothing,
                          FKMotion *given, int64_t blockIndex) {
  const FKBlock &block = lists->blocks[size_t(blockIndex)];
  const float d = particles->spacing;
  const CubicSpline kernel(d);
  for (int64_t b = 0; b < bodyCount; b++) given[b] = {};
  forParticles(particles, blockIndex, [&](int32_t slot, int32_t i) FK_INLINE_LAMBDA {
    const FKVector p = particles->position[i], v = particles->velocity[i];
    f32x16 ax = {}, ay = {}, az = {};
    forNeighbors(block, slot, i, [&](const int32_t *index) FK_INLINE_LAMBDA {
      Fields q = gather(particles->position, index), u = gather(particles->velocity, index);
      f32x16 dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z, r2 = dx * dx + dy * dy + dz * dz;
      f32x16 along = (v.x - u.x) * dx + (v.y - u.y) * dy + (v.z - u.z) * dz;
      f32x16 f = (smoothing + 0.5f * (v.w + u.w)) * kernel.gradientScalar(r2) * along / (r2 + 0.01f * d * d);
      ax += f * dx; ay += f * dy; az += f * dz;
    });
    const float scale = 10 * particles->lightness[i];
    FKVector &a = particles->acceleration[i];
    a.x = scale * sumLanes(ax); a.y = scale * sumLanes(ay); a.z = scale * sumLanes(az);
  });
  for (const FKWall &wall : block.walls) {
    const FKVector &p = particles->position[wall.particle], &v = particles->velocity[wall.particle];
    FKVector &a = particles->acceleration[wall.particle];
    for (int32_t c = wall.first; c < wall.first + wall.count; c++) {
      const FKContact &contact = block.contacts[size_t(c)];
      float u[3];
      velocityAt(bodies[contact.body], p, u);
      const float slope = std::sqrt(dot(contact.gradient, contact.gradient));
      const float drag = 2 * v.w * slope / std::max(wall.distance, leastWallDistance * d);
      float force[3] = {drag * (u[0] - v.x), drag * (u[1] - v.y), drag * (u[2] - v.z)};
      const float lightness = particles->lightness[wall.particle];
      a.x += lightness * force[0]; a.y += lightness * force[1]; a.z += lightness * force[2];
      giveBack(bodies[contact.body], p, force, given[contact.body]);
    }
  }
}

}  // namespace fluids::FK_LEVEL

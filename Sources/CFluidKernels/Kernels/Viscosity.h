// Viscosity between particles and on walls.
namespace fluids::FK_LEVEL {

/// a_i = 10 ℓ Σ μ V (v_ij·x_ij)/(|x_ij|² + 0.01 d²) ∇W (Monaghan 2005, eq. 8.9; Weiler et al. 2018, eq. 3): central, so that both
/// momenta stay. On walls no slip: 2 ℓ μ |∇γ|/(u + d/2) (v_wall − v_i), the discrete Laplacian (Morris et al. 1997) with the wall's
/// sheets at their mean distance.
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
      const float drag = 2 * v.w * slope / (std::max(wall.distance, 0.f) + 0.5f * d);
      float force[3] = {drag * (u[0] - v.x), drag * (u[1] - v.y), drag * (u[2] - v.z)};
      const float lightness = particles->lightness[wall.particle];
      a.x += lightness * force[0]; a.y += lightness * force[1]; a.z += lightness * force[2];
      giveBack(bodies[contact.body], p, force, given[contact.body]);
    }
  }
}

}  // namespace fluids::FK_LEVEL

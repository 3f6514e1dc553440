// Surface tension as cohesion between particles.
namespace fluids::FK_LEVEL {

/// A central force between neighbours, repelling near and attracting far (shape: Akinci et al. 2013, eq. 2). Its strength follows from
/// the tension by Rayleigh's integral: see FluidForces.swift.
static void cohesion(const FKParticles *particles, const FKLists *lists, int64_t blockIndex) {
  const FKBlock &block = lists->blocks[size_t(blockIndex)];
  const float inverseSupport = 0.5f / particles->spacing;
  forParticles(particles, blockIndex, [&](int32_t slot, int32_t i) FK_INLINE_LAMBDA {
    const FKVector p = particles->position[i];
    FKVector &a = particles->acceleration[i];
    f32x16 ax = {}, ay = {}, az = {};
    forNeighbors(block, slot, i, [&](const int32_t *index) FK_INLINE_LAMBDA {
      Fields q = gather(particles->position, index), u = gather(particles->acceleration, index);
      f32x16 dx = q.x - p.x, dy = q.y - p.y, dz = q.z - p.z;
      f32x16 r = __builtin_elementwise_sqrt(larger(dx * dx + dy * dy + dz * dz, splat(1e-20f)));
      f32x16 s = r * inverseSupport, rest = positive(1 - s), cube = rest * s;
      cube = cube * cube * cube;
      f32x16 shape = s > 0.5f ? cube : 2 * cube - 0.015625f;
      f32x16 f = 0.5f * (a.w + u.w) * shape / r;
      ax += f * dx; ay += f * dy; az += f * dz;
    });
    const float scale = particles->lightness[i];
    a.x += scale * sumLanes(ax); a.y += scale * sumLanes(ay); a.z += scale * sumLanes(az);
  });
}

}  // namespace fluids::FK_LEVEL

// Densities, their response to pressure, and their rates of change.
namespace fluids::FK_LEVEL {

/// What the outermost layer of a lattice lacks of its density, over |∇δ| d there: one sheet of neighbours, and the slope of that.
FK_INLINE float lackBySlope() { return sheet(1) / std::fabs(sheetSlope(1)); }

/// g = Σ V∇W + ∇γ: it points into the fluid from a surface, and tells how much density a surface there is missing.
FK_INLINE void setGradient(const FKParticles *particles, int32_t i, const float g[3]) {
  FKVector &a = particles->acceleration[i];
  a.x = g[0]; a.y = g[1]; a.z = g[2];
  particles->skin[i].w = lackBySlope() * particles->spacing * std::sqrt(dot(g, g));
}

/// Relative density δ = Σ V W + γ (walls as frozen fluid), and K: how fast δ falls per unit of the particle's own pressure.
///
/// With a_i = −ℓ B (G + 2∇γ) P for the particle itself and +ℓ V∇W P for its neighbours (Pressure.h), where G = Σ V∇W,
/// K = ℓ [B (G + 2∇γ)·(G + 2∇γ) + Σ |V∇W|²] (Bender & Koschier 2015, eq. 9 and 11, with walls) and what bodies give way.
static void densities(const FKParticles *particles, FKLists *lists, const FKBody *bodies, int64_t blockIndex) {
  FKBlock &block = lists->blocks[size_t(blockIndex)];
  const CubicSpline kernel(particles->spacing);
  float sums[FKBlockSize][3];
  const int64_t base = blockIndex * FKBlockSize;
  forParticles(particles, blockIndex, [&](int32_t slot, int32_t i) FK_INLINE_LAMBDA {
    const FKVector p = particles->position[i];
    f32x16 density = {}, gx = {}, gy = {}, gz = {}, squares = {};
    forNeighbors(block, slot, i, [&](const int32_t *index) FK_INLINE_LAMBDA {
      Fields q = gather(particles->position, index);
      f32x16 dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z, r2 = dx * dx + dy * dy + dz * dz;
      f32x16 s = kernel.gradientScalar(r2);
      f32x16 r = __builtin_elementwise_sqrt(r2);
      density += r2 > 0 ? kernel.value(r) : f32x16{};
      gx += s * dx; gy += s * dy; gz += s * dz;
      squares += s * s * r2;
    });
    particles->density[i] = kernel.valueAtZero() + sumLanes(density);
    sums[slot][0] = sumLanes(gx); sums[slot][1] = sumLanes(gy); sums[slot][2] = sumLanes(gz);
    float square = sumLanes(squares);
    setGradient(particles, i, sums[slot]);
    particles->response[i] = particles->lightness[i] * (dot(sums[slot], sums[slot]) + square);
  });

  for (const FKWall &wall : block.walls) {
    const int32_t i = wall.particle;
    const FKVector &p = particles->position[i];
    float *G = sums[i - base];
    float g[3] = {}, bodyShare = 0;
    for (int32_t c = wall.first; c < wall.first + wall.count; c++) {
      const FKContact &contact = block.contacts[size_t(c)];
      for (int a = 0; a < 3; a++) g[a] += contact.gradient[a];
      const FKBody &body = bodies[contact.body];
      if (body.inverseMass == 0) continue;
      const float *n = contact.gradient, *I = body.inverseInertia;
      float r[3] = {p.x - body.center[0], p.y - body.center[1], p.z - body.center[2]};
      float m[3] = {r[1] * n[2] - r[2] * n[1], r[2] * n[0] - r[0] * n[2], r[0] * n[1] - r[1] * n[0]};
      bodyShare += 2 * (body.inverseMass * dot(n, n) + I[0] * m[0] * m[0] + I[1] * m[1] * m[1] + I[2] * m[2] * m[2] +
                        2 * (I[3] * m[1] * m[2] + I[4] * m[0] * m[2] + I[5] * m[0] * m[1]));
    }
    float own = particles->response[i] - particles->lightness[i] * dot(G, G);
    const float gradient[3] = {G[0] + g[0], G[1] + g[1], G[2] + g[2]};
    setGradient(particles, i, gradient);
    float force[3] = {G[0] + 2 * g[0], G[1] + 2 * g[1], G[2] + 2 * g[2]};
    float across = dot(force, wall.normal) * dot(force, wall.normal);
    float whole = wall.across * (dot(force, force) - across) + wall.along * across;
    particles->density[i] += wall.fraction;
    particles->response[i] = own + particles->lightness[i] * std::max(whole, 0.f) + bodyShare;
  }
}

/// dδ/dt = Σ V (v_i − v_j)·∇W + (v_i − v_wall)·∇γ, the latter times `wallFactor`.
///
/// With the factor 2 this is the divergence of a field that walls mirror, and the adjoint of the pressure force: the projection then
/// neither gives nor takes energy at walls. With 1 it is the change of γ itself.
static void rates(const FKParticles *particles, const FKLists *lists, const FKBody *bodies, float wallFactor, int64_t blockIndex) {
  const FKBlock &block = lists->blocks[size_t(blockIndex)];
  const CubicSpline kernel(particles->spacing);
  forParticles(particles, blockIndex, [&](int32_t slot, int32_t i) FK_INLINE_LAMBDA {
    const FKVector p = particles->position[i], v = particles->velocity[i];
    f32x16 rate = {};
    forNeighbors(block, slot, i, [&](const int32_t *index) FK_INLINE_LAMBDA {
      Fields q = gather(particles->position, index), u = gather(particles->velocity, index);
      f32x16 dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z;
      rate += kernel.gradientScalar(dx * dx + dy * dy + dz * dz) * ((v.x - u.x) * dx + (v.y - u.y) * dy + (v.z - u.z) * dz);
    });
    particles->rate[i] = sumLanes(rate);
  });
  for (const FKWall &wall : block.walls) {
    const FKVector &p = particles->position[wall.particle], &v = particles->velocity[wall.particle];
    for (int32_t c = wall.first; c < wall.first + wall.count; c++) {
      const FKContact &contact = block.contacts[size_t(c)];
      float u[3];
      velocityAt(bodies[contact.body], p, u);
      float relative[3] = {v.x - u[0], v.y - u[1], v.z - u[2]};
      particles->rate[wall.particle] += wallFactor * dot(relative, contact.gradient);
    }
  }
}

}  // namespace fluids::FK_LEVEL

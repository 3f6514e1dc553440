// Pressure forces, and the sweep that finds the pressures.
namespace fluids::FK_LEVEL {

/// a_i = −ℓ B [Σ (P_i + P_j) V∇W + 2 P_i ∇γ]: momentum-preserving between particles; walls mirror the pressure (Akinci et al. 2012, with
/// both sides' pressure), and B makes up for the neighbours that they hide, so that a hydrostatic pressure balances gravity in the
/// first layer too. What B adds comes from the wall; the body gets the opposite of all that it gives.
static void pressureForces(const FKParticles *particles, const FKLists *lists, const FKBody *bodies, int64_t bodyCount, FKMotion *given,
                           int64_t blockIndex) {
  const FKBlock &block = lists->blocks[size_t(blockIndex)];
  const CubicSpline kernel(particles->spacing);
  for (int64_t b = 0; b < bodyCount; b++) given[b] = {};
  forParticles(particles, blockIndex, [&](int32_t slot, int32_t i) FK_INLINE_LAMBDA {
    const FKVector p = particles->position[i];
    f32x16 ax = {}, ay = {}, az = {};
    forNeighbors(block, slot, i, [&](const int32_t *index) FK_INLINE_LAMBDA {
      Fields q = gather(particles->position, index);
      f32x16 dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z;
      f32x16 f = kernel.gradientScalar(dx * dx + dy * dy + dz * dz) * (p.w + q.w);
      ax += f * dx; ay += f * dy; az += f * dz;
    });
    const float scale = -particles->lightness[i];
    FKVector &a = particles->acceleration[i];
    a.x = scale * sumLanes(ax); a.y = scale * sumLanes(ay); a.z = scale * sumLanes(az);
  });

  for (const FKWall &wall : block.walls) {
    const int32_t i = wall.particle;
    const FKVector &p = particles->position[i];
    FKVector &a = particles->acceleration[i];
    float sum[3] = {a.x, a.y, a.z};
    const float scale = -2 * p.w * particles->lightness[i];
    for (int32_t c = wall.first; c < wall.first + wall.count; c++)
      for (int k = 0; k < 3; k++) sum[k] += scale * block.contacts[size_t(c)].gradient[k];
    float across = dot(sum, wall.normal), rest[3];
    for (int k = 0; k < 3; k++)
      rest[k] = (wall.across - 1) * (sum[k] - across * wall.normal[k]) + (wall.along - 1) * across * wall.normal[k];
    a.x = sum[0] + rest[0]; a.y = sum[1] + rest[1]; a.z = sum[2] + rest[2];
    const float inverse = 1 / particles->lightness[i];
    for (int32_t c = wall.first; c < wall.first + wall.count; c++) {
      const FKContact &contact = block.contacts[size_t(c)];
      const float share = contact.fraction / wall.fraction;
      float force[3];
      for (int k = 0; k < 3; k++) force[k] = inverse * (scale * contact.gradient[k] + share * rest[k]);
      giveBack(bodies[contact.body], p, force, given[contact.body]);
    }
  }
}

/// The negative pressure that whole fluid bears before a void opens, over reference density, m²/s²: σ/d, which Laplace's 2σ/r gives a void
/// as wide as the kernel. A surface, from the outermost layer of a lattice (0.85) on, bears none.
FK_INLINE float strength(const FKParticles *particles, int32_t i) {
  const float whole = std::min(std::max((particles->density[i] - 0.85f) / (0.95f - 0.85f), 0.f), 1.f);
  return whole * particles->acceleration[i].w / particles->spacing;
}

static FKBlockSum relax(const FKParticles *particles, const FKLists *lists, const FKBody *bodies, const FKMotion *bodyAcceleration,
                        const FKSweep *sweep, int64_t blockIndex) {
  const FKBlock &block = lists->blocks[size_t(blockIndex)];
  const CubicSpline kernel(particles->spacing);
  const float dt = sweep->step;
  float change[FKBlockSize];
  const int64_t base = blockIndex * FKBlockSize;
  forParticles(particles, blockIndex, [&](int32_t slot, int32_t i) FK_INLINE_LAMBDA {
    const FKVector p = particles->position[i], a = particles->acceleration[i];
    f32x16 rate = {};
    forNeighbors(block, slot, i, [&](const int32_t *index) FK_INLINE_LAMBDA {
      Fields q = gather(particles->position, index), u = gather(particles->acceleration, index);
      f32x16 dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z;
      rate += kernel.gradientScalar(dx * dx + dy * dy + dz * dz) * ((a.x - u.x) * dx + (a.y - u.y) * dy + (a.z - u.z) * dz);
    });
    change[slot] = sumLanes(rate);
  });
  for (const FKWall &wall : block.walls) {
    const FKVector &p = particles->position[wall.particle], &a = particles->acceleration[wall.particle];
    for (int32_t c = wall.first; c < wall.first + wall.count; c++) {
      const FKContact &contact = block.contacts[size_t(c)];
      const FKMotion &motion = bodyAcceleration[contact.body];
      const FKBody &body = bodies[contact.body];
      double r[3] = {p.x - body.center[0], p.y - body.center[1], p.z - body.center[2]};
      const double *w = motion.angular;
      float relative[3] = {
          float(a.x - (motion.linear[0] + w[1] * r[2] - w[2] * r[1])), float(a.y - (motion.linear[1] + w[2] * r[0] - w[0] * r[2])),
          float(a.z - (motion.linear[2] + w[0] * r[1] - w[1] * r[0]))};
      change[wall.particle - base] += sweep->wallFactor * dot(relative, contact.gradient);
    }
  }

  // P ← max(B, Y + ω e / (Δt² K)), e the relative density at the end of the step over rest; then Y ← P + β (P − P before).
  FKBlockSum sum = {};
  forParticles(particles, blockIndex, [&](int32_t slot, int32_t i) {
    const float growth = dt * (particles->rate[i] + dt * change[slot]);
    float excess = particles->density[i] - 1, least = 0;
    if (!sweep->forDensity) {
      // What lacks more than disorder or the surface beside it explains is free to come closer by so much. Were a surface's own layer
      // free, it would be pressed into the next one.
      excess = std::min(excess + std::max(sweep->looseness, particles->skin[i].w), 0.f);
      least = -strength(particles, i);
    }
    // Squeezed fluid resists where it gets too dense, and pulled fluid where it grows thinner; between the two it is free.
    float &pressure = particles->position[i].w;
    const float squeezed = excess + growth, pulled = pressure < 0 ? growth : std::min(growth, 0.f);
    const float e = pressure > 0 || (pressure == 0 && squeezed > 0) ? squeezed : pulled;
    auto bounded = [&](float p) FK_INLINE_LAMBDA { return excess < 0 && p * pressure < 0 ? 0 : std::max(p, least); };
    float response = particles->response[i];
    float next = bounded(pressure + (response > 0 ? sweep->relaxation * e / (dt * dt * response) : 0));
    // A pressure that pushes apart what is not dense is as wrong as one that lets it be too dense; a correction of places may leave
    // some room.
    float wrong = pressure > least && !sweep->forDensity ? std::fabs(e) : std::max(e, 0.f);
    sum.error += wrong;
    sum.greatest = std::max(sum.greatest, double(wrong));
    float move = next - particles->lastPressure[i];
    sum.growth += std::max(dt * particles->rate[i] + std::min(excess, 0.f), 0.f);
    sum.turn += double(pressure - next) * move * response;
    particles->lastPressure[i] = next;
    pressure = bounded(next + sweep->momentum * move);
  });
  return sum;
}

/// The trace of the stress, Σ ½ (P_i + P_j) V ∇W·(x_j − x_i), the forces of pairs times their arms (Irving & Kirkwood 1950; Clausius'
/// virial), over what a uniform pressure of 1 makes of it there: beside a surface or in disorder that isn't 3. Walls mirror P_i and add
/// −∫ (y − x)·∇W dy, 2 γ along them and, of their first sheet, (u + d/2) |∇γ| across.
static void meanStresses(const FKParticles *particles, const FKLists *lists, float *stress, int64_t blockIndex) {
  const FKBlock &block = lists->blocks[size_t(blockIndex)];
  const CubicSpline kernel(particles->spacing);
  float hidden[FKBlockSize] = {};
  for (const FKWall &wall : block.walls) {
    float total[3] = {};
    for (int32_t c = wall.first; c < wall.first + wall.count; c++)
      for (int k = 0; k < 3; k++) total[k] += block.contacts[size_t(c)].gradient[k];
    hidden[wall.particle - blockIndex * FKBlockSize] =
        2 * wall.fraction + (wall.distance + 0.5f * particles->spacing) * std::sqrt(dot(total, total));
  }
  forParticles(particles, blockIndex, [&](int32_t slot, int32_t i) FK_INLINE_LAMBDA {
    const FKVector p = particles->position[i];
    f32x16 sum = {}, weights = {};
    forNeighbors(block, slot, i, [&](const int32_t *index) FK_INLINE_LAMBDA {
      Fields q = gather(particles->position, index);
      f32x16 dx = p.x - q.x, dy = p.y - q.y, dz = p.z - q.z, r2 = dx * dx + dy * dy + dz * dz;
      f32x16 weight = -kernel.gradientScalar(r2) * r2;
      sum += weight * 0.5f * (p.w + q.w); weights += weight;
    });
    const float weight = sumLanes(weights) + hidden[slot];
    stress[i] = weight > 0 ? (sumLanes(sum) + hidden[slot] * p.w) / weight : p.w;
  });
}

}  // namespace fluids::FK_LEVEL

// Which particles feel which bodies' walls.
namespace fluids::FK_LEVEL {

FK_INLINE float dot(const float a[3], const float b[3]) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

FK_INLINE void intoPart(const FKPart &part, const FKVector &world, float p[3]) {
  const float *R = part.rotation;
  float x = world.x - part.translation[0], y = world.y - part.translation[1], z = world.z - part.translation[2];
  for (int a = 0; a < 3; a++) p[a] = R[a] * x + R[3 + a] * y + R[6 + a] * z;
}
FK_INLINE void intoWorld(const FKPart &part, const float v[3], float out[3]) {
  const float *R = part.rotation;
  for (int a = 0; a < 3; a++) out[a] = R[3 * a] * v[0] + R[3 * a + 1] * v[1] + R[3 * a + 2] * v[2];
}

/// The velocity of a body's point.
FK_INLINE void velocityAt(const FKBody &body, const FKVector &p, float v[3]) {
  float r[3] = {p.x - body.center[0], p.y - body.center[1], p.z - body.center[2]};
  const float *w = body.spin;
  v[0] = body.velocity[0] + w[1] * r[2] - w[2] * r[1];
  v[1] = body.velocity[1] + w[2] * r[0] - w[0] * r[2];
  v[2] = body.velocity[2] + w[0] * r[1] - w[1] * r[0];
}

/// What acts on the fluid at p acts the other way on the body.
FK_INLINE void giveBack(const FKBody &body, const FKVector &p, const float onFluid[3], FKMotion &given) {
  double r[3] = {double(p.x) - body.center[0], double(p.y) - body.center[1], double(p.z) - body.center[2]};
  double f[3] = {-double(onFluid[0]), -double(onFluid[1]), -double(onFluid[2])};
  for (int a = 0; a < 3; a++) given.linear[a] += f[a];
  given.angular[0] += r[1] * f[2] - r[2] * f[1];
  given.angular[1] += r[2] * f[0] - r[0] * f[2];
  given.angular[2] += r[0] * f[1] - r[1] * f[0];
}

/// Takes a particle's approach to a wall away and shifts it outwards.
static void pushOut(const FKParticles *particles, int32_t i, const FKPart &part, const FKBody &body, const float normal[3], float shift,
                    FKMotion &given) {
  FKVector &x = particles->position[i], &v = particles->velocity[i];
  float n[3], wall[3];
  intoWorld(part, normal, n);
  velocityAt(body, x, wall);
  float relative[3] = {v.x - wall[0], v.y - wall[1], v.z - wall[2]};
  float approach = dot(relative, n);
  if (approach < 0) {
    float change[3] = {-approach * n[0], -approach * n[1], -approach * n[2]};
    v.x += change[0]; v.y += change[1]; v.z += change[2];
    float scale = 1 / particles->lightness[i];
    float force[3] = {change[0] * scale, change[1] * scale, change[2] * scale};
    giveBack(body, x, force, given);
  }
  x.x += shift * n[0]; x.y += shift * n[1]; x.z += shift * n[2];
}

/// How far, in spacings, a particle stays in front of a wall that it has run into.
constexpr float wallMargin = 0.01f;

/// Where the way from one point of a part's frame to another first meets the part, by sphere tracing (Hart 1996): the surface's
/// distance and outward normal there, and how far beyond that tangent plane the way ends (negative). False where it meets nothing.
///
/// The nearest face to a point inside a thin wall, or one beside its edge, may be the far one; the face that was met is not.
static bool meets(const FKPart &part, const float from[3], const float to[3], float d, Fraction &f, float &beyond) {
  float way[3] = {to[0] - from[0], to[1] - from[1], to[2] - from[2]};
  float length = std::sqrt(dot(way, way)), done = 0;
  for (int k = 0; k < 24 && done <= length; k++) {
    float share = length > 0 ? done / length : 0, c[3];
    for (int a = 0; a < 3; a++) c[a] = from[a] + share * way[a];
    if (!fraction(part, c, d, f)) { done += d; continue; }
    if (f.distance < wallMargin * d) {
      float rest[3] = {to[0] - c[0], to[1] - c[1], to[2] - c[2]};
      beyond = dot(rest, f.normal);
      return beyond < 0;
    }
    done += f.distance;
  }
  return false;
}

FK_INLINE bool isApart(const FKPart &part, const FKVector &x) {
  return x.x < part.low[0] || x.x > part.high[0] || x.y < part.low[1] || x.y > part.high[1] || x.z < part.low[2] || x.z > part.high[2];
}

/// Puts a particle that ran into walls in a step back before the faces that it met.
static void keepOut(const FKParticles *particles, int32_t i, const std::vector<const FKPart *> &near, const FKBody *bodies, float dt,
                    FKMotion *given) {
  const float d = particles->spacing;
  const FKVector v = particles->velocity[i], a = particles->acceleration[i];
  const FKVector &x = particles->position[i];
  const float start[3] = {x.x - (v.x + a.x * dt) * dt, x.y - (v.y + a.y * dt) * dt, x.z - (v.z + a.z * dt) * dt};

  // What one wall gives back another may take, in corners: until none does.
  bool wasPushed = true;
  for (int round = 0; round < 4 && wasPushed; round++) {
    wasPushed = false;
    for (const FKPart *part : near) {
      if (isApart(*part, x)) continue;
      float p[3], wall[3], before[3];
      Fraction f;
      intoPart(*part, x, p);
      if (!fraction(*part, p, d, f)) continue;

      // What came farther than the wall is away may have run into it, or through it.
      velocityAt(bodies[part->body], x, wall);
      const FKVector from = {start[0] + wall[0] * dt, start[1] + wall[1] * dt, start[2] + wall[2] * dt, 0};
      const float way[3] = {x.x - from.x, x.y - from.y, x.z - from.z};
      if (f.distance >= 0 && f.distance * f.distance >= dot(way, way)) continue;
      intoPart(*part, from, before);
      Fraction met;
      float beyond;
      if (meets(*part, before, p, d, met, beyond)) {
        float shift = std::max(wallMargin * d - met.distance, 0.f) - beyond;
        pushOut(particles, i, *part, bodies[part->body], met.normal, shift, given[part->body]);
        wasPushed = true;
      } else if (f.distance < 0) {
        pushOut(particles, i, *part, bodies[part->body], f.normal, -f.distance, given[part->body]);
        wasPushed = true;
      }
    }
  }
}

/// The parts that can touch anything in a block.
static std::vector<const FKPart *> partsNear(const FKParticles *particles, const FKPart *parts, int64_t partCount, int64_t blockIndex) {
  float low[3] = {1e30f, 1e30f, 1e30f}, high[3] = {-1e30f, -1e30f, -1e30f};
  forParticles(particles, blockIndex, [&](int32_t, int32_t i) {
    const FKVector &x = particles->position[i];
    const float p[3] = {x.x, x.y, x.z};
    for (int a = 0; a < 3; a++) { low[a] = std::min(low[a], p[a]); high[a] = std::max(high[a], p[a]); }
  });
  std::vector<const FKPart *> near;
  for (int64_t k = 0; k < partCount; k++) {
    bool apart = false;
    for (int a = 0; a < 3; a++) apart |= parts[k].high[a] < low[a] || parts[k].low[a] > high[a];
    if (!apart) near.push_back(parts + k);
  }
  return near;
}

/// Keeps a block's particles, which have just moved by velocity · dt + acceleration · dt², out of the walls.
static void keepOutOfWalls(const FKParticles *particles, const FKPart *parts, int64_t partCount, const FKBody *bodies, int64_t bodyCount,
                           float dt, FKMotion *given, int64_t blockIndex) {
  for (int64_t b = 0; b < bodyCount; b++) given[b] = {};
  const std::vector<const FKPart *> near = partsNear(particles, parts, partCount, blockIndex);
  if (near.empty()) return;
  forParticles(particles, blockIndex, [&](int32_t, int32_t i) { keepOut(particles, i, near, bodies, dt, given); });
}

/// One body's share of a particle's surroundings.
struct Share { int32_t body; float fraction, gradient[3], distance; };

static void findWalls(const FKParticles *particles, FKLists *lists, const FKPart *parts, int64_t partCount, const FKBody *bodies,
                      int64_t bodyCount, FKMotion *given, int64_t blockIndex) {
  FKBlock &block = lists->blocks[size_t(blockIndex)];
  block.walls.clear();
  block.contacts.clear();
  for (int64_t b = 0; b < bodyCount; b++) given[b] = {};
  const float d = particles->spacing;

  const std::vector<const FKPart *> near = partsNear(particles, parts, partCount, blockIndex);
  if (near.empty()) return;

  std::vector<Share> shares;
  forParticles(particles, blockIndex, [&](int32_t, int32_t i) {
    shares.clear();
    for (const FKPart *part : near) {
      float p[3];
      Fraction f;
      if (isApart(*part, particles->position[i])) continue;
      intoPart(*part, particles->position[i], p);
      if (!fraction(*part, p, d, f)) continue;
      // A body may have been moved since, by others.
      if (f.distance < 0) {
        pushOut(particles, i, *part, bodies[part->body], f.normal, -f.distance, given[part->body]);
        intoPart(*part, particles->position[i], p);
        if (!fraction(*part, p, d, f)) continue;
      }
      if (f.value <= 1e-6f) continue;
      float gradient[3];
      intoWorld(*part, f.gradient, gradient);
      // Parts of one body lie side by side: their shares add.
      Share *share = nullptr;
      for (auto &other : shares)
        if (other.body == part->body) share = &other;
      if (!share) {
        shares.push_back({part->body, 0, {0, 0, 0}, f.distance});
        share = &shares.back();
      }
      share->fraction += f.value;
      for (int a = 0; a < 3; a++) share->gradient[a] += gradient[a];
      share->distance = std::min(share->distance, f.distance);
    }
    if (shares.empty()) return;

    // Two bodies whose walls face the same way hide one another (a tank on a floor): only the nearer counts.
    size_t first = 0;
    for (size_t k = 1; k < shares.size(); k++)
      if (shares[k].fraction > shares[first].fraction) first = k;
    std::swap(shares[0], shares[first]);
    float lead = std::sqrt(dot(shares[0].gradient, shares[0].gradient));
    FKWall wall = {};
    wall.particle = i;
    wall.first = int32_t(block.contacts.size());
    wall.distance = shares[0].distance;
    float total[3] = {};
    for (size_t k = 0; k < shares.size(); k++) {
      Share &s = shares[k];
      float weight = 1;
      if (k > 0) {
        float length = std::sqrt(dot(s.gradient, s.gradient));
        float cosine = lead * length > 0 ? dot(s.gradient, shares[0].gradient) / (lead * length) : 0;
        if (cosine > 0) weight = 1 - cosine * cosine;
        if (weight < 1e-3f) continue;
      }
      FKContact contact = {s.body, {s.gradient[0] * weight, s.gradient[1] * weight, s.gradient[2] * weight}, s.fraction * weight};
      wall.fraction += contact.fraction;
      for (int a = 0; a < 3; a++) total[a] += contact.gradient[a];
      wall.count++;
      block.contacts.push_back(contact);
    }

    // Neighbours are missing behind the wall: a linear pressure's gradient comes out too small by the wall's moments
    // −∫ (y − x) ⊗ ∇W dy, which are γ along the wall and γ + u |∇γ| across it.
    float slope = std::sqrt(dot(total, total));
    for (int a = 0; a < 3; a++) wall.normal[a] = slope > 0 ? -total[a] / slope : 0;
    float hiddenAlong = std::min(wall.fraction, 0.6f);
    float hiddenAcross = std::min(wall.fraction + wall.distance * slope, 0.6f);
    wall.across = 1 / (1 - hiddenAlong);
    wall.along = 1 / (1 - hiddenAcross);
    block.walls.push_back(wall);
  });
}

}  // namespace fluids::FK_LEVEL

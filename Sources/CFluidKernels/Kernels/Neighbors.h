// Neighbour lists from the sorted grid. All particles of a cell look among the same candidates, those of nine runs of three cells: they
// are laid out once a cell, field by field, and each particle searches them sixteen at a time. The next cell needs its own.
namespace fluids::FK_LEVEL {

/// What the particles of one cell look among.
struct Candidates {
  std::vector<float> x, y, z;
  std::vector<int32_t> index;
  int32_t count = 0;

  /// Takes particles begin ..< end of the sorted arrays; those are padded, so that the last loads stay inside.
  FK_INLINE void append(const FKVector *position, int32_t begin, int32_t end) {
    if (count + (end - begin) + 2 * laneCount > int32_t(x.size())) {
      const size_t room = 2 * size_t(count + (end - begin) + 2 * laneCount);
      x.resize(room); y.resize(room); z.resize(room); index.resize(room);
    }
    for (int32_t j = begin; j < end; j += laneCount) {
      int32_t sixteen[laneCount];
      for (int32_t lane = 0; lane < laneCount; lane++) sixteen[lane] = j + lane;
      const Fields q = gather(position, sixteen);
      const int32_t to = count + (j - begin);
      __builtin_memcpy(x.data() + to, &q.x, sizeof q.x);
      __builtin_memcpy(y.data() + to, &q.y, sizeof q.y);
      __builtin_memcpy(z.data() + to, &q.z, sizeof q.z);
      __builtin_memcpy(index.data() + to, sixteen, sizeof sixteen);
    }
    count += end - begin;
  }

  /// Fills the last sixteen up with what is near nothing.
  FK_INLINE void close() {
    for (int32_t lane = 0; lane < laneCount; lane++) x[size_t(count + lane)] = 1e18f;
  }
};

FK_INLINE f32x16 load16(const float *p) { f32x16 v; __builtin_memcpy(&v, p, sizeof v); return v; }
FK_INLINE i32x16 load16(const int32_t *p) { i32x16 v; __builtin_memcpy(&v, p, sizeof v); return v; }

/// Writes the chosen lanes of `values` one behind the other; up to sixteen places are written. Gives how many were chosen.
FK_INLINE int32_t compress(i32x16 chosen, i32x16 values, int32_t *list) {
#ifdef FK_COMPRESS
  return FK_COMPRESS(chosen, values, list);
#else
  int32_t found = 0;
  for (int32_t lane = 0; lane < laneCount; lane++) {
    list[found] = values[lane];
    found += chosen[lane] != 0;
  }
  return found;
#endif
}

static void findNeighbors(const FKParticles *particles, const FKGrid *grid, FKLists *lists, int64_t blockIndex) {
  FKBlock &block = lists->blocks[size_t(blockIndex)];
  const float support = 2 * particles->spacing;
  const f32x16 squaredSupport = splat(support * support);
  // An eighth more at a time: a vector that grows by itself doubles, and lists are most of what a particle takes.
  auto grow = [&](size_t size) {
    block.neighbors.reserve(size);
    block.neighbors.resize(size);
  };
  grow(std::max<size_t>(block.neighbors.capacity(), FKBlockSize * 16));
  uint32_t filled = 0;
  auto cell = [&](float x, int axis, int32_t count) FK_INLINE_LAMBDA {
    float c = __builtin_floorf((x - grid->origin[axis]) * grid->inverseSize);
    return c < 0 ? 0 : c > float(count - 1) ? count - 1 : int32_t(c);
  };
  Candidates candidates;
  int32_t here[3] = {-1, -1, -1};
  forParticles(particles, blockIndex, [&](int32_t slot, int32_t i) FK_INLINE_LAMBDA {
    block.start[slot] = filled;
    const FKVector p = particles->position[i];
    const int32_t cx = cell(p.x, 0, grid->nx), cy = cell(p.y, 1, grid->ny), cz = cell(p.z, 2, grid->nz);
    if (cx != here[0] || cy != here[1] || cz != here[2]) {
      here[0] = cx; here[1] = cy; here[2] = cz;
      candidates.count = 0;
      const int32_t x0 = cx > 0 ? cx - 1 : 0, x1 = cx + 1 < grid->nx ? cx + 1 : cx;
      for (int32_t z = cz > 0 ? cz - 1 : 0; z <= cz + 1 && z < grid->nz; z++)
        for (int32_t y = cy > 0 ? cy - 1 : 0; y <= cy + 1 && y < grid->ny; y++) {
          const int32_t *row = grid->cellStart + (int64_t(z) * grid->ny + y) * grid->nx;
          candidates.append(particles->position, row[x0], row[x1 + 1]);
        }
      candidates.close();
    }

    const i32x16 self = i - i32x16{};
    for (int32_t k = 0; k < candidates.count; k += laneCount) {
      const f32x16 dx = load16(candidates.x.data() + k) - p.x, dy = load16(candidates.y.data() + k) - p.y,
                   dz = load16(candidates.z.data() + k) - p.z;
      const i32x16 index = load16(candidates.index.data() + k);
      if (filled + laneCount > block.neighbors.size()) grow(block.neighbors.size() + block.neighbors.size() / 8);
      filled += uint32_t(
          compress((dx * dx + dy * dy + dz * dz < squaredSupport) & (index != self), index, block.neighbors.data() + filled));
    }
    block.start[slot + 1] = filled;
  });
}

}  // namespace fluids::FK_LEVEL

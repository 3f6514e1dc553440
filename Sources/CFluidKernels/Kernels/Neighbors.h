// Neighbour lists from the sorted grid: nine runs of three cells, searched sixteen particles at a time.
namespace fluids::FK_LEVEL {

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
  forParticles(particles, blockIndex, [&](int32_t slot, int32_t i) FK_INLINE_LAMBDA {
    block.start[slot] = filled;
    const FKVector p = particles->position[i];
    const int32_t cx = cell(p.x, 0, grid->nx), cy = cell(p.y, 1, grid->ny), cz = cell(p.z, 2, grid->nz);
    const int32_t x0 = cx > 0 ? cx - 1 : 0, x1 = cx + 1 < grid->nx ? cx + 1 : cx;
    for (int32_t z = cz > 0 ? cz - 1 : 0; z <= cz + 1 && z < grid->nz; z++)
      for (int32_t y = cy > 0 ? cy - 1 : 0; y <= cy + 1 && y < grid->ny; y++) {
        const int32_t *row = grid->cellStart + (int64_t(z) * grid->ny + y) * grid->nx;
        const int32_t end = row[x1 + 1];
        for (int32_t j = row[x0]; j < end; j += laneCount) {
          // Sixteen consecutive particles; the arrays are padded so that the last loads stay inside.
          int32_t index[laneCount];
          for (int32_t lane = 0; lane < laneCount; lane++) index[lane] = j + lane;
          Fields q = gather(particles->position, index);
          f32x16 dx = q.x - p.x, dy = q.y - p.y, dz = q.z - p.z;
          i32x16 near = (dx * dx + dy * dy + dz * dz) < squaredSupport;
          if (filled + laneCount > block.neighbors.size()) grow(block.neighbors.size() + block.neighbors.size() / 8);
          int32_t *list = block.neighbors.data() + filled;
          int32_t found = 0;
          for (int32_t lane = 0; lane < laneCount; lane++) {
            list[found] = j + lane;
            found += (near[lane] != 0) & (j + lane < end) & (j + lane != i);
          }
          filled += uint32_t(found);
        }
      }
    block.start[slot + 1] = filled;
  });
}

}  // namespace fluids::FK_LEVEL

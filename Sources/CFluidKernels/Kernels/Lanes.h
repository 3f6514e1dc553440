// Sixteen neighbours at a time, in the compiler's vector extension: one AVX-512 register, two AVX2, four NEON or SSE.
//
// The lane count is the same on every level, so sums are taken in the same order on all of them.
namespace fluids::FK_LEVEL {

typedef float f32x4 __attribute__((vector_size(16)));
typedef float f32x16 __attribute__((vector_size(64)));
typedef int32_t i32x16 __attribute__((vector_size(64)));

constexpr int32_t laneCount = 16;

FK_INLINE f32x16 splat(float x) { return x - f32x16{}; }
FK_INLINE f32x16 positive(f32x16 x) { return x > 0 ? x : f32x16{}; }
FK_INLINE f32x16 larger(f32x16 a, f32x16 b) { return a > b ? a : b; }

FK_INLINE float sumLanes(f32x16 v) {
  v += __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  v += __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  v += __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  v += __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  return v[0];
}

/// The four fields of sixteen neighbours.
struct Fields { f32x16 x, y, z, w; };

FK_INLINE f32x4 load(const FKVector *p) { f32x4 v; __builtin_memcpy(&v, p, 16); return v; }

/// Sixteen loads of four floats, and a transposition within quarters: cheaper than four gathers of sixteen.
FK_INLINE Fields gather(const FKVector *base, const int32_t *index) {
  auto row = [&](int k) FK_INLINE_LAMBDA {
    f32x4 a = load(base + index[k]), b = load(base + index[4 + k]), c = load(base + index[8 + k]), d = load(base + index[12 + k]);
    auto ab = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7);
    auto cd = __builtin_shufflevector(c, d, 0, 1, 2, 3, 4, 5, 6, 7);
    return (f32x16)__builtin_shufflevector(ab, cd, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  };
  f32x16 r0 = row(0), r1 = row(1), r2 = row(2), r3 = row(3);
  auto low = [](f32x16 a, f32x16 b) FK_INLINE_LAMBDA {
    return __builtin_shufflevector(a, b, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
  };
  auto high = [](f32x16 a, f32x16 b) FK_INLINE_LAMBDA {
    return __builtin_shufflevector(a, b, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
  };
  f32x16 a = low(r0, r2), b = low(r1, r3), c = high(r0, r2), d = high(r1, r3);
  return {low(a, b), high(a, b), low(c, d), high(c, d)};
}

/// Calls body(pointer to sixteen indices) for the neighbours of a block's particle; lanes past the end point to the particle itself,
/// whose offset of zero adds nothing.
template <class Body> FK_INLINE void forNeighbors(const FKBlock &block, int32_t slot, int32_t self, const Body &body) {
  const int32_t *list = block.neighbors.data() + block.start[slot];
  int32_t count = int32_t(block.start[slot + 1] - block.start[slot]);
  int32_t k = 0;
  for (; k + laneCount <= count; k += laneCount) body(list + k);
  if (k < count) {
    int32_t rest[laneCount];
    for (int32_t lane = 0; lane < laneCount; lane++) rest[lane] = k + lane < count ? list[k + lane] : self;
    body(rest);
  }
}

/// Calls body(slot, particle) for each particle of a block.
template <class Body> FK_INLINE void forParticles(const FKParticles *particles, int64_t block, const Body &body) {
  int64_t first = block * FKBlockSize, end = first + FKBlockSize < particles->count ? first + FKBlockSize : particles->count;
  for (int64_t i = first; i < end; i++) body(int32_t(i - first), int32_t(i));
}

}  // namespace fluids::FK_LEVEL

// Sixteen lanes at a time, in the compiler's vector extension: one AVX-512 register, two AVX2, four NEON or SSE.
//
// The lane count is the same on every level, so sums are taken in the same order on all of them.
namespace TK_LEVEL {

typedef float f32x16 __attribute__((vector_size(64)));
typedef int32_t i32x16 __attribute__((vector_size(64)));
typedef uint32_t u32x16 __attribute__((vector_size(64)));
typedef uint16_t u16x16 __attribute__((vector_size(32)));
typedef double f64x16 __attribute__((vector_size(128)));
typedef int64_t i64x16 __attribute__((vector_size(128)));

/// The upper half of a float32.
struct bfloat16 { uint16_t bits; };

/// What an element type computes in: float32 for float32 and bfloat16, float64 for itself.
template <class T> struct Computing { typedef float scalar; typedef f32x16 lanes; typedef i32x16 mask; };
template <> struct Computing<double> { typedef double scalar; typedef f64x16 lanes; typedef i64x16 mask; };
template <class T> using Scalar = typename Computing<T>::scalar;
template <class T> using Lanes = typename Computing<T>::lanes;

constexpr int64_t laneCount = 16;

template <class M, class V> TK_INLINE V select(M mask, V a, V b) { return mask ? a : b; }
template <class V> TK_INLINE V larger(V a, V b) { return select(a > b, a, b); }
template <class V> TK_INLINE V smaller(V a, V b) { return select(a < b, a, b); }

template <class V> struct Lane;
template <> struct Lane<f32x16> { typedef float type; };
template <> struct Lane<f64x16> { typedef double type; };
template <class V> TK_INLINE V splat(typename Lane<V>::type x) { return x - V{}; }

// MARK: one element

TK_INLINE float load(const float *p) { return *p; }
TK_INLINE double load(const double *p) { return *p; }
TK_INLINE float load(const bfloat16 *p) {
  uint32_t bits = uint32_t(p->bits) << 16;
  float x;
  __builtin_memcpy(&x, &bits, 4);
  return x;
}
TK_INLINE void store(float *p, float x) { *p = x; }
TK_INLINE void store(double *p, double x) { *p = x; }
/// Rounds to nearest, ties to even; a NaN stays one.
TK_INLINE void store(bfloat16 *p, float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, 4);
  p->bits = x != x ? 0x7fc0 : uint16_t((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

// MARK: sixteen elements

TK_INLINE f32x16 loadLanes(const float *p) { f32x16 v; __builtin_memcpy(&v, p, 64); return v; }
TK_INLINE f64x16 loadLanes(const double *p) { f64x16 v; __builtin_memcpy(&v, p, 128); return v; }
TK_INLINE f32x16 loadLanes(const bfloat16 *p) {
  u16x16 half;
  __builtin_memcpy(&half, p, 32);
  return (f32x16)(__builtin_convertvector(half, u32x16) << 16);
}
TK_INLINE void storeLanes(float *p, f32x16 v) { __builtin_memcpy(p, &v, 64); }
TK_INLINE void storeLanes(double *p, f64x16 v) { __builtin_memcpy(p, &v, 128); }
TK_INLINE u16x16 roundToBFloat16(f32x16 v) {
#if TK_HARDWARE_BFLOAT16
  return (u16x16)_mm512_cvtneps_pbh((__m512)v);
#else
  u32x16 bits = (u32x16)v;
  u32x16 rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  u32x16 isNumber = (u32x16)(v == v);
  return __builtin_convertvector((rounded & isNumber) | (~isNumber & 0x7fc0), u16x16);
#endif
}
TK_INLINE void storeLanes(bfloat16 *p, f32x16 v) { u16x16 half = roundToBFloat16(v); __builtin_memcpy(p, &half, 32); }

/// The first `count` of sixteen elements; the others are zero and are not touched.
template <class T> TK_INLINE Lanes<T> loadLanes(const T *p, int64_t count) {
  if (count >= laneCount) return loadLanes(p);
  T buffer[laneCount] = {};
  __builtin_memcpy(buffer, p, sizeof(T) * count);
  return loadLanes(buffer);
}
template <class T> TK_INLINE void storeLanes(T *p, Lanes<T> v, int64_t count) {
  if (count >= laneCount) return storeLanes(p, v);
  T buffer[laneCount];
  storeLanes(buffer, v);
  __builtin_memcpy(p, buffer, sizeof(T) * count);
}

/// Combines the sixteen lanes, halves with halves.
template <class V, class Combine> TK_INLINE typename Lane<V>::type combineLanes(V v, const Combine &combine) {
  v = combine(v, __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  v = combine(v, __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  v = combine(v, __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
  v = combine(v, __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
  return v[0];
}
template <class V> TK_INLINE typename Lane<V>::type sumLanes(V v) { return combineLanes(v, [](V a, V b) { return a + b; }); }
template <class V> TK_INLINE typename Lane<V>::type largestLane(V v) { return combineLanes(v, [](V a, V b) { return larger(a, b); }); }

template <class V> TK_INLINE bool anyNegative(V v) { return largestLane<V>(-v) > 0; }

TK_INLINE int64_t smallest(int64_t a, int64_t b) { return a < b ? a : b; }

// MARK: dividing work

/// Calls body(index) for every index below count, on all threads.
template <class Body> TK_INLINE void parallel(int64_t count, const Body &body) {
  TKParallel(count, [](void *context, int64_t index) { (*static_cast<const Body *>(context))(index); }, const_cast<Body *>(&body));
}

/// Calls body(begin, end) for consecutive pieces of 0 ..< count.
template <class Body> TK_INLINE void parallelPieces(int64_t count, int64_t piece, const Body &body) {
  parallel((count + piece - 1) / piece, [&](int64_t index) {
    int64_t begin = index * piece;
    body(begin, begin + piece < count ? begin + piece : count);
  });
}

/// Elements that are worth handing to a thread: some microseconds of work.
constexpr int64_t elementsPerPiece = 16384;
TK_INLINE int64_t rowsPerPiece(int64_t width) { return width >= elementsPerPiece ? 1 : (elementsPerPiece + width - 1) / width; }

/// Runs a statement with T the type of the elements.
#define TK_FOR_EACH_TYPE(type, ...)                           \
  switch (type) {                                             \
    case TKFloat32: { typedef float T; __VA_ARGS__; break; }      \
    case TKBFloat16: { typedef bfloat16 T; __VA_ARGS__; break; }  \
    case TKFloat64: { typedef double T; __VA_ARGS__; break; }     \
  }

}  // namespace TK_LEVEL

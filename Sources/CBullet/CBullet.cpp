#include "CBullet.h"

#include <BulletCollision/BroadphaseCollision/btDbvtBroadphase.h>
#include <BulletCollision/CollisionShapes/btBoxShape.h>
#include <BulletCollision/CollisionShapes/btBvhTriangleMeshShape.h>
#include <BulletCollision/CollisionShapes/btConvexPointCloudShape.h>
#include <BulletCollision/CollisionShapes/btTriangleIndexVertexArray.h>
#include <BulletCollision/NarrowPhaseCollision/btGjkPairDetector.h>
#include <BulletCollision/NarrowPhaseCollision/btPointCollector.h>
#include <BulletCollision/NarrowPhaseCollision/btVoronoiSimplexSolver.h>
#include <LinearMath/btConvexHullComputer.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

static_assert(sizeof(btScalar) == sizeof(double), "Bullet in double precision");

namespace {
template <class Value, class Body> Value guarded(Value failure, Body body) noexcept {
  try {
    return body();
  } catch (...) {
    return failure;
  }
}

btVector3 vector(const double *v) { return btVector3(v[0], v[1], v[2]); }

btTransform transform(const double f[12]) {
  return btTransform(btMatrix3x3(f[0], f[3], f[6], f[1], f[4], f[7], f[2], f[5], f[8]), btVector3(f[9], f[10], f[11]));
}
}  // namespace

// MARK: Broad phase

struct CBulletBroadphase {
  btDbvtBroadphase tree;
  std::vector<btBroadphaseProxy *> proxies;
  std::vector<uint8_t> movable;
  std::vector<std::pair<int32_t, int32_t>> pairs;
};

CBulletBroadphase *cbullet_broadphase_create(int32_t count, const double *boxes, const uint8_t *movable) {
  return guarded<CBulletBroadphase *>(nullptr, [&] {
    auto broadphase = std::make_unique<CBulletBroadphase>();
    broadphase->movable.assign(movable, movable + count);
    for (int32_t i = 0; i < count; ++i) {
      const int fixedGroup = 2, movableGroup = 1;
      const double *box = boxes + 6 * i;
      auto *proxy = broadphase->tree.createProxy(
        vector(box), vector(box + 3), 0, reinterpret_cast<void *>(static_cast<intptr_t>(i)),
        movable[i] ? movableGroup : fixedGroup, movable[i] ? movableGroup | fixedGroup : movableGroup, nullptr);
      broadphase->proxies.push_back(proxy);
    }
    return broadphase.release();
  });
}

void cbullet_broadphase_destroy(CBulletBroadphase *broadphase) {
  if (!broadphase) return;
  for (auto *proxy : broadphase->proxies) broadphase->tree.destroyProxy(proxy, nullptr);
  delete broadphase;
}

int cbullet_broadphase_update(CBulletBroadphase *b, const double *boxes, const int32_t **pairs, int32_t *pairCount) {
  return guarded<int>(CBulletFailed, [&] {
    for (size_t i = 0; i < b->proxies.size(); ++i)
      if (b->movable[i]) b->tree.setAabb(b->proxies[i], vector(boxes + 6 * i), vector(boxes + 6 * i + 3), nullptr);
    b->tree.calculateOverlappingPairs(nullptr);

    // The tree keeps loose boxes and lets go of pairs lazily; the tight boxes decide.
    b->pairs.clear();
    auto &found = b->tree.getOverlappingPairCache()->getOverlappingPairArray();
    for (int k = 0; k < found.size(); ++k) {
      auto i = static_cast<int32_t>(reinterpret_cast<intptr_t>(found[k].m_pProxy0->m_clientObject));
      auto j = static_cast<int32_t>(reinterpret_cast<intptr_t>(found[k].m_pProxy1->m_clientObject));
      const double *p = boxes + 6 * i, *q = boxes + 6 * j;
      bool apart = false;
      for (int axis = 0; axis < 3; ++axis) apart |= p[axis] > q[axis + 3] || q[axis] > p[axis + 3];
      if (!apart) b->pairs.emplace_back(std::min(i, j), std::max(i, j));
    }
    std::sort(b->pairs.begin(), b->pairs.end());
    static_assert(sizeof(std::pair<int32_t, int32_t>) == 8, "pairs are read as flat integers");
    *pairs = reinterpret_cast<const int32_t *>(b->pairs.data());
    *pairCount = static_cast<int32_t>(b->pairs.size());
    return CBulletOK;
  });
}

// MARK: Convex shapes

namespace {
/// A convex shape that is known by its support function alone, without Bullet's margin.
struct SupportShape : btConvexInternalShape {
  SupportShape() {
    m_shapeType = CUSTOM_CONVEX_SHAPE_TYPE;
    m_collisionMargin = 0;
  }
  btVector3 localGetSupportingVertex(const btVector3 &d) const override { return localGetSupportingVertexWithoutMargin(d); }
  void batchedUnitVectorGetSupportingVertexWithoutMargin(const btVector3 *d, btVector3 *out, int n) const override {
    for (int i = 0; i < n; ++i) out[i] = localGetSupportingVertexWithoutMargin(d[i]);
  }
  btScalar getMargin() const override { return 0; }
  void calculateLocalInertia(btScalar, btVector3 &inertia) const override { inertia.setZero(); }
  const char *getName() const override { return "support"; }
};

struct BoxSupport : SupportShape {
  btVector3 half;
  explicit BoxSupport(const btVector3 &half) : half(half) {}
  btVector3 localGetSupportingVertexWithoutMargin(const btVector3 &d) const override {
    return btVector3(d.x() < 0 ? -half.x() : half.x(), d.y() < 0 ? -half.y() : half.y(), d.z() < 0 ? -half.z() : half.z());
  }
};

struct CylinderSupport : SupportShape {
  double radius, half;
  CylinderSupport(double radius, double half) : radius(radius), half(half) {}
  btVector3 localGetSupportingVertexWithoutMargin(const btVector3 &d) const override {
    double across = std::sqrt(d.x() * d.x() + d.y() * d.y()), scale = across > 0 ? radius / across : 0;
    return btVector3(d.x() * scale, d.y() * scale, d.z() < 0 ? -half : half);
  }
};

struct ConeSupport : SupportShape {
  double radius, half;
  ConeSupport(double radius, double half) : radius(radius), half(half) {}
  btVector3 localGetSupportingVertexWithoutMargin(const btVector3 &d) const override {
    double across = std::sqrt(d.x() * d.x() + d.y() * d.y()), scale = across > 0 ? radius / across : 0;
    if (d.z() * half > across * radius - d.z() * half) return btVector3(0, 0, half);
    return btVector3(d.x() * scale, d.y() * scale, -half);
  }
};

struct PointsSupport : SupportShape {
  std::vector<btVector3> points;
  btVector3 localGetSupportingVertexWithoutMargin(const btVector3 &d) const override {
    size_t best = 0;
    double most = points[0].dot(d);
    for (size_t i = 1; i < points.size(); ++i) {
      double along = points[i].dot(d);
      if (along > most) most = along, best = i;
    }
    return points[best];
  }
};
}  // namespace

struct CBulletConvex {
  std::unique_ptr<SupportShape> shape;
};

namespace {
template <class Shape, class... Arguments> CBulletConvex *makeConvex(Arguments... arguments) {
  return guarded<CBulletConvex *>(nullptr, [&] { return new CBulletConvex{std::make_unique<Shape>(arguments...)}; });
}
}  // namespace

CBulletConvex *cbullet_convex_point(void) { return makeConvex<BoxSupport>(btVector3(0, 0, 0)); }
CBulletConvex *cbullet_convex_segment(double half) { return makeConvex<BoxSupport>(btVector3(0, 0, half)); }
CBulletConvex *cbullet_convex_box(double x, double y, double z) { return makeConvex<BoxSupport>(btVector3(x, y, z)); }
CBulletConvex *cbullet_convex_cylinder(double radius, double half) { return makeConvex<CylinderSupport>(radius, half); }
CBulletConvex *cbullet_convex_cone(double radius, double half) { return makeConvex<ConeSupport>(radius, half); }
CBulletConvex *cbullet_convex_points(const double *points, int32_t count) {
  auto *convex = makeConvex<PointsSupport>();
  if (convex) cbullet_convex_set_points(convex, points, count);
  return convex;
}
void cbullet_convex_destroy(CBulletConvex *shape) { delete shape; }

void cbullet_convex_set_points(CBulletConvex *shape, const double *points, int32_t count) {
  auto &own = static_cast<PointsSupport *>(shape->shape.get())->points;
  own.resize(count);
  for (int32_t i = 0; i < count; ++i) own[i] = vector(points + 3 * i);
}

int cbullet_closest_points(
  const CBulletConvex *a, const double frameA[12], const CBulletConvex *b, const double frameB[12], const double guess[3],
  CBulletClosest *result) {
  return guarded<int>(CBulletFailed, [&] {
    btVoronoiSimplexSolver simplex;
    btGjkPairDetector detector(
      a->shape.get(), b->shape.get(), CUSTOM_CONVEX_SHAPE_TYPE, CUSTOM_CONVEX_SHAPE_TYPE, 0, 0, &simplex, nullptr);
    detector.setCachedSeparatingAxis(vector(guess));
    btDiscreteCollisionDetectorInterface::ClosestPointInput input;
    input.m_transformA = transform(frameA);
    input.m_transformB = transform(frameB);
    btPointCollector collector;
    detector.getClosestPoints(input, collector, nullptr);
    if (!collector.m_hasResult || collector.m_distance <= 0) {
      result->distance = 0;
      return CBulletOK;
    }
    result->distance = collector.m_distance;
    btVector3 onA = collector.m_pointInWorld + collector.m_normalOnBInWorld * collector.m_distance;
    for (int i = 0; i < 3; ++i) {
      result->normal[i] = collector.m_normalOnBInWorld[i];
      result->pointOnB[i] = collector.m_pointInWorld[i];
      result->pointOnA[i] = onA[i];
    }
    return CBulletOK;
  });
}

// MARK: Triangle trees

struct CBulletMesh {
  std::vector<double> vertices;
  std::vector<int32_t> triangles;
  std::unique_ptr<btTriangleIndexVertexArray> arrays;
  std::unique_ptr<btBvhTriangleMeshShape> tree;
};

CBulletMesh *cbullet_mesh_create(const double *vertices, int32_t vertexCount, const int32_t *triangles, int32_t triangleCount) {
  return guarded<CBulletMesh *>(nullptr, [&] {
    auto mesh = std::make_unique<CBulletMesh>();
    mesh->vertices.assign(vertices, vertices + 3 * vertexCount);
    mesh->triangles.assign(triangles, triangles + 3 * triangleCount);
    mesh->arrays = std::make_unique<btTriangleIndexVertexArray>(
      triangleCount, mesh->triangles.data(), 3 * sizeof(int32_t), vertexCount, mesh->vertices.data(), 3 * sizeof(double));
    // Quantised boxes are single-precision; they are only ever larger than the triangles.
    mesh->tree = std::make_unique<btBvhTriangleMeshShape>(mesh->arrays.get(), true);
    mesh->tree->setMargin(0);
    return mesh.release();
  });
}

void cbullet_mesh_destroy(CBulletMesh *mesh) { delete mesh; }

int32_t cbullet_mesh_triangles(const CBulletMesh *mesh, const double low[3], const double high[3], int32_t *indices, int32_t capacity) {
  struct Collector : btTriangleCallback {
    std::vector<int32_t> found;
    void processTriangle(btVector3 *, int, int triangle) override { found.push_back(triangle); }
  };
  return guarded<int32_t>(-1, [&] {
    Collector collector;
    mesh->tree->processAllTriangles(&collector, vector(low), vector(high));
    std::sort(collector.found.begin(), collector.found.end());
    auto count = static_cast<int32_t>(collector.found.size());
    std::copy_n(collector.found.begin(), std::min(count, capacity), indices);
    return count;
  });
}

// MARK: Convex hulls

struct CBulletHull {
  btConvexHullComputer computer;
  std::vector<double> points;
};

CBulletHull *cbullet_hull_create(const double *points, int32_t count) {
  return guarded<CBulletHull *>(nullptr, [&] {
    auto hull = std::make_unique<CBulletHull>();
    hull->points.assign(points, points + 3 * count);
    hull->computer.compute(points, 3 * sizeof(double), count, 0, 0);
    return hull.release();
  });
}

void cbullet_hull_destroy(CBulletHull *hull) { delete hull; }
int32_t cbullet_hull_vertex_count(const CBulletHull *hull) { return hull->computer.vertices.size(); }
int32_t cbullet_hull_face_count(const CBulletHull *hull) { return hull->computer.faces.size(); }

// The computer works on whole numbers up to 10216 and would give corners back rounded to the ten-thousandth part of the hull: each
// is the given point that it was made of.
void cbullet_hull_vertices(const CBulletHull *hull, double *vertices) {
  for (int i = 0; i < hull->computer.vertices.size(); ++i) {
    int original = hull->computer.original_vertex_index[i];
    for (int axis = 0; axis < 3; ++axis)
      vertices[3 * i + axis] = original >= 0 ? hull->points[3 * original + axis] : hull->computer.vertices[i][axis];
  }
}

int32_t cbullet_hull_face(const CBulletHull *hull, int32_t face, int32_t *corners, int32_t capacity) {
  int32_t count = 0;
  const auto *first = &hull->computer.edges[hull->computer.faces[face]];
  const auto *edge = first;
  do {
    if (count < capacity) corners[count] = edge->getSourceVertex();
    ++count;
    edge = edge->getNextEdgeOfFace();
  } while (edge != first);
  return count;
}

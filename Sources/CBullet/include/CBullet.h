// The parts of Bullet that Mondo uses, in double precision: broad phase, closest points of convex shapes, triangle trees and
// convex hulls. Plain structs, no policy; no exception leaves. Lengths in metres, frames as 12 doubles: three columns, origin.
#ifndef CBULLET_H
#define CBULLET_H
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { CBulletOK = 0, CBulletFailed = 1 };

// MARK: Broad phase: which axis-aligned boxes overlap (btDbvtBroadphase)

typedef struct CBulletBroadphase CBulletBroadphase;

/// `boxes`: min x y z, max x y z for each of `count` bodies; two bodies that are both not `movable` make no pair. NULL on failure.
CBulletBroadphase *cbullet_broadphase_create(int32_t count, const double *boxes, const uint8_t *movable);
void cbullet_broadphase_destroy(CBulletBroadphase *broadphase);
/// Moves the boxes of the movable bodies and finds the pairs. A pair is listed as (low, high), ascending.
int cbullet_broadphase_update(CBulletBroadphase *broadphase, const double *boxes, const int32_t **pairs, int32_t *pairCount);

// MARK: Convex shapes and their closest points (btGjkPairDetector, without margins)

typedef struct CBulletConvex CBulletConvex;

CBulletConvex *cbullet_convex_point(void);
CBulletConvex *cbullet_convex_segment(double halfHeight);
CBulletConvex *cbullet_convex_box(double hx, double hy, double hz);
CBulletConvex *cbullet_convex_cylinder(double radius, double halfHeight);
CBulletConvex *cbullet_convex_cone(double radius, double halfHeight);
CBulletConvex *cbullet_convex_points(const double *points, int32_t count);
void cbullet_convex_destroy(CBulletConvex *shape);
/// Replaces the points of a shape made by `cbullet_convex_points`; the count may not grow.
void cbullet_convex_set_points(CBulletConvex *shape, const double *points, int32_t count);

typedef struct {
  /// Of the closest points; 0 when the shapes overlap (then nothing else is meant).
  double distance;
  double pointOnA[3], pointOnB[3];
  /// Unit, from B to A.
  double normal[3];
} CBulletClosest;

/// `guess`: a direction from B to A to start from.
int cbullet_closest_points(
  const CBulletConvex *a, const double frameA[12], const CBulletConvex *b, const double frameB[12], const double guess[3],
  CBulletClosest *result);

// MARK: Triangle trees (btBvhTriangleMeshShape)

typedef struct CBulletMesh CBulletMesh;

CBulletMesh *cbullet_mesh_create(const double *vertices, int32_t vertexCount, const int32_t *triangles, int32_t triangleCount);
void cbullet_mesh_destroy(CBulletMesh *mesh);
/// Writes up to `capacity` indices of triangles whose boxes meet the given one, ascending; returns how many there are in all, −1 on failure.
int32_t cbullet_mesh_triangles(const CBulletMesh *mesh, const double low[3], const double high[3], int32_t *indices, int32_t capacity);

// MARK: Convex hulls (btConvexHullComputer)

typedef struct CBulletHull CBulletHull;

CBulletHull *cbullet_hull_create(const double *points, int32_t count);
void cbullet_hull_destroy(CBulletHull *hull);
int32_t cbullet_hull_vertex_count(const CBulletHull *hull);
int32_t cbullet_hull_face_count(const CBulletHull *hull);
void cbullet_hull_vertices(const CBulletHull *hull, double *vertices);
/// Corners of a face, counter-clockwise seen from outside; returns how many.
int32_t cbullet_hull_face(const CBulletHull *hull, int32_t face, int32_t *corners, int32_t capacity);

#ifdef __cplusplus
}
#endif
#endif

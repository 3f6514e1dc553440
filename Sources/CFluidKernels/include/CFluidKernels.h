// The inner loops of the particle fluid: neighbour lists, densities, pressure forces and their divergence, viscosity, tension, walls.
//
// Each kernel is compiled once for every processor level (Levels/*.cpp) and reached through a table of function pointers. Particles
// stand in the order of their grid cells and are worked on in blocks of FKBlockSize; a block's result depends on its input alone, so
// everything has the same bits on any number of threads.
//
// Lengths inside are metres; W is the cubic spline of support two spacings. Pressures are divided by the reference density (m²/s²).
#pragma once
#include <stdint.h>

#pragma clang assume_nonnull begin

#ifdef __cplusplus
extern "C" {
#endif

enum { FKBlockSize = 256 };

/// Four floats side by side: one load brings what a neighbour gives.
typedef struct { float x, y, z, w; } FKVector;

/// A rigid body as the fluid meets it during a step.
typedef struct {
  float velocity[3], spin[3], center[3];
  float inverseMass;
  float inverseInertia[6];  // world frame: xx yy zz yz xz xy
} FKBody;

/// A change of a body's velocity and spin.
typedef struct { double linear[3], angular[3]; } FKMotion;

typedef enum { FKHalfSpace = 0, FKBox, FKPlate, FKCylinder, FKSphere, FKCapsule, FKTorus, FKField } FKShape;

/// A piece of a body's shape in a frame of its own.
///
/// Half-space: behind z = 0. Box: half extents. Plate: likewise, with walls that count as going on behind a face where they are thin. Cylinder: radius, half height. Sphere: radius. Capsule: radius, half length.
/// Torus: radius, tube. Field: signed distances on a grid.
typedef struct {
  FKShape shape;
  int32_t body;
  float size[3];
  float rotation[9];  // worldFromPart, row by row
  float translation[3];
  float low[3], high[3];  // box in the world round all that it can touch
  const float *_Nullable field;  // x fastest
  int32_t fieldCount[3];
  float fieldOrigin[3], fieldSpacing;
} FKPart;

typedef struct {
  int64_t count;
  FKVector *position;      // w: pressure over reference density, m²/s²
  FKVector *velocity;      // w: dynamic viscosity of the particle's liquid over reference density, m²/s
  FKVector *acceleration;  // w: surface tension of the particle's liquid over reference density, m³/s²; kept
  FKVector *skin;          // a root of the surface's stress: see Tension.h, m/s; w: what density lacks beside a surface, see Density.h
  float *density;          // relative to rest
  float *lastPressure;     // of the sweep before, without momentum
  float *rate;             // relative density's rate of change before pressure, 1/s
  float *response;         // rate of change that a unit of own pressure makes, 1/s² per m²/s²: K > 0
  const float *lightness;  // reference density / rest density of the particle's liquid
  float spacing;           // d, m: kernel support is 2 d, particle volume d³
} FKParticles;

/// Sorted cells: particles of cell (x, y, z) are cellStart[c] ..< cellStart[c + 1], c = (z ny + y) nx + x.
typedef struct {
  const int32_t *cellStart;
  int32_t nx, ny, nz;
  float origin[3];
  float inverseSize;
} FKGrid;

/// Lists of neighbours and of wall contacts, block by block; kept between steps.
typedef struct FKLists FKLists;
FKLists *FKListsCreate(void);
void FKListsDestroy(FKLists *lists);
void FKListsResize(FKLists *lists, int64_t particles);
/// Bytes that the lists hold now.
int64_t FKListsBytes(const FKLists *lists);

/// How a sweep corrects the pressures.
typedef struct {
  float step;          // s
  float relaxation;    // ω
  float momentum;      // β
  float wallFactor;    // see `rates`
  float looseness;     // of the projection: how much less dense than rest fluid counts as filled
  int32_t forDensity;  // 1: densities at the end of the step; 0: their growth, as far as it makes them greater than rest
} FKSweep;

/// Sums over a block: by how much its particles' relative densities are going to be wrong, and the greatest of that; how much they
/// would grow without pressure; whether the last step of the sweeps went the wrong way (> 0).
typedef struct { double error, greatest, growth, turn; } FKBlockSum;

typedef struct {
  const char *name;
  /// Lists the neighbours of a block's particles.
  void (*findNeighbors)(const FKParticles *, const FKGrid *, FKLists *, int64_t block);
  /// Puts particles that have just moved by velocity · step + acceleration · step² into a wall, or through it, back before the face that
  /// they met and takes their approach away: `given` [bodies] collects the momentum that they lost over the reference mass.
  void (*keepOutOfWalls)(const FKParticles *, const FKPart *parts, int64_t partCount, const FKBody *bodies, int64_t bodyCount, float step,
                         FKMotion *given, int64_t block);
  /// Lists a block's wall contacts; `given` as above, for what is inside a body that others have moved.
  void (*findWalls)(const FKParticles *, FKLists *, const FKPart *parts, int64_t partCount, const FKBody *bodies, int64_t bodyCount,
                    FKMotion *given, int64_t block);
  /// Densities and responses; the accelerations become the densities' gradients, 1/m.
  void (*densities)(const FKParticles *, FKLists *, const FKBody *bodies, int64_t block);
  /// Accelerations by the pressures in `position`; `given` [bodies] gets the force on each body over the reference mass.
  void (*pressureForces)(const FKParticles *, const FKLists *, const FKBody *bodies, int64_t bodyCount, FKMotion *given, int64_t block);
  /// The densities' rates of change by the particles' velocities and the bodies'.
  void (*rates)(const FKParticles *, const FKLists *, const FKBody *bodies, float wallFactor, int64_t block);
  /// A relaxed Jacobi sweep on the pressures: see PressureSolve.swift.
  FKBlockSum (*relax)(const FKParticles *, const FKLists *, const FKBody *bodies, const FKMotion *bodyAcceleration, const FKSweep *,
                      int64_t block);
  /// The pressure that each particle of a block bears, over reference density, into `stress` [particles], m²/s².
  void (*meanStresses)(const FKParticles *, const FKLists *, float *stress, int64_t block);
  /// Accelerations by viscosity, and `given` [bodies] the force on each body over the reference mass; `smoothing` is a kinematic
  /// viscosity, m²/s, that acts between particles but not on walls.
  void (*viscousForces)(const FKParticles *, const FKLists *, const FKBody *bodies, int64_t bodyCount, float smoothing, FKMotion *given,
                        int64_t block);
  /// Of a smoothing that leaves wide eddies alone: first how unlike their neighbours' the velocities are, into the accelerations; then what
  /// that takes from the velocities, with a factor in m²·s.
  void (*roughness)(const FKParticles *, const FKLists *, int64_t block);
  void (*smooth)(const FKParticles *, const FKLists *, float factor, int64_t block);
  /// Surface tension: first the stress of the surface, into `skin`, by the gradients in the accelerations; then what that adds to the
  /// velocities in a step of time, and `given` [bodies] the force on each body over the reference mass.
  void (*surfaceStresses)(const FKParticles *, const FKLists *, int64_t block);
  void (*tension)(const FKParticles *, const FKLists *, const FKBody *bodies, int64_t bodyCount, float step, FKMotion *given,
                  int64_t block);
} FKKernels;

/// The best level that this processor supports.
const FKKernels *FKBestKernels(void);
/// A level by its name; null where this processor lacks it.
const FKKernels *_Nullable FKKernelsNamed(const char *name);

#ifdef __cplusplus
}
#endif

#pragma clang assume_nonnull end

// Everything a level compiles, and its table. Included once by each file of Levels/, which names the level FK_LEVEL.
#define FK_INLINE inline __attribute__((always_inline))
#define FK_INLINE_LAMBDA __attribute__((always_inline))
#pragma clang fp contract(fast)
#pragma clang diagnostic ignored "-Wpsabi"

#include "Lanes.h"
#include "CubicSpline.h"
#include "Neighbors.h"
#include "WallFractions.h"
#include "Walls.h"
#include "Density.h"
#include "Pressure.h"
#include "Viscosity.h"
#include "Tension.h"

#define FK_QUOTE(name) #name
#define FK_NAME(name) FK_QUOTE(name)

namespace fluids::FK_LEVEL {
extern const FKKernels kernels;
const FKKernels kernels = {
    FK_NAME(FK_LEVEL), findNeighbors, keepOutOfWalls, findWalls, densities, pressureForces, rates, relax, meanStresses,
    viscousForces, roughness, smooth, surfaceStresses, tension,
};
}  // namespace fluids::FK_LEVEL

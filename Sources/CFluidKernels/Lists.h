// The lists behind FKLists. They are shared by all levels, so nothing here is compiled for one.
#pragma once
#include "include/CFluidKernels.h"
#include <cmath>
#include <vector>

/// A particle that feels a wall.
struct FKWall {
  int32_t particle;
  int32_t first, count;  // its contacts
  float fraction;        // γ: share of the kernel that lies in walls
  float normal[3];       // away from the walls
  float distance;        // to the nearest, m
  float along, across;   // how much pressure gradients grow for the share of neighbours that walls hide: normal, tangential
};

/// What one body's wall adds: ∇γ of its share.
struct FKContact {
  int32_t body;
  float gradient[3];
  float fraction;
};

struct FKBlock {
  std::vector<int32_t> neighbors;      // padded by 16 at the end
  uint32_t start[FKBlockSize + 1];
  std::vector<FKWall> walls;
  std::vector<FKContact> contacts;
};

struct FKLists {
  std::vector<FKBlock> blocks;
};

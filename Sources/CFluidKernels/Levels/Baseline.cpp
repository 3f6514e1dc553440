// What every processor of the architecture has: SSE2 or NEON.
#include "../Lists.h"
#define FK_LEVEL fluid_baseline
#include "../Kernels/Kernels.h"

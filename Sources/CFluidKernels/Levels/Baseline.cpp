// What every processor of the architecture has: SSE2 or NEON.
#include "../Lists.h"
#define FK_LEVEL baseline
#include "../Kernels/Kernels.h"

// What every processor of the architecture has: SSE2 or NEON.
#include "../include/CTensorKernels.h"
#define TK_LEVEL baseline
#define TK_AVX512 0
#define TK_HARDWARE_BFLOAT16 0
#define TK_TILES 0
#define TK_PRODUCT_ROWS 4
#define TK_PRODUCT_COLUMNS 1
#include "../Kernels/Kernels.h"

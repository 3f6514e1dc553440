// AVX2 and fused multiply-add: 2013 and later.
#if defined(__x86_64__)
#include "../include/CTensorKernels.h"
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define TK_LEVEL avx2
#define TK_AVX512 0
#define TK_HARDWARE_BFLOAT16 0
#define TK_TILES 0
#define TK_PRODUCT_ROWS 4
#define TK_PRODUCT_COLUMNS 1
#include "../Kernels/Kernels.h"
#pragma clang attribute pop
#endif

// AVX-512: 2017 and later.
#if defined(__x86_64__)
#include "../include/CTensorKernels.h"
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define TK_LEVEL avx512
#define TK_AVX512 1
#define TK_HARDWARE_BFLOAT16 0
#define TK_TILES 0
#define TK_PRODUCT_ROWS 8
#define TK_PRODUCT_COLUMNS 2
#include "../Kernels/Kernels.h"
#pragma clang attribute pop
#endif

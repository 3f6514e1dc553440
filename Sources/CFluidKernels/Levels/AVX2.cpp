// AVX2 and fused multiply-add: 2013 and later.
#if defined(__x86_64__)
#include "../Lists.h"
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define FK_LEVEL avx2
#include "../Kernels/Kernels.h"
#pragma clang attribute pop
#endif

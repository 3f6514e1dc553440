// AVX-512: 2017 and later.
#if defined(__x86_64__)
#include "../Lists.h"
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define FK_LEVEL avx512
#include "../Kernels/Kernels.h"
#pragma clang attribute pop
#endif

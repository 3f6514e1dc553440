// AVX-512: 2017 and later.
#if defined(__x86_64__)
#include "../Lists.h"
#include <immintrin.h>
// A compression in a register and one store: storing what is compressed is slow on some processors.
#define FK_COMPRESS(chosen, values, list)                                                                                      \
  [](i32x16 c, i32x16 v, int32_t *to) FK_INLINE_LAMBDA {                                                                       \
    const __mmask16 mask = _mm512_movepi32_mask((__m512i)c);                                                                   \
    _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(mask, (__m512i)v));                                                    \
    return int32_t(__builtin_popcount(mask));                                                                                  \
  }(chosen, values, list)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define FK_LEVEL avx512
#include "../Kernels/Kernels.h"
#pragma clang attribute pop
#endif

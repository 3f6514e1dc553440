// The choice of a level: the best that this processor supports.
#include "include/CFluidKernels.h"
#include <cstring>
#include <initializer_list>

namespace fluids::baseline { extern const FKKernels kernels; }
#if defined(__x86_64__)
namespace fluids::avx2 { extern const FKKernels kernels; }
namespace fluids::avx512 { extern const FKKernels kernels; }
#endif

extern "C" const FKKernels *FKKernelsNamed(const char *name) {
  if (!strcmp(name, "baseline")) return &fluids::baseline::kernels;
#if defined(__x86_64__)
  if (!strcmp(name, "avx2") && __builtin_cpu_supports("x86-64-v3")) return &fluids::avx2::kernels;
  if (!strcmp(name, "avx512") && __builtin_cpu_supports("x86-64-v4")) return &fluids::avx512::kernels;
#endif
  return nullptr;
}

extern "C" const FKKernels *FKBestKernels(void) {
  static const FKKernels *const best = [] {
    for (const char *name : {"avx512", "avx2"})
      if (auto kernels = FKKernelsNamed(name)) return kernels;
    return &fluids::baseline::kernels;
  }();
  return best;
}

// The choice of a level: the best that this processor supports and ONEDNN_MAX_CPU_ISA allows.
#include "include/CTensorKernels.h"
#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace baseline { extern const TKKernels kernels; }
#if defined(__x86_64__)
#include <sys/syscall.h>
#include <unistd.h>
namespace avx2 { extern const TKKernels kernels; }
namespace avx512 { extern const TKKernels kernels; }
namespace avx512bf16 { extern const TKKernels kernels; }
namespace amx { extern const TKKernels kernels; }

/// Tile registers must be asked for: Linux enlarges a thread's saved state only then (ARCH_REQ_XCOMP_PERM, feature 18).
static bool mayUseTiles() {
  return __builtin_cpu_supports("amx-tile") && __builtin_cpu_supports("amx-bf16") && syscall(SYS_arch_prctl, 0x1023, 18) == 0;
}
#endif

extern "C" const TKKernels *TKKernelsNamed(const char *name) {
  if (!strcmp(name, "baseline")) return &baseline::kernels;
#if defined(__x86_64__)
  if (!strcmp(name, "avx2") && __builtin_cpu_supports("x86-64-v3")) return &avx2::kernels;
  if (!strcmp(name, "avx512") && __builtin_cpu_supports("x86-64-v4")) return &avx512::kernels;
  if (!strcmp(name, "avx512bf16") && __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512bf16"))
    return &avx512bf16::kernels;
  if (!strcmp(name, "amx") && __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512bf16") && mayUseTiles())
    return &amx::kernels;
#endif
  return nullptr;
}

/// What oneDNN is held to, these kernels are held to as well, so that one variable shows how a lesser processor computes.
static bool isAllowed(const char *level) {
  const char *limit = getenv("ONEDNN_MAX_CPU_ISA");
  if (!limit || !strcmp(limit, "ALL") || !strcmp(limit, "DEFAULT") || !strcmp(limit, "AVX512_CORE_AMX")) return true;
  if (!strcmp(limit, "AVX512_CORE_BF16")) return strcmp(level, "amx") != 0;
  if (!strncmp(limit, "AVX512", 6)) return !strcmp(level, "avx512") || !strcmp(level, "avx2");
  if (!strncmp(limit, "AVX2", 4)) return !strcmp(level, "avx2");
  return false;
}

extern "C" const TKKernels *TKBestKernels(void) {
  static const TKKernels *const best = [] {
    for (const char *name : {"amx", "avx512bf16", "avx512", "avx2"})
      if (auto kernels = TKKernelsNamed(name); kernels && isAllowed(name)) return kernels;
    return &baseline::kernels;
  }();
  return best;
}

extern "C" int64_t TKReductionScratch(int64_t outer, int64_t reduced, int64_t inner) {
  if (inner == 1) return outer * ((reduced + 16383) / 16384);
  return outer * ((reduced + 127) / 128) * inner;
}

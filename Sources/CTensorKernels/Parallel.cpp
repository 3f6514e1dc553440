// One team of threads for these kernels and for oneDNN.
//
// Debian's oneDNN runs on GNU's OpenMP. A second pool of our own would fight with its spinning workers over the same cores, so work
// is handed to that very team through GOMP_parallel, the entry point GCC compiles `#pragma omp parallel` to (clang would link another
// runtime). Under the thread sanitizer, which cannot see into GNU's barriers, plain threads do the same.
#include "include/CTensorKernels.h"
#include <atomic>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TK_PLAIN_THREADS 1
#endif
#endif

#if TK_PLAIN_THREADS
#include <thread>
#include <vector>
#else
extern "C" {
void GOMP_parallel(void (*body)(void *), void *context, unsigned threads, unsigned flags);
int omp_get_max_threads(void);
void omp_set_num_threads(int);
int omp_in_parallel(void);
}
#endif

namespace {
struct Job {
  void (*body)(void *, int64_t);
  void *context;
  int64_t count;
  std::atomic<int64_t> next{0};

  void run() {
    for (int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) body(context, i);
  }
};
}  // namespace

#if TK_PLAIN_THREADS
static std::atomic<int> threadCount{2};
extern "C" int TKThreadCount(void) { return threadCount; }
extern "C" void TKSetThreadCount(int count) { threadCount = count < 1 ? 1 : count; }

extern "C" void TKParallel(int64_t count, void (*body)(void *, int64_t), void *context) {
  Job job{body, context, count};
  std::vector<std::thread> team;
  for (int64_t i = 1; i < threadCount && i < count; i++) team.emplace_back([&] { job.run(); });
  job.run();
  for (auto &member : team) member.join();
}
#else
extern "C" int TKThreadCount(void) { return omp_get_max_threads(); }
extern "C" void TKSetThreadCount(int count) { omp_set_num_threads(count < 1 ? 1 : count); }

extern "C" void TKParallel(int64_t count, void (*body)(void *, int64_t), void *context) {
  Job job{body, context, count};
  int64_t threads = omp_in_parallel() ? 1 : omp_get_max_threads();
  if (threads > count) threads = count;
  if (threads <= 1) return job.run();
  GOMP_parallel([](void *job) { static_cast<Job *>(job)->run(); }, &job, static_cast<unsigned>(threads), 0);
}
#endif

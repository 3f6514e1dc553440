import Dispatch
import Synchronization
import Tensors

/// Work on many pictures at once, each picture on one thread.
///
/// Pictures are small: threads that share one wait for each other at every layer, the more so where other programs want the
/// processor too.
enum FrameCrew {
  /// What `make` gives for each index below `count`, made on as many threads as the tensors' operations have.
  ///
  /// Which thread makes what is chance, but no result depends on it.
  static func results<Result: Sendable>(_ count: Int, _ make: @Sendable (Int) -> Result) -> [Result] {
    let width = min(TensorRuntime.threadCount, count)
    guard width > 1 else { return (0..<count).map(make) }
    let next = Atomic<Int>(0)
    return [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
      // Each index is written once, by whoever takes it.
      nonisolated(unsafe) let places = buffer.baseAddress!
      DispatchQueue.concurrentPerform(iterations: width) { _ in
        // The number is the calling thread's own; it may be one that others work on afterwards.
        let threads = TensorRuntime.threadCount
        TensorRuntime.threadCount = 1
        defer { TensorRuntime.threadCount = threads }
        while true {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard index < count else { return }
          (places + index).initialize(to: make(index))
        }
      }
      initialized = count
    }
  }
}

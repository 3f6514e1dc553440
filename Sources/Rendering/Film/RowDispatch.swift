import Dispatch
import Synchronization

/// Shares the rows of a picture out among threads.
enum RowDispatch {
  /// Calls `body` once for each row, in any order, on `threads` threads.
  ///
  /// Rows are handed out one by one, so that all threads stay busy to the end. Each row must write to its own place only: then
  /// the result doesn't depend on who did what.
  static func forEachRow(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
    guard threads > 1 else {
      for row in 0..<count { body(row) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let row = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard row < count else { return }
        body(row)
      }
    }
  }
}

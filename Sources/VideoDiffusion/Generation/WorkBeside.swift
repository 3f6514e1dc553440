import Dispatch
import Synchronization

/// Work on another thread, whose result is waited for where it is needed.
package final class WorkBeside<Result: Sendable>: Sendable {
  private let result = Mutex<Result?>(nil)
  private let done = DispatchGroup()

  package init(_ work: @escaping @Sendable () -> Result) {
    DispatchQueue.global().async(group: done) { [self] in
      let made = work()
      result.withLock { $0 = made }
    }
  }

  package func callAsFunction() -> Result {
    done.wait()
    return result.withLock { $0! }
  }
}

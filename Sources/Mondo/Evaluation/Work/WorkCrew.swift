import Foundation
import Synchronization

/// Does pieces of work on all cores, in order of their start; the first error ends it all.
final class WorkCrew: Sendable {
  private let state = Mutex<(next: Int, done: Int, error: (any Error)?)>((0, 0, nil))
  private let count: Int

  private init(count: Int) { self.count = count }

  /// - Parameters:
  ///   - width: pieces done at once.
  ///   - progress: called with the pieces done after each; never twice at once. What it throws ends the work.
  ///   - work: called from any thread, with a check to be called often.
  static func run(
    _ count: Int, width: Int, progress: @escaping @Sendable (Int) throws -> Void,
    work: @escaping @Sendable (Int, @Sendable () throws -> Void) throws -> Void
  ) throws {
    let crew = WorkCrew(count: count)
    let lock = NSLock()
    DispatchQueue.concurrentPerform(iterations: max(1, min(width, count))) { _ in
      while let index = crew.next() {
        do {
          try work(index) { if crew.hasFailed { throw CancellationError() } }
          try lock.withLock { try progress(crew.finish()) }
        } catch {
          crew.fail(error)
        }
      }
    }
    if let error = crew.state.withLock({ $0.error }) { throw error }
  }

  private func next() -> Int? {
    state.withLock { state in
      guard state.error == nil, state.next < count else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  private func finish() -> Int {
    state.withLock { state in
      state.done += 1
      return state.done
    }
  }

  private func fail(_ error: any Error) { state.withLock { if $0.error == nil { $0.error = error } } }

  private var hasFailed: Bool { state.withLock { $0.error != nil } }
}

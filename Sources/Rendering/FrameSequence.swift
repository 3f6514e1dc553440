import Dispatch
import WorldCore

/// The frames of a trajectory in order, each rendered when it is asked for: a clip of any length takes the memory of one frame.
public struct FrameSequence: AsyncSequence, Sendable {
  public typealias Element = Frame
  public typealias Failure = any Error

  let renderer: Renderer
  let trajectory: Trajectory

  public func makeAsyncIterator() -> Iterator {
    Iterator(renderer: renderer, trajectory: trajectory, count: renderer.frameCount(of: trajectory))
  }

  public struct Iterator: AsyncIteratorProtocol {
    let renderer: Renderer
    let trajectory: Trajectory
    let count: Int
    var index = 0

    /// The next frame; nil after the last. Throws `CancellationError` when the task is cancelled, else `RenderingError`.
    public mutating func next() async throws -> Frame? {
      guard index < count else { return nil }
      try Task.checkCancellation()
      defer { index += 1 }
      // Off the pool that serves tasks: a frame keeps its thread busy for long.
      return try await withCheckedThrowingContinuation { [renderer, trajectory, index] continuation in
        DispatchQueue.global().async {
          continuation.resume(with: Result { try renderer.frame(at: index, of: trajectory) })
        }
      }
    }
  }
}

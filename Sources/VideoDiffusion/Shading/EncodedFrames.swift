import Dispatch
import NeuralNetworks
import Synchronization
package import Tensors
package import WorldCore

/// Shaded pictures and their latents, made frame by frame on a thread of their own from the moment they are asked for, while
/// others go on with the frames that are ready.
///
/// Whoever waits for a frame makes some too. Which thread makes what is chance, but no result depends on it.
package final class EncodedFrames: Sendable {
  package struct Frame: Sendable {
    package var picture: Image<SRGB8>
    /// [1, rows, columns, latent width]
    package var latents: Tensor

    package init(picture: Image<SRGB8>, latents: Tensor) { (self.picture, self.latents) = (picture, latents) }
  }

  private struct State {
    /// The next frame that nobody has begun, and those that are done.
    var next = 0
    var frames: [Frame?]
  }

  package let count: Int
  private let make: @Sendable (Int) -> Frame
  private let state: Mutex<State>
  /// Each is signalled when its frame is done.
  private let ready: [DispatchSemaphore]

  /// - Parameter make: gives the frame of an index below `count`, on one thread.
  package init(_ count: Int, _ make: @escaping @Sendable (Int) -> Frame) {
    (self.count, self.make) = (count, make)
    state = Mutex(State(frames: Array(repeating: nil, count: count)))
    ready = (0..<count).map { _ in DispatchSemaphore(value: 0) }
    // Let go of by everybody else, the work ends with the frame that is under way.
    for _ in 1..<max(1, TensorRuntime.threadCount) {
      DispatchQueue.global().async { [weak self] in while self?.makeNext() == true {} }
    }
  }

  /// The frames of a stretch, which are made where they aren't there yet, and those before them.
  package subscript(_ range: Range<Int>) -> [Frame] {
    while state.withLock({ $0.next < range.upperBound }), makeNext() {}
    // Others have begun what is missing.
    for index in range {
      ready[index].wait()
      ready[index].signal()
    }
    return state.withLock { state in state.frames[range].map { $0! } }
  }

  /// Makes the next frame; false where all are begun.
  private func makeNext() -> Bool {
    let index = state.withLock { state -> Int? in
      guard state.next < count else { return nil }
      state.next += 1
      return state.next - 1
    }
    guard let index else { return false }
    let threads = TensorRuntime.threadCount
    TensorRuntime.threadCount = 1
    defer { TensorRuntime.threadCount = threads }
    let frame = make(index)
    state.withLock { $0.frames[index] = frame }
    ready[index].signal()
    return true
  }
}

import Dispatch
import MediaIO
import Synchronization
import WorldCore

/// A clip that is encoded on a thread of its own while its next frames are being made.
///
/// `@unchecked Sendable`: the writer is touched on the queue only.
final class PassingClip: @unchecked Sendable {
  private let writer: ClipWriter
  private let queue = DispatchQueue(label: "mondo.passing-clip")
  private let failure = Mutex<MediaError?>(nil)
  /// Frames that may wait: more than a stretch of video tokens, and a bound on memory.
  private let room = DispatchSemaphore(value: 64)

  init(path: String, width: Int, height: Int, framesPerSecond: Double) throws(MediaError) {
    // Two thirds of the time that the usual effort takes, for a tenth of a decibel.
    writer = try ClipWriter(
      path: path, settings: ClipSettings(width: width, height: height, framesPerSecond: framesPerSecond, effort: .fast))
  }

  /// Hands a frame over.
  ///
  /// - Throws: what went wrong with an earlier one.
  func append(_ frame: Image<SRGB8>) throws {
    try check()
    room.wait()
    queue.async { [self] in
      defer { room.signal() }
      attempt { () throws(MediaError) in try writer.append(frame) }
    }
  }

  /// Hands the sound over, all of it; it is asked for on the clip's own thread, and may be waited for there.
  func append(_ sound: @escaping @Sendable () -> AudioBuffer) {
    queue.async { [self] in attempt { () throws(MediaError) in try writer.append(sound()) } }
  }

  /// Waits until the file stands under its name.
  func finish() throws {
    queue.sync { attempt { () throws(MediaError) in try writer.finish() } }
    try check()
  }

  /// Waits until nothing is under way. Whoever lets go of an unfinished clip calls this first: the file in the making goes with
  /// the writer, and the writer with its last user.
  func settle() { queue.sync {} }

  private func check() throws { if let error = failure.withLock({ $0 }) { throw error } }

  private func attempt(_ work: () throws(MediaError) -> Void) {
    guard failure.withLock({ $0 == nil }) else { return }
    do { try work() } catch { failure.withLock { $0 = error } }
  }
}

/// The frames of a clip as the judge reads them, with times from the clip's start.
final class ClipFrames {
  private let reader: VideoReader
  private let framesPerSecond: Double?
  /// Time of the first frame on the file's clock, s; nil before it is read.
  private(set) var start: Double?

  /// - Parameters:
  ///   - side: pictures whose longer side is larger are shrunk to it; nil keeps the size.
  ///   - framesPerSecond: at which the world was shot; nil believes the file.
  /// - Throws: `MediaError`.
  init(of path: String, maximumSide side: Int? = nil, framesPerSecond: Double?) throws(MediaError) {
    reader = try VideoReader(path: path, maximumSide: side)
    self.framesPerSecond = framesPerSecond
  }

  var size: (width: Int, height: Int) { (reader.width, reader.height) }
  var damage: MediaDamage? { reader.damage }

  /// The next frame; nil behind the last.
  ///
  /// - Parameter clipSize: of the clip, where its pictures are shrunk for the tracker.
  func next(clipSize: SIMD2<Int>? = nil) throws(MediaError) -> TimedFrame? {
    guard let frame = try reader.nextFrame() else { return nil }
    let first = start ?? frame.time
    start = first
    let time = framesPerSecond.map { Double(frame.index) / $0 } ?? (frame.time - first)
    return TimedFrame(index: frame.index, time: time, image: frame.image, clipSize: clipSize)
  }
}

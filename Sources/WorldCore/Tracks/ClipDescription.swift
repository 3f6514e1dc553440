/// What a clip is, before anything is seen in it.
public struct ClipDescription: Sendable, Equatable, Codable {
  /// The name it was opened under.
  public var file: String
  /// Frames per second at which the world was shot; restated by the caller where the file plays slower or faster.
  public var fps: Double
  /// Width and height in pixels.
  public var size: [Int]
  public var frames: Int
  /// Seconds.
  public var duration: Double

  public init(file: String, fps: Double, size: [Int], frames: Int, duration: Double) {
    precondition(size.count == 2, "a clip's size is [width, height]")
    self.file = file
    self.fps = fps
    self.size = size
    self.frames = frames
    self.duration = duration
  }
}

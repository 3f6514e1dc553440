/// A picture that a clip shows at some time.
public struct Keyframe: Sendable {
  public var picture: SourcePicture
  /// From the clip's beginning: 0 is its first frame, its length the last.
  public var seconds: Double

  public init(_ picture: SourcePicture, seconds: Double) { (self.picture, self.seconds) = (picture, seconds) }

  /// The frame that is shown at a time of a clip.
  public static func frame(at seconds: Double, framesPerSecond: Double, frameCount: Int) -> Int {
    precondition(seconds >= 0, "a clip begins at 0 s")
    return Int(min(seconds * framesPerSecond, Double(frameCount - 1)).rounded())
  }
}

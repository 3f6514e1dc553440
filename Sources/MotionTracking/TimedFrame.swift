public import WorldCore

/// One picture of a clip and when it was taken.
public struct TimedFrame: Sendable {
  /// Counts from 0.
  public var index: Int
  /// Seconds from the clip's first frame, in the time of the world (a restated frame rate is applied by whoever reads the
  /// clip).
  public var time: Double
  public var image: Image<SRGB8>

  public init(index: Int, time: Double, image: Image<SRGB8>) {
    self.index = index
    self.time = time
    self.image = image
  }
}

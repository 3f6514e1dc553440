public import WorldCore

/// One picture of a clip and when it was taken.
public struct TimedFrame: Sendable {
  /// Counts from 0.
  public var index: Int
  /// Seconds from the clip's first frame, in the time of the world (a restated frame rate is applied by whoever reads the
  /// clip).
  public var time: Double
  public var image: Image<SRGB8>
  /// Width and height of the clip, px, where `image` was shrunk as it was decoded: places are told in the clip's pixels. nil
  /// where it is as large as the clip.
  public var clipSize: SIMD2<Int>?

  public init(index: Int, time: Double, image: Image<SRGB8>, clipSize: SIMD2<Int>? = nil) {
    self.index = index
    self.time = time
    self.image = image
    self.clipSize = clipSize
  }

  /// The clip's pixels that one of the image stands for, along each axis.
  var reduction: Int { max(1, (clipSize?.x ?? image.width) / max(1, image.width)) }
}

/// Where a clip moves, frame by frame, on a coarse raster: what Physics-IQ's overlaps are made of.
public struct MotionMasks: Sendable, Equatable {
  public var width: Int
  public var height: Int
  /// One mask a frame, `width * height` values in row-major order, 1 where something moves and 0 elsewhere.
  public var frames: [[UInt8]]
  /// The frames themselves on the same raster, `3 * width * height` encoded levels each.
  public var pictures: [[UInt8]]

  public init(width: Int, height: Int, frames: [[UInt8]], pictures: [[UInt8]]) {
    precondition(frames.allSatisfy { $0.count == width * height }, "every mask has \(width)×\(height) values")
    precondition(pictures.allSatisfy { $0.count == 3 * width * height }, "every picture has 3×\(width)×\(height) levels")
    precondition(pictures.count == frames.count, "there are as many masks as pictures")
    self.width = width
    self.height = height
    self.frames = frames
    self.pictures = pictures
  }

  /// The first so many frames.
  public func prefix(_ count: Int) -> MotionMasks {
    MotionMasks(width: width, height: height, frames: Array(frames.prefix(count)), pictures: Array(pictures.prefix(count)))
  }

  /// Mean squared difference of the pictures, channels in 0…1, frame by frame; the longer clip's end is left out.
  public func squaredErrors(to other: MotionMasks) -> [Double] {
    precondition(width == other.width && height == other.height, "pictures of two rasters can't be compared")
    return zip(pictures, other.pictures).map { a, b in
      var sum = 0
      for i in a.indices {
        let difference = Int(a[i]) - Int(b[i])
        sum += difference * difference
      }
      return Double(sum) / Double(a.count) / (255 * 255)
    }
  }
}

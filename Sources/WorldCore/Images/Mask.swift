/// Which pixels of a picture belong to something.
public struct Mask: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// Row by row, top row first.
  public var pixels: [Bool]

  public init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    pixels = Array(repeating: false, count: width * height)
  }

  public var count: Int { pixels.reduce(0) { $0 + ($1 ? 1 : 0) } }

  /// Adds the pixels whose centres lie in a disc, the one under its own centre at least.
  public mutating func mark(_ center: SIMD2<Double>, radius: Double) {
    guard center.x.isFinite, center.y.isFinite, center.x > -radius - 1, center.y > -radius - 1,
      center.x < Double(width) + radius + 1, center.y < Double(height) + radius + 1
    else { return }
    let (left, right) = (max(0, Int(center.x - radius)), min(width - 1, Int(center.x + radius)))
    let (top, bottom) = (max(0, Int(center.y - radius)), min(height - 1, Int(center.y + radius)))
    guard left <= right, top <= bottom else { return }
    for y in top...bottom {
      for x in left...right {
        let offset = SIMD2(Double(x) + 0.5, Double(y) + 0.5) - center
        if (offset * offset).sum() <= radius * radius { pixels[y * width + x] = true }
      }
    }
    let (x, y) = (Int(center.x.rounded(.down)), Int(center.y.rounded(.down)))
    if x >= 0, y >= 0, x < width, y < height { pixels[y * width + x] = true }
  }

  public mutating func formUnion(_ other: Mask) {
    precondition(other.width == width && other.height == height, "masks of one size unite")
    for k in pixels.indices where other.pixels[k] { pixels[k] = true }
  }

  /// With all pixels within so many steps along rows and columns.
  public func grown(by steps: Int) -> Mask {
    var mask = self
    for _ in 0..<steps {
      let before = mask.pixels
      for y in 0..<height {
        for x in 0..<width where !before[y * width + x] {
          let k = y * width + x
          mask.pixels[k] =
            (x > 0 && before[k - 1]) || (x + 1 < width && before[k + 1]) || (y > 0 && before[k - width])
            || (y + 1 < height && before[k + width])
        }
      }
    }
    return mask
  }

  /// The pixels within so many steps of its outline, inside and outside.
  public func edge(_ steps: Int) -> Mask {
    var others = self
    for k in pixels.indices { others.pixels[k].toggle() }
    return grown(by: steps).intersection(others.grown(by: steps))
  }

  public func intersection(_ other: Mask) -> Mask {
    var mask = self
    for k in pixels.indices where !other.pixels[k] { mask.pixels[k] = false }
    return mask
  }
}

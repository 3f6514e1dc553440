/// A picture: `height` rows of `width` pixels, top row first, left pixel first.
///
/// The pixel's type is the picture's domain, so that a linear picture can't be taken for an encoded one:
/// `SIMD3<Float>` linear RGB, `SRGB8` display-ready, `Float` depth, `UInt16` instance numbers, `SIMD2<Float>` flow.
public struct Image<Pixel: Sendable>: Sendable {
  public let width: Int
  public let height: Int
  /// `width * height` pixels in row-major order.
  public var pixels: [Pixel]

  public init(width: Int, height: Int, filledWith pixel: Pixel) {
    precondition(width > 0 && height > 0, "an image has at least one pixel, not \(width)×\(height)")
    self.width = width
    self.height = height
    pixels = Array(repeating: pixel, count: width * height)
  }

  public init(width: Int, height: Int, pixels: [Pixel]) {
    precondition(pixels.count == width * height, "\(pixels.count) pixels do not fill \(width)×\(height)")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  @inlinable public subscript(x: Int, y: Int) -> Pixel {
    get { pixels[y * width + x] }
    set { pixels[y * width + x] = newValue }
  }
}

extension Image: Equatable where Pixel: Equatable {}

/// A display-ready pixel: sRGB transfer function, 8 bits a channel, opaque unless alpha says otherwise.
public struct SRGB8: Hashable, Sendable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8
  public var alpha: UInt8

  @inlinable public init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }
}

import Foundation
public import WorldCore

extension Frame {
  /// The picture as a display shows it: film's response, the style's grade, sRGB, 8 bits. Nil without the colour pass.
  ///
  /// Rounding is dithered by a pattern that depends on the pixel alone, so that smooth skies don't band and the same frame
  /// always gives the same bytes.
  public var display: Image<SRGB8>? { display(after: nil)?.picture }

  /// A picture, and the light that it shows.
  public struct Displayed: Sendable {
    public let picture: Image<SRGB8>
    let light: Image<SIMD3<Float>>
    let style: Stage.Style
  }

  /// The same; what is just as bright as it was in an earlier picture of the same style is taken from there, as most of a still
  /// camera's is. Grading and encoding cost as much as a ray.
  public func display(after earlier: Displayed?) -> Displayed? {
    guard let color else { return nil }
    var known: Displayed?
    if let earlier, earlier.style == style, (earlier.light.width, earlier.light.height) == (color.width, color.height) {
      known = earlier
    }
    let grade = FilmGrade(style)
    var picture = Image(width: color.width, height: color.height, filledWith: SRGB8(red: 0, green: 0, blue: 0))
    for y in 0..<color.height {
      for x in 0..<color.width {
        if let known, known.light[x, y] == color[x, y] {
          picture[x, y] = known.picture[x, y]
          continue
        }
        let place = SIMD2(Float(x) + 0.5, Float(y) + 0.5) / SIMD2(Float(color.width), Float(color.height))
        let graded = grade.apply(color[x, y], at: place, aspect: Float(color.width) / Float(color.height))
        let noise = Self.dither(x, y)
        func quantized(_ c: Float) -> UInt8 { UInt8(clamp(SRGB.encode(c) * 255 + noise, 0, 255)) }
        picture[x, y] = SRGB8(red: quantized(graded.x), green: quantized(graded.y), blue: quantized(graded.z))
      }
    }
    return Displayed(picture: picture, light: color, style: style)
  }

  /// Interleaved gradient noise (Jimenez 2014), a threshold in 0 ..< 1.
  private static func dither(_ x: Int, _ y: Int) -> Float {
    let f = 0.067_110_56 * Float(x) + 0.005_837_15 * Float(y)
    let g = 52.982_918_9 * (f - f.rounded(.down))
    return g - g.rounded(.down)
  }
}

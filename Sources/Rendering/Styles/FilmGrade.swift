import Foundation
import WorldCore

/// How a style turns light into a picture: contrast, colour and vignette.
struct FilmGrade {
  /// Added colour of the shadows and factor on the highlights.
  private var shadowTint = Float3.zero
  private var highlightTint = Float3(repeating: 1)
  private var saturation: Float = 1
  private var contrast: Float = 1
  private var vignette: Float = 0
  private var isFilmic = true

  init(_ style: Stage.Style) {
    switch style {
    case .realistic: (saturation, contrast, vignette) = (1.10, 1.24, 0.12)
    case .cinematic:
      (saturation, contrast, vignette) = (0.92, 1.28, 0.5)
      shadowTint = Float3(-0.006, 0.003, 0.014)
      highlightTint = Float3(1.05, 1.0, 0.90)
    case .anime: (saturation, isFilmic) = (1.12, false)
    }
  }

  /// Linear light in, display-linear light in 0…1 out; `place` in 0…1 across the picture.
  func apply(_ light: Float3, at place: SIMD2<Float>, aspect: Float) -> Float3 {
    // Light falls off towards the corners by the cosine's fourth power, here in a chosen strength.
    let d = (place - 0.5) * SIMD2(min(aspect, 1.6), min(1 / aspect, 1.6).squareRoot())
    let radius2 = (d * d).sum()
    var c = pointwiseMax(light, .zero) * (1 / ((1 + vignette * radius2 * 1.6) * (1 + vignette * radius2 * 1.6)))
    c = mix(Float3(repeating: c.luminance), c, saturation)
    c = pointwiseMax(c, .zero)
    guard isFilmic else { return Float3(Self.soft(c.x), Self.soft(c.y), Self.soft(c.z)) }
    c *= highlightTint
    if contrast != 1 {
      // About middle grey, in stops.
      c = Float3(pow(c.x / 0.18, contrast), pow(c.y / 0.18, contrast), pow(c.z / 0.18, contrast)) * 0.18
    }
    // Very bright colours bleach, as all three dyes of a film saturate.
    let peak = c.largest
    c = mix(c, Float3(repeating: peak), 0.32 * smoothstep(0.8, 6, peak))
    c = pointwiseMin(pointwiseMax(Self.curve(c * 2.2) / Self.shoulder, .zero), Float3(repeating: 1))
    let toe = 1 - c.luminance
    return c + shadowTint * (toe * toe)
  }

  /// A film-like curve by Hable's recipe: a short toe, a straight middle, a long shoulder towards 1 at 11 times white.
  private static func curve(_ x: Float3) -> Float3 {
    let (a, b, c, d, e, f) = (Float(0.22), Float(0.30), Float(0.10), Float(0.20), Float(0.01), Float(0.30))
    return (x * (a * x + c * b) + d * e) / (x * (a * x + b) + d * f) - e / f
  }

  private static let shoulder = curve(Float3(repeating: 11))

  /// Straight up to 0.8, then bending towards 1.
  private static func soft(_ x: Float) -> Float { x <= 0.8 ? x : 0.8 + 0.2 * (1 - exp(-(x - 0.8) / 0.2)) }
}

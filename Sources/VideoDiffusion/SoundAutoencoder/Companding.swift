import Foundation

/// Loudness made even: asinh(k·x)/asinh(k), linear for the faintest and logarithmic for the rest, so that a dying tone counts
/// like the blow that began it.
///
/// Sound travels as middle and side: middle is what both channels share.
package enum Companding {
  static let strength: Float = 200

  /// [samples, 2]: middle and side, companded.
  package static func compressed(_ samples: ArraySlice<SIMD2<Float>>) -> [Float] {
    let scale = 1 / asinh(strength)
    return samples.flatMap { sample -> [Float] in
      let (middle, side) = ((sample.x + sample.y) / 2, (sample.x - sample.y) / 2)
      return [asinh(strength * middle) * scale, asinh(strength * side) * scale]
    }
  }

  /// The way back; what lies outside −1 … 1 is cut.
  package static func expanded(_ values: [Float]) -> [SIMD2<Float>] {
    let scale = asinh(strength)
    func expand(_ value: Float) -> Float { sinh(max(-1, min(1, value)) * scale) / strength }
    return (0..<values.count / 2).map { k in
      let (middle, side) = (expand(values[2 * k]), expand(values[2 * k + 1]))
      return SIMD2(max(-1, min(1, middle + side)), max(-1, min(1, middle - side)))
    }
  }
}

/// The digits that are painted on billiard balls, drawn with round strokes.
enum Numerals {
  /// Strokes from corner to corner on a grid of 2 × 4: (x₀, y₀, x₁, y₁), y up.
  private static let strokes: [[SIMD4<Float>]] = [
    [[0, 1, 0, 3], [0, 3, 1, 4], [1, 4, 2, 3], [2, 3, 2, 1], [2, 1, 1, 0], [1, 0, 0, 1]],
    [[0.3, 3.2, 1.2, 4], [1.2, 4, 1.2, 0]],
    [[0, 3.2, 0.6, 4], [0.6, 4, 1.5, 4], [1.5, 4, 2, 3.2], [2, 3.2, 0, 0], [0, 0, 2, 0]],
    [[0, 4, 2, 4], [2, 4, 1, 2.4], [1, 2.4, 2, 1.4], [2, 1.4, 1.6, 0.2], [1.6, 0.2, 0.6, 0], [0.6, 0, 0, 0.6]],
    [[1.5, 0, 1.5, 4], [1.5, 4, 0, 1.3], [0, 1.3, 2.1, 1.3]],
    [
      [2, 4, 0.2, 4], [0.2, 4, 0.1, 2.3], [0.1, 2.3, 1.4, 2.4], [1.4, 2.4, 2, 1.4], [2, 1.4, 1.5, 0.1], [1.5, 0.1, 0, 0.2],
    ],
    [[1.6, 4, 0.3, 2.2], [0.3, 2.2, 0, 1], [0, 1, 1, 0], [1, 0, 2, 1], [2, 1, 1, 2.2], [1, 2.2, 0.2, 1.7]],
    [[0, 4, 2, 4], [2, 4, 0.7, 0]],
    [
      [1, 2.2, 0.1, 3.1], [0.1, 3.1, 1, 4], [1, 4, 1.9, 3.1], [1.9, 3.1, 1, 2.2], [1, 2.2, 0, 1.1], [0, 1.1, 1, 0],
      [1, 0, 2, 1.1], [2, 1.1, 1, 2.2],
    ],
    [[0.4, 0, 1.7, 1.8], [1.7, 1.8, 2, 3], [2, 3, 1, 4], [1, 4, 0, 3], [0, 3, 1, 1.8], [1, 1.8, 1.8, 2.3]],
  ]

  /// How much of a pixel of `width` at `p` in the unit disc the number's strokes cover.
  static func cover(_ number: Int, at p: SIMD2<Float>, width: Float) -> Float {
    let digits = number >= 10 ? [number / 10 % 10, number % 10] : [number]
    var cover: Float = 0
    for (place, digit) in digits.enumerated() {
      // Digits are 1.1 high; two of them stand 0.72 apart.
      let shift = digits.count == 2 ? (Float(place) - 0.5) * 0.72 : 0
      let q = SIMD2((p.x - shift) / 0.275 + 1, p.y / 0.275 + 2)
      for stroke in strokes[digit] {
        let (a, b) = (SIMD2(stroke.x, stroke.y), SIMD2(stroke.z, stroke.w))
        let along = ((q - a) * (b - a)).sum() / ((b - a) * (b - a)).sum()
        let offset = q - a - (b - a) * min(max(along, 0), 1)
        let distance = (offset * offset).sum().squareRoot() * 0.275 - 0.075
        cover = max(cover, min(max(0.5 - distance / max(width, 1e-4), 0), 1))
      }
    }
    return cover
  }
}

import WorldCore

/// How often a pixel of a colour belongs to something: histograms of 16³ colours inside and outside masks.
struct ColorOdds {
  private static let levels = 16
  /// Of a colour that was never seen: an even chance.
  private static let prior = 1e-6

  /// One for each colour, 0…1.
  private var odds: [Double]

  subscript(bin: UInt16) -> Double { odds[Int(bin)] }

  static func bin(_ pixel: SRGB8) -> UInt16 {
    UInt16(pixel.red >> 4) << 8 | UInt16(pixel.green >> 4) << 4 | UInt16(pixel.blue >> 4)
  }

  /// Learns from pictures with their masks, within one part of them.
  init(_ pictures: [(colors: [UInt16], mask: Mask)], within part: Mask) {
    let bins = Self.levels * Self.levels * Self.levels
    var (inside, outside) = ([Double](repeating: 0, count: bins), [Double](repeating: 0, count: bins))
    for picture in pictures {
      for k in part.pixels.indices where part.pixels[k] {
        if picture.mask.pixels[k] { inside[Int(picture.colors[k])] += 1 } else { outside[Int(picture.colors[k])] += 1 }
      }
    }
    func shares(_ counts: [Double]) -> [Double] {
      let total = max(1, counts.reduce(0, +))
      return Self.smoothed(counts).map { $0 / total }
    }
    odds = zip(shares(inside), shares(outside)).map { ($0 + Self.prior) / ($0 + $1 + 2 * Self.prior) }
  }

  /// The mean odds that pixels inside a mask get, and pixels outside it, in the median picture: in some of them there may be
  /// more or less of it than the masks say. Nil where either are missing.
  func means(
    _ pictures: [(colors: [UInt16], mask: Mask)], within part: (Mask) -> Mask
  ) -> (inside: Double, outside: Double)? {
    var (inside, outside): ([Double], [Double]) = ([], [])
    for picture in pictures {
      var (sums, counts) = (SIMD2<Double>.zero, SIMD2<Double>.zero)
      let part = part(picture.mask)
      for k in part.pixels.indices where part.pixels[k] {
        let side = picture.mask.pixels[k] ? SIMD2(1.0, 0) : SIMD2(0, 1.0)
        sums += side * odds[Int(picture.colors[k])]
        counts += side
      }
      if counts.x > 0 { inside.append(sums.x / counts.x) }
      if counts.y > 0 { outside.append(sums.y / counts.y) }
    }
    guard !inside.isEmpty, !outside.isEmpty else { return nil }
    return (inside.sorted()[inside.count / 2], outside.sorted()[outside.count / 2])
  }

  /// Weights 1 2 1 along each axis of colour: light on a fold is no other colour.
  private static func smoothed(_ counts: [Double]) -> [Double] {
    var result = counts
    for step in [1, levels, levels * levels] {
      let before = result
      for k in before.indices {
        let place = k / step % levels
        let (less, more) = (place > 0 ? before[k - step] : before[k], place < levels - 1 ? before[k + step] : before[k])
        result[k] = (less + 2 * before[k] + more) / 4
      }
    }
    return result
  }
}

/// Random fields that are the same everywhere and always.
enum Noise {
  /// A number in 0 ..< 1 for each cell of whole coordinates.
  @inline(__always) static func hash(_ cell: Float3) -> Float {
    hash(SIMD3<Int32>(whole(cell.x), whole(cell.y), whole(cell.z)))
  }

  private static let limit: Float = 2e9

  /// The whole part. A glancing ray meets an endless floor so far out that no 32-bit number counts its cells: the last one
  /// serves there.
  @inline(__always) private static func whole(_ x: Float) -> Int32 {
    // In this order what is no number becomes the limit too.
    return Int32(x < limit ? (x > -limit ? x : -limit) : limit)
  }

  @inline(__always) static func hash(_ cell: SIMD3<Int32>) -> Float {
    var h = UInt32(bitPattern: cell.x) &* 0x8da6_b343
    h ^= UInt32(bitPattern: cell.y) &* 0xd816_3841
    h ^= UInt32(bitPattern: cell.z) &* 0xcb1a_b31f
    h = (h ^ (h >> 15)) &* 0x2c1b_3c6d
    h = (h ^ (h >> 12)) &* 0x297a_2d39
    h ^= h >> 15
    return Float(h >> 8) * 0x1p-24
  }

  /// Values at the corners of unit cells, joined smoothly; in 0…1.
  @inline(__always) static func value(_ p: Float3) -> Float {
    // Truncation and a correction: without SSE4.1 rounding down is a call.
    @inline(__always) func floor(_ x: Float) -> Int32 {
      let nearest = whole(x)
      return Float(nearest) > x ? nearest - 1 : nearest
    }
    let p = pointwiseMin(pointwiseMax(p, Float3(repeating: -limit)), Float3(repeating: limit))
    let cell = SIMD3<Int32>(floor(p.x), floor(p.y), floor(p.z))
    let f = p - Float3(Float(cell.x), Float(cell.y), Float(cell.z))
    let w = f * f * f * (f * (f * 6 - 15) + 10)
    @inline(__always) func corner(_ x: Int32, _ y: Int32, _ z: Int32) -> Float { hash(cell &+ SIMD3(x, y, z)) }
    let bottom = mix(mix(corner(0, 0, 0), corner(1, 0, 0), w.x), mix(corner(0, 1, 0), corner(1, 1, 0), w.x), w.y)
    let top = mix(mix(corner(0, 0, 1), corner(1, 0, 1), w.x), mix(corner(0, 1, 1), corner(1, 1, 1), w.x), w.y)
    return mix(bottom, top, w.z)
  }

  /// Octaves of halving size and strength; in 0…1 around one half.
  static func fractal(_ p: Float3, octaves: Int) -> Float {
    var (sum, strength, total) = (Float(0), Float(0.5), Float(0))
    var q = p
    for _ in 0..<octaves {
      sum += value(q) * strength
      total += strength
      strength *= 0.5
      q = q * 2.03 + Float3(17.3, 9.1, 5.7)
    }
    return sum / total
  }
}

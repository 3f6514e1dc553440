/// Colours by direction, on a square that folds the sphere out as an octahedron (Cigolle et al., JCGT 2014).
///
/// `@unchecked Sendable`: nothing changes after `init`.
final class DirectionMap: @unchecked Sendable {
  let texels: UnsafeMutablePointer<SIMD4<Float>>
  static let side = 32

  init(_ color: (Float3) -> Float3) {
    texels = .allocate(capacity: Self.side * Self.side)
    for row in 0..<Self.side {
      for column in 0..<Self.side {
        let c = color(Self.direction(column, row))
        (texels + row * Self.side + column).initialize(to: SIMD4(c, 0))
      }
    }
  }

  deinit { texels.deallocate() }

  private static func direction(_ column: Int, _ row: Int) -> Float3 {
    // Texels sit on the border too, so that interpolation reaches every direction.
    let x = Float(column) / Float(side - 1) * 2 - 1
    let y = Float(row) / Float(side - 1) * 2 - 1
    let z = 1 - abs(x) - abs(y)
    let fold = max(-z, 0)
    return Float3(x + (x >= 0 ? -fold : fold), y + (y >= 0 ? -fold : fold), z).normalized
  }

  /// Interpolated between the four nearest texels.
  @inline(__always)
  static func lookUp(_ texels: UnsafePointer<SIMD4<Float>>, _ d: Float3) -> Float3 {
    let scale = 1 / (abs(d.x) + abs(d.y) + abs(d.z))
    var (x, y) = (d.x * scale, d.y * scale)
    if d.z < 0 { (x, y) = ((1 - abs(y)) * (x >= 0 ? 1 : -1), (1 - abs(x)) * (y >= 0 ? 1 : -1)) }
    let (u, v) = ((x + 1) * 0.5 * Float(side - 1), (y + 1) * 0.5 * Float(side - 1))
    let (column, row) = (min(Int(u), side - 2), min(Int(v), side - 2))
    let (s, t) = (u - Float(column), v - Float(row))
    let corner = texels + row * side + column
    let top = corner[0] + (corner[1] - corner[0]) * s
    let bottom = corner[side] + (corner[side + 1] - corner[side]) * s
    let c = top + (bottom - top) * t
    return Float3(c.x, c.y, c.z)
  }
}

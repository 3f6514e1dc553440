extension Shape {
  /// The closed forms: every shape but `mesh` and `compound`, which ``SignedDistanceField`` holds.
  func primitiveSignedDistance(at p: Vector3) -> SignedDistance {
    switch self {
    case .sphere(let r): return Self.ball(p, radius: r)
    case .box(let size): return Self.box(p, half: size / 2)
    case .capsule(let r, let h):
      return Self.ball(p - Vector3(0, 0, min(max(p.z, -h / 2), h / 2)), radius: r)
    case .plane(let normal):
      let n = normal.normalized
      return SignedDistance(distance: n.dot(p), normal: n)
    case .cylinder(let r, let h): return Self.revolved(p) { Self.cylinderProfile($0, radius: r, half: h / 2) }
    case .cone(let r, let h): return Self.revolved(p) { Self.coneProfile($0, radius: r, half: h / 2) }
    case .torus(let r, let t):
      return Self.revolved(p) { q in
        let fromTube = SIMD2(q.x - r, q.y)
        let length = (fromTube * fromTube).sum().squareRoot()
        return (length - t, length > 0 ? fromTube / length : SIMD2(0, 1))
      }
    case .tank(let size, let wall): return Self.tank(p, size: size, wall: wall)
    case .mesh, .compound: preconditionFailure("a mesh or compound is asked through SignedDistanceField")
    }
  }

  private static func ball(_ p: Vector3, radius: Double) -> SignedDistance {
    let length = p.length
    return SignedDistance(distance: length - radius, normal: length > 0 ? p / length : .unitZ)
  }

  private static func box(_ p: Vector3, half: Vector3) -> SignedDistance {
    let sign = Vector3(p.x < 0 ? -1 : 1, p.y < 0 ? -1 : 1, p.z < 0 ? -1 : 1)
    let q = p * sign - half
    let outside = Vector3(max(q.x, 0), max(q.y, 0), max(q.z, 0))
    let length = outside.length
    if length > 0 { return SignedDistance(distance: length, normal: outside * sign / length) }
    // Inside, the nearest face is the one whose plane is nearest.
    if q.x >= q.y && q.x >= q.z { return SignedDistance(distance: q.x, normal: Vector3(sign.x, 0, 0)) }
    if q.y >= q.z { return SignedDistance(distance: q.y, normal: Vector3(0, sign.y, 0)) }
    return SignedDistance(distance: q.z, normal: Vector3(0, 0, sign.z))
  }

  /// A solid of revolution about z, from its profile in (distance from the axis, z).
  private static func revolved(
    _ p: Vector3, profile: (SIMD2<Double>) -> (distance: Double, normal: SIMD2<Double>)
  ) -> SignedDistance {
    let radial = (p.x * p.x + p.y * p.y).squareRoot()
    let outward = radial > 0 ? Vector3(p.x / radial, p.y / radial, 0) : .unitX
    let (distance, normal) = profile(SIMD2(radial, p.z))
    return SignedDistance(distance: distance, normal: outward * normal.x + Vector3(0, 0, normal.y))
  }

  private static func cylinderProfile(_ q: SIMD2<Double>, radius: Double, half: Double) -> (Double, SIMD2<Double>) {
    let sign = q.y < 0 ? -1.0 : 1.0
    let e = SIMD2(q.x - radius, q.y * sign - half)
    if e.x > 0 && e.y > 0 {
      let length = (e * e).sum().squareRoot()
      return (length, SIMD2(e.x, e.y * sign) / length)
    }
    return e.x > e.y ? (e.x, SIMD2(1, 0)) : (e.y, SIMD2(0, sign))
  }

  /// The half profile is a triangle whose base and slant are surface.
  private static func coneProfile(_ q: SIMD2<Double>, radius: Double, half: Double) -> (Double, SIMD2<Double>) {
    let slant = SIMD2(-radius, 2 * half)
    let slantLength = (slant * slant).sum().squareRoot()
    let slantNormal = SIMD2(2 * half, radius) / slantLength
    let fromRim = SIMD2(q.x - radius, q.y + half)
    let aboveSlant = (fromRim * slantNormal).sum()
    let belowBase = -half - q.y
    if aboveSlant <= 0 && belowBase <= 0 {
      return aboveSlant > belowBase ? (aboveSlant, slantNormal) : (belowBase, SIMD2(0, -1))
    }
    // Outside: the nearer of the two segments.
    let t = min(max((fromRim * slant).sum() / (slantLength * slantLength), 0), 1)
    let toSlant = fromRim - slant * t
    let toBase = SIMD2(q.x - min(q.x, radius), q.y + half)
    let slantDistance = (toSlant * toSlant).sum().squareRoot()
    let baseDistance = (toBase * toBase).sum().squareRoot()
    if slantDistance <= baseDistance { return (slantDistance, slantDistance > 0 ? toSlant / slantDistance : slantNormal) }
    return (baseDistance, baseDistance > 0 ? toBase / baseDistance : SIMD2(0, -1))
  }

  /// The tank's skin is fourteen rectangles: five outside, five inside and four along the rim.
  private static func tank(_ p: Vector3, size: Vector3, wall: Double) -> SignedDistance {
    let inner = size / 2
    let outer = inner + wall
    let (floor, base, rim) = (0.0, -wall, size.z)
    var nearest = (square: Double.infinity, point: Vector3.zero, normal: Vector3.unitZ)
    func rectangle(_ low: Vector3, _ high: Vector3, _ normal: Vector3) {
      let q = p.clamped(lowerBound: low, upperBound: high)
      let square = (p - q).lengthSquared
      if square < nearest.square { nearest = (square, q, normal) }
    }
    rectangle(Vector3(-outer.x, -outer.y, base), Vector3(outer.x, outer.y, base), -.unitZ)
    rectangle(Vector3(-inner.x, -inner.y, floor), Vector3(inner.x, inner.y, floor), .unitZ)
    for side in [-1.0, 1.0] {
      let (ox, oy, ix, iy) = (side * outer.x, side * outer.y, side * inner.x, side * inner.y)
      rectangle(Vector3(ox, -outer.y, base), Vector3(ox, outer.y, rim), .unitX * side)
      rectangle(Vector3(-outer.x, oy, base), Vector3(outer.x, oy, rim), .unitY * side)
      rectangle(Vector3(ix, -inner.y, floor), Vector3(ix, inner.y, rim), .unitX * -side)
      rectangle(Vector3(-inner.x, iy, floor), Vector3(inner.x, iy, rim), .unitY * -side)
      rectangle(Vector3(min(ix, ox), -outer.y, rim), Vector3(max(ix, ox), outer.y, rim), .unitZ)
      rectangle(Vector3(-outer.x, min(iy, oy), rim), Vector3(outer.x, max(iy, oy), rim), .unitZ)
    }
    let inOuter = abs(p.x) < outer.x && abs(p.y) < outer.y && p.z > base && p.z < rim
    let inHollow = abs(p.x) <= inner.x && abs(p.y) <= inner.y && p.z >= floor
    let sign = inOuter && !inHollow ? -1.0 : 1.0
    let distance = nearest.square.squareRoot()
    return SignedDistance(
      distance: sign * distance, normal: distance > 0 ? (p - nearest.point) * (sign / distance) : nearest.normal)
  }
}

import WorldCore

/// Exact distance from a point to a primitive, in the primitive's frame.
struct SurfacePoint {
  /// m, negative inside.
  var distance: Double
  /// Unit, outward.
  var normal: Vector3

  static func box(_ p: Vector3, half: Vector3) -> SurfacePoint {
    let size = Vector3(abs(p.x), abs(p.y), abs(p.z))
    let beyond = size - half
    let outside = pointwiseMax(beyond, .zero)
    let distance = outside.length
    if distance > 0 {
      let n = outside / distance
      return SurfacePoint(
        distance: distance, normal: Vector3(p.x < 0 ? -n.x : n.x, p.y < 0 ? -n.y : n.y, p.z < 0 ? -n.z : n.z))
    }
    // Inside: out through the nearest face.
    if beyond.x >= beyond.y && beyond.x >= beyond.z {
      return SurfacePoint(distance: beyond.x, normal: Vector3(p.x < 0 ? -1 : 1, 0, 0))
    }
    if beyond.y >= beyond.z { return SurfacePoint(distance: beyond.y, normal: Vector3(0, p.y < 0 ? -1 : 1, 0)) }
    return SurfacePoint(distance: beyond.z, normal: Vector3(0, 0, p.z < 0 ? -1 : 1))
  }

  static func capsule(_ p: Vector3, radius: Double, half: Double) -> SurfacePoint {
    let offset = p - Vector3(0, 0, min(max(p.z, -half), half))
    let length = offset.length
    return SurfacePoint(distance: length - radius, normal: length > 0 ? offset / length : .unitX)
  }

  static func cylinder(_ p: Vector3, radius: Double, half: Double) -> SurfacePoint {
    let across = (p.x * p.x + p.y * p.y).squareRoot()
    let radial = across > 0 ? Vector3(p.x / across, p.y / across, 0) : .unitX
    let (beyondSide, beyondCap) = (across - radius, abs(p.z) - half)
    let cap = Vector3(0, 0, p.z < 0 ? -1 : 1)
    if beyondSide > 0 && beyondCap > 0 {
      let distance = (beyondSide * beyondSide + beyondCap * beyondCap).squareRoot()
      return SurfacePoint(distance: distance, normal: radial * (beyondSide / distance) + cap * (beyondCap / distance))
    }
    return beyondSide > beyondCap
      ? SurfacePoint(distance: beyondSide, normal: radial) : SurfacePoint(distance: beyondCap, normal: cap)
  }

  static func cone(_ p: Vector3, radius: Double, half: Double) -> SurfacePoint {
    // In the half-plane (ρ, z) the cone is a triangle; its slant runs from the tip (0, half) to the rim (radius, −half).
    let across = (p.x * p.x + p.y * p.y).squareRoot()
    let radial = across > 0 ? Vector3(p.x / across, p.y / across, 0) : .unitX
    let length = (radius * radius + 4 * half * half).squareRoot()
    let (along, outward) = ((radius / length, -2 * half / length), (2 * half / length, radius / length))
    let (fromTip, belowBase) = ((across, p.z - half), -half - p.z)
    let slant = fromTip.0 * outward.0 + fromTip.1 * outward.1
    if slant <= 0 && belowBase <= 0 {
      return slant > belowBase
        ? SurfacePoint(distance: slant, normal: radial * outward.0 + Vector3(0, 0, outward.1))
        : SurfacePoint(distance: belowBase, normal: Vector3(0, 0, -1))
    }
    let s = min(max(fromTip.0 * along.0 + fromTip.1 * along.1, 0), length)
    let toSlant = (across - s * along.0, p.z - half - s * along.1)
    let slantDistance = (toSlant.0 * toSlant.0 + toSlant.1 * toSlant.1).squareRoot()
    let toBase = (across - min(across, radius), p.z + half)
    let baseDistance = (toBase.0 * toBase.0 + toBase.1 * toBase.1).squareRoot()
    let (offset, distance) = belowBase > 0 && baseDistance <= slantDistance ? (toBase, baseDistance) : (toSlant, slantDistance)
    guard distance > 0 else { return SurfacePoint(distance: 0, normal: radial * outward.0 + Vector3(0, 0, outward.1)) }
    return SurfacePoint(distance: distance, normal: radial * (offset.0 / distance) + Vector3(0, 0, offset.1 / distance))
  }

  static func torus(_ p: Vector3, radius: Double, tube: Double) -> SurfacePoint {
    let across = (p.x * p.x + p.y * p.y).squareRoot()
    let radial = across > 0 ? Vector3(p.x / across, p.y / across, 0) : .unitX
    let offset = p - radial * radius
    let length = offset.length
    return SurfacePoint(distance: length - tube, normal: length > 0 ? offset / length : .unitZ)
  }
}

/// The point of the triangle nearest to `p` and whether it lies inside the face (Ericson, Real-Time Collision Detection,
/// 5.1.5).
func closestPoint(_ p: Vector3, onTriangle a: Vector3, _ b: Vector3, _ c: Vector3) -> (point: Vector3, isInterior: Bool) {
  let (ab, ac, ap) = (b - a, c - a, p - a)
  let (d1, d2) = (ab.dot(ap), ac.dot(ap))
  if d1 <= 0 && d2 <= 0 { return (a, false) }
  let bp = p - b
  let (d3, d4) = (ab.dot(bp), ac.dot(bp))
  if d3 >= 0 && d4 <= d3 { return (b, false) }
  let vc = d1 * d4 - d3 * d2
  if vc <= 0 && d1 >= 0 && d3 <= 0 { return (a + ab * (d1 / (d1 - d3)), false) }
  let cp = p - c
  let (d5, d6) = (ab.dot(cp), ac.dot(cp))
  if d6 >= 0 && d5 <= d6 { return (c, false) }
  let vb = d5 * d2 - d1 * d6
  if vb <= 0 && d2 >= 0 && d6 <= 0 { return (a + ac * (d2 / (d2 - d6)), false) }
  let va = d3 * d6 - d5 * d4
  if va <= 0 && d4 - d3 >= 0 && d5 - d6 >= 0 { return (b + (c - b) * ((d4 - d3) / ((d4 - d3) + (d5 - d6))), false) }
  let sum = va + vb + vc
  return (a + ab * (vb / sum) + ac * (vc / sum), true)
}

extension Primitive {
  /// The first crossing of the surface beyond `near` and before `far` by a ray in the shape frame: distance and outward normal.
  ///
  /// The origin is first moved to the ray's closest approach, so that squares of large distances never cancel
  /// (Haines et al., "Precision Improvements for Ray/Sphere Intersection", Ray Tracing Gems 2019).
  @inline(__always)
  func intersect(origin: Float3, direction: Float3, near: Float, far: Float) -> (distance: Float, normal: Float3)? {
    let shift = -origin.dot(direction)
    let o = origin + direction * shift
    let (low, high) = (near - shift, far - shift)
    let found: (distance: Float, normal: Float3)?
    switch form {
    case .sphere: found = sphere(o, direction, low, high)
    case .box: found = box(o, direction, low, high)
    case .cylinder: found = cylinder(o, direction, low, high)
    case .capsule: found = capsule(o, direction, low, high)
    case .cone: found = cone(o, direction, low, high)
    case .torus: found = torus(o, direction, low, high)
    case .mesh, .sheet, .plane: return nil
    }
    guard let found else { return nil }
    return (found.distance + shift, found.normal)
  }

  // Each of these takes the point of closest approach to the centre as the ray's origin.

  @inline(__always)
  private func sphere(_ o: Float3, _ d: Float3, _ low: Float, _ high: Float) -> (distance: Float, normal: Float3)? {
    let square = extent.x * extent.x - o.lengthSquared
    guard square >= 0 else { return nil }
    let half = square.squareRoot()
    let s = -half > low ? -half : half
    guard s > low, s < high else { return nil }
    return (s, (o + d * s) * (1 / extent.x))
  }

  @inline(__always)
  private func box(_ o: Float3, _ d: Float3, _ low: Float, _ high: Float) -> (distance: Float, normal: Float3)? {
    // Slabs. A ray in a slab's plane divides by zero to ±∞, which the comparisons take as they should.
    let inverse = 1 / d
    let (a, b) = ((-extent - o) * inverse, (extent - o) * inverse)
    let (enter, leave) = (pointwiseMin(a, b), pointwiseMax(a, b))
    let first = enter.largest
    let last = min(leave.x, min(leave.y, leave.z))
    guard first <= last else { return nil }
    let (s, planes) = first > low ? (first, enter) : (last, leave)
    guard s > low, s < high else { return nil }
    let outwards: Float = first > low ? -1 : 1
    var normal = Float3.zero
    if planes.x == s {
      normal.x = d.x > 0 ? outwards : -outwards
    } else if planes.y == s {
      normal.y = d.y > 0 ? outwards : -outwards
    } else {
      normal.z = d.z > 0 ? outwards : -outwards
    }
    return (s, normal)
  }

  /// The crossings of the ray with the endless cylinder x² + y² = r².
  @inline(__always) private func tube(_ o: Float3, _ d: Float3, radius: Float) -> SIMD2<Float>? {
    let a = d.x * d.x + d.y * d.y
    guard a > 1e-12 else { return nil }
    let b = (o.x * d.x + o.y * d.y) / a
    // The distance from the axis at closest approach, as a difference of positions: exact where it matters.
    let (px, py) = (o.x - b * d.x, o.y - b * d.y)
    let square = (radius * radius - px * px - py * py) / a
    guard square >= 0 else { return nil }
    let half = square.squareRoot()
    return SIMD2(-b - half, -b + half)
  }

  private func cylinder(_ o: Float3, _ d: Float3, _ low: Float, _ high: Float) -> (distance: Float, normal: Float3)? {
    let (r, h) = (extent.x, extent.z)
    var best = high
    var normal = Float3.zero
    if let roots = tube(o, d, radius: r) {
      for k in 0..<2 {
        let s = roots[k]
        guard s > low, s < best, abs(o.z + d.z * s) <= h else { continue }
        best = s
        normal = Float3(o.x + d.x * s, o.y + d.y * s, 0) * (1 / r)
      }
    }
    for k in 0..<2 {
      let side = Float(2 * k - 1)
      let s = (side * h - o.z) / d.z
      let (x, y) = (o.x + d.x * s, o.y + d.y * s)
      if s > low && s < best && x * x + y * y <= r * r {
        best = s
        normal = Float3(0, 0, side)
      }
    }
    return best < high ? (best, normal) : nil
  }

  private func capsule(_ o: Float3, _ d: Float3, _ low: Float, _ high: Float) -> (distance: Float, normal: Float3)? {
    let (r, h) = (extent.x, extent.z)
    var best = high
    var normal = Float3.zero
    if let roots = tube(o, d, radius: r) {
      for k in 0..<2 {
        let s = roots[k]
        guard s > low, s < best, abs(o.z + d.z * s) <= h else { continue }
        best = s
        normal = Float3(o.x + d.x * s, o.y + d.y * s, 0) * (1 / r)
      }
    }
    for k in 0..<2 {
      let side = Float(2 * k - 1)
      let c = o - Float3(0, 0, side * h)
      let b = c.dot(d)
      let square = r * r - (c - d * b).lengthSquared
      guard square >= 0 else { continue }
      let half = square.squareRoot()
      for crossing in 0..<2 {
        let s = crossing == 0 ? -b - half : -b + half
        let p = c + d * s
        guard s > low, s < best, p.z * side >= 0 else { continue }
        best = s
        normal = p * (1 / r)
      }
    }
    return best < high ? (best, normal) : nil
  }

  private func cone(_ o: Float3, _ d: Float3, _ low: Float, _ high: Float) -> (distance: Float, normal: Float3)? {
    // With k = r/2h the side is x² + y² = k² (h − z)² for |z| ≤ h.
    let (r, h) = (extent.x, extent.z)
    let k = r / (2 * h)
    let k2 = k * k
    let top = h - o.z
    let a = d.x * d.x + d.y * d.y - k2 * d.z * d.z
    let b = o.x * d.x + o.y * d.y + k2 * top * d.z
    let c = o.x * o.x + o.y * o.y - k2 * top * top
    var best = high
    var normal = Float3.zero
    let discriminant = b * b - a * c
    if discriminant >= 0 {
      // Citardauq's form keeps the digits of the smaller root.
      let q = -(b + (b >= 0 ? 1 : -1) * discriminant.squareRoot())
      for crossing in 0..<2 {
        let s = crossing == 0 ? q / a : c / q
        let p = o + d * s
        guard s > low, s < best, abs(p.z) <= h else { continue }
        best = s
        normal = Float3(p.x, p.y, k2 * (h - p.z)).normalized
      }
    }
    let s = (-h - o.z) / d.z
    let (x, y) = (o.x + d.x * s, o.y + d.y * s)
    if s > low && s < best && x * x + y * y <= r * r { (best, normal) = (s, Float3(0, 0, -1)) }
    return best < high ? (best, normal) : nil
  }
}

import Foundation

/// Where a point lies on the unrolled surface, and how large a pixel is there.
struct SurfaceCoordinates {
  /// Metres along the surface, adjusted so that a whole number of repeats closes around.
  var uv: SIMD2<Float>
  /// Extent of the pixel along u and v, metres.
  var width: SIMD2<Float>

  /// `footprint` is a pixel's width across the line of sight and `sight` the unit direction of sight, in the shape frame.
  init(_ primitive: UnsafePointer<Primitive>, at p: Float3, normal: Float3, repeats: Float, footprint: Float, sight: Float3) {
    let form = primitive.pointee.form
    let extent = primitive.pointee.extent
    let u: Float3
    let v: Float3
    switch form {
    case .plane:
      (u, v) = extent.frame
      uv = SIMD2(p.dot(u), p.dot(v))
    case .sheet:
      (u, v) = (Float3(1, 0, 0), Float3(0, 1, 0))
      uv = SIMD2(p.x, p.y)
    case .box, .mesh:
      // The face that the normal looks through most.
      let a = pointwiseMax(normal, -normal)
      if a.z >= a.x && a.z >= a.y {
        (u, v) = (Float3(1, 0, 0), Float3(0, 1, 0))
      } else if a.x >= a.y {
        (u, v) = (Float3(0, 1, 0), Float3(0, 0, 1))
      } else {
        (u, v) = (Float3(1, 0, 0), Float3(0, 0, 1))
      }
      uv = SIMD2(p.dot(u), p.dot(v))
    case .sphere, .cylinder, .capsule, .cone, .torus:
      let ring = max((p.x * p.x + p.y * p.y).squareRoot(), 1e-7)
      let longitude = atan2(p.y, p.x)
      let circumference = 2 * Float.pi * extent.x
      // Two repeats at least, so that a turn about the axis can be seen.
      let around = max((circumference / repeats).rounded(), 2) * repeats / (2 * .pi)
      u = Float3(-p.y, p.x, 0) * (1 / ring)
      switch form {
      case .sphere:
        let bands = max((Float.pi * extent.x / repeats).rounded(), 2) * repeats / .pi
        uv = SIMD2(longitude * around, asin(clamp(p.z / extent.x, -1, 1)) * bands)
        v = normal.cross(u)
      case .torus:
        let bands = max((2 * Float.pi * extent.z / repeats).rounded(), 1) * repeats / (2 * .pi)
        uv = SIMD2(longitude * around, atan2(p.z, ring - extent.x) * bands)
        v = normal.cross(u)
      default:
        // Caps go on with the radius where the side ends.
        let isCap = abs(normal.z) > 0.999 && form != .capsule
        uv = SIMD2(longitude * around, isCap ? extent.z + extent.x - ring : p.z)
        v = isCap ? Float3(p.x, p.y, 0) * (1 / ring) : normal.cross(u)
      }
    }
    // The pixel's ellipse on the surface: `footprint` across, longer by 1/cosine along the sight.
    let cosine = max(abs(sight.dot(normal)), 0.02)
    let along = sight - normal * sight.dot(normal)
    let flat = along.lengthSquared > 1e-8 ? along.normalized : u
    let growth = 1 / (cosine * cosine) - 1
    func spread(_ axis: Float3) -> Float {
      let c = flat.dot(axis)
      return footprint * (1 + growth * c * c).squareRoot()
    }
    width = SIMD2(spread(u), spread(v))
  }
}

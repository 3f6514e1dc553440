import CBullet
import WorldCore

/// One piece of a body's shape, placed in the body's frame.
struct Part {
  enum Form {
    case sphere(radius: Double)
    case box(half: Vector3)
    case capsule(radius: Double, half: Double)
    case cylinder(radius: Double, half: Double)
    case cone(radius: Double, half: Double)
    case torus(radius: Double, tube: Double)
    /// The half-space below z = 0 of the part's frame.
    case plane
    /// Index into the world's polyhedra.
    case hull(Int)
    /// Index into the world's triangle meshes.
    case mesh(Int)
  }

  var form: Form
  var bodyFromPart: Frame
  /// Of a sphere about the part's origin that holds it, m; infinite for a plane.
  var boundingRadius: Double
  /// For closest-point queries; nil for spheres, planes, tori and meshes.
  var convex: OpaquePointer?
  /// Radius that is added around `convex`.
  var rounding = 0.0

  /// Half the extents of the part's box along the axes of `frame`'s outer frame, and its centre.
  func bounds(in frame: Frame, _ library: ShapeLibrary) -> (low: Vector3, high: Vector3) {
    let half: Vector3
    func discs(_ radius: Double) -> Vector3 {
      let z = frame.z
      return Vector3(
        radius * max(0, 1 - z.x * z.x).squareRoot(), radius * max(0, 1 - z.y * z.y).squareRoot(),
        radius * max(0, 1 - z.z * z.z).squareRoot())
    }
    func absolute(_ v: Vector3) -> Vector3 { Vector3(abs(v.x), abs(v.y), abs(v.z)) }
    switch form {
    case .sphere(let radius): half = Vector3(repeating: radius)
    case .box(let h): half = absolute(frame.x) * h.x + absolute(frame.y) * h.y + absolute(frame.z) * h.z
    case .capsule(let radius, let h): half = absolute(frame.z) * h + Vector3(repeating: radius)
    case .cylinder(let radius, let h), .cone(let radius, let h): half = absolute(frame.z) * h + discs(radius)
    case .torus(let radius, let tube): half = discs(radius) + Vector3(repeating: tube)
    case .plane: half = Vector3(repeating: 1e9)
    case .hull(let index): return Self.bounds(library.polyhedra[index].vertices, frame)
    case .mesh(let index): return Self.bounds(library.meshes[index].mesh.vertices, frame)
    }
    return (frame.origin - half, frame.origin + half)
  }

  private static func bounds(_ vertices: [Vector3], _ frame: Frame) -> (low: Vector3, high: Vector3) {
    var low = Vector3(repeating: .infinity), high = Vector3(repeating: -.infinity)
    for vertex in vertices {
      let p = frame.point(vertex)
      low = pointwiseMin(low, p)
      high = pointwiseMax(high, p)
    }
    return (low, high)
  }
}

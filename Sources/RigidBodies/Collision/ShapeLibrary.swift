import CBullet
import WorldCore

/// Turns shapes into parts and owns what they share: Bullet's shapes, polyhedra and triangle trees.
final class ShapeLibrary {
  struct Mesh {
    var mesh: TriangleMesh
    var tree: OpaquePointer
    /// For each triangle, which of its edges (a b, b c, c a) are convex or open, as bits.
    var convexEdges: [UInt8]

    init(mesh: TriangleMesh, tree: OpaquePointer) {
      self.mesh = mesh
      self.tree = tree
      convexEdges = [UInt8](repeating: 7, count: mesh.triangles.count)
      // The triangle across each directed edge.
      var across: [SIMD2<Int32>: Int] = [:]
      for (index, t) in mesh.triangles.enumerated() {
        for (a, b) in [(t.x, t.y), (t.y, t.z), (t.z, t.x)] { across[SIMD2(a, b)] = index }
      }
      for (index, t) in mesh.triangles.enumerated() {
        let (p, q, r) = mesh.corners(index)
        let normal = (q - p).cross(r - p).normalized
        let size = max((q - p).length, (r - p).length)
        for (edge, (a, b)) in [(t.x, t.y), (t.y, t.z), (t.z, t.x)].enumerated() {
          guard let other = across[SIMD2(b, a)] else { continue }
          let u = mesh.triangles[other]
          let far = [u.x, u.y, u.z].first { $0 != a && $0 != b } ?? a
          let height = normal.dot(mesh.vertices[Int(far)] - p)
          if height > -1e-6 * size { convexEdges[index] &= ~(1 << UInt8(edge)) }
        }
      }
    }

    /// Whether a point on a triangle's rim lies on an edge that is convex.
    func sticksOut(_ triangle: Int, at point: Vector3) -> Bool {
      let (a, b, c) = mesh.corners(triangle)
      let tolerance = 1e-6 * max((b - a).length, (c - a).length)
      for (edge, (p, q)) in [(a, b), (b, c), (c, a)].enumerated() where convexEdges[triangle] & (1 << UInt8(edge)) != 0 {
        let along = (q - p).normalized
        let offset = point - p
        if (offset - along * offset.dot(along)).length < tolerance { return true }
      }
      return false
    }
  }

  private(set) var polyhedra: [Polyhedron] = []
  private(set) var meshes: [Mesh] = []
  private var convexes: [OpaquePointer] = []
  /// A triangle that is loaded with the corners of the one at hand.
  let triangle: OpaquePointer
  let point: OpaquePointer

  /// Capsules that stand in for a torus against anything but spheres and planes: the chords of 96 leave the circle by at most
  /// R (1 − cos(π/96)) = 5e-4 R.
  static let torusCapsules = 96

  init() {
    guard let triangle = cbullet_convex_points([Double](repeating: 0, count: 9), 3), let point = cbullet_convex_point() else {
      preconditionFailure("no memory for collision shapes")
    }
    self.triangle = triangle
    self.point = point
    convexes = [triangle, point]
  }

  deinit {
    for convex in convexes { cbullet_convex_destroy(convex) }
    for mesh in meshes { cbullet_mesh_destroy(mesh.tree) }
  }

  /// The parts of a shape whose frame stands at `bodyFromShape` in the body. A moving mesh collides as its convex hull.
  func parts(of shape: Shape, bodyFromShape: RigidTransform, moving: Bool) -> [Part] {
    let frame = Frame(bodyFromShape)
    func one(_ form: Part.Form, _ boundingRadius: Double, _ convex: OpaquePointer? = nil, rounding: Double = 0) -> [Part] {
      [Part(form: form, bodyFromPart: frame, boundingRadius: boundingRadius, convex: convex, rounding: rounding)]
    }
    switch shape {
    case .sphere(let radius):
      return one(.sphere(radius: radius), radius, point, rounding: radius)
    case .box(let size):
      let half = size / 2
      return one(.box(half: half), half.length, keep(cbullet_convex_box(half.x, half.y, half.z)))
    case .cylinder(let radius, let height):
      let bound = (radius * radius + height * height / 4).squareRoot()
      return one(.cylinder(radius: radius, half: height / 2), bound, keep(cbullet_convex_cylinder(radius, height / 2)))
    case .capsule(let radius, let height):
      return one(
        .capsule(radius: radius, half: height / 2), radius + height / 2, keep(cbullet_convex_segment(height / 2)),
        rounding: radius)
    case .cone(let radius, let height):
      let bound = (radius * radius + height * height / 4).squareRoot()
      return one(.cone(radius: radius, half: height / 2), bound, keep(cbullet_convex_cone(radius, height / 2)))
    case .torus(let radius, let tube):
      return one(.torus(radius: radius, tube: tube), radius + tube)
    case .plane(let normal):
      let turned = RigidTransform(rotation: Quaternion(from: .unitZ, to: normal))
      return [Part(form: .plane, bodyFromPart: frame * Frame(turned), boundingRadius: .infinity)]
    case .tank(let size, let wall):
      return parts(of: .compound(Shape.tankParts(size: size, wall: wall)), bodyFromShape: bodyFromShape, moving: moving)
    case .compound(let pieces):
      return pieces.flatMap { parts(of: $0.shape, bodyFromShape: bodyFromShape * $0.compoundFromPart, moving: moving) }
    case .mesh(let mesh):
      return moving ? [hull(of: mesh, frame)] : [tree(of: mesh, frame)]
    }
  }

  /// The capsules that stand for a torus in its frame.
  func capsules(ofTorus radius: Double, tube: Double) -> [Part] {
    let count = Self.torusCapsules
    let half = radius * tangentOfHalfChord
    let convex = keep(cbullet_convex_segment(half))
    return (0..<count).map { index in
      let turn = Quaternion(axis: .unitZ, angle: 2 * .pi * Double(index) / Double(count))
      // The middle of each chord lies on the circle, so that the tube's inside and outside err by halves.
      let along = turn * Quaternion(axis: .unitX, angle: .pi / 2)
      let place = Frame(along, turn.rotate(Vector3(radius, 0, 0)))
      return Part(
        form: .capsule(radius: tube, half: half), bodyFromPart: place, boundingRadius: tube + half, convex: convex,
        rounding: tube)
    }
  }

  private var tangentOfHalfChord: Double { Double.pi / Double(Self.torusCapsules) }

  private func keep(_ convex: OpaquePointer?) -> OpaquePointer {
    guard let convex else { preconditionFailure("no memory for a collision shape") }
    convexes.append(convex)
    return convex
  }

  private func hull(of mesh: TriangleMesh, _ frame: Frame) -> Part {
    let polyhedron = Polyhedron(hullOf: mesh.vertices)
    let flat = polyhedron.vertices.flatMap { [$0.x, $0.y, $0.z] }
    let convex = keep(cbullet_convex_points(flat, Int32(polyhedron.vertices.count)))
    polyhedra.append(polyhedron)
    let bound = polyhedron.vertices.map(\.length).max() ?? 0
    return Part(form: .hull(polyhedra.count - 1), bodyFromPart: frame, boundingRadius: bound, convex: convex)
  }

  private func tree(of mesh: TriangleMesh, _ frame: Frame) -> Part {
    let vertices = mesh.vertices.flatMap { [$0.x, $0.y, $0.z] }
    let triangles = mesh.triangles.flatMap { [$0.x, $0.y, $0.z] }
    guard let tree = cbullet_mesh_create(vertices, Int32(mesh.vertices.count), triangles, Int32(mesh.triangles.count)) else {
      preconditionFailure("no memory for a triangle tree")
    }
    meshes.append(Mesh(mesh: mesh, tree: tree))
    let bound = mesh.vertices.map(\.length).max() ?? 0
    return Part(form: .mesh(meshes.count - 1), bodyFromPart: frame, boundingRadius: bound)
  }
}

/// A convex solid by its corners and faces.
struct Polyhedron {
  struct Face {
    /// Counter-clockwise seen from outside.
    var corners: [Int]
    var normal: Vector3
  }

  private(set) var vertices: [Vector3] = []
  private(set) var faces: [Face] = []

  init(hullOf points: [Vector3]) {
    guard let hull = cbullet_hull_create(points.flatMap { [$0.x, $0.y, $0.z] }, Int32(points.count)) else {
      preconditionFailure("no memory for a convex hull")
    }
    defer { cbullet_hull_destroy(hull) }
    var flat = [Double](repeating: 0, count: 3 * Int(cbullet_hull_vertex_count(hull)))
    cbullet_hull_vertices(hull, &flat)
    vertices = stride(from: 0, to: flat.count, by: 3).map { Vector3(flat[$0], flat[$0 + 1], flat[$0 + 2]) }
    for index in 0..<cbullet_hull_face_count(hull) {
      var corners = [Int32](repeating: 0, count: vertices.count)
      let count = Int(cbullet_hull_face(hull, index, &corners, Int32(corners.count)))
      var face = Face(corners: corners.prefix(count).map(Int.init), normal: .zero)
      // Newell's normal holds for any number of corners.
      for (i, j) in zip(face.corners, face.corners.dropFirst() + face.corners.prefix(1)) {
        face.normal += vertices[i].cross(vertices[j])
      }
      face.normal = face.normal.normalized
      // The computer's winding is told by which side the solid lies on.
      let center = vertices.reduce(.zero, +) / Double(vertices.count)
      if face.normal.dot(vertices[face.corners[0]] - center) < 0 {
        face.normal = -face.normal
        face.corners.reverse()
      }
      faces.append(face)
    }
  }
}

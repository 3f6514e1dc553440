import CBullet
import WorldCore

/// A point where two bodies touch or nearly do.
struct ContactPoint {
  /// World frame, half-way between the surfaces, m.
  var point: Vector3
  /// Unit, from the second body to the first.
  var normal: Vector3
  /// Distance between the surfaces, m; negative where they overlap.
  var gap: Double
  /// Which two parts touch.
  var parts: Int32 = 0
  /// Mean distance from their middle of an even load on the patch that the points of these parts bound, as a share of that of
  /// the points: where its friction acts. 1 for a point or two.
  var spread = 1.0
}

/// Finds contact points between bodies: exact formulas for spheres, planes and pairs of boxes; for other convex pairs Bullet's
/// closest points give the normal and clipped faces the manifold.
final class Narrowphase {
  let library: ShapeLibrary
  /// What the last query found.
  var found: [ContactPoint] = []
  /// Scratch polygons of the clipping.
  var polygon: [Vector3] = []
  var clipped: [Vector3] = []
  private var triangles = [Int32](repeating: 0, count: 1024)

  init(_ library: ShapeLibrary) {
    self.library = library
    found.reserveCapacity(64)
  }

  /// Fills `found` with the contact points of two bodies that are no farther apart than `margin`.
  ///
  /// - Parameter guess: a likely normal, from the second body to the first; zero when there is none.
  func collide(
    _ a: Collider, _ worldFromA: Frame, _ b: Collider, _ worldFromB: Frame, margin: Double, guess: Vector3 = .zero
  ) {
    found.removeAll(keepingCapacity: true)
    let (partsA, partsB) = Collider.parts(of: a, against: b)
    for i in 0..<partsA.count {
      let frameA = worldFromA * partsA[i].bodyFromPart
      for j in 0..<partsB.count {
        let reach = partsA[i].boundingRadius + partsB[j].boundingRadius + margin
        let frameB = worldFromB * partsB[j].bodyFromPart
        if (frameA.origin - frameB.origin).lengthSquared > reach * reach { continue }
        let first = found.count
        collide(partsA[i], frameA, partsB[j], frameB, margin, guess)
        let spread = spread(ofPointsFrom: first, partsA[i].form, partsB[j].form)
        for k in first..<found.count {
          found[k].parts = Int32(truncatingIfNeeded: i << 16 | j)
          found[k].spread = spread
        }
      }
    }
  }

  private func collide(_ a: Part, _ fa: Frame, _ b: Part, _ fb: Frame, _ margin: Double, _ guess: Vector3) {
    switch (a.form, b.form) {
    case (.plane, .plane), (.plane, .mesh), (.mesh, .plane), (.mesh, .mesh): break
    case (_, .plane): addLowPoints(of: a, fa, above: fb, margin, sign: 1)
    case (.plane, _): addLowPoints(of: b, fb, above: fa, margin, sign: -1)
    case (.sphere(let radius), _): addSphere(radius, fa.origin, b, fb, margin, sign: 1, guess)
    case (_, .sphere(let radius)): addSphere(radius, fb.origin, a, fa, margin, sign: -1, guess)
    case (.box(let ha), .box(let hb)): addBoxes(ha, fa, hb, fb, margin)
    case (.mesh(let mesh), _): addMesh(mesh, fa, b, fb, margin, sign: -1)
    case (_, .mesh(let mesh)): addMesh(mesh, fb, a, fa, margin, sign: 1)
    default: addConvex(a, fa, b, fb, margin, guess)
    }
  }

  @inline(__always)
  func add(_ point: Vector3, _ normal: Vector3, _ gap: Double) {
    found.append(ContactPoint(point: point, normal: normal, gap: gap))
  }

  // MARK: Spheres

  /// `sign` is 1 when the sphere belongs to the first body.
  private func addSphere(
    _ radius: Double, _ center: Vector3, _ part: Part, _ frame: Frame, _ margin: Double, sign: Double, _ guess: Vector3
  ) {
    let p = frame.inversePoint(center)
    let surface: SurfacePoint
    switch part.form {
    case .sphere(let other):
      let length = p.length
      surface = SurfacePoint(distance: length - other, normal: length > 0 ? p / length : .unitZ)
    case .box(let half): surface = .box(p, half: half)
    case .capsule(let r, let half): surface = .capsule(p, radius: r, half: half)
    case .cylinder(let r, let half): surface = .cylinder(p, radius: r, half: half)
    case .cone(let r, let half): surface = .cone(p, radius: r, half: half)
    case .torus(let major, let tube):
      addTorus(major, tube, p, radius, frame, margin, sign)
      return
    case .mesh(let index):
      addSphere(radius, p, mesh: index, frame, margin, sign)
      return
    case .hull(let index): surface = distance(p, toHull: library.polyhedra[index], part)
    case .plane: return
    }
    let gap = surface.distance - radius
    if gap > margin { return }
    let normal = frame.direction(surface.normal)
    add(center - normal * (radius + gap / 2), normal * sign, gap)
  }

  /// The nearest point of the tube, and two more a third of a turn on for a ball that sits in the ring.
  private func addTorus(
    _ major: Double, _ tube: Double, _ p: Vector3, _ radius: Double, _ frame: Frame, _ margin: Double, _ sign: Double
  ) {
    let across = (p.x * p.x + p.y * p.y).squareRoot()
    let radial = across > 0 ? Vector3(p.x / across, p.y / across, 0) : .unitX
    let (half, rise) = (-0.5, 0.75.squareRoot())
    for turn in 0..<3 {
      let (c, s) = turn == 0 ? (1, 0) : (half, turn == 1 ? rise : -rise)
      let direction = Vector3(c * radial.x - s * radial.y, s * radial.x + c * radial.y, 0)
      let offset = p - direction * major
      let length = offset.length
      let gap = length - tube - radius
      if gap > margin { continue }
      let local = length > 0 ? offset / length : .unitZ
      let normal = frame.direction(local)
      add(frame.point(p) - normal * (radius + gap / 2), normal * sign, gap)
    }
  }

  private func distance(_ p: Vector3, toHull hull: Polyhedron, _ part: Part) -> SurfacePoint {
    var best = SurfacePoint(distance: -.infinity, normal: .unitZ)
    for face in hull.faces {
      let distance = face.normal.dot(p - hull.vertices[face.corners[0]])
      if distance > best.distance { best = SurfacePoint(distance: distance, normal: face.normal) }
    }
    if best.distance <= 0 { return best }
    guard let convex = part.convex else { return best }
    var at = Frame.identity
    at.origin = p
    let closest = closestPoints(library.point, at, convex, .identity, guess: best.normal)
    return closest.distance > 0 ? SurfacePoint(distance: closest.distance, normal: closest.normal) : best
  }

  private func addSphere(_ radius: Double, _ p: Vector3, mesh index: Int, _ frame: Frame, _ margin: Double, _ sign: Double) {
    // Faces come first. An edge or corner counts only where no touched face goes through its nearest point: a ball that rolls
    // over the seam of two triangles must not feel it.
    let mesh = library.meshes[index].mesh
    let reach = Vector3(repeating: radius + margin)
    var faces: [(point: Vector3, normal: Vector3)] = []
    var rims: [(point: Vector3, distance: Double)] = []
    for triangle in trianglesOf(index, p - reach, p + reach) {
      let (a, b, c) = mesh.corners(triangle)
      let (nearest, isInterior) = closestPoint(p, onTriangle: a, b, c)
      let distance = (p - nearest).length
      if distance > radius + margin { continue }
      if isInterior {
        let normal = (b - a).cross(c - a).normalized
        let height = normal.dot(p - a)
        if height < 0 { continue }
        faces.append((nearest, normal))
        let world = frame.direction(normal)
        let gap = height - radius
        add(frame.point(p) - world * (radius + gap / 2), world * sign, gap)
      } else {
        rims.append((nearest, distance))
      }
    }
    let tolerance = 1e-6 * radius
    var taken: [Vector3] = []
    for rim in rims.sorted(by: { $0.distance < $1.distance }) where rim.distance > 0 {
      if faces.contains(where: { abs($0.normal.dot(rim.point - $0.point)) < tolerance }) { continue }
      if taken.contains(where: { ($0 - rim.point).length < tolerance }) { continue }
      taken.append(rim.point)
      let normal = frame.direction((p - rim.point) / rim.distance)
      let gap = rim.distance - radius
      add(frame.point(p) - normal * (radius + gap / 2), normal * sign, gap)
    }
  }

  func trianglesOf(_ index: Int, _ low: Vector3, _ high: Vector3) -> [Int] {
    let tree = library.meshes[index].tree
    let (l, h) = ([low.x, low.y, low.z], [high.x, high.y, high.z])
    var count = Int(cbullet_mesh_triangles(tree, l, h, &triangles, Int32(triangles.count)))
    if count > triangles.count {
      triangles = [Int32](repeating: 0, count: 2 * count)
      count = Int(cbullet_mesh_triangles(tree, l, h, &triangles, Int32(triangles.count)))
    }
    return triangles.prefix(max(count, 0)).map(Int.init)
  }

  // MARK: Planes

  /// The points of a part that are lowest over a plane: corners, ends, or three points of a rim.
  private func addLowPoints(of part: Part, _ frame: Frame, above plane: Frame, _ margin: Double, sign: Double) {
    let n = plane.z
    let height = n.dot(frame.origin - plane.origin)
    if height > part.boundingRadius + margin { return }
    @inline(__always) func consider(_ point: Vector3, radius: Double = 0) {
      let gap = n.dot(point - plane.origin) - radius
      if gap <= margin { add(point - n * (radius + gap / 2), n * sign, gap) }
    }
    // Four points of a circle: the lowest, the highest and the two between, so that a disc can stand on them.
    func considerRing(_ center: Vector3, _ radius: Double, thickness: Double = 0) {
      var down = frame.z * n.dot(frame.z) - n
      down = down.lengthSquared > 1e-16 ? down.normalized : frame.x
      let aside = frame.z.cross(down)
      consider(center + down * radius, radius: thickness)
      consider(center + aside * radius, radius: thickness)
      consider(center - aside * radius, radius: thickness)
      consider(center - down * radius, radius: thickness)
    }
    switch part.form {
    case .sphere(let radius): consider(frame.origin, radius: radius)
    case .box(let half):
      let (x, y, z) = (frame.x * half.x, frame.y * half.y, frame.z * half.z)
      let reach = abs(n.dot(x)) + abs(n.dot(y)) + abs(n.dot(z))
      if height - reach > margin { return }
      for corner in 0..<8 {
        var p = frame.origin
        p += corner & 1 == 0 ? x : -x
        p += corner & 2 == 0 ? y : -y
        p += corner & 4 == 0 ? z : -z
        consider(p)
      }
    case .capsule(let radius, let half):
      consider(frame.origin + frame.z * half, radius: radius)
      consider(frame.origin - frame.z * half, radius: radius)
    case .cylinder(let radius, let half):
      considerRing(frame.origin + frame.z * half, radius)
      considerRing(frame.origin - frame.z * half, radius)
    case .cone(let radius, let half):
      consider(frame.origin + frame.z * half)
      considerRing(frame.origin - frame.z * half, radius)
    case .torus(let radius, let tube): considerRing(frame.origin, radius, thickness: tube)
    case .hull(let index): for vertex in library.polyhedra[index].vertices { consider(frame.point(vertex)) }
    case .plane, .mesh: break
    }
  }
}

/// The parts of one body, and the finer set that replaces a torus where no exact formula exists.
struct Collider {
  var parts: UnsafeMutableBufferPointer<Part>
  /// The same with each torus as a ring of capsules; empty when there is none.
  var ringParts: UnsafeMutableBufferPointer<Part>
  /// Whether all parts are spheres or planes, which a torus meets exactly.
  var isRoundOrFlat: Bool

  static func parts(
    of a: Collider, against b: Collider
  ) -> (UnsafeMutableBufferPointer<Part>, UnsafeMutableBufferPointer<Part>) {
    (
      a.ringParts.count > 0 && !b.isRoundOrFlat ? a.ringParts : a.parts,
      b.ringParts.count > 0 && !a.isRoundOrFlat ? b.ringParts : b.parts
    )
  }
}

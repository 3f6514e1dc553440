import CBullet
import WorldCore

extension Narrowphase {
  struct Closest {
    /// 0 when the shapes overlap; the rest then means nothing.
    var distance: Double
    var onA: Vector3
    var onB: Vector3
    /// From B to A.
    var normal: Vector3
  }

  func closestPoints(_ a: OpaquePointer, _ fa: Frame, _ b: OpaquePointer, _ fb: Frame, guess: Vector3) -> Closest {
    var result = CBulletClosest()
    withFlat(fa) { flatA in
      withFlat(fb) { flatB in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 3) { g in
          (g[0], g[1], g[2]) = (guess.x, guess.y, guess.z)
          _ = cbullet_closest_points(a, flatA, b, flatB, g.baseAddress, &result)
        }
      }
    }
    return Closest(
      distance: result.distance,
      onA: Vector3(result.pointOnA.0, result.pointOnA.1, result.pointOnA.2),
      onB: Vector3(result.pointOnB.0, result.pointOnB.1, result.pointOnB.2),
      normal: Vector3(result.normal.0, result.normal.1, result.normal.2))
  }

  /// Least separation of two convex cores, negative where they overlap.
  ///
  /// Closest points are ill-conditioned where shapes touch and undefined where they overlap. So the first shape is moved away
  /// by a little along a likely normal; the separation along the normal n that is then found is distance − n·shift, a lower
  /// bound of the true one that is met when n is the true normal, which a second pass with the better guess makes it.
  func separation(_ a: Part, _ fa: Frame, _ b: OpaquePointer, _ fb: Frame, radiusB: Double, guess: Vector3) -> Closest? {
    guard let core = a.convex else { return nil }
    let size = min(a.boundingRadius, radiusB)
    let direct = closestPoints(core, fa, b, fb, guess: guess)
    if direct.distance > 1e-3 * size { return direct }

    // A shallow answer is the right one; a deep one may be that of an unlucky guess, so other ways out are tried.
    var best: Closest?
    let between = (fa.origin - fb.origin).normalized
    func outward(_ axis: Vector3) -> Vector3 { axis.dot(between) < 0 ? -axis : axis }
    let ways = [
      direct.distance > 1e-9 * size ? direct.normal : guess.normalized, between, outward(fb.x), outward(fb.y), outward(fb.z),
      outward(fa.x), outward(fa.y), outward(fa.z),
    ]
    for way in ways where way != .zero {
      let found = separation(core, fa, b, fb, along: way, size: size, farthest: 4 * (a.boundingRadius + radiusB))
      if let found, best == nil || found.distance > best!.distance { best = found }
      if let best, best.distance > -0.01 * size { break }
    }
    return best
  }

  private func separation(
    _ core: OpaquePointer, _ fa: Frame, _ b: OpaquePointer, _ fb: Frame, along way: Vector3, size: Double, farthest: Double
  ) -> Closest? {
    var direction = way
    var best: Closest?
    var shift = 4e-3 * size
    for _ in 0..<12 {
      var moved = fa
      moved.origin += direction * shift
      var closest = closestPoints(core, moved, b, fb, guess: direction)
      if closest.distance <= 1e-4 * size {
        shift *= 3
        if shift > farthest { return best }
        continue
      }
      closest.distance -= closest.normal.dot(direction) * shift
      closest.onA -= direction * shift
      let agrees = closest.normal.dot(direction) > 1 - 1e-12
      if best == nil || closest.distance > best!.distance { best = closest }
      if agrees { break }
      direction = closest.normal
    }
    return best
  }

  func addConvex(_ a: Part, _ fa: Frame, _ b: Part, _ fb: Frame, _ margin: Double, _ guess: Vector3) {
    guard let closest = separation(a, fa, b, fb, margin: margin + a.rounding + b.rounding, guess: guess) else { return }
    let gap = closest.distance - a.rounding - b.rounding
    if gap > margin { return }
    addManifold(
      closest, gap, margin, sign: 1, a.rounding, b.rounding, { self.face(of: a, fa, facing: -closest.normal, &$0) },
      { self.face(of: b, fb, facing: closest.normal, &$0) })
  }

  /// Least separation of the cores of two parts; nil where it's more than `margin`.
  private func separation(_ a: Part, _ fa: Frame, _ b: Part, _ fb: Frame, margin: Double, guess: Vector3) -> Closest? {
    var test = FaceTest.undecided
    if case .box(let half) = b.form {
      test = testFaces(of: half, fb, against: a, fa, margin: margin)
    } else if case .box(let half) = a.form {
      test = testFaces(of: half, fa, against: b, fb, margin: margin)
      if case .met(let closest) = test {
        test = .met(Closest(distance: closest.distance, onA: closest.onB, onB: closest.onA, normal: -closest.normal))
      }
    }
    switch test {
    case .apart: return nil
    case .met(let closest): return closest
    case .undecided: return b.convex.flatMap { separation(a, fa, $0, fb, radiusB: b.boundingRadius, guess: guess) }
    }
  }

  /// Static triangles against a convex part (the first shape of each query; `sign` is −1 when it belongs to the second body).
  func addMesh(_ index: Int, _ meshFrame: Frame, _ part: Part, _ frame: Frame, _ margin: Double, sign: Double) {
    let local = Frame(
      x: meshFrame.inverseDirection(frame.x), y: meshFrame.inverseDirection(frame.y), z: meshFrame.inverseDirection(frame.z),
      origin: meshFrame.inversePoint(frame.origin))
    let bounds = part.bounds(in: local, library)
    let pad = Vector3(repeating: margin)
    let mesh = library.meshes[index].mesh
    for triangle in trianglesOf(index, bounds.low - pad, bounds.high + pad) {
      let (p, q, r) = mesh.corners(triangle)
      let corners = [meshFrame.point(p), meshFrame.point(q), meshFrame.point(r)]
      let normal = (corners[1] - corners[0]).cross(corners[2] - corners[0]).normalized
      if normal.dot(frame.origin - corners[0]) < 0 { continue }
      cbullet_convex_set_points(library.triangle, corners.flatMap { [$0.x, $0.y, $0.z] }, 3)
      let radius = max((corners[1] - corners[0]).length, (corners[2] - corners[0]).length)
      guard let closest = separation(part, frame, library.triangle, .identity, radiusB: radius, guess: normal) else { continue }
      let gap = closest.distance - part.rounding
      if gap > margin || closest.normal.dot(normal) < 0 { continue }
      // An edge that sticks out of nothing has no side to push with: the face beside it does.
      if closest.normal.dot(normal) < 1 - 1e-6,
        !library.meshes[index].sticksOut(triangle, at: meshFrame.inversePoint(closest.onB))
      {
        continue
      }
      addManifold(
        closest, gap, margin, sign: sign, part.rounding, 0,
        { self.face(of: part, frame, facing: -closest.normal, &$0) }, { $0 = corners })
    }
  }

  /// Contact points of two convex shapes with a common normal: the supporting feature of one clipped by the face of the other.
  private func addManifold(
    _ closest: Closest, _ gap: Double, _ margin: Double, sign: Double, _ roundingA: Double, _ roundingB: Double,
    _ faceA: (inout [Vector3]) -> Void, _ faceB: (inout [Vector3]) -> Void
  ) {
    let n = closest.normal
    var (a, b) = ([Vector3](), [Vector3]())
    faceA(&a)
    faceB(&b)
    let first = found.count
    // The face with an area is the reference; of two, the one that lies flatter across the normal.
    func flatness(_ face: [Vector3]) -> Double { face.count < 3 ? -1 : abs(newellNormal(face).dot(n)) }
    let (fa, fb) = (flatness(a), flatness(b))
    if max(fa, fb) > 0.7 && min(a.count, b.count) > 1 {
      let referenceIsB = fb >= fa
      let (reference, incident) = referenceIsB ? (b, a) : (a, b)
      var plane = newellNormal(reference)
      let towards = referenceIsB ? n : -n
      if plane.dot(towards) < 0 { plane = -plane }
      polygon = incident
      let center = reference.reduce(.zero, +) / Double(reference.count)
      for (p, q) in zip(reference, reference.dropFirst() + reference.prefix(1)) {
        var side = (q - p).cross(plane).normalized
        if side.dot(p - center) < 0 { side = -side }
        clip(along: side, from: p, upTo: 1e-9)
      }
      let rounding = roundingA + roundingB
      for p in polygon {
        // From the incident point along the normal to the reference plane.
        let apart = (p - center).dot(plane) / towards.dot(plane)
        let distance = apart - rounding
        if distance > margin { continue }
        let onReference = p - towards * apart
        let (onA, onB) =
          referenceIsB ? (p - n * roundingA, onReference + n * roundingB) : (onReference - n * roundingA, p + n * roundingB)
        add((onA + onB) / 2, n * sign, max(distance, gap))
      }
    } else if a.count == 2 && b.count == 2 {
      let (u, v) = ((a[1] - a[0]).normalized, (b[1] - b[0]).normalized)
      if u.cross(v).length < 0.02 {
        polygon = a
        let center = (b[0] + b[1]) / 2
        let half = (b[1] - b[0]).length / 2 + 1e-9
        clip(along: v, from: center, upTo: half)
        clip(along: -v, from: center, upTo: half)
        for p in polygon {
          let onLine = center + v * v.dot(p - center)
          let distance = n.dot(p - onLine) - roundingA - roundingB
          if distance <= margin { add(((p - n * roundingA) + (onLine + n * roundingB)) / 2, n * sign, max(distance, gap)) }
        }
      }
    }
    // Clipped points lie on the faces; where an edge or a corner is nearer, it counts too.
    var least = Double.infinity
    for k in first..<found.count { least = min(least, found[k].gap) }
    if least > gap + 1e-9 {
      let (onA, onB) = (closest.onA - n * roundingA, closest.onB + n * roundingB)
      add((onA + onB) / 2, n * sign, gap)
    }
  }

  /// The corners of a part's core feature that faces `direction`: a face, an edge or a point, world frame.
  private func face(of part: Part, _ frame: Frame, facing direction: Vector3, _ corners: inout [Vector3]) {
    let d = frame.inverseDirection(direction)
    let across = (d.x * d.x + d.y * d.y).squareRoot()
    let radial = across > 0 ? Vector3(d.x / across, d.y / across, 0) : .unitX
    // Below this sine of the angle between them, a feature lies flat on what it touches.
    let flat = 0.02
    func rim(_ radius: Double, _ z: Double) {
      let count = 12
      for k in 0..<count {
        let turn = Quaternion(axis: .unitZ, angle: 2 * .pi * Double(k) / Double(count))
        corners.append(frame.point(turn.rotate(Vector3(radius, 0, 0)) + Vector3(0, 0, z)))
      }
    }
    switch part.form {
    case .box(let half):
      boxFace(frame, half, facing: direction)
      corners = polygon
    case .capsule(_, let half):
      if abs(d.z) < flat {
        corners = [frame.point(Vector3(0, 0, half)), frame.point(Vector3(0, 0, -half))]
      } else {
        corners = [frame.point(Vector3(0, 0, d.z < 0 ? -half : half))]
      }
    case .cylinder(let radius, let half):
      if across < flat {
        rim(radius, d.z < 0 ? -half : half)
      } else if abs(d.z) < flat {
        corners = [frame.point(radial * radius + Vector3(0, 0, half)), frame.point(radial * radius + Vector3(0, 0, -half))]
      } else {
        corners = [frame.point(radial * radius + Vector3(0, 0, d.z < 0 ? -half : half))]
      }
    case .cone(let radius, let half):
      let length = (radius * radius + 4 * half * half).squareRoot()
      let slant = (across * 2 * half + d.z * radius) / length
      if across < flat && d.z < 0 {
        rim(radius, -half)
      } else if slant > (1 - flat * flat).squareRoot() {
        corners = [frame.point(Vector3(0, 0, half)), frame.point(radial * radius + Vector3(0, 0, -half))]
      } else if across * radius - d.z * half < d.z * half {
        corners = [frame.point(Vector3(0, 0, half))]
      } else {
        corners = [frame.point(radial * radius + Vector3(0, 0, -half))]
      }
    case .hull(let index):
      let hull = library.polyhedra[index]
      guard let face = hull.faces.max(by: { $0.normal.dot(d) < $1.normal.dot(d) }) else { return }
      corners = face.corners.map { frame.point(hull.vertices[$0]) }
    case .sphere, .torus, .plane, .mesh: corners = [frame.origin]
    }
  }

  private func newellNormal(_ face: [Vector3]) -> Vector3 {
    var sum = Vector3.zero
    for (p, q) in zip(face, face.dropFirst() + face.prefix(1)) { sum += (p - face[0]).cross(q - face[0]) }
    return sum.normalized
  }

  private func withFlat(_ f: Frame, _ body: (UnsafePointer<Double>) -> Void) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 12) { flat in
      for (index, column) in [f.x, f.y, f.z, f.origin].enumerated() {
        flat[3 * index] = column.x
        flat[3 * index + 1] = column.y
        flat[3 * index + 2] = column.z
      }
      if let base = flat.baseAddress { body(base) }
    }
  }
}

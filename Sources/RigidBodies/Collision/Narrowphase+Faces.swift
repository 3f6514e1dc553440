import WorldCore

extension Narrowphase {
  enum FaceTest {
    case apart
    case met(Closest)
    /// An edge or corner of the box may be nearer.
    case undecided
  }

  /// A convex core over the faces of a box, where that decides: exact, and far quicker than closest points by iteration.
  ///
  /// Let p be the core's deepest point over a face and s its height there. For no direction can the core be farther off than p
  /// alone, whose distance to the box, or from inside to its surface, is s as long as p is nearest to that face. So s is the
  /// least separation.
  func testFaces(of half: Vector3, _ box: Frame, against core: Part, _ frame: Frame, margin: Double) -> FaceTest {
    var deepest = Closest(distance: -.infinity, onA: .zero, onB: .zero, normal: .zero)
    var face = 0
    for axis in 0..<3 {
      let outward = axis == 0 ? box.x : axis == 1 ? box.y : box.z
      for normal in [outward, -outward] {
        let point = support(of: core, frame, along: -normal)
        let height = normal.dot(point - box.origin) - half[axis]
        if height > margin { return .apart }
        if height > deepest.distance {
          deepest = Closest(distance: height, onA: point, onB: point - normal * height, normal: normal)
          face = axis
        }
      }
    }
    let local = box.inversePoint(deepest.onA)
    for axis in 0..<3 where axis != face && abs(local[axis]) - half[axis] > min(deepest.distance, 0) { return .undecided }
    return .met(deepest)
  }

  /// The point of a part's core that lies farthest along a direction, world frame.
  private func support(of part: Part, _ frame: Frame, along direction: Vector3) -> Vector3 {
    let d = frame.inverseDirection(direction)
    let across = (d.x * d.x + d.y * d.y).squareRoot()
    func rim(_ radius: Double, _ z: Double) -> Vector3 {
      let scale = across > 0 ? radius / across : 0
      return frame.point(Vector3(d.x * scale, d.y * scale, z))
    }
    switch part.form {
    case .box(let half):
      return frame.point(Vector3(d.x < 0 ? -half.x : half.x, d.y < 0 ? -half.y : half.y, d.z < 0 ? -half.z : half.z))
    case .capsule(_, let half): return frame.point(Vector3(0, 0, d.z < 0 ? -half : half))
    case .cylinder(let radius, let half): return rim(radius, d.z < 0 ? -half : half)
    case .cone(let radius, let half):
      return d.z * half > across * radius - d.z * half ? frame.point(Vector3(0, 0, half)) : rim(radius, -half)
    case .hull(let index):
      let vertices = library.polyhedra[index].vertices
      var best = vertices[0]
      for vertex in vertices where vertex.dot(d) > best.dot(d) { best = vertex }
      return frame.point(best)
    case .sphere, .torus, .plane, .mesh: return frame.origin
    }
  }
}

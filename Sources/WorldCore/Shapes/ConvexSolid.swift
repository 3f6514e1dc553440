/// A convex solid by its faces, to be cut by planes.
struct ConvexSolid {
  /// Corners of each face, counter-clockwise seen from outside.
  private(set) var faces: [[Vector3]]

  /// The solid that a convex mesh encloses.
  init(_ mesh: TriangleMesh) {
    faces = mesh.triangles.indices.map { index in
      let (a, b, c) = mesh.corners(index)
      return [a, b, c]
    }
  }

  var isEmpty: Bool { faces.isEmpty }

  /// Takes away everything in front of the plane through `point` across `normal` (of length 1); corners within `tolerance` of
  /// it, m, count as on it.
  mutating func cut(through point: Vector3, across normal: Vector3, tolerance: Double) {
    func height(_ p: Vector3) -> Double {
      let h = (p - point).dot(normal)
      return abs(h) <= tolerance ? 0 : h
    }
    guard faces.contains(where: { $0.contains { height($0) > 0 } }) else { return }

    // What is left of each face (Sutherland & Hodgman 1974), and where the plane met its edges.
    var rim: [Vector3] = []
    var kept: [[Vector3]] = []
    for face in faces {
      var left: [Vector3] = []
      for (a, b) in zip(face, face.dropFirst() + face.prefix(1)) {
        let (ha, hb) = (height(a), height(b))
        if ha <= 0 { left.append(a) }
        if ha == 0 { rim.append(a) }
        if ha * hb < 0 {
          // Both faces at an edge compute its cut in the same direction, so that they agree to the last bit.
          let crossing = ha < hb ? a + (b - a) * (ha / (ha - hb)) : b + (a - b) * (hb / (hb - ha))
          left.append(crossing)
          rim.append(crossing)
        }
      }
      // A face in the plane is made anew as the lid.
      if left.count >= 3, left.contains(where: { height($0) < 0 }) { kept.append(left) }
    }
    faces = kept
    guard !kept.isEmpty else { return }
    let lid = Self.loop(rim, about: normal, tolerance: tolerance)
    if lid.count >= 3 { faces.append(lid) }
  }

  /// The corners of a convex polygon in order, counter-clockwise about `normal`, each once.
  private static func loop(_ points: [Vector3], about normal: Vector3, tolerance: Double) -> [Vector3] {
    var corners: [Vector3] = []
    for p in points where !corners.contains(where: { ($0 - p).length <= tolerance }) { corners.append(p) }
    guard corners.count >= 3 else { return [] }
    let middle = corners.reduce(.zero, +) / Double(corners.count)
    let u = normal.anyPerpendicular
    let v = normal.cross(u)
    return corners.map { (corner: $0, angle: direction(($0 - middle).dot(u), ($0 - middle).dot(v))) }
      .sorted { $0.angle < $1.angle }.map(\.corner)
  }

  /// A number that grows with the angle of (x, y), for to sort by.
  private static func direction(_ x: Double, _ y: Double) -> Double {
    let share = x / (abs(x) + abs(y))
    return y >= 0 ? 1 - share : 3 + share
  }

  /// The surface; corners that faces share are one vertex.
  var mesh: TriangleMesh {
    var mesh = TriangleMesh(vertices: [], triangles: [])
    var known: [Vector3: Int32] = [:]
    for face in faces {
      let corners = face.map { corner -> Int32 in
        if let index = known[corner] { return index }
        known[corner] = Int32(mesh.vertices.count)
        mesh.vertices.append(corner)
        return Int32(mesh.vertices.count - 1)
      }
      for k in 1..<(corners.count - 1) { mesh.triangles.append(SIMD3(corners[0], corners[k], corners[k + 1])) }
    }
    return mesh
  }
}

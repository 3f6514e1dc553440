import Foundation
import WorldCore

/// The surface of a body in panels, and the part of it that is under water.
struct WettedHull {
  /// A flat piece under water.
  struct Panel {
    /// World frame, m; its middle.
    var center: Vector3
    /// Unit vector, out of the body.
    var normal: Vector3
    /// m²
    var area: Double
    /// The middles of its quarters, or of as many even pieces: what stands for it close by.
    var pieces: [Vector3]
  }

  private let mesh: TriangleMesh
  /// The farthest point's distance from the shape frame's origin, m.
  let reach: Double

  /// Panels of the whole surface, about.
  private static let panelCount = 220.0

  /// At most: what they cost grows with the cube. Slender bodies get longer ones instead.
  private static let panelLimit = 640

  init(_ shape: Shape) {
    let plain = shape.tessellated(segments: 24)
    let area = (0..<plain.triangles.count).reduce(0.0) { sum, index in
      let (a, b, c) = plain.corners(index)
      return sum + (b - a).cross(c - a).length / 2
    }
    // The longest edges are halved until they are about as long as an even panel's.
    var longest = (4 * area / Self.panelCount).squareRoot()
    var mesh = Self.halved(plain, longest)
    while mesh.triangles.count > max(Self.panelLimit, plain.triangles.count) {
      longest *= 1.25
      mesh = Self.halved(plain, longest)
    }
    self.mesh = mesh
    reach = mesh.vertices.map(\.length).max() ?? 0
  }

  /// The mesh with edges longer than `longest` halved.
  private static func halved(_ plain: TriangleMesh, _ longest: Double) -> TriangleMesh {
    var mesh = plain
    var index = 0
    while index < mesh.triangles.count && mesh.triangles.count < 4096 {
      let t = mesh.triangles[index]
      let edges = [(t.x, t.y, t.z), (t.y, t.z, t.x), (t.z, t.x, t.y)]
      let lengths = edges.map { (mesh.vertices[Int($0.0)] - mesh.vertices[Int($0.1)]).length }
      guard let k = lengths.indices.max(by: { lengths[$0] < lengths[$1] }), lengths[k] > longest else {
        index += 1
        continue
      }
      let (a, b, c) = edges[k]
      let middle = Int32(mesh.vertices.count)
      mesh.vertices.append((mesh.vertices[Int(a)] + mesh.vertices[Int(b)]) / 2)
      mesh.triangles[index] = SIMD3(a, middle, c)
      mesh.triangles.append(SIMD3(middle, b, c))
    }
    return mesh
  }

  /// The wet pieces of a body.
  ///
  /// - Parameter surface: how high the water stands over a place, m in the world.
  func wet(_ worldFromShape: RigidTransform, surface: (Vector3) -> Double) -> [[Vector3]] {
    let vertices = mesh.vertices.map { worldFromShape.point($0) }
    let above = vertices.map { $0.z - surface($0) }
    return mesh.triangles.compactMap { t in
      let corners = [Int(t.x), Int(t.y), Int(t.z)]
      if corners.allSatisfy({ above[$0] >= 0 }) { return nil }
      if corners.allSatisfy({ above[$0] <= 0 }) { return corners.map { vertices[$0] } }
      // What of the triangle lies under the line where its edges meet the surface (Sutherland & Hodgman 1974).
      var polygon: [Vector3] = []
      for k in 0..<3 {
        let (a, b) = (corners[k], corners[(k + 1) % 3])
        if above[a] < 0 { polygon.append(vertices[a]) }
        if (above[a] < 0) != (above[b] < 0) {
          polygon.append(vertices[a] + (vertices[b] - vertices[a]) * (above[a] / (above[a] - above[b])))
        }
      }
      return polygon.count >= 3 ? polygon : nil
    }
  }

  /// Calls with points of a convex polygon and their shares of its area, which integrate squares exactly: the middles of the
  /// edges of its triangles.
  static func integrate(over polygon: [Vector3], _ body: (_ place: Vector3, _ area: Double) -> Void) {
    for k in 1..<polygon.count - 1 {
      let corners = [polygon[0], polygon[k], polygon[k + 1]]
      let area = (corners[1] - corners[0]).cross(corners[2] - corners[0]).length / 2
      for edge in 0..<3 { body((corners[edge] + corners[(edge + 1) % 3]) / 2, area / 3) }
    }
  }

  static func panel(_ polygon: [Vector3]) -> Panel? {
    var (sum, middle) = (Vector3.zero, Vector3.zero)
    var pieces: [Vector3] = []
    for k in 1..<polygon.count - 1 {
      let cross = (polygon[k] - polygon[0]).cross(polygon[k + 1] - polygon[0]) / 2
      sum += cross
      let (a, b, c) = (polygon[0], polygon[k], polygon[k + 1])
      let third = (a + b + c) / 3
      middle += third * cross.length
      // A triangle's quarters: the one between the edges' middles, and one at each corner.
      pieces += [third, (third + a) / 2, (third + b) / 2, (third + c) / 2]
    }
    let area = sum.length
    return area > 1e-12 ? Panel(center: middle / area, normal: sum / area, area: area, pieces: pieces) : nil
  }
}

import Foundation

/// The signed distance to a triangle mesh: the nearest triangle through a tree of boxes, the sign by pseudonormals.
///
/// At an edge the normals of both faces count, at a corner those of all faces weighted by their angles there; the sign of the
/// offset along that sum is right for every point of a closed mesh (Bærentzen & Aanæs 2005). Round an open mesh, points
/// behind the surface count as inside.
struct MeshDistanceField: Sendable {
  private let mesh: TriangleMesh
  /// Triangle numbers in the order of the leaves.
  private var order: [Int32]
  private var nodes: [Node] = []
  private let faceNormals: [Vector3]
  /// Three a triangle, of the edge that starts at each corner.
  private let edgeNormals: [Vector3]
  private let cornerNormals: [Vector3]

  private struct Node: Sendable {
    var low: Vector3
    var high: Vector3
    /// A leaf's first place in `order`, or an inner node's left child, which the right one follows.
    var first: Int32
    /// Triangles in a leaf; 0 for an inner node.
    var count: Int32
  }

  private static let leafSize = 4

  init(_ mesh: TriangleMesh) {
    self.mesh = mesh
    // Pseudonormals.
    var faces: [Vector3] = []
    var corners = [Vector3](repeating: .zero, count: mesh.vertices.count)
    var edges: [SIMD2<Int32>: Vector3] = [:]
    for index in mesh.triangles.indices {
      let t = mesh.triangles[index]
      let (a, b, c) = mesh.corners(index)
      let normal = (b - a).cross(c - a).normalized
      faces.append(normal)
      for (i, (p, q, r)) in [(t.x, (a, b, c)), (t.y, (b, c, a)), (t.z, (c, a, b))] {
        let u = (q - p).normalized, v = (r - p).normalized
        corners[Int(i)] += normal * atan2(u.cross(v).length, u.dot(v))
      }
      for (i, j) in [(t.x, t.y), (t.y, t.z), (t.z, t.x)] { edges[SIMD2(min(i, j), max(i, j)), default: .zero] += normal }
    }
    faceNormals = faces
    cornerNormals = corners
    edgeNormals = mesh.triangles.flatMap { t in
      [(t.x, t.y), (t.y, t.z), (t.z, t.x)].map { edges[SIMD2(min($0, $1), max($0, $1))]! }
    }
    // A tree by median splits along the longest side of the centroids' box.
    order = mesh.triangles.indices.map { Int32($0) }
    let centroids = mesh.triangles.indices.map { index in
      let (a, b, c) = mesh.corners(index)
      return (a + b + c) / 3
    }
    if !order.isEmpty {
      nodes.append(Node(low: .zero, high: .zero, first: 0, count: 0))
      build(0, 0..<order.count, centroids)
    }
  }

  private mutating func build(_ node: Int, _ range: Range<Int>, _ centroids: [Vector3]) {
    var low = Vector3(repeating: .infinity), high = Vector3(repeating: -.infinity)
    var centerLow = low, centerHigh = high
    for place in range {
      let triangle = Int(order[place])
      let (a, b, c) = mesh.corners(triangle)
      for p in [a, b, c] {
        low = pointwiseMin(low, p)
        high = pointwiseMax(high, p)
      }
      centerLow = pointwiseMin(centerLow, centroids[triangle])
      centerHigh = pointwiseMax(centerHigh, centroids[triangle])
    }
    nodes[node] = Node(low: low, high: high, first: Int32(range.lowerBound), count: Int32(range.count))
    guard range.count > Self.leafSize else { return }
    let side = centerHigh - centerLow
    let axis = side.x >= side.y && side.x >= side.z ? 0 : side.y >= side.z ? 1 : 2
    // Ties are broken by number, so that the tree is the same on every machine.
    order[range].sort { (centroids[Int($0)][axis], $0) < (centroids[Int($1)][axis], $1) }
    let left = nodes.count
    nodes.append(nodes[node])
    nodes.append(nodes[node])
    nodes[node].first = Int32(left)
    nodes[node].count = 0
    let middle = range.lowerBound + range.count / 2
    build(left, range.lowerBound..<middle, centroids)
    build(left + 1, middle..<range.upperBound, centroids)
  }

  func sample(at p: Vector3) -> SignedDistance {
    var best = (square: Double.infinity, triangle: -1, hit: TriangleClosestPoint?.none)
    if !nodes.isEmpty { search(0, p, &best) }
    guard let hit = best.hit else { return SignedDistance(distance: .infinity, normal: .unitZ) }
    let pseudonormal: Vector3
    switch hit.feature {
    case .face: pseudonormal = faceNormals[best.triangle]
    case .edge(let edge): pseudonormal = edgeNormals[3 * best.triangle + edge]
    case .corner(let corner): pseudonormal = cornerNormals[Int(mesh.triangles[best.triangle][corner])]
    }
    let offset = p - hit.point
    let sign = offset.dot(pseudonormal) < 0 ? -1.0 : 1.0
    let distance = best.square.squareRoot()
    return SignedDistance(
      distance: sign * distance, normal: distance > 0 ? offset * (sign / distance) : pseudonormal.normalized)
  }

  private func search(_ index: Int, _ p: Vector3, _ best: inout (square: Double, triangle: Int, hit: TriangleClosestPoint?)) {
    let node = nodes[index]
    if node.count > 0 {
      for place in Int(node.first)..<Int(node.first + node.count) {
        let triangle = Int(order[place])
        let (a, b, c) = mesh.corners(triangle)
        let hit = TriangleClosestPoint(to: p, on: a, b, c)
        let square = (p - hit.point).lengthSquared
        if square < best.square { best = (square, triangle, hit) }
      }
      return
    }
    // The nearer child first, so that the farther one is mostly not entered.
    let (left, right) = (Int(node.first), Int(node.first) + 1)
    let (toLeft, toRight) = (squareDistance(p, nodes[left]), squareDistance(p, nodes[right]))
    let (near, far, toNear, toFar) = toLeft <= toRight ? (left, right, toLeft, toRight) : (right, left, toRight, toLeft)
    if toNear < best.square { search(near, p, &best) }
    if toFar < best.square { search(far, p, &best) }
  }

  private func squareDistance(_ p: Vector3, _ node: Node) -> Double {
    (p - p.clamped(lowerBound: node.low, upperBound: node.high)).lengthSquared
  }
}

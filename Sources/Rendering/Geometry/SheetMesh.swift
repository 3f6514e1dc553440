import CEmbree
import WorldCore

/// A sheet's vertices while the shutter is open: rows × columns of them when it opens and when it closes, world frame, m.
struct SheetMotion {
  var rows: Int
  var columns: Int
  var open: [Vector3]
  /// Empty where it rests.
  var close: [Vector3]
}

/// A sheet as rays meet it: the grid of a simulated cloth, refined into a smooth surface.
///
/// Through the vertices run cubic Hermite curves, along rows and then along columns, with Akima's tangents (1970, with lengths
/// of vectors for absolute values): where the thread is straight on one side they follow it, so that a cloth that lies flat on
/// the floor and rises beside it dips nowhere below; where it bends evenly, as over a ball, they bulge as it does. What dips
/// into a body even so is pushed out.
///
/// `@unchecked Sendable`: `place` is called by one thread while no other reads.
final class SheetMesh: @unchecked Sendable {
  let geometry: RTCGeometry
  private let size: SIMD2<Float>
  private var rows = 0
  private var columns = 0
  private var vertices: [UnsafeMutablePointer<Float3>] = []
  private var normals: [UnsafeMutablePointer<Float3>] = []
  private var isMoving = false

  /// m; cells of the refined grid are about as wide, as far as the limits let them.
  private static let fineness = 0.012
  private static let mostParts = 6
  private static let mostVertices = 400_000

  init(size: SIMD2<Double>, device: RTCDevice) {
    self.size = SIMD2<Float>(size)
    geometry = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_TRIANGLE)
  }

  deinit {
    rtcReleaseGeometry(geometry)
    release()
  }

  private func release() {
    for memory in vertices + normals { memory.deallocate() }
    (vertices, normals) = ([], [])
  }

  /// What rays read; valid until the next `place`.
  var view: SheetView {
    guard vertices.count == 2 else { preconditionFailure("a sheet is placed before it is traced") }
    let last = isMoving ? 1 : 0
    return SheetView(
      rows: Int32(rows), columns: Int32(columns), size: size, openVertices: UnsafePointer(vertices[0]),
      closeVertices: UnsafePointer(vertices[last]), openNormals: UnsafePointer(normals[0]),
      closeNormals: UnsafePointer(normals[last]))
  }

  /// - Parameter obstacles: where the bodies are when the shutter opens and closes.
  func place(_ motion: SheetMotion, outOf obstacles: (open: SheetObstacles, close: SheetObstacles)) {
    let parts = Self.parts(size: SIMD2<Double>(size), motion)
    prepare(rows: (motion.rows - 1) * parts + 1, columns: (motion.columns - 1) * parts + 1)
    isMoving = !motion.close.isEmpty
    fill(0, from: motion.open, motion, parts: parts, outOf: obstacles.open)
    if isMoving { fill(1, from: motion.close, motion, parts: parts, outOf: obstacles.close) }
    rtcSetGeometryTimeStepCount(geometry, isMoving ? 2 : 1)
    for step in 0..<(isMoving ? 2 : 1) {
      rtcSetSharedGeometryBuffer(
        geometry, RTC_BUFFER_TYPE_VERTEX, UInt32(step), RTC_FORMAT_FLOAT3, vertices[step], 0, MemoryLayout<Float3>.stride,
        rows * columns)
    }
    rtcCommitGeometry(geometry)
  }

  /// Into how many parts each cell is cut, both ways.
  private static func parts(size: SIMD2<Double>, _ motion: SheetMotion) -> Int {
    let cells = SIMD2(Double(motion.columns - 1), Double(motion.rows - 1))
    let widest = (size / cells).max()
    var parts = min(max(Int((widest / fineness).rounded(.up)), 1), mostParts)
    while parts > 1 && (motion.rows - 1) * (motion.columns - 1) * parts * parts > mostVertices { parts -= 1 }
    return parts
  }

  /// Makes room, and the triangles, for a grid of this size.
  private func prepare(rows: Int, columns: Int) {
    guard rows != self.rows || columns != self.columns else { return }
    release()
    (self.rows, self.columns) = (rows, columns)
    for _ in 0..<2 {
      for list in [\SheetMesh.vertices, \.normals] {
        let memory = UnsafeMutablePointer<Float3>.allocate(capacity: rows * columns)
        memory.initialize(repeating: .zero, count: rows * columns)
        self[keyPath: list].append(memory)
      }
    }
    let count = 2 * (rows - 1) * (columns - 1)
    let indices = rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3, 12, count)
      .assumingMemoryBound(to: Int32.self)
    for triangle in 0..<count {
      let corners = SheetView.corners(of: triangle, columns: columns)
      for k in 0..<3 { indices[3 * triangle + k] = Int32(corners[k]) }
    }
  }

  private func fill(_ step: Int, from coarse: [Vector3], _ motion: SheetMotion, parts: Int, outOf obstacles: SheetObstacles) {
    // Along the rows, then along the columns.
    var wide = [Vector3](repeating: .zero, count: motion.rows * columns)
    for row in 0..<motion.rows {
      Self.refine(
        coarse, start: row * motion.columns, stride: 1, count: motion.columns, parts: parts, into: &wide, at: row * columns,
        outStride: 1)
    }
    var fine = [Vector3](repeating: .zero, count: rows * columns)
    for column in 0..<columns {
      Self.refine(
        wide, start: column, stride: columns, count: motion.rows, parts: parts, into: &fine, at: column, outStride: columns)
    }
    obstacles.pushOut(&fine, rows: rows, columns: columns)
    for k in fine.indices { vertices[step][k] = Float3(fine[k]) }

    // Normals out of the front, by differences between the neighbours of each vertex.
    for row in 0..<rows {
      for column in 0..<columns {
        func at(_ r: Int, _ c: Int) -> Vector3 { fine[r * columns + c] }
        let right = at(row, min(column + 1, columns - 1)) - at(row, max(column - 1, 0))
        let up = at(max(row - 1, 0), column) - at(min(row + 1, rows - 1), column)
        let normal = right.cross(up).normalized
        normals[step][row * columns + column] = Float3(normal == .zero ? .unitZ : normal)
      }
    }
  }

  private static func refine(
    _ points: [Vector3], start: Int, stride: Int, count: Int, parts: Int, into out: inout [Vector3], at outStart: Int,
    outStride: Int
  ) {
    func difference(_ i: Int) -> Vector3 { points[start + (i + 1) * stride] - points[start + i * stride] }
    func tangent(_ i: Int) -> Vector3 {
      if i == 0 { return difference(0) }
      if i == count - 1 { return difference(count - 2) }
      let (before, after) = (difference(i - 1), difference(i))
      let bendBefore = i > 1 ? (before - difference(i - 2)).length : 0
      let bendAfter = i < count - 2 ? (difference(i + 1) - after).length : 0
      // Neither side bends: half of each.
      let least = 1e-6 * before.length
      return (before * (bendAfter + least) + after * (bendBefore + least)) / (bendBefore + bendAfter + 2 * least)
    }
    var left = tangent(0)
    for i in 0..<count - 1 {
      let right = tangent(i + 1)
      let (a, b) = (points[start + i * stride], points[start + (i + 1) * stride])
      for part in 0..<parts {
        let t = Double(part) / Double(parts)
        let (t2, t3) = (t * t, t * t * t)
        var point = a * (2 * t3 - 3 * t2 + 1)
        point += b * (3 * t2 - 2 * t3)
        point += left * (t3 - 2 * t2 + t)
        point += right * (t3 - t2)
        out[outStart + (i * parts + part) * outStride] = point
      }
      left = right
    }
    out[outStart + (count - 1) * parts * outStride] = points[start + (count - 1) * stride]
  }
}

/// A placed sheet as plain pointers.
struct SheetView {
  let rows: Int32
  let columns: Int32
  /// Of the flat sheet, m.
  let size: SIMD2<Float>
  let openVertices: UnsafePointer<Float3>
  let closeVertices: UnsafePointer<Float3>
  let openNormals: UnsafePointer<Float3>
  let closeNormals: UnsafePointer<Float3>

  /// Two triangles a cell, counter-clockwise seen from the front.
  @inline(__always)
  static func corners(of triangle: Int, columns: Int) -> SIMD3<Int> {
    let cell = triangle >> 1
    let (row, column) = (cell / (columns - 1), cell % (columns - 1))
    let topLeft = row * columns + column
    let bottomLeft = topLeft + columns
    return triangle & 1 == 0
      ? SIMD3(topLeft, bottomLeft, bottomLeft + 1) : SIMD3(topLeft, bottomLeft + 1, topLeft + 1)
  }

  @inline(__always)
  private func corners(_ hit: Hit) -> SIMD3<Int> { Self.corners(of: Int(hit.triangle), columns: Int(columns)) }

  @inline(__always)
  private func blend(_ values: UnsafePointer<Float3>, _ c: SIMD3<Int>, _ hit: Hit) -> Float3 {
    let (u, v) = (hit.barycentric.x, hit.barycentric.y)
    return values[c.x] * (1 - u - v) + values[c.y] * u + values[c.z] * v
  }

  /// Where the point that was hit is in the world at `time` in 0…1 of the shutter's opening.
  @inline(__always)
  func point(_ hit: Hit, time: Float) -> Float3 {
    let c = corners(hit)
    return mix(blend(openVertices, c, hit), blend(closeVertices, c, hit), time)
  }

  /// Unit, out of the front.
  @inline(__always)
  func normal(_ hit: Hit, time: Float) -> Float3 {
    let c = corners(hit)
    return mix(blend(openNormals, c, hit), blend(closeNormals, c, hit), time).normalized
  }

  /// Where the point lies on the flat sheet, from its middle, m: x to the right, y up.
  @inline(__always)
  func restPoint(_ hit: Hit) -> Float3 {
    func place(_ node: Int) -> SIMD2<Float> {
      SIMD2(
        Float(node % Int(columns)) / Float(columns - 1) - 0.5, 0.5 - Float(node / Int(columns)) / Float(rows - 1))
    }
    let c = corners(hit)
    let (u, v) = (hit.barycentric.x, hit.barycentric.y)
    let p = (place(c.x) * (1 - u - v) + place(c.y) * u + place(c.z) * v) * size
    return Float3(p.x, p.y, 0)
  }

  /// A direction of the world in the frame of the surface at the point: along its rows, along its columns, out of its front.
  @inline(__always)
  func localDirection(_ direction: Float3, _ hit: Hit, time: Float) -> Float3 {
    let c = corners(hit)
    let normal = normal(hit, time: time)
    // The long side of each triangle is its cell's diagonal; its bottom or top side runs along the row.
    let along = hit.triangle & 1 == 0 ? openVertices[c.z] - openVertices[c.y] : openVertices[c.z] - openVertices[c.x]
    let flat = along - normal * normal.dot(along)
    guard flat.lengthSquared > 0 else { return Float3(0, 0, normal.dot(direction)) }
    let right = flat.normalized
    return Float3(right.dot(direction), normal.cross(right).dot(direction), normal.dot(direction))
  }
}

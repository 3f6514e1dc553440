import CEmbree
import Foundation
import WorldCore

/// A mesh as Embree keeps it, shared by every body and every moment, with the corner normals that make it look smooth.
///
/// `@unchecked Sendable`: nothing changes after `init`, and committed Embree scenes may be traced from many threads.
final class MeshGeometry: @unchecked Sendable {
  let scene: RTCScene
  /// Three unit normals a triangle, in the order of its corners.
  let cornerNormals: UnsafeMutableBufferPointer<Float3>
  /// How much of the surface is froth, in the same order; empty where none is.
  let cornerFroth: UnsafeMutableBufferPointer<Float>

  /// Corners whose faces meet at less than `creaseAngle` radians share a normal.
  ///
  /// - Parameter froth: by vertex, 0…1; empty for none.
  init(_ mesh: TriangleMesh, device: RTCDevice, creaseAngle: Double = 0.7, froth: [Float] = []) {
    cornerFroth = .allocate(capacity: froth.isEmpty ? 0 : mesh.triangles.count * 3)
    if !froth.isEmpty {
      for (face, triangle) in mesh.triangles.enumerated() {
        for corner in 0..<3 { cornerFroth.initializeElement(at: face * 3 + corner, to: froth[Int(triangle[corner])]) }
      }
    }
    scene = rtcNewScene(device)
    cornerNormals = .allocate(capacity: mesh.triangles.count * 3)
    Self.fill(cornerNormals, of: mesh, creaseAngle: creaseAngle)
    let geometry = rtcNewGeometry(device, RTC_GEOMETRY_TYPE_TRIANGLE)
    defer { rtcReleaseGeometry(geometry) }
    let vertices = rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_VERTEX, 0, RTC_FORMAT_FLOAT3, 12, mesh.vertices.count)
      .assumingMemoryBound(to: Float.self)
    for (k, vertex) in mesh.vertices.enumerated() {
      for axis in 0..<3 { vertices[3 * k + axis] = Float(vertex[axis]) }
    }
    let indices = rtcSetNewGeometryBuffer(geometry, RTC_BUFFER_TYPE_INDEX, 0, RTC_FORMAT_UINT3, 12, mesh.triangles.count)
      .assumingMemoryBound(to: Int32.self)
    for (k, triangle) in mesh.triangles.enumerated() {
      for corner in 0..<3 { indices[3 * k + corner] = triangle[corner] }
    }
    rtcCommitGeometry(geometry)
    rtcAttachGeometry(scene, geometry)
    rtcSetSceneFlags(scene, RTC_SCENE_FLAG_ROBUST)
    rtcCommitScene(scene)
  }

  deinit {
    rtcReleaseScene(scene)
    cornerNormals.deallocate()
    cornerFroth.deallocate()
  }

  private static func fill(_ normals: UnsafeMutableBufferPointer<Float3>, of mesh: TriangleMesh, creaseAngle: Double) {
    // Faces' cross products weigh them by area.
    let faces = mesh.triangles.indices.map { index in
      let (a, b, c) = mesh.corners(index)
      return (b - a).cross(c - a)
    }
    if creaseAngle >= .pi {
      var sums = [Vector3](repeating: .zero, count: mesh.vertices.count)
      for (face, triangle) in mesh.triangles.enumerated() {
        for corner in 0..<3 { sums[Int(triangle[corner])] += faces[face] }
      }
      for (face, triangle) in mesh.triangles.enumerated() {
        for corner in 0..<3 {
          let sum = sums[Int(triangle[corner])]
          normals[face * 3 + corner] = Float3(sum == .zero ? .unitZ : sum.normalized)
        }
      }
      return
    }
    var around = [[Int]](repeating: [], count: mesh.vertices.count)
    for (face, triangle) in mesh.triangles.enumerated() {
      for corner in 0..<3 { around[Int(triangle[corner])].append(face) }
    }
    let limit = cos(creaseAngle)
    for (face, triangle) in mesh.triangles.enumerated() {
      let own = faces[face].normalized
      for corner in 0..<3 {
        var sum = Vector3.zero
        for other in around[Int(triangle[corner])] where faces[other].normalized.dot(own) >= limit { sum += faces[other] }
        normals[face * 3 + corner] = Float3(sum == .zero ? .unitZ : sum.normalized)
      }
    }
  }
}

import Testing
import WorldCore

@Suite("Geometry") struct GeometryTests {
  static let streams = (0..<50).map { RandomStream(seed: UInt64($0), "geometry") }

  static func rotation(_ stream: inout RandomStream) -> Quaternion {
    Quaternion(w: stream.normal(), x: stream.normal(), y: stream.normal(), z: stream.normal()).normalized
  }

  static func vector(_ stream: inout RandomStream) -> Vector3 { Vector3(stream.normal(), stream.normal(), stream.normal()) }

  @Test("the exponential map and its logarithm undo each other", arguments: streams)
  func exponentialMap(stream: RandomStream) {
    var stream = stream
    let v = Self.vector(&stream).normalized * stream.uniform(in: 0...3.1)
    #expect((Quaternion(rotationVector: v).rotationVector - v).length < 1e-12)
  }

  @Test("a rotation is rebuilt from its columns", arguments: streams)
  func columns(stream: RandomStream) {
    var stream = stream
    let q = Self.rotation(&stream)
    let (x, y, z) = q.columns
    let back = Quaternion(columns: x, y, z)
    #expect(abs(abs(q.w * back.w + q.vector.dot(back.vector)) - 1) < 1e-12)
  }

  @Test("a transform and its inverse compose to the identity", arguments: streams)
  func inverse(stream: RandomStream) {
    var stream = stream
    let t = RigidTransform(rotation: Self.rotation(&stream), translation: Self.vector(&stream))
    let p = Self.vector(&stream)
    #expect(((t.inverse * t).point(p) - p).length < 1e-12)
  }

  @Test("principal axes diagonalise any inertia tensor", arguments: streams)
  func principalAxes(stream: RandomStream) {
    var stream = stream
    let matrix = SymmetricMatrix3(diagonal: Self.vector(&stream), offDiagonal: Self.vector(&stream))
    let (values, axes) = matrix.principal
    for (axis, value) in zip([axes.columns.x, axes.columns.y, axes.columns.z], [values.x, values.y, values.z]) {
      #expect((matrix * axis - axis * value).length < 1e-9)
    }
  }
}

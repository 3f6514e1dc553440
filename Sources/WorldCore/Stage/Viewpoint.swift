/// A camera at an instant: where it stands, how it is turned, and how it maps space to pixels.
public struct Viewpoint: Sendable, Equatable {
  /// The camera frame is x right, y up, looking along −z.
  public var worldFromCamera: RigidTransform
  public var projection: Projection

  public init(worldFromCamera: RigidTransform, projection: Projection) {
    self.worldFromCamera = worldFromCamera
    self.projection = projection
  }

  /// The camera at `position` that has `target` in the middle of the picture and the world's z axis upright in it.
  ///
  /// `roll` turns what is seen counter-clockwise in the picture, radians. Looking straight up or down, the world's y axis
  /// is upright instead.
  public init(position: Vector3, target: Vector3, roll: Double = 0, projection: Projection) {
    let toTarget = (target - position).normalized
    let back = toTarget == .zero ? Vector3.unitY * -1 : toTarget * -1
    let upright = abs(back.z) > 1 - 1e-9 ? Vector3.unitY : .unitZ
    let right = upright.cross(back).normalized
    let level = Quaternion(columns: right, back.cross(right), back)
    self.init(
      worldFromCamera: RigidTransform(rotation: level * Quaternion(axis: .unitZ, angle: -roll), translation: position),
      projection: projection)
  }

  public var position: Vector3 { worldFromCamera.translation }
  /// Unit vectors in the world.
  public var right: Vector3 { worldFromCamera.direction(.unitX) }
  public var up: Vector3 { worldFromCamera.direction(.unitY) }
  public var forward: Vector3 { worldFromCamera.direction(.unitZ * -1) }

  /// The pixel position (perhaps outside the picture) and the depth along the optical axis in metres of a point of the
  /// world; nil when the point is not in front of the camera.
  public func project(_ point: Vector3) -> (pixel: SIMD2<Double>, depth: Double)? {
    let local = worldFromCamera.rotation.unrotate(point - position)
    guard let pixel = projection.pixel(ofCameraPoint: local) else { return nil }
    return (pixel, -local.z)
  }

  /// The point of the world that is seen at `pixel`, `depth` metres along the optical axis.
  public func unproject(_ pixel: SIMD2<Double>, depth: Double) -> Vector3 {
    worldFromCamera.point(projection.cameraPoint(atPixel: pixel, depth: depth))
  }

  /// Unit vector in the world from the camera through `pixel`.
  public func direction(through pixel: SIMD2<Double>) -> Vector3 {
    worldFromCamera.direction(projection.cameraPoint(atPixel: pixel, depth: 1)).normalized
  }

  /// The rigid transform `cameraFromWorld` into OpenCV's camera frame: x right, y down, z forward.
  public var openCVCameraFromWorld: RigidTransform {
    let halfTurn = RigidTransform(rotation: Quaternion(axis: .unitX, angle: .pi))
    return halfTurn * worldFromCamera.inverse
  }
}

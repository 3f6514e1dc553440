import WorldCore

/// A viewpoint in single precision with a thin lens: makes rays of pixels.
struct LensCamera: Sendable {
  let position: Float3
  let right: Float3
  let up: Float3
  let forward: Float3
  let focalLength: Float
  let center: SIMD2<Float>
  /// Radius of the opening and distance of the plane in focus, m.
  var lensRadius: Float = 0
  var focusDistance: Float = 1

  init(viewpoint: Viewpoint) {
    position = Float3(viewpoint.position)
    right = Float3(viewpoint.right)
    up = Float3(viewpoint.up)
    forward = Float3(viewpoint.forward)
    focalLength = Float(viewpoint.projection.focalLength)
    center = SIMD2<Float>(viewpoint.projection.principalPoint)
  }

  /// From the middle of the lens.
  @inline(__always) func centerRay(through pixel: SIMD2<Float>, time: Float = 0) -> Ray {
    let offset = (pixel - center) / focalLength
    let direction = forward + right * offset.x - up * offset.y
    return Ray(origin: position, direction: direction.normalized, time: time)
  }

  /// From a point of the lens through what the middle of the lens sees in the plane of focus.
  @inline(__always) func ray(through pixel: SIMD2<Float>, lens u: SIMD2<Float>, time: Float) -> Ray {
    guard lensRadius > 0 else { return centerRay(through: pixel, time: time) }
    let offset = (pixel - center) * (focusDistance / focalLength)
    let lens = Warp.disc(u) * lensRadius
    let start = right * lens.x + up * lens.y
    let target = forward * focusDistance + right * offset.x - up * offset.y
    return Ray(origin: position + start, direction: (target - start).normalized, time: time)
  }

  /// Where a point that lies `offset` from the eye is seen; nil behind the camera.
  @inline(__always) func pixel(ofOffset offset: Float3) -> SIMD2<Float>? {
    let depth = offset.dot(forward)
    guard depth > 1e-6 else { return nil }
    let scale = focalLength / depth
    return SIMD2(center.x + offset.dot(right) * scale, center.y - offset.dot(up) * scale)
  }

  @inline(__always) func contains(_ pixel: SIMD2<Float>) -> Bool {
    pixel.x >= 0 && pixel.y >= 0 && pixel.x < center.x * 2 && pixel.y < center.y * 2
  }
}

import WorldCore

/// A viewpoint in single precision with a thin lens: makes rays of pixels.
struct LensCamera: Sendable {
  /// In the middle of the exposure.
  private let middle: Stance
  let focalLength: Float
  let center: SIMD2<Float>
  /// Radius of the opening and distance of the plane in focus, m.
  var lensRadius: Float = 0
  var focusDistance: Float = 1
  /// Where it is turned and stands as the shutter opens and closes; nil of one that stands still meanwhile.
  private var motion: (open: Stance, close: Stance)?

  /// Where a camera stands, and its axes.
  private struct Stance: Sendable, Equatable {
    var position: Float3
    var right: Float3
    var up: Float3
    var forward: Float3

    init(_ viewpoint: Viewpoint) {
      position = Float3(viewpoint.position)
      right = Float3(viewpoint.right)
      up = Float3(viewpoint.up)
      forward = Float3(viewpoint.forward)
    }

    /// Along a straight line; the axes, which turn little in so short a time, along chords.
    @inline(__always) func moved(towards other: Stance, by share: Float) -> Stance {
      var stance = self
      stance.position += (other.position - position) * share
      stance.right = (right + (other.right - right) * share).normalized
      stance.up = (up + (other.up - up) * share).normalized
      stance.forward = (forward + (other.forward - forward) * share).normalized
      return stance
    }
  }

  /// - Parameters:
  ///   - viewpoint: in the middle of the exposure.
  ///   - open: as the shutter opens, and `close`, as it closes.
  init(viewpoint: Viewpoint, open: Viewpoint, close: Viewpoint) {
    self.init(viewpoint: viewpoint)
    let stances = (open: Stance(open), close: Stance(close))
    if stances.open != stances.close { motion = stances }
  }

  init(viewpoint: Viewpoint) {
    middle = Stance(viewpoint)
    focalLength = Float(viewpoint.projection.focalLength)
    center = SIMD2<Float>(viewpoint.projection.principalPoint)
  }

  var position: Float3 { middle.position }
  var forward: Float3 { middle.forward }

  /// From the middle of the lens.
  ///
  /// - Parameter time: 0 as the shutter opens, 1 as it closes.
  @inline(__always) func centerRay(through pixel: SIMD2<Float>, time: Float = 0.5) -> Ray {
    let stance = stance(at: time)
    let offset = (pixel - center) / focalLength
    let direction = stance.forward + stance.right * offset.x - stance.up * offset.y
    return Ray(origin: stance.position, direction: direction.normalized, time: time)
  }

  /// From a point of the lens through what the middle of the lens sees in the plane of focus.
  @inline(__always) func ray(through pixel: SIMD2<Float>, lens u: SIMD2<Float>, time: Float) -> Ray {
    guard lensRadius > 0 else { return centerRay(through: pixel, time: time) }
    let stance = stance(at: time)
    let offset = (pixel - center) * (focusDistance / focalLength)
    let lens = Warp.disc(u) * lensRadius
    let start = stance.right * lens.x + stance.up * lens.y
    let target = stance.forward * focusDistance + stance.right * offset.x - stance.up * offset.y
    return Ray(origin: stance.position + start, direction: (target - start).normalized, time: time)
  }

  @inline(__always) private func stance(at time: Float) -> Stance {
    guard let motion else { return middle }
    return motion.open.moved(towards: motion.close, by: time)
  }

  /// Where a point that lies `offset` from the eye is seen; nil behind the camera.
  @inline(__always) func pixel(ofOffset offset: Float3) -> SIMD2<Float>? {
    let depth = offset.dot(middle.forward)
    guard depth > 1e-6 else { return nil }
    let scale = focalLength / depth
    return SIMD2(center.x + offset.dot(middle.right) * scale, center.y - offset.dot(middle.up) * scale)
  }

  @inline(__always) func contains(_ pixel: SIMD2<Float>) -> Bool {
    pixel.x >= 0 && pixel.y >= 0 && pixel.x < center.x * 2 && pixel.y < center.y * 2
  }
}

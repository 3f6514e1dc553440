import Foundation

extension Camera {
  /// Where the camera stands at `time` in `trajectory`, for a picture of `width` × `height` pixels.
  ///
  /// A pure function of its arguments: no frame depends on the frames before it. A body that the trajectory doesn't have
  /// is taken to be at the origin.
  public func viewpoint(at time: Double, of trajectory: Trajectory, width: Int, height: Int) -> Viewpoint {
    Viewpoint(
      position: place(at: time), target: aim(at: time, of: trajectory), roll: roll,
      projection: Projection(width: width, height: height, fieldOfView: fieldOfView(width: width, height: height)))
  }

  /// Vertical angle of view of a picture of another shape, radians: all that was framed stays in it.
  private func fieldOfView(width: Int, height: Int) -> Double {
    guard let framedAspect else { return fieldOfView }
    let narrowing = framedAspect * Double(height) / Double(width)
    return narrowing > 1 ? 2 * atan(tan(fieldOfView / 2) * narrowing) : fieldOfView
  }

  /// The camera's position in the world, m.
  public func place(at time: Double) -> Vector3 {
    switch position {
    case .fixed(let point): point
    case .path(let keys): keys.interpolated(at: time)
    }
  }

  /// The point of the world that the camera is turned to.
  public func aim(at time: Double, of trajectory: Trajectory) -> Vector3 {
    switch target {
    case .point(let point): return point
    case .path(let keys): return keys.interpolated(at: time)
    case .body(let name, let smoothing, let offset):
      guard let body = trajectory.body(name) else { return offset }
      return trajectory.smoothedPosition(of: body, at: time, over: smoothing) + offset
    }
  }

  /// Metres from the lens to the plane in focus.
  public func focus(at time: Double, of trajectory: Trajectory) -> Double {
    focusDistance ?? max((aim(at: time, of: trajectory) - place(at: time)).length, 1e-3)
  }
}

extension Trajectory {
  /// A body's place averaged over `window` seconds around `time` with the weight of a raised cosine.
  ///
  /// The window is centred, so that the average neither lags nor leads, and smooth at its ends, so that a bounce does not jerk
  /// the camera. Past the ends of the record the body is taken to rest where it was recorded last.
  public func smoothedPosition(of body: BodyTrack, at time: Double, over window: Double) -> Vector3 {
    guard window > 0 else { return state(of: body, at: time).position }
    // The trapezoid rule converges faster than any power for a raised cosine: 32 cells are plenty.
    let cells = 32
    var sum = Vector3.zero
    for cell in 1..<cells {
      let phase = Double(cell) / Double(cells)
      let weight = (1 - cos(2 * .pi * phase)) / Double(cells)
      sum += state(of: body, at: time + (phase - 0.5) * window).position * weight
    }
    return sum
  }
}

extension [Camera.Key] {
  /// The Catmull–Rom curve through the keys (finite-difference tangents for uneven times), resting at its ends' values outside.
  public func interpolated(at time: Double) -> Vector3 {
    guard let first, let last else { return .zero }
    guard time > first.time else { return first.value }
    guard time < last.time, let next = firstIndex(where: { $0.time > time }) else { return last.value }
    let (a, b) = (self[next - 1], self[next])
    func tangent(_ index: Int) -> Vector3 {
      let (before, after) = (self[Swift.max(index - 1, 0)], self[Swift.min(index + 1, count - 1)])
      return (after.value - before.value) / (after.time - before.time)
    }
    let h = b.time - a.time
    let t = (time - a.time) / h
    let (t2, t3) = (t * t, t * t * t)
    var value = a.value * (2 * t3 - 3 * t2 + 1)
    value += b.value * (3 * t2 - 2 * t3)
    value += tangent(next - 1) * (h * (t3 - 2 * t2 + t))
    value += tangent(next) * (h * (t3 - t2))
    return value
  }
}

extension Stage {
  /// The index of the shot that shows `time`; times outside belong to the first or last shot.
  public func shotIndex(at time: Double) -> Int {
    // Half a microsecond forgives the rounding of k/fps at a cut.
    shots.lastIndex { $0.start <= time + 5e-7 } ?? 0
  }

  /// The shot that shows `time`.
  public func shot(at time: Double) -> Shot { shots[shotIndex(at: time)] }

  /// The camera at `time` for the stage's picture.
  public func viewpoint(at time: Double, of trajectory: Trajectory) -> Viewpoint {
    shot(at: time).camera.viewpoint(at: time, of: trajectory, width: picture.width, height: picture.height)
  }
}

public import WorldCore

/// A motion given by keys. Before the first and after the last the body stands still.
public struct ScriptedPath: Sendable, Equatable {
  public enum Interpolation: String, Sendable, CaseIterable {
    /// Straight lines at even speed, with corners at the keys.
    case linear
    /// A Catmull-Rom curve through the keys, standing at both ends.
    case smooth
  }

  public struct Key: Sendable, Equatable {
    /// s
    public var time: Double
    /// Of the body's origin, world frame, m.
    public var position: Vector3
    /// worldFromBody
    public var orientation: Quaternion

    public init(time: Double, position: Vector3, orientation: Quaternion = .identity) {
      self.time = time
      self.position = position
      self.orientation = orientation
    }
  }

  /// At least one, in strictly ascending time.
  public var keys: [Key]
  public var interpolation: Interpolation

  public init(keys: [Key], interpolation: Interpolation = .smooth) {
    self.keys = keys
    self.interpolation = interpolation
  }

  /// Place and velocities at a time, s. Orientation turns evenly along the shortest arc from key to key.
  public func state(at time: Double) -> BodyState {
    guard let next = keys.firstIndex(where: { $0.time > time }) else { return still(keys[keys.count - 1]) }
    guard next > 0 else { return still(keys[0]) }
    let (a, b) = (keys[next - 1], keys[next])
    let span = b.time - a.time
    let t = (time - a.time) / span
    let turn = (b.orientation * a.orientation.conjugate).rotationVector
    var state = BodyState(
      position: .zero, orientation: (Quaternion(rotationVector: turn * t) * a.orientation).normalized,
      angularVelocity: turn / span)
    switch interpolation {
    case .linear:
      state.position = a.position + (b.position - a.position) * t
      state.velocity = (b.position - a.position) / span
    case .smooth:
      // Cubic Hermite with the chord slope of the neighbours at each key.
      let (ma, mb) = (slope(next - 1), slope(next))
      let chord = b.position - a.position
      let (t2, t3) = (t * t, t * t * t)
      state.position = a.position + chord * (3 * t2 - 2 * t3)
      state.position += ma * (span * (t3 - 2 * t2 + t))
      state.position += mb * (span * (t3 - t2))
      state.velocity = chord * (6 * (t - t2) / span)
      state.velocity += ma * (3 * t2 - 4 * t + 1)
      state.velocity += mb * (3 * t2 - 2 * t)
    }
    return state
  }

  private func slope(_ index: Int) -> Vector3 {
    guard index > 0, index < keys.count - 1 else { return .zero }
    let (before, after) = (keys[index - 1], keys[index + 1])
    return (after.position - before.position) / (after.time - before.time)
  }

  private func still(_ key: Key) -> BodyState { BodyState(position: key.position, orientation: key.orientation) }
}

public import WorldCore

/// What a joint transmits, against what breaks it.
struct JointStrain {
  /// The force of the present stretch, N.
  var force = Vector3.zero
  /// Its largest size in the present stretch, N.
  var largest = 0.0
  /// Its size when the stretch began, N.
  var first = 0.0
  /// Impulses of blows within the last `JointDefinition.blowDuration`, N·s.
  var blows: [(time: Double, impulse: Double)] = []

  /// Ends an evaluation of the forces.
  mutating func note() {
    largest = max(largest, force.length)
    force = .zero
  }

  /// The lasting force with blows spread over their duration, N.
  mutating func load(at time: Double) -> Double {
    blows.removeAll { $0.time < time - JointDefinition.blowDuration }
    return largest + blows.reduce(0) { $0 + $1.impulse } / JointDefinition.blowDuration
  }
}

/// A body that broke.
public struct BodyBreak: Sendable, Equatable {
  /// Index in the definition.
  public var body: Int
  /// Those of its pieces.
  public var pieces: [Int]
  /// s
  public var time: Double
}

/// A joint that gave way.
public struct JointBreak: Sendable, Equatable {
  /// Index in the definition.
  public var joint: Int
  /// s
  public var time: Double
  /// What it bore, N.
  public var force: Double
  /// Where its first body's anchor was, m.
  public var point: Vector3
}

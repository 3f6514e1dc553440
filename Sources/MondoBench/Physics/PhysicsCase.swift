import RigidBodies
import WorldCore

/// A named experiment with a closed form or a conservation law to hold it against.
struct PhysicsCase: Sendable {
  var name: String
  var run: @Sendable () throws -> [PhysicsMeasurement]
}

/// One line of the table: what was expected and what came out.
struct PhysicsMeasurement: Codable, Equatable {
  var `case`: String
  var quantity: String
  var expected: Double
  var measured: Double
  /// As the bound is meant: relative or absolute, told by the quantity's wording.
  var error: Double
  var bound: Double
  var pass: Bool

  /// |measured − expected| / |expected| ≤ bound
  static func relative(_ name: String, _ quantity: String, _ measured: Double, expected: Double, within bound: Double) -> Self {
    let error = abs(measured - expected) / abs(expected)
    return Self(
      case: name, quantity: quantity, expected: expected, measured: measured, error: error, bound: bound, pass: error <= bound)
  }

  /// |measured − expected| ≤ bound
  static func absolute(_ name: String, _ quantity: String, _ measured: Double, expected: Double, within bound: Double) -> Self {
    let error = abs(measured - expected)
    return Self(
      case: name, quantity: quantity, expected: expected, measured: measured, error: error, bound: bound, pass: error <= bound)
  }

  /// A line that stands for many runs: the one with the largest error, failing if any failed.
  static func worst(_ all: [Self]) -> Self? {
    guard var worst = all.max(by: { $0.error < $1.error || ($1.error.isNaN && !$0.error.isNaN) }) else { return nil }
    worst.pass = all.allSatisfy(\.pass)
    return worst
  }
}

/// Short ways to say the bodies of the cases.
enum Props {
  static let g = 9.81

  static func floor(restitution: Double = 1, friction: Double = 1, slope: Double = 0) -> RigidBodyDefinition {
    let normal = Vector3(-Math.sine(slope), 0, Math.cosine(slope))
    return fixed("floor", .plane(normal: normal), at: .zero, restitution: restitution, friction: friction)
  }

  static func fixed(
    _ name: String, _ shape: Shape, at position: Vector3, rotation: Quaternion = .identity, restitution: Double = 1,
    friction: Double = 1
  ) -> RigidBodyDefinition {
    RigidBodyDefinition(
      name: name, shape: shape, motion: .fixed, mass: 0, inertia: .zero,
      initialState: BodyState(position: position, orientation: rotation),
      material: ContactMaterial(restitution: restitution, friction: friction))
  }

  static func solid(
    _ name: String, _ shape: Shape, mass: Double = 1, at position: Vector3, rotation: Quaternion = .identity,
    velocity: Vector3 = .zero, spin: Vector3 = .zero, restitution: Double = 1, friction: Double = 1
  ) -> RigidBodyDefinition {
    guard
      let body = RigidBodyDefinition(
        name: name, shape: shape, mass: mass, worldFromShape: RigidTransform(rotation: rotation, translation: position),
        velocity: velocity, angularVelocity: spin, material: ContactMaterial(restitution: restitution, friction: friction))
    else { preconditionFailure("'\(name)' has a volume") }
    return body
  }
}

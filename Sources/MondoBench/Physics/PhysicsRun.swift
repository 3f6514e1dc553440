import Foundation
import Mondo

/// A scene that has been simulated, with what the cases ask of it. Everything is computed from the scene's own numbers and from
/// the trajectory as it is exported.
struct PhysicsRun {
  var name: String
  var scene: Scene
  var trajectory: Trajectory
  /// s
  var step: Double

  var gravity: Double { scene.gravity.length }
  /// As quantities tell it.
  var stepName: String { "dt 1/\(Int((1 / step).rounded()))" }

  func body(_ name: String) -> Body {
    guard let body = scene.bodies.first(where: { $0.name == name }) else {
      preconditionFailure("the scene has a body '\(name)'")
    }
    return body
  }

  func track(_ name: String) -> BodyTrack {
    guard let track = trajectory.body(name) else { preconditionFailure("the scene has a body '\(name)'") }
    return track
  }

  /// m, of a body that is a sphere.
  func radius(_ name: String) -> Double { if case .sphere(let radius) = body(name).shape { radius } else { .nan } }

  /// Coefficients of a pair by the scene's rule.
  func pair(_ a: String, _ b: String) -> (restitution: Double, friction: Double) {
    func combine(_ rule: Scene.ContactRules.Rule, _ x: Double, _ y: Double) -> Double {
      switch rule {
      case .geometric: (x * y).squareRoot()
      case .min: Swift.min(x, y)
      case .max: Swift.max(x, y)
      case .product: x * y
      }
    }
    let (m, n) = (body(a).material, body(b).material)
    return (
      combine(scene.contact.restitution, m.restitution, n.restitution), combine(scene.contact.friction, m.friction, n.friction)
    )
  }

  var impacts: [ContactEvent] { trajectory.contacts.filter { $0.kind == .impact } }

  func absolute(_ quantity: String, _ measured: Double, expected: Double, within bound: Double) -> PhysicsMeasurement {
    .absolute(name, quantity, measured, expected: expected, within: bound)
  }

  func relative(_ quantity: String, _ measured: Double, expected: Double, within bound: Double) -> PhysicsMeasurement {
    .relative(name, quantity, measured, expected: expected, within: bound)
  }

  // MARK: Laws from the states alone

  private var dynamic: [BodyTrack] { trajectory.bodies.filter { $0.motion == .dynamic } }

  /// J at a sample: ½ m v² + ½ ω·Iω − m g·x of the dynamic bodies.
  func energy(at sample: Int) -> Double {
    dynamic.reduce(0) { sum, body in
      let state = body.states[sample]
      let kinetic = body.mass * state.velocity.lengthSquared + state.angularVelocity.dot(body.angularMomentum(at: sample))
      return sum + 0.5 * kinetic - body.mass * scene.gravity.dot(state.position)
    }
  }

  func kineticEnergy(at sample: Int) -> Double {
    dynamic.reduce(0) { sum, body in
      let state = body.states[sample]
      return sum + 0.5
        * (body.mass * state.velocity.lengthSquared + state.angularVelocity.dot(body.angularMomentum(at: sample)))
    }
  }

  /// kg·m/s, and kg·m²/s about the world's origin.
  func momentum(at sample: Int) -> (linear: Vector3, angular: Vector3) {
    var (linear, angular) = (Vector3.zero, Vector3.zero)
    for body in dynamic {
      let state = body.states[sample]
      linear += state.velocity * body.mass
      angular += body.angularMomentum(at: sample) + state.position.cross(state.velocity) * body.mass
    }
    return (linear, angular)
  }
}

extension BodyTrack {
  /// About the centre of mass, world frame, kg·m²/s.
  func angularMomentum(at sample: Int) -> Vector3 {
    let worldFromPrincipal = states[sample].orientation * inertiaAxes
    return worldFromPrincipal.rotate(worldFromPrincipal.unrotate(states[sample].angularVelocity) * inertia)
  }
}

extension Vector3 {
  /// As a scene writes it.
  var text: String { "[\(x), \(y), \(z)]" }
}

import WorldCore

/// What a joint's springs and dampers do to its first body; the second gets the opposite.
struct JointLoad {
  /// N, at the arms from the centres of mass.
  var force = Vector3.zero
  var rA = Vector3.zero
  var rB = Vector3.zero
  /// N·m, besides the moment of the force.
  var torque = Vector3.zero
}

extension Joint {
  /// Elastic and damping loads at the bodies' present state; nil for a joint without any.
  func load(_ bodies: UnsafeMutablePointer<Body>) -> JointLoad? {
    guard isHolding else { return nil }
    let spin = bodies[a].angularVelocity - bodies[b].angularVelocity
    switch definition.kind {
    case .spring(let stiffness, let damping, _):
      let (rA, rB, apart) = arms(bodies)
      let distance = apart.length
      guard distance > 0 else { return nil }
      let direction = apart / distance
      let rate = (bodies[a].velocity(at: rA) - bodies[b].velocity(at: rB)).dot(direction)
      return JointLoad(force: direction * -(stiffness * (distance - length) + damping * rate), rA: rA, rB: rB)
    case .hinge(let options):
      guard options.stiffness != 0 || options.damping != 0 else { return nil }
      let axis = bodies[b].frame.direction(axisB)
      return JointLoad(torque: axis * -(options.stiffness * presentAngle(bodies) + options.damping * spin.dot(axis)))
    case .slider(let options):
      guard options.stiffness != 0 || options.damping != 0 else { return nil }
      let (rA, rB, apart) = arms(bodies)
      let axis = bodies[b].frame.direction(axisB)
      // Both forces act at the first body's anchor, so that they make no couple.
      let rate = (bodies[a].velocity(at: rA) - bodies[b].velocity(at: rB + apart)).dot(axis)
      return JointLoad(
        force: axis * -(options.stiffness * axis.dot(apart) + options.damping * rate), rA: rA, rB: rB + apart)
    case .ball(_, _, let damping):
      return damping == 0 ? nil : JointLoad(torque: spin * -damping)
    case .fixed, .rope: return nil
    }
  }

  /// Elastic energy, J.
  func storedEnergy(_ bodies: UnsafeMutablePointer<Body>) -> Double {
    guard isHolding else { return 0 }
    switch definition.kind {
    case .spring(let stiffness, _, _):
      let stretch = arms(bodies).apart.length - length
      return 0.5 * stiffness * stretch * stretch
    case .hinge(let options):
      let angle = options.stiffness == 0 ? 0 : presentAngle(bodies)
      return 0.5 * options.stiffness * angle * angle
    case .slider(let options):
      let travel = bodies[b].frame.direction(axisB).dot(arms(bodies).apart)
      return 0.5 * options.stiffness * travel * travel
    case .ball, .fixed, .rope: return 0
    }
  }
}

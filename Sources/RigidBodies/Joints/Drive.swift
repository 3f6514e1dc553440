import WorldCore

/// A bounded force on the free coordinate of a joint that strives for a speed: a motor, or dry friction, which strives for 0.
///
/// While the rate differs from the speed the force is at its limit, towards it; once they meet it takes what it needs to hold
/// them together, as long as that is within the limit.
struct Drive {
  enum Mode {
    /// The rate is above or below the speed: the force is −limit or +limit.
    case above, below
    case held
  }

  /// rad/s or m/s
  var speed: Double
  /// N·m or N
  var limit: Double
  var mode = Mode.held
  /// What it took to hold at the last evaluation, N·m or N.
  var heldForce = 0.0

  /// Rates nearer to the speed than this have met it, rad/s or m/s.
  static let meeting = 1e-7

  var force: Double {
    switch mode {
    case .above: -limit
    case .below: limit
    case .held: 0
    }
  }

  mutating func aim(_ rate: Double) {
    mode = abs(rate - speed) <= Self.meeting ? .held : rate > speed ? .above : .below
  }

  /// Motor and friction; one where both strive for 0.
  static func all(of kind: JointDefinition.Kind) -> [Drive] {
    switch kind {
    case .hinge(let options), .slider(let options):
      var drives: [Drive] = []
      var friction = options.friction
      if let motor = options.motor {
        if motor.speed == 0 { friction += motor.limit } else { drives.append(Drive(speed: motor.speed, limit: motor.limit)) }
      }
      if friction > 0 { drives.append(Drive(speed: 0, limit: friction)) }
      return drives
    case .ball, .fixed, .spring, .rope: return []
    }
  }
}

/// Dry friction in a ball joint: a torque of at most so much against the relative turning, in whatever direction.
struct Grip {
  var isHeld = true
  /// Direction of the torque while the bodies hardly turn, unit, world frame.
  var direction = Vector3.zero
  /// The relative spin at the start of the stretch, rad/s; zero where it hardly turned.
  var course = Vector3.zero
  /// What it took to hold at the last evaluation, N·m.
  var heldTorque = Vector3.zero
  /// Whether friction has turned the spin round since it began to slip: then it stops.
  var hasTurned = false
}

/// The free coordinate of a hinge or slider as it lies in the world.
struct JointFreedom {
  var linear: Vector3
  var angularA: Vector3
  var angularB: Vector3
  /// rad or m
  var value: Double

  func rate(_ a: Body, _ b: Body) -> Double {
    linear.dot(a.velocity - b.velocity) + angularA.dot(a.angularVelocity) - angularB.dot(b.angularVelocity)
  }
}

extension Joint {
  /// nil for joints without exactly one free coordinate.
  func freedom(_ bodies: UnsafeMutablePointer<Body>) -> JointFreedom? {
    let axis = bodies[b].frame.direction(axisB)
    switch definition.kind {
    case .hinge: return JointFreedom(linear: .zero, angularA: axis, angularB: axis, value: presentAngle(bodies))
    case .slider:
      let (rA, rB, apart) = arms(bodies)
      return JointFreedom(
        linear: axis, angularA: rA.cross(axis), angularB: (rB + apart).cross(axis), value: axis.dot(apart))
    case .ball, .fixed, .spring, .rope: return nil
    }
  }

  /// The dry friction of a ball joint, N·m; 0 for others.
  var gripLimit: Double { if case .ball(let friction, _, _) = definition.kind { friction } else { 0 } }

  var isDriven: Bool { isHolding && (!drives.isEmpty || gripLimit > 0) }

  func relativeSpin(_ bodies: UnsafeMutablePointer<Body>) -> Vector3 { bodies[a].angularVelocity - bodies[b].angularVelocity }

  /// Takes the modes of its drives from the present rates.
  mutating func aim(_ bodies: UnsafeMutablePointer<Body>) {
    if let free = freedom(bodies) {
      let rate = free.rate(bodies[a], bodies[b])
      for k in drives.indices { drives[k].aim(rate) }
    }
    if gripLimit > 0 {
      let spin = relativeSpin(bodies)
      grip.isHeld = spin.length <= Drive.meeting
      grip.course = grip.isHeld ? .zero : spin
    }
  }

  /// The torque of a ball joint's friction on its first body while it slips, N·m.
  ///
  /// Past the moment at which the spin has turned against its course the torque goes on as before it: so the search for that
  /// moment sees a smooth motion, and no motion goes there.
  func slippingTorque(_ bodies: UnsafeMutablePointer<Body>) -> Vector3? {
    guard gripLimit > 0, !grip.isHeld else { return nil }
    let spin = relativeSpin(bodies)
    let speed = spin.length
    if grip.course != .zero {
      // Next to the turn the spin's own direction is lost in rounding.
      if speed <= Drive.meeting { return grip.course * (-gripLimit / grip.course.length) }
      return spin * (spin.dot(grip.course) < 0 ? gripLimit / speed : -gripLimit / speed)
    }
    return speed > Drive.meeting ? spin * (-gripLimit / speed) : grip.direction * gripLimit
  }

  /// Functions of the state whose rise through 0 ends a smooth stretch, each over the size that counts as 0: the way past
  /// stops, and the rates past the speeds of drives.
  ///
  /// - Parameter spinAtStart: of a ball joint with friction: it stops when the relative spin has turned against this.
  func eventValues(_ bodies: UnsafeMutablePointer<Body>, spinAtStart: Vector3, to values: inout [Double]) {
    guard isHolding else { return }
    let size = Self.atStop / 2
    switch definition.kind {
    case .hinge(let options), .slider(let options):
      guard options.limits != nil || !drives.isEmpty, let free = freedom(bodies) else { return }
      if let limits = options.limits {
        values.append((free.value - limits.upperBound) / size)
        values.append((limits.lowerBound - free.value) / size)
      }
      let rate = free.rate(bodies[a], bodies[b])
      for drive in drives where drive.mode != .held {
        values.append((drive.mode == .above ? drive.speed - rate : rate - drive.speed) / (Drive.meeting / 4))
      }
    case .ball(let friction, let swing, _):
      if let swing { values.append((turn(bodies).length - swing) / size) }
      if friction > 0 && !grip.isHeld {
        let speed = spinAtStart.length
        values.append(speed > Drive.meeting ? -relativeSpin(bodies).dot(spinAtStart) / (speed * Drive.meeting / 4) : -1e9)
      }
    case .rope: values.append((arms(bodies).apart.length - length) / size)
    case .fixed, .spring: return
    }
  }
}

import WorldCore

/// A stop by its joint and its place among that joint's.
struct JointStop: Equatable {
  var joint: Int
  var stop: Int
}

/// One scalar constraint of a joint: C = 0 (or ≤ 0 with a force ≤ 0) with Ċ = l·(v_a − v_b) + m_a·ω_a − m_b·ω_b.
struct JointRow {
  var joint: Int
  var a: UnsafeMutablePointer<Body>
  var b: UnsafeMutablePointer<Body>
  /// l, the linear direction; zero for a constraint on rotation.
  var linear: Vector3
  var angularA: Vector3
  var angularB: Vector3
  /// C, m or rad.
  var error: Double
  /// Wanted Ċ, m/s or rad/s.
  var target = 0.0
  /// Bounds of the force or torque, N or N·m; infinite for a bilateral constraint.
  var low = -Double.infinity
  var high = Double.infinity
  /// Of a stop: how much of its speed it gives back.
  var restitution = 0.0
  /// Which drive of the joint, or axis of a ball joint's grip, it stands for; −1 for a geometric constraint.
  var drive = -1
  /// Which stop of the joint it stands for; −1 for none.
  var stop = -1
  /// Bounds of the impulse in the solution at work, N·s or N·m·s.
  var impulseLow = -Double.infinity
  var impulseHigh = Double.infinity
  var impulse = 0.0
  /// γ, of springs and dampers: the row asks for Ċ + γ p = target. s/kg or the like; 0 for what is rigid.
  var compliance = 0.0
  /// 1 / (J M⁻¹ Jᵀ + γ)
  var effectiveMass = 0.0

  var isBilateral: Bool { low == -.infinity && high == .infinity }
  var isOneSided: Bool { low == -.infinity && high == 0 }

  /// Ċ
  @inline(__always) var rate: Double {
    linear.dot(a.pointee.velocity - b.pointee.velocity) + angularA.dot(a.pointee.angularVelocity)
      - angularB.dot(b.pointee.angularVelocity)
  }

  /// Ċ + γ p − target: what is still to be made up for.
  @inline(__always) var excess: Double { rate - target + compliance * impulse }

  @inline(__always) func push(_ impulse: Double) {
    if a.pointee.isDynamic {
      a.pointee.velocity += linear * (impulse * a.pointee.inverseMass)
      a.pointee.angularVelocity += a.pointee.inverseInertia * (angularA * impulse)
    }
    if b.pointee.isDynamic {
      b.pointee.velocity -= linear * (impulse * b.pointee.inverseMass)
      b.pointee.angularVelocity -= b.pointee.inverseInertia * (angularB * impulse)
    }
  }

  /// J M⁻¹ J′ᵀ: what an impulse along another row does to the rate of this one.
  func response(to other: JointRow) -> Double {
    var sum = 0.0
    func add(_ body: UnsafeMutablePointer<Body>, _ sign: Double, _ mine: Vector3, _ others: Vector3) {
      guard body.pointee.isDynamic else { return }
      sum +=
        sign * (linear.dot(other.linear) * body.pointee.inverseMass + mine.dot(body.pointee.inverseInertia * others))
    }
    if a == other.a { add(a, 1, angularA, other.angularA) }
    if b == other.b { add(b, 1, angularB, other.angularB) }
    if a == other.b { add(a, -1, angularA, other.angularB) }
    if b == other.a { add(b, -1, angularB, other.angularA) }
    return sum
  }

  mutating func prepare() {
    var k = linear.lengthSquared * (a.pointee.inverseMass + b.pointee.inverseMass)
    if a.pointee.isDynamic { k += angularA.dot(a.pointee.inverseInertia * angularA) }
    if b.pointee.isDynamic { k += angularB.dot(b.pointee.inverseInertia * angularB) }
    effectiveMass = k > 0 ? 1 / (k + compliance) : 0
  }

  /// Whether it holds its target, rather than push at a bound of its impulse.
  @inline(__always) var isWithinBounds: Bool { effectiveMass > 0 && impulse > impulseLow && impulse < impulseHigh }

  /// Adds to the impulse as far as it may go.
  @inline(__always) mutating func move(_ change: Double) {
    let new = min(max(impulse + change, impulseLow), impulseHigh)
    push(new - impulse)
    impulse = new
  }

  /// One Gauss-Seidel visit; returns the change of rate that it made.
  @inline(__always) mutating func relax() -> Double {
    let wanted = impulse - excess * effectiveMass
    let new = min(max(wanted, impulseLow), impulseHigh)
    let change = new - impulse
    impulse = new
    if change != 0 { push(change) }
    return effectiveMass > 0 ? abs(change) / effectiveMass : 0
  }
}

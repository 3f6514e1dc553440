import WorldCore

/// One contact point as the solvers see it: impulses along the normal n and two tangents t₁, t₂.
///
/// With v the relative velocity of the point in these axes and K = ∂v/∂p its response to an impulse p: find p with
/// 0 ≤ pₙ ⊥ vₙ − target ≥ 0 (Signorini) and p_t within the disc of radius µ pₙ, opposite to v_t where it slides (Coulomb).
struct ContactRow {
  var pair: UnsafeMutablePointer<Pair>
  var point: Int
  var a: UnsafeMutablePointer<Body>
  var b: UnsafeMutablePointer<Body>
  var rA: Vector3
  var rB: Vector3
  var n: Vector3
  var t1: Vector3
  var t2: Vector3
  // K in (n, t1, t2), kg⁻¹.
  var knn: Double
  var kn1: Double
  var kn2: Double
  var k11: Double
  var k12: Double
  var k22: Double
  /// A step for sliding that no eigenvalue of K's tangential block outruns.
  var slide: Double
  /// Least normal velocity after, m/s.
  var target = 0.0
  /// Velocity along the tangents at which the point sticks, m/s.
  var target1 = 0.0
  var target2 = 0.0
  var friction: Double
  // Impulses, N·s.
  var pn = 0.0
  var p1 = 0.0
  var p2 = 0.0
  // Rolling and spinning friction: limits as lengths, m, and the angular impulse, N·m·s.
  var rollingArm: Double
  var spinningArm: Double
  /// A step for turning that no eigenvalue of the sum of the inverse inertias outruns, kg·m²; 0 where nothing resists turning.
  var turnStep = 0.0
  var moment = Vector3.zero
  /// From the point to where its friction acts, m: inwards from the corners of a face.
  var shift = Vector3.zero

  /// A contact point as it is now.
  init(
    pair: UnsafeMutablePointer<Pair>, point index: Int, a: UnsafeMutablePointer<Body>, b: UnsafeMutablePointer<Body>
  ) {
    let contact = pair.pointee.points + index
    self.init(
      pair: pair, point: index, a: a, b: b, normal: contact.pointee.normal,
      rA: contact.pointee.point - a.pointee.position, rB: contact.pointee.point - b.pointee.position)
  }

  init(
    pair: UnsafeMutablePointer<Pair>, point index: Int, a: UnsafeMutablePointer<Body>, b: UnsafeMutablePointer<Body>,
    normal n: Vector3, rA: Vector3, rB: Vector3
  ) {
    self.pair = pair
    point = index
    self.a = a
    self.b = b
    let t1 = n.anyPerpendicularUnit
    let t2 = n.cross(t1)
    (self.n, self.t1, self.t2, self.rA, self.rB) = (n, t1, t2, rA, rB)
    // K d = (1/m_a + 1/m_b) d + Σ (I⁻¹ (r × d)) × r
    @inline(__always) func response(_ d: Vector3) -> Vector3 {
      var k = d * (a.pointee.inverseMass + b.pointee.inverseMass)
      if a.pointee.isDynamic { k += (a.pointee.inverseInertia * rA.cross(d)).cross(rA) }
      if b.pointee.isDynamic { k += (b.pointee.inverseInertia * rB.cross(d)).cross(rB) }
      return k
    }
    let (kn, k1, k2) = (response(n), response(t1), response(t2))
    knn = kn.dot(n)
    kn1 = kn.dot(t1)
    kn2 = kn.dot(t2)
    k11 = k1.dot(t1)
    k12 = k1.dot(t2)
    k22 = k2.dot(t2)
    slide = Self.slide(k11, k12, k22)
    friction = pair.pointee.friction
    // The radius on which a body rolls: the height of its centre over the contact.
    let arm = abs(n.dot(a.pointee.isDynamic ? rA : rB))
    rollingArm = pair.pointee.rollingFriction * arm
    spinningArm = pair.pointee.spinningFriction * arm
    if rollingArm > 0 || spinningArm > 0 {
      var inverse = SymmetricMatrix3.zero
      if a.pointee.isDynamic { inverse = inverse + a.pointee.inverseInertia }
      if b.pointee.isDynamic { inverse = inverse + b.pointee.inverseInertia }
      let (d, o) = (inverse.diagonal, inverse.offDiagonal)
      turnStep = 1 / (max(d.x, d.y, d.z) + abs(o.x) + abs(o.y) + abs(o.z))
    }
  }

  @inline(__always) var relativeVelocity: Vector3 {
    var v = a.pointee.velocity
    v += a.pointee.angularVelocity.cross(rA)
    v -= b.pointee.velocity
    v -= b.pointee.angularVelocity.cross(rB)
    return v
  }

  /// The relative velocity where friction acts.
  @inline(__always) var slipVelocity: Vector3 {
    shift == .zero ? relativeVelocity : relativeVelocity + relativeSpin.cross(shift)
  }

  /// Moves the friction by `shift`.
  mutating func moveFriction(by shift: Vector3) {
    if shift == .zero { return }
    self.shift = shift
    @inline(__always) func response(_ d: Vector3, at offset: Vector3) -> Vector3 {
      var k = d * (a.pointee.inverseMass + b.pointee.inverseMass)
      if a.pointee.isDynamic { k += (a.pointee.inverseInertia * (rA + offset).cross(d)).cross(rA + shift) }
      if b.pointee.isDynamic { k += (b.pointee.inverseInertia * (rB + offset).cross(d)).cross(rB + shift) }
      return k
    }
    let (kn, k1, k2) = (response(n, at: .zero), response(t1, at: shift), response(t2, at: shift))
    (kn1, kn2) = (kn.dot(t1), kn.dot(t2))
    (k11, k12, k22) = (k1.dot(t1), k1.dot(t2), k2.dot(t2))
    slide = Self.slide(k11, k12, k22)
  }

  /// A step that no eigenvalue of the tangential block outruns.
  @inline(__always) private static func slide(_ k11: Double, _ k12: Double, _ k22: Double) -> Double {
    let (mean, difference) = (0.5 * (k11 + k22), 0.5 * (k11 - k22))
    return 1 / (mean + (difference * difference + k12 * k12).squareRoot())
  }

  @inline(__always) var normalVelocity: Double { relativeVelocity.dot(n) }

  @inline(__always) func push(_ impulse: Vector3) {
    if a.pointee.isDynamic {
      a.pointee.velocity += impulse * a.pointee.inverseMass
      a.pointee.angularVelocity += a.pointee.inverseInertia * rA.cross(impulse)
    }
    if b.pointee.isDynamic {
      b.pointee.velocity -= impulse * b.pointee.inverseMass
      b.pointee.angularVelocity -= b.pointee.inverseInertia * rB.cross(impulse)
    }
  }

  var impulse: Vector3 { n * pn + t1 * p1 + t2 * p2 }

  /// The angular impulse beside that of `impulse` at the point, N·m·s.
  var couple: Vector3 { shift == .zero ? moment : moment + shift.cross(t1 * p1 + t2 * p2) }

  /// Applies impulses beyond those that the row holds.
  @inline(__always) func push(_ dn: Double, _ d1: Double, _ d2: Double) {
    let across = t1 * d1 + t2 * d2
    push(n * dn + across)
    if shift != .zero { turn(shift.cross(across)) }
  }

  mutating func scale(by share: Double) {
    if share == 1 { return }
    pn *= share
    p1 *= share
    p2 *= share
    moment *= share
  }

  /// Applies the row's impulses, or takes them back.
  func push(by share: Double) {
    if pn != 0 || p1 != 0 || p2 != 0 { push(pn * share, p1 * share, p2 * share) }
    if moment != .zero { turn(moment * share) }
  }

  /// The impulses times the velocities that they act along, J.
  var power: Double { impulse.dot(relativeVelocity) + couple.dot(relativeSpin) }

  /// The same at the velocities that were put aside, those of the stretch's start.
  var savedPower: Double {
    func motion(_ body: UnsafeMutablePointer<Body>) -> (Vector3, Vector3) {
      body.pointee.isDynamic
        ? (body.pointee.savedVelocity, body.pointee.savedAngularVelocity)
        : (body.pointee.velocity, body.pointee.angularVelocity)
    }
    let ((vA, spinA), (vB, spinB)) = (motion(a), motion(b))
    return impulse.dot(vA + spinA.cross(rA) - vB - spinB.cross(rB)) + couple.dot(spinA - spinB)
  }

  @inline(__always) private func turn(_ moment: Vector3) {
    if a.pointee.isDynamic { a.pointee.angularVelocity += a.pointee.inverseInertia * moment }
    if b.pointee.isDynamic { b.pointee.angularVelocity -= b.pointee.inverseInertia * moment }
  }

  /// One projected Gauss-Seidel visit; returns the largest change of velocity that it made, m/s.
  @inline(__always)
  mutating func relax() -> Double {
    let v = relativeVelocity
    let newN = max(0, pn - (v.dot(n) - target) / knn)
    let dn = newN - pn
    var (d1, d2) = (0.0, 0.0)
    if friction > 0 && (newN > 0 || pn > 0 || p1 != 0 || p2 != 0) {
      let slip = shift == .zero ? v : v + relativeSpin.cross(shift)
      let v1 = slip.dot(t1) + kn1 * dn - target1
      let v2 = slip.dot(t2) + kn2 * dn - target2
      let limit = friction * newN
      // Sticking, if the cone allows it.
      let determinant = k11 * k22 - k12 * k12
      var n1 = p1 - (k22 * v1 - k12 * v2) / determinant
      var n2 = p2 - (k11 * v2 - k12 * v1) / determinant
      if n1 * n1 + n2 * n2 > limit * limit {
        // Sliding: a projected step, whose fixed point is friction opposite to the motion.
        n1 = p1 - slide * v1
        n2 = p2 - slide * v2
        let square = n1 * n1 + n2 * n2
        if square > limit * limit {
          let scale = limit / square.squareRoot()
          n1 *= scale
          n2 *= scale
        }
      }
      d1 = n1 - p1
      d2 = n2 - p2
      p1 = n1
      p2 = n2
    }
    pn = newN
    if dn != 0 || d1 != 0 || d2 != 0 { push(dn, d1, d2) }
    var change = max(abs(dn) * knn, (abs(d1) + abs(d2)) / slide)
    if turnStep > 0 && (pn > 0 || moment != .zero) { change = max(change, relaxMoment()) }
    return change
  }

  /// Whether the point presses and its friction is inside the cone: then it holds still.
  @inline(__always) var sticks: Bool {
    let limit = friction * pn
    return limit > 0 && p1 * p1 + p2 * p2 < limit * limit * (1 - 1e-9)
  }

  /// Whether spinning friction is inside its bound: then nothing spins on the point.
  @inline(__always) var holdsSpinning: Bool {
    turnStep > 0 && spinningArm > 0 && abs(n.dot(moment)) < spinningArm * pn * (1 - 1e-9)
  }

  /// The same of rolling friction and rolling.
  @inline(__always) var holdsRolling: Bool {
    guard turnStep > 0 && rollingArm > 0 else { return false }
    let limit = rollingArm * pn
    return (moment - n * n.dot(moment)).lengthSquared < limit * limit * (1 - 1e-9)
  }

  @inline(__always) var relativeSpin: Vector3 { a.pointee.angularVelocity - b.pointee.angularVelocity }

  /// Adds to the impulses, as far as they may go. Friction that isn't told goes with the normal impulse: the point slides.
  mutating func move(normal: Double, across: (Double, Double)?, moment change: Vector3) {
    let newN = max(0, pn + normal)
    var (n1, n2) = (p1, p2)
    if let across { (n1, n2) = (p1 + across.0, p2 + across.1) }
    let limit = friction * newN
    let square = n1 * n1 + n2 * n2
    if across == nil || square > limit * limit {
      let scale = square > 0 ? limit / square.squareRoot() : 0
      n1 *= scale
      n2 *= scale
    }
    push(newN - pn, n1 - p1, n2 - p2)
    (pn, p1, p2) = (newN, n1, n2)
    if turnStep > 0 && (change != .zero || moment != .zero) { setMoment(moment + change) }
  }

  /// Rolling friction bounds the angular impulse across the normal, spinning friction the one along it.
  private mutating func relaxMoment() -> Double {
    setMoment(moment - relativeSpin * turnStep) / turnStep * max(rA.length, 1e-3)
  }

  /// Takes over a moment as far as it may be; returns the size of the change.
  @discardableResult private mutating func setMoment(_ wanted: Vector3) -> Double {
    var along = n.dot(wanted)
    var across = wanted - n * along
    let (alongLimit, acrossLimit) = (spinningArm * pn, rollingArm * pn)
    along = min(max(along, -alongLimit), alongLimit)
    let length = across.length
    if length > acrossLimit { across *= acrossLimit / length }
    let new = across + n * along
    let change = new - moment
    moment = new
    turn(change)
    return change.length
  }
}

extension SIMD3 where Scalar == Double {
  /// `anyPerpendicular` of a vector known to be of length 1.
  @inline(__always) var anyPerpendicularUnit: Vector3 {
    let sign = z >= 0 ? 1.0 : -1.0
    let a = -1 / (sign + z)
    return Vector3(1 + sign * x * x * a, sign * x * y * a, -sign * x)
  }
}

import WorldCore

/// A contact point as it is kept from step to step.
struct ManifoldPoint {
  /// World frame, m.
  var point: Vector3
  /// Unit, from the second body to the first.
  var normal: Vector3
  /// The normal that this point had one stretch before.
  var previousNormal: Vector3
  var gap: Double
  var parts: Int32
  /// See `ContactPoint`.
  var spread: Double
  /// In the first body's frame, to recognise it by.
  var local: Vector3
  /// Force of the last step, N: along the normal, and across it in the world frame.
  var normalForce = 0.0
  var frictionForce = Vector3.zero
  /// Moment of rolling and spinning friction of the last step, N·m.
  var moment = Vector3.zero

  mutating func release() { (normalForce, frictionForce, moment) = (0, .zero, .zero) }
}

/// Two bodies whose boxes overlap, with what is remembered of their contact.
struct Pair {
  var a: Int32
  var b: Int32
  var restitution: Double
  var friction: Double
  var rollingFriction: Double
  var spinningFriction: Double

  var points: UnsafeMutablePointer<ManifoldPoint>
  var count = 0
  var capacity: Int
  /// Least gap of the present points, m; infinite when there are none.
  var leastGap = Double.infinity
  /// The normal found last.
  var guess = Vector3.zero

  /// Touching without bouncing in the present interval: forces hold it, not the search for impacts.
  var isLasting = false
  var hasCurrentPoints = false

  /// What has been told: a lasting contact that began and has not ended.
  var isReported = false
  /// Since when a reported contact has been open, s; negative while it is closed.
  var openSince = -1.0
  /// When the last reported impact and the last hit that belongs to it were, s, and how fast it was, m/s.
  var hitTime = -Double.infinity
  var lastHit = -Double.infinity
  var hitSpeed = 0.0
  /// What the pair has laid on a body that may break within `Engine.bearingTime`, N·s.
  var burden = 0.0
  /// Impulse and so on of the impact that is being resolved.
  var impact = PairImpact()

  var key: UInt64 { UInt64(UInt32(bitPattern: a)) << 32 | UInt64(UInt32(bitPattern: b)) }

  init(a: Int32, b: Int32, restitution: Double, friction: Double, rolling: Double, spinning: Double) {
    self.a = a
    self.b = b
    self.restitution = restitution
    self.friction = friction
    rollingFriction = rolling
    spinningFriction = spinning
    capacity = 8
    points = .allocate(capacity: 8)
  }

  /// Takes over new points, handing on the forces of the old ones that they continue.
  mutating func replacePoints(_ found: [ContactPoint], frameA: Frame) {
    withUnsafeTemporaryAllocation(of: ManifoldPoint.self, capacity: max(1, count)) { old in
      let oldCount = count
      for k in 0..<oldCount { (old.baseAddress! + k).initialize(to: points[k]) }
      if found.count > capacity {
        points.deallocate()
        capacity = 2 * found.count
        points = .allocate(capacity: capacity)
      }
      count = found.count
      var nearestGap = Double.infinity
      for k in 0..<count {
        let new = found[k]
        (points + k).initialize(
          to: ManifoldPoint(
            point: new.point, normal: new.normal, previousNormal: new.normal, gap: new.gap, parts: new.parts,
            spread: new.spread, local: frameA.inversePoint(new.point)))
        if new.gap < nearestGap {
          nearestGap = new.gap
          guess = new.normal
        }
      }
      // Every force goes on at the point nearest to where it was: points that come up between others, as they do where edges
      // lie on one another but for rounding, take nothing from these, and what two bore that become one is borne by it.
      for j in 0..<oldCount {
        var nearest = -1
        var nearestDistance = Double.infinity
        for k in 0..<count where points[k].parts == old[j].parts {
          let distance = (old[j].local - points[k].local).lengthSquared
          if distance < nearestDistance {
            nearestDistance = distance
            nearest = k
          }
        }
        guard nearest >= 0 else { continue }
        points[nearest].normalForce += old[j].normalForce
        points[nearest].frictionForce += old[j].frictionForce
        points[nearest].moment += old[j].moment
        points[nearest].previousNormal = old[j].normal
      }
      leastGap = nearestGap
    }
    hasCurrentPoints = true
  }
}

/// The impulses that a pair exchanges at one instant.
struct PairImpact {
  var impulse = 0.0
  var approachSpeed = 0.0
  /// Sum of impulse × point, to average by.
  var moment = Vector3.zero
  var normal = Vector3.zero
}

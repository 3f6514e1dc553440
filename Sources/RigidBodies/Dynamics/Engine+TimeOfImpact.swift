import WorldCore

extension Engine {
  /// Surfaces nearer than this have met, m.
  static let meeting = 1e-8

  /// When the surfaces of a flying pair meet, or `limit` if they don't before, s.
  ///
  /// Conservative advancement (Mirtich 1996): with separation d along n, closing speed c and a bound A on the relative
  /// acceleration, the gap lasts at least until d − c s − ½ A s² = 0. For a ball over a plane that root is the impact itself.
  func timeOfImpact(_ pair: UnsafeMutablePointer<Pair>, before limit: Double) -> Double {
    let (a, b) = (Int(pair.pointee.a), Int(pair.pointee.b))
    let air = definition.air
    var s = 0.0
    var safe = 0.0
    for iteration in 0..<200 {
      let (stateA, stateB) = (bodies[a].motion(after: s, air: air), bodies[b].motion(after: s, air: air))
      let (frameA, frameB) = (Frame(stateA.orientation, stateA.position), Frame(stateB.orientation, stateB.position))
      let linear = stateA.velocity - stateB.velocity
      let (spinA, spinB) = (spin(a, stateA), spin(b, stateB))
      let (turnA, turnB) = (turn(a, spinA), turn(b, spinB))
      let acceleration = relativeAcceleration(a, b, spinA, spinB)
      let left = limit - s
      let reach = (linear.length + turnA + turnB) * left + 0.5 * acceleration * left * left
      narrowphase.collide(colliders[a], frameA, colliders[b], frameB, margin: reach + 1e-6, guess: pair.pointee.guess)
      let found = narrowphase.found
      guard let nearest = found.min(by: { $0.gap < $1.gap }) else { return limit }

      var ahead = Double.infinity
      for contact in found {
        let material = linear + spinA.cross(contact.point - stateA.position) - spinB.cross(contact.point - stateB.position)
        let along = material.dot(contact.normal)
        if contact.gap <= Self.meeting && along < 0 {
          // Overshot into the overlap: come back by halves.
          if contact.gap < -1e-7 && s > safe && iteration < 150 { return refine(pair, from: safe, to: s) }
          return s
        }
        // Near the surface the contact point itself tells the closing speed; far off any point of the body might arrive first.
        let isNear = contact.gap < 0.02 * min(turnRadii[a] + 1e-3, turnRadii[b] + 1e-3)
        let closing = isNear ? -along : turnA + turnB - linear.dot(contact.normal)
        let gap = max(contact.gap, 0)
        let root: Double
        if acceleration > 0 {
          let discriminant = (closing * closing + 2 * acceleration * gap).squareRoot()
          root = closing > 0 ? 2 * gap / (closing + discriminant) : (discriminant - closing) / acceleration
        } else {
          root = closing > 0 ? gap / closing : .infinity
        }
        ahead = min(ahead, root)
      }
      if s + ahead >= limit {
        // The bounds near the surface are those of one point; another may have come through.
        return nearest.gap < 0.02 * pairSize(a, b) ? checkedEnd(pair, from: s, to: limit) : limit
      }
      if nearest.gap > Self.meeting { safe = s }
      s += max(ahead, 1e-7 * step)
    }
    return s
  }

  private func pairSize(_ a: Int, _ b: Int) -> Double { min(bodies[a].radius, bodies[b].radius) }

  /// Least gap at a time; infinite beyond `margin`.
  private func gap(_ pair: UnsafeMutablePointer<Pair>, at s: Double, margin: Double = 1e-6) -> Double {
    let (a, b) = (Int(pair.pointee.a), Int(pair.pointee.b))
    let (stateA, stateB) = (bodies[a].motion(after: s, air: definition.air), bodies[b].motion(after: s, air: definition.air))
    narrowphase.collide(
      colliders[a], Frame(stateA.orientation, stateA.position), colliders[b], Frame(stateB.orientation, stateB.position),
      margin: margin, guess: pair.pointee.guess)
    return narrowphase.found.reduce(Double.infinity) { min($0, $1.gap) }
  }

  private func checkedEnd(_ pair: UnsafeMutablePointer<Pair>, from safe: Double, to limit: Double) -> Double {
    gap(pair, at: limit) < -Self.touching ? refine(pair, from: safe, to: limit) : limit
  }

  /// The root of the gap between a time before the surfaces meet and one after: by regula falsi in the Illinois variant, and by
  /// halves where the gap isn't known.
  private func refine(_ pair: UnsafeMutablePointer<Pair>, from safe: Double, to overlap: Double) -> Double {
    let (a, b) = (Int(pair.pointee.a), Int(pair.pointee.b))
    let speed = (bodies[a].velocity - bodies[b].velocity).length + turnSpeed(a) + turnSpeed(b)
    let margin = 2 * speed * (overlap - safe) + 1e-6
    var (low, high) = (safe, overlap)
    var (atLow, atHigh) = (gap(pair, at: low, margin: margin), gap(pair, at: high, margin: margin))
    var side = 0
    for _ in 0..<60 {
      let share = atLow > 0 && atLow.isFinite && atHigh < 0 ? atLow / (atLow - atHigh) : 0.5
      let between = low + (high - low) * share
      let gap = gap(pair, at: between, margin: margin)
      if abs(gap) <= Self.meeting { return between }
      if gap > 0 {
        (low, atLow) = (between, gap)
        if side == 1 { atHigh /= 2 }
        side = 1
      } else {
        (high, atHigh) = (between, gap)
        if side == -1 { atLow /= 2 }
        side = -1
      }
      if high - low < 1e-12 * step { break }
    }
    return high
  }

  /// When a point of a lasting pair that is still open may close, or `limit`.
  func timeOfNewPoint(_ pair: UnsafeMutablePointer<Pair>, before limit: Double) -> Double {
    var earliest = limit
    let (a, b) = (bodies + Int(pair.pointee.a), bodies + Int(pair.pointee.b))
    for k in 0..<pair.pointee.count where pair.pointee.points[k].gap > Self.sharing {
      let contact = pair.pointee.points[k]
      let v =
        a.pointee.velocity(at: contact.point - a.pointee.position) - b.pointee.velocity(at: contact.point - b.pointee.position)
      let closing = -v.dot(contact.normal)
      guard closing > restingSpeed else { continue }
      // A little early: a point inside the sharing distance closes gently.
      earliest = min(earliest, max((contact.gap - 0.5 * Self.touching) / closing, 1e-3 * step))
    }
    return earliest
  }

  @inline(__always) private func spin(_ index: Int, _ state: MotionState) -> Vector3 {
    bodies[index].isDynamic ? bodies[index].spin(state.orientation, state.angularMomentum) : bodies[index].angularVelocity
  }

  @inline(__always) private func turn(_ index: Int, _ spin: Vector3) -> Double {
    spin == .zero ? 0 : spin.length * turnRadii[index]
  }

  /// Bound on how fast the closing speed of any two surface points can change, m/s².
  private func relativeAcceleration(_ a: Int, _ b: Int, _ spinA: Vector3, _ spinB: Vector3) -> Double {
    func linear(_ index: Int) -> Vector3 {
      guard bodies[index].isDynamic else { return .zero }
      var acceleration = outsideAcceleration(index)
      if bodies[index].hasLoad { acceleration += (bodies[index].force - bodies[index].load) * bodies[index].inverseMass }
      return acceleration
    }
    func angular(_ index: Int, _ spin: Vector3) -> Double {
      if turnRadii[index] == 0 || spin == .zero && !bodies[index].hasLoad { return 0 }
      let radius = turnRadii[index]
      var bound = spin.lengthSquared * radius
      if bodies[index].isDynamic && !bodies[index].isIsotropic {
        // The gyroscopic term can turn ω at most as fast as |ω|² times the ratio of the moments.
        bound *= 1 + bodies[index].inertia.max() / bodies[index].inertia.min()
      }
      if bodies[index].hasLoad { bound += (bodies[index].inverseInertia * bodies[index].torque).length * radius }
      return bound
    }
    return (linear(a) - linear(b)).length * (1 + 1e-9) + angular(a, spinA) + angular(b, spinB)
  }
}

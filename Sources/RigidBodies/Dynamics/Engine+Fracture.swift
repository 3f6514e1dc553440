import Foundation
import WorldCore

/// Bodies that break. The pieces of each are bodies of the world from the start, but are not there until it breaks.
extension Engine {
  /// Over how long a lasting force adds up to what breaks a body, s: the time that joints take for a blow.
  static let bearingTime = JointDefinition.blowDuration

  /// A body under more than it can bear, and what loads it.
  struct Overload {
    var body: Int
    var pair: UnsafeMutablePointer<Pair>
  }

  func isBreakable(_ body: Int) -> Bool { bodies[body].isPresent && definition.bodies[body].breaksAt != nil }

  var islandMayBreak: Bool { island.bodies.contains { isBreakable($0) } }

  /// The breakable bodies of a pair.
  private func breakables(of pair: UnsafeMutablePointer<Pair>) -> [Int] {
    [Int(pair.pointee.a), Int(pair.pointee.b)].filter { isBreakable($0) }
  }

  // MARK: Loads

  /// Shortens the blows of this instant to what the weakest body bears; what is left of the approach its pieces meet.
  ///
  /// All impulses of the island go down by one factor s, so that momentum and angular momentum stay what they were, and the
  /// energy, a convex parabola in s, stays below that of both ends.
  ///
  /// - Parameter start: the island's bodies before the blows.
  func limitBlows(from start: [MotionState]) {
    var share = 1.0
    for pair in island.pairs where pair.pointee.impact.impulse > 0 {
      for body in breakables(of: pair) {
        guard let strength = definition.bodies[body].breaksAt else { continue }
        share = min(share, max(0, strength - pair.pointee.burden) / pair.pointee.impact.impulse)
      }
    }
    if share < 1 {
      for (slot, index) in island.bodies.enumerated() {
        let (before, after) = (start[slot], bodies[index].motionState)
        bodies[index].velocity = before.velocity + (after.velocity - before.velocity) * share
        bodies[index].angularMomentum = before.angularMomentum + (after.angularMomentum - before.angularMomentum) * share
        bodies[index].refresh()
      }
      for index in island.joints {
        for k in joints[index].strain.blows.indices where joints[index].strain.blows[k].time == eventTime {
          joints[index].strain.blows[k].impulse *= share
        }
      }
    }
    for pair in island.pairs where pair.pointee.impact.impulse > 0 {
      pair.pointee.impact.impulse *= share
      pair.pointee.impact.moment *= share
      pair.pointee.burden += pair.pointee.impact.impulse
    }
  }

  /// Carries on what the contacts' forces have laid on breakable bodies: what is older than `bearingTime` fades,
  /// J ← J e^(−s/τ) + F τ (1 − e^(−s/τ)), so that no length of step decides what breaks.
  func addBurdens(over stretch: Double) {
    let fading = exp(-stretch / Self.bearingTime)
    for pair in island.pairs where !breakables(of: pair).isEmpty {
      var force = 0.0
      if pair.pointee.isLasting { for k in 0..<pair.pointee.count { force += pair.pointee.points[k].normalForce } }
      pair.pointee.burden = pair.pointee.burden * fading + force * Self.bearingTime * (1 - fading)
    }
  }

  /// The bodies of the island that bear more than they can, each under the pair that loads it most.
  private func overloads() -> [Overload] {
    var found: [Overload] = []
    for pair in island.pairs where pair.pointee.burden > 0 {
      for body in breakables(of: pair) {
        guard let strength = definition.bodies[body].breaksAt, pair.pointee.burden >= strength * (1 - 1e-9) else { continue }
        if let known = found.firstIndex(where: { $0.body == body }) {
          if pair.pointee.burden > found[known].pair.pointee.burden { found[known].pair = pair }
        } else {
          found.append(Overload(body: body, pair: pair))
        }
      }
    }
    return found.sorted { $0.body < $1.body }
  }

  // MARK: Breaking

  /// Breaks what bears more than it can; whether anything did.
  func breakBodies(at now: Double, within h: Double) -> Bool {
    let found = overloads()
    for overload in found { shatter(overload, at: now, within: h) }
    if !found.isEmpty { for pair in island.pairs { pair.pointee.impact = PairImpact() } }
    return !found.isEmpty
  }

  private func shatter(_ overload: Overload, at now: Double, within h: Double) {
    let whole = overload.body
    let parts = pieces[whole]
    tellBreak(overload, at: now)
    release(parts, from: whole)
    fractures.append(BodyBreak(body: whole, pieces: parts, time: now))

    // The pieces take the place of the whole in the island.
    island.bodies.removeAll { $0 == whole }
    island.bodies = (island.bodies + parts).sorted()
    for part in parts { bodies[part].island = bodies[whole].island }
    bodies[whole].island = -1
    for index in joints.indices where joints[index].isHolding { joints[index].moveHold(from: whole, to: parts, bodies) }

    // So they do in its contacts; the pieces touch each other, too.
    var partners: Set<Int32> = []
    for pair in island.pairs {
      let (a, b) = (pair.pointee.a, pair.pointee.b)
      for body in [a, b] where body != Int32(whole) {
        // What was near the whole, and what stands still near anything here.
        if a == Int32(whole) || b == Int32(whole) || !bodies[Int(body)].isDynamic { partners.insert(body) }
      }
      if (a == Int32(whole) || b == Int32(whole)) && pair.pointee.isReported { report(pair, .end, at: now) }
    }
    island.pairs.removeAll { Int($0.pointee.a) == whole || Int($0.pointee.b) == whole }
    var opened: [UnsafeMutablePointer<Pair>] = []
    func add(_ a: Int32, _ b: Int32) {
      guard mayTouch(Int(a), Int(b)) else { return }
      opened.append(open(min(a, b), max(a, b)))
    }
    for (k, part) in parts.enumerated() {
      for other in parts[(k + 1)...] { add(Int32(part), Int32(other)) }
      for partner in partners.sorted() { add(Int32(part), partner) }
    }
    for pair in opened { findPoints(pair, within: h) }
    island.pairs = (island.pairs + opened).sorted { $0.pointee.key < $1.pointee.key }
    pairs = (pairs + opened).sorted { $0.pointee.key < $1.pointee.key }
  }

  private func tellBreak(_ overload: Overload, at now: Double) {
    let pair = overload.pair.pointee
    let isFirst = Int(pair.a) == overload.body
    let other = Int(isFirst ? pair.b : pair.a)
    var point = bodies[overload.body].position
    if pair.impact.impulse > 0 {
      point = pair.impact.moment / pair.impact.impulse
    } else if pair.count > 0 {
      point = (0..<pair.count).reduce(Vector3.zero) { $0 + pair.points[$1].point } / Double(pair.count)
    }
    let normal = pair.impact.impulse > 0 ? pair.impact.normal : pair.guess
    events.append(
      ContactEvent(
        time: now, bodies: [definition.bodies[overload.body].name, definition.bodies[other].name], point: point,
        normal: isFirst ? normal : -normal, impulse: pair.burden, approachSpeed: pair.impact.approachSpeed,
        restitution: pair.restitution, friction: pair.friction, kind: .break))
  }

  /// Puts the pieces where the whole is, which is gone then.
  ///
  /// Together they have its momentum P and, about their common centre, its angular momentum L: each piece moves as a part of
  /// one rigid thing that turns with Ω = J⁻¹ L, where J is the inertia of the pieces so placed. Where they fill the whole, that
  /// is its own motion.
  private func release(_ parts: [Int], from whole: Int) {
    let state = bodies[whole]
    for part in parts {
      bodies[part].isPresent = true
      bodies[part].isDynamic = true
      bodies[part].mass = definition.bodies[part].mass
      bodies[part].inverseMass = 1 / bodies[part].mass
      let place = ridingState(of: part)
      (bodies[part].position, bodies[part].orientation) = (place.position, place.orientation)
      bodies[part].angularMomentum = .zero
      bodies[part].refresh()
    }
    let mass = parts.reduce(0) { $0 + bodies[$1].mass }
    let middle = parts.reduce(Vector3.zero) { $0 + bodies[$1].position * bodies[$1].mass } / mass
    let momentum = state.velocity * state.mass
    let angular = state.angularMomentum + (state.position - middle).cross(momentum)
    var inertia = SymmetricMatrix3.zero
    for part in parts {
      let axes = bodies[part].orientation * bodies[part].bodyFromPrincipal
      inertia = inertia + SymmetricMatrix3(diagonal: bodies[part].inertia).rotated(by: axes)
      inertia = inertia + .pointMass(bodies[part].mass, at: bodies[part].position - middle)
    }
    let (moments, axes) = inertia.principal
    let spin = axes.rotate(axes.unrotate(angular) / moments)
    for part in parts {
      bodies[part].velocity = momentum / mass + spin.cross(bodies[part].position - middle)
      bodies[part].setAngularVelocity(spin)
      bodies[part].dropContactForces()
    }
    bodies[whole].takeAway()
    loads.removeAll { $0.body == whole }
  }

  // MARK: Bodies that are not there

  /// Where a piece belongs in its whole, which moves it along.
  private func ridingState(of piece: Int) -> BodyState {
    guard let whole = wholes[piece] else { return bodies[piece].state }
    let start = definition.bodies[whole].initialState
    let place = definition.bodies[piece].initialState
    let now = bodies[whole].state
    let turn = now.orientation * start.orientation.normalized.conjugate
    let position = now.position + turn.rotate(place.position - start.position)
    return BodyState(
      position: position, orientation: (turn * place.orientation).normalized, velocity: now.velocity(at: position),
      angularVelocity: now.angularVelocity)
  }

  /// What is told of a body: its own state, where it is there; a piece that is not yet there rides on its whole, and a whole
  /// that has gone is where the middle of its pieces is.
  func toldState(of index: Int) -> BodyState {
    if bodies[index].isPresent { return bodies[index].state }
    if wholes[index] != nil { return ridingState(of: index) }
    let parts = pieces[index]
    let mass = parts.reduce(0) { $0 + bodies[$1].mass }
    var state = BodyState(position: .zero, orientation: bodies[index].orientation)
    for part in parts {
      state.position += bodies[part].position * (bodies[part].mass / mass)
      state.velocity += bodies[part].velocity * (bodies[part].mass / mass)
    }
    return state
  }
}

extension Joint {
  /// Holds on to the piece of a broken body that is nearest to where it held the whole.
  fileprivate mutating func moveHold(from whole: Int, to pieces: [Int], _ bodies: UnsafeMutablePointer<Body>) {
    func nearest(_ anchor: Vector3) -> (piece: Int, anchor: Vector3)? {
      // The pieces have the axes of the whole, so that only the origin is another.
      let point = bodies[whole].frame.point(anchor)
      let piece = pieces.min { (bodies[$0].position - point).lengthSquared < (bodies[$1].position - point).lengthSquared }
      return piece.map { ($0, bodies[$0].frame.inversePoint(point)) }
    }
    if a == whole, let hold = nearest(anchorA) { (a, anchorA) = hold }
    if b == whole, let hold = nearest(anchorB) { (b, anchorB) = hold }
  }
}

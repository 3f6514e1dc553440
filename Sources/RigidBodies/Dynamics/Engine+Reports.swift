import WorldCore

/// What the trajectory is told of contacts.
extension Engine {
  /// Reports the impact that a pair has just had, or adds it to the one that it is the chatter of.
  func tellImpact(_ pair: UnsafeMutablePointer<Pair>, at now: Double) {
    let impact = pair.pointee.impact
    // Between others a pair rattles, with hits as hard as the first; what bounces by itself loses speed evenly.
    let hardest = island.pairs.count > 1 ? 1 : 0.5
    let isChatter = now - pair.pointee.lastHit < Self.chatter && impact.approachSpeed < hardest * pair.pointee.hitSpeed
    if isChatter {
      pair.pointee.lastHit = now
      var k = events.count - 1
      // Events are in order but for those of the present step.
      while k >= 0, events[k].time >= pair.pointee.hitTime - 2 * definition.timeStep {
        if events[k].time == pair.pointee.hitTime, events[k].kind == .impact,
          events[k].bodies == [definition.bodies[Int(pair.pointee.a)].name, definition.bodies[Int(pair.pointee.b)].name]
        {
          events[k].impulse += impact.impulse
          break
        }
        k -= 1
      }
    } else if impact.approachSpeed > noticeableSpeed {
      (pair.pointee.lastHit, pair.pointee.hitTime, pair.pointee.hitSpeed) = (now, now, impact.approachSpeed)
      report(pair, .impact, at: now)
    }
  }

  func report(_ pair: UnsafeMutablePointer<Pair>, _ kind: ContactEvent.Kind, at time: Double) {
    let p = pair.pointee
    var point = Vector3.zero
    var normal = p.guess
    if kind == .impact {
      point = p.impact.impulse > 0 ? p.impact.moment / p.impact.impulse : .zero
      normal = p.impact.normal
    } else if p.count > 0 {
      for k in 0..<p.count { point += p.points[k].point / Double(p.count) }
    }
    pair.pointee.isReported = kind == .begin ? true : kind == .end ? false : p.isReported
    events.append(
      ContactEvent(
        time: time, bodies: [definition.bodies[Int(p.a)].name, definition.bodies[Int(p.b)].name], point: point, normal: normal,
        impulse: kind == .end ? 0 : p.impact.impulse, approachSpeed: kind == .end ? 0 : p.impact.approachSpeed,
        restitution: p.restitution, friction: p.friction, kind: kind))
  }
}

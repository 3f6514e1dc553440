import WorldCore

extension Engine {
  /// Moves an island through the step: impacts, then forces, then on to the next impact.
  func advanceIsland(by h: Double) {
    if island.pairs.isEmpty && island.joints.isEmpty {
      for index in island.bodies { bodies[index].take(bodies[index].motion(after: h, air: definition.air)) }
      return
    }
    // Dense heaps may have no end of impacts in a step; beyond this many the rest is taken in one stretch, as lasting contacts.
    let mostEvents = max(8, 256 / island.bodies.count)
    var done = 0.0
    var count = 0
    let scriptedPlaces = island.scripted.map { ($0, Place(position: bodies[$0].position, orientation: bodies[$0].orientation)) }
    for pair in island.pairs where !pair.pointee.hasCurrentPoints { findPoints(pair, within: h) }
    while done < h {
      let remaining = h - done
      let now = time + done
      resolveImpacts(at: now)
      let isCrowded = count >= mostEvents
      classify(at: now, everythingLasts: isCrowded)
      solveForces(over: remaining, isCrowded: isCrowded)
      var stretch = remaining
      if !isCrowded {
        for pair in island.pairs {
          stretch = pair.pointee.isLasting ? timeOfNewPoint(pair, before: stretch) : timeOfImpact(pair, before: stretch)
        }
      }
      for index in island.bodies { bodies[index].take(bodies[index].motion(after: stretch, air: definition.air)) }
      moveScripted(by: stretch)
      done = stretch >= remaining ? h : done + stretch
      for pair in island.pairs { findPoints(pair, within: h) }
      project()
      count += 1
    }
    for (index, place) in scriptedPlaces { place.restore(bodies + index) }
    for index in island.bodies { bodies[index].dropContactForces() }
  }

  /// Where a scripted body stood when the step began.
  private struct Place {
    var position: Vector3
    var orientation: Quaternion

    func restore(_ body: UnsafeMutablePointer<Body>) {
      body.pointee.position = position
      body.pointee.orientation = orientation
      body.pointee.refresh()
    }
  }

  /// Scripted bodies belong to no island: they are moved along for the island at work and put back after.
  private func moveScripted(by stretch: Double) {
    for index in island.scripted {
      let state = bodies[index].motion(after: stretch, air: nil)
      Place(position: state.position, orientation: state.orientation).restore(bodies + index)
    }
  }

  /// Renews the contact points of a pair at the bodies' present places.
  func findPoints(_ pair: UnsafeMutablePointer<Pair>, within h: Double) {
    let (a, b) = (Int(pair.pointee.a), Int(pair.pointee.b))
    let speed = (bodies[a].velocity - bodies[b].velocity).length + turnSpeed(a) + turnSpeed(b)
    narrowphase.collide(
      colliders[a], bodies[a].frame, colliders[b], bodies[b].frame, margin: 1e-4 + speed * h, guess: pair.pointee.guess)
    pair.pointee.replacePoints(narrowphase.found, frameA: bodies[a].frame)
  }

  @inline(__always) func turnSpeed(_ index: Int) -> Double {
    let spin = bodies[index].angularVelocity
    return spin == .zero ? 0 : spin.length * turnRadii[index]
  }

  /// Tells pairs that rest, slide or roll from those that fly, and reports what began and ended.
  private func classify(at now: Double, everythingLasts: Bool) {
    for pair in island.pairs {
      var lasts = everythingLasts
      if !lasts && pair.pointee.leastGap <= Self.touching {
        let (a, b) = (bodies + Int(pair.pointee.a), bodies + Int(pair.pointee.b))
        for k in 0..<pair.pointee.count where pair.pointee.points[k].gap <= Self.touching {
          let p = pair.pointee.points[k].point
          let v = a.pointee.velocity(at: p - a.pointee.position) - b.pointee.velocity(at: p - b.pointee.position)
          if v.dot(pair.pointee.points[k].normal) <= restingSpeed {
            lasts = true
            break
          }
        }
      }
      pair.pointee.isLasting = lasts
      if lasts && pair.pointee.leastGap <= Self.touching {
        pair.pointee.openSince = -1
        if !pair.pointee.isReported { report(pair, .begin, at: now) }
      } else if pair.pointee.isReported {
        if pair.pointee.openSince < 0 { pair.pointee.openSince = now }
        // A contact that opens for less than this has not ended.
        if now - pair.pointee.openSince > 2.5 * definition.timeStep {
          let since = pair.pointee.openSince
          report(pair, .end, at: since)
        }
      }
      pair.pointee.impact = PairImpact()
    }
  }

  /// Takes overlap out of lasting contacts, and closes those that carry load and have opened, by moving bodies without giving
  /// them speed: Gauss-Seidel on the linearised gaps.
  private func project() {
    var needed = false
    for pair in island.pairs where pair.pointee.isLasting {
      for k in 0..<pair.pointee.count {
        let point = pair.pointee.points[k]
        if point.gap < -Self.touching || (point.normalForce > 0 && point.gap > Self.touching) { needed = true }
      }
    }
    guard needed else { return }
    for _ in 0..<4 {
      rows.removeAll(keepingCapacity: true)
      for pair in island.pairs where pair.pointee.isLasting { addRows(of: pair, nearerThan: .infinity) }
      var shifts = [Vector3](repeating: .zero, count: rows.count)
      // Displacements are kept where velocities usually are.
      let saved = island.bodies.map { (bodies[$0].velocity, bodies[$0].angularVelocity) }
      for index in island.bodies {
        bodies[index].velocity = .zero
        bodies[index].angularVelocity = .zero
      }
      let outside = scriptedVelocities()
      var worst = 0.0
      for _ in 0..<30 {
        var change = 0.0
        for k in rows.indices {
          let point = rows[k].pair.pointee.points[rows[k].point]
          let holds = point.normalForce > 0
          let gap = point.gap + rows[k].normalVelocity
          worst = max(worst, -gap)
          let wanted = -gap / rows[k].knn
          let total = holds ? shifts[k].x + wanted : max(0, shifts[k].x + wanted)
          // Nothing is pulled farther than contact points wander in a step.
          let delta = total - shifts[k].x
          shifts[k].x = total
          if delta != 0 { rows[k].push(rows[k].n * delta) }
          change = max(change, abs(delta) * rows[k].knn)
        }
        if change < 0.1 * Self.touching { break }
      }
      for (slot, index) in island.bodies.enumerated() {
        let (move, turn) = (bodies[index].velocity, bodies[index].angularVelocity)
        (bodies[index].velocity, bodies[index].angularVelocity) = saved[slot]
        bodies[index].position += move
        if turn != .zero { bodies[index].orientation = (Quaternion(rotationVector: turn) * bodies[index].orientation).normalized }
        bodies[index].refresh()
      }
      restoreScripted(outside)
      for pair in island.pairs where pair.pointee.isLasting { findPoints(pair, within: step) }
      let deepest = island.pairs.reduce(0.0) { $1.pointee.isLasting ? min($0, $1.pointee.leastGap) : $0 }
      if deepest > -2 * Self.touching { break }
    }
  }

  private func scriptedVelocities() -> [(Int, Vector3, Vector3)] {
    var saved: [(Int, Vector3, Vector3)] = []
    for index in 0..<bodyCount where bodies[index].isScripted {
      saved.append((index, bodies[index].velocity, bodies[index].angularVelocity))
      bodies[index].velocity = .zero
      bodies[index].angularVelocity = .zero
    }
    return saved
  }

  private func restoreScripted(_ saved: [(Int, Vector3, Vector3)]) {
    for (index, velocity, spin) in saved {
      bodies[index].velocity = velocity
      bodies[index].angularVelocity = spin
    }
  }

  func addRows(of pair: UnsafeMutablePointer<Pair>, nearerThan gap: Double) {
    for k in 0..<pair.pointee.count where pair.pointee.points[k].gap <= gap {
      rows.append(ContactRow(pair: pair, point: k, a: bodies + Int(pair.pointee.a), b: bodies + Int(pair.pointee.b)))
    }
  }
}

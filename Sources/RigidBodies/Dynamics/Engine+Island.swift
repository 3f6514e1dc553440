import WorldCore

extension Engine {
  /// Moves an island through the step: impacts, then forces, then on to the next impact.
  func advanceIsland(by h: Double) {
    if island.pairs.isEmpty && island.joints.isEmpty {
      for index in island.bodies { bodies[index].take(bodies[index].motion(after: h, air: definition.air)) }
      return
    }
    // Dense heaps may have no end of impacts in a step; beyond this many the rest is taken in one stretch, as lasting contacts.
    let mostEvents = max(2, 512 / island.bodies.count)
    var done = 0.0
    var count = 0
    let scriptedPlaces = island.scripted.map { ($0, Place(position: bodies[$0].position, orientation: bodies[$0].orientation)) }
    // A scene may begin with velocities that its joints forbid: these go before anything moves.
    if time == 0 && !island.joints.isEmpty { projectJoints(withDrives: false) }
    if !island.joints.isEmpty || definition.air?.drag == true { island.pace = elasticPace() }
    // Springs and dampers faster than the finest step are for the implicit rows.
    let isStiff = island.pace.stretch < finestStretch
    for pair in island.pairs where !pair.pointee.hasCurrentPoints { findPoints(pair, within: h) }
    while done < h {
      var stretch = h - done
      let now = time + done
      let isCrowded = count >= mostEvents
      crowdHorizon = isCrowded ? stretch : 0
      let mayBreak = islandMayBreak
      resolveImpacts(at: now, mayBreak: mayBreak)
      // What is left of this instant is for the pieces.
      if mayBreak && breakBodies(at: now, within: h) { continue }
      classify(at: now, everythingLasts: isCrowded)

      let isArticulated = !island.joints.isEmpty
      for index in island.joints { joints[index].strain.largest = 0 }
      // Joints alone go by a method of the fourth order from event to event.
      let isSmooth =
        isArticulated && !island.pairs.contains(where: \.pointee.isLasting)
        && !(isCrowded && island.joints.contains { joints[$0].isDriven }) && !isStiff
      let mayPart = isArticulated && island.joints.contains { joints[$0].isHolding && joints[$0].definition.breaksAt != nil }
      var due: [Int] = []
      var resolved = Double.infinity
      if isSmooth {
        settleDrives(within: stretch)
        resolved = min(longestSwing(), max(island.pace.stretch, finestStretch))
        if mayPart {
          if breakJoints(at: now) { continue }
          for index in island.joints { joints[index].strain.first = joints[index].strain.largest }
        }
        stretch = min(stretch, resolved)
        stretch = min(stretch, timeOfJointEvent(before: stretch))
        if !island.pairs.isEmpty { setArcs(over: stretch) }
      } else {
        // Joints whose bodies touch something go by second-order steps: shorter ones.
        if isArticulated {
          resolved = definition.timeStep / (isStiff ? 16 : 4)
          if !isCrowded { stretch = min(stretch, timeOfStop(before: stretch)) }
        }
        if !isCrowded { resolved = min(resolved, longestTurn()) }
        stretch = min(stretch, resolved)
        solveForces(over: stretch, isCrowded: isCrowded)
        if mayPart && breakJoints(at: now) { continue }
      }
      if !isCrowded {
        for pair in island.pairs {
          stretch = pair.pointee.isLasting ? timeOfNewPoint(pair, before: stretch) : timeOfImpact(pair, before: stretch)
        }
      }
      if isSmooth {
        for index in island.bodies { bodies[index].arc = nil }
        for index in island.joints { joints[index].strain.largest = 0 }
        let start = mayPart ? island.bodies.map { bodies[$0].motionState } : []
        moveArticulated(by: stretch)
        if mayPart, let (share, joints) = firstBreak(at: now + stretch) {
          for (slot, index) in island.bodies.enumerated() { bodies[index].take(start[slot]) }
          for index in island.joints { self.joints[index].strain.largest = 0 }
          stretch *= share
          due = joints
          moveArticulated(by: stretch)
        }
      } else {
        if !isCrowded { keepAngularMomentum(over: stretch) }
        for index in island.bodies {
          bodies[index].take(bodies[index].motion(after: stretch, air: definition.air))
          bodies[index].arc = nil
        }
      }
      if mayBreak { addBurdens(over: stretch) }
      if isArticulated {
        projectJoints()
        if mayPart { breakJoints(at: now + stretch, due: due) }
      }
      moveScripted(by: stretch)
      done = h - done - stretch <= 1e-12 * h ? h : done + stretch
      for pair in island.pairs { findPoints(pair, within: h) }
      project(isCrowded: isCrowded)
      // A swing or a tumble that takes many stretches to resolve is no crowd.
      if stretch < resolved { count += 1 }
    }
    for (index, place) in scriptedPlaces { place.restore(bodies + index) }
    for index in island.bodies { bodies[index].dropContactForces() }
  }

  /// Whether exactness must yield to the number of bodies: beyond ten boxes on one another.
  var isLarge: Bool { island.bodies.count > 12 }

  /// Speed below which nothing rebounds, m/s. In a large island bounces of a micrometre would keep the whole heap from being
  /// solved as one.
  var leastRebound: Double { isLarge ? noticeableSpeed / 4 : restingSpeed }

  /// A body that tips or rolls on something turns its contact points under it: they leave the surface by ½ (ω s)² r in a
  /// stretch s. A hundredth of a radian keeps that below 5e-5 r.
  private func longestTurn() -> Double {
    var fastest = 0.0
    for pair in island.pairs where pair.pointee.isLasting {
      for index in [Int(pair.pointee.a), Int(pair.pointee.b)] where turnRadii[index] > 0 && bodies[index].isDynamic {
        fastest = max(fastest, bodies[index].angularVelocity.lengthSquared)
      }
    }
    let finest = island.bodies.count <= 16 ? 0.01 : 0.05
    return fastest > 0 ? max(finest / fastest.squareRoot(), step / 32) : .infinity
  }

  /// A force held while both its bodies move leaves their common line of action: ∫ (x_a − x_b) × F dt of angular momentum
  /// would appear beside what its two torques are. Half of the sum is taken back from each.
  private func keepAngularMomentum(over s: Double) {
    func mend(_ a: UnsafeMutablePointer<Body>, _ b: UnsafeMutablePointer<Body>, _ force: Vector3, _ torques: Vector3) {
      guard a.pointee.isDynamic && b.pointee.isDynamic else { return }
      let velocity = a.pointee.velocity - b.pointee.velocity
      let acceleration =
        a.pointee.gravity - b.pointee.gravity + a.pointee.force * a.pointee.inverseMass
        - b.pointee.force * b.pointee.inverseMass
      // The mean of Δx over the stretch.
      let travel = velocity * (s / 2) + acceleration * (s * s / 6)
      let torque = (torques + (a.pointee.position - b.pointee.position + travel).cross(force)) * -0.5
      a.pointee.torque += torque
      b.pointee.torque += torque
    }
    for row in rows where row.pn != 0 {
      let force = row.impulse / solvedStretch
      mend(row.a, row.b, force, (row.rA - row.rB).cross(force))
    }
    for row in jointRows where row.impulse != 0 {
      let share = row.impulse / solvedStretch
      mend(row.a, row.b, row.linear * share, (row.angularA - row.angularB) * share)
    }
  }

  /// Lays the path that joints prescribe before the bodies, for the search for impacts.
  private func setArcs(over stretch: Double) {
    let start = island.bodies.map { bodies[$0].motionState }
    moveArticulated(by: stretch)
    for (slot, index) in island.bodies.enumerated() {
      let arc = Arc(start: start[slot], end: bodies[index].motionState, length: stretch)
      bodies[index].take(start[slot])
      bodies[index].arc = arc
    }
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
  /// - Parameter isCrowded: in a crowd nothing is pulled, and overlaps below `sharing` are left to the bodies' own motion.
  private func project(isCrowded: Bool) {
    var needed = false
    let deepestAllowed = isCrowded ? -Self.sharing : -Self.touching
    for pair in island.pairs where pair.pointee.isLasting {
      for k in 0..<pair.pointee.count {
        let point = pair.pointee.points[k]
        if point.gap < deepestAllowed || (!isCrowded && point.normalForce > 0 && point.gap > Self.touching) { needed = true }
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
          let holds = !isCrowded && point.normalForce > 0
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
        if turn != .zero {
          bodies[index].orientation = (Quaternion(rotationVector: turn) * bodies[index].orientation).normalized
        }
        bodies[index].refresh()
      }
      restoreScripted(outside)
      // Moved aside against each other, bodies that fly on would have another angular momentum between them: half is taken from
      // each.
      for k in rows.indices where shifts[k].x != 0 && rows[k].a.pointee.isDynamic && rows[k].b.pointee.isDynamic {
        let change = rows[k].n.cross(rows[k].a.pointee.velocity - rows[k].b.pointee.velocity) * (0.5 * shifts[k].x)
        rows[k].a.pointee.angularMomentum -= change
        rows[k].b.pointee.angularMomentum -= change
      }
      for index in island.bodies { bodies[index].refresh() }
      for pair in island.pairs where pair.pointee.isLasting { findPoints(pair, within: step) }
      let deepest = island.pairs.reduce(0.0) { $1.pointee.isLasting ? min($0, $1.pointee.leastGap) : $0 }
      if deepest > 2 * deepestAllowed { break }
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
    let first = rows.count
    for k in 0..<pair.pointee.count where pair.pointee.points[k].gap <= gap {
      rows.append(ContactRow(pair: pair, point: k, a: bodies + Int(pair.pointee.a), b: bodies + Int(pair.pointee.b)))
    }
    // Faces that lie on one another resist turning by the friction that they spread.
    if rows.count - first >= 3 { for k in first..<rows.count { rows[k].turnStep = 0 } }
  }

  /// Lets the friction of faces that spin on one another act as wide as that of an even load: drawn from each point towards the
  /// middle of the load, so that the whole goes through that middle still, and turning is resisted as by the patch, whatever
  /// slides beside. What doesn't turn is held at its corners.
  func spreadFriction(from first: Int) {
    var start = first
    while start < rows.count {
      let pair = rows[start].pair
      let point = pair.pointee.points[rows[start].point]
      var end = start + 1
      while end < rows.count && pair.pointee.points[rows[end].point].parts == point.parts { end += 1 }
      if end - start >= 3 && point.spread < 1 { spreadFriction(start..<end, by: point.spread) }
      start = end
    }
  }

  private func spreadFriction(_ patch: Range<Int>, by spread: Double) {
    var (middle, even, load) = (Vector3.zero, Vector3.zero, 0.0)
    for k in patch {
      let force = rows[k].pair.pointee.points[rows[k].point].normalForce
      middle += rows[k].rA * force
      even += rows[k].rA
      load += force
    }
    middle = load > 0 ? middle / load : even / Double(patch.count)
    let spin = abs(rows[patch.lowerBound].relativeSpin.dot(rows[patch.lowerBound].n))
    let farthest = patch.reduce(0.0) { max($0, (rows[$1].rA - middle).lengthSquared) }.squareRoot()
    if spin * farthest <= restingSpeed { return }
    for k in patch {
      let inward = (middle - rows[k].rA) * (1 - spread)
      rows[k].moveFriction(by: inward - rows[k].n * inward.dot(rows[k].n))
    }
  }
}

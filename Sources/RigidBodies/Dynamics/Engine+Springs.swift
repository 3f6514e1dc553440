import WorldCore

extension Engine {
  /// How fast the springs and dampers of the island act, and the air on its bodies.
  func elasticPace() -> ElasticPace {
    let springs = elasticRows()
    var pace = ElasticPace()
    if !springs.isEmpty {
      pace = ElasticPace(springs, neighbours: neighbours(springs)) { springs[$0].row.response(to: springs[$1].row) }
      // What joints hold responds less: that is worth its cost only where it may be too fast.
      let bilateral = pace.stretch < step ? articulatedRows(withDrives: false).filter(\.isBilateral) : []
      if !bilateral.isEmpty { pace = ElasticPace(springs, responses(of: springs.map(\.row), heldBy: bilateral)) }
    }
    for index in island.bodies { pace.decay = max(pace.decay, dragRate(index)) }
    return pace
  }

  private func elasticRows() -> [ElasticRow] {
    var springs: [ElasticRow] = []
    for index in island.joints { joints[index].addElasticRows(index, bodies, to: &springs) }
    return springs
  }

  /// Of each row those that act on one of its bodies.
  private func neighbours(_ springs: [ElasticRow]) -> [[Int]] {
    var byBody: [Int: [Int]] = [:]
    for (k, spring) in springs.enumerated() {
      for body in [spring.row.a, spring.row.b] where body.pointee.isDynamic { byBody[body - bodies, default: []].append(k) }
    }
    return springs.map { spring in
      let (onA, onB) = (byBody[spring.row.a - bodies] ?? [], byBody[spring.row.b - bodies] ?? [])
      return Set(onA).union(onB).sorted()
    }
  }

  /// J M⁻¹ Jᵀ of rows on bodies that bilateral rows hold together: the Schur complement.
  private func responses(of rows: [JointRow], heldBy bilateral: [JointRow]) -> (Int, Int) -> Double {
    let system = JointSystem(bilateral)
    let couplings = rows.map { row in bilateral.map { $0.response(to: row) } }
    let answers = couplings.map(system.solve)
    return { i, j in rows[i].response(to: rows[j]) - zip(couplings[i], answers[j]).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// How fast air brakes a body at its present speed, 1/s.
  private func dragRate(_ index: Int) -> Double {
    guard let air = definition.air, air.drag else { return 0 }
    let body = bodies[index]
    let relative = body.velocity - air.wind
    let force = body.drag.force(velocity: relative, spin: body.angularVelocity, axes: body.frame, density: air.density)
    let steady = body.gravity + body.load * body.inverseMass
    return body.dragRate(force * body.inverseMass, at: relative, steady, for: step, in: air)
  }

  /// Springs too stiff and dampers too strong for a force held through the stretch, as rows at the bodies' present places.
  ///
  /// - Parameter start: the bodies as they begin the stretch.
  func implicitRows(over stretch: Double, from start: [Body]) -> [JointRow] {
    let middle = elasticRows()
    let places = island.bodies.map { bodies[$0] }
    for (slot, index) in island.bodies.enumerated() { bodies[index] = start[slot] }
    defer { for (slot, index) in island.bodies.enumerated() { bodies[index] = places[slot] } }
    let first = elasticRows()
    // A spring of no length has no direction.
    guard first.count == middle.count else { return first.map { $0.implicit(over: stretch, from: $0.row.error) } }
    return zip(middle, first).map { $0.implicit(over: stretch, from: $1.row.error) }
  }
}

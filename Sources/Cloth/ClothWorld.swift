import Foundation
public import WorldCore

/// Cloths in motion: extended position-based dynamics with small steps (Macklin et al. 2016, 2019), its threads solved
/// directly.
///
/// A step is cut into substeps, one pass of the solver each: forces move the nodes; cells, the cloth itself, threads, pins and
/// bodies correct them in that order; the velocities follow from the places. A substep after which any thread is longer than
/// its tension makes it by more than ``strainTolerance`` is taken back and taken anew in smaller ones. The same input gives the
/// same state bit for bit, whatever the number of workers.
///
/// Linear momentum is exchanged exactly with bodies, pins, air and gravity, and so is the angular momentum in the reported
/// impulses. Between its own nodes a cloth loses some spin: bending and the order of the corrections cost in proportion to
/// the substep.
///
/// Limits: a fast or thin body shortens the substeps so that it moves by less than half its
/// least half-thickness in each, down to 1/256 of the step; beyond that it may pass. Cloths meet by the
/// nodes of one and the triangles of another and by their edges, one cloth itself where they are more than a cell apart and by
/// nodes and triangles only.
public final class ClothWorld {
  /// m/s²
  public let gravity: Vector3
  /// s; a step is cut evenly into substeps no longer than this.
  public let longestSubstep: Double
  /// The strain that a substep may leave to the splitting of the solve; cloth that snaps taut takes more substeps for it.
  public let strainTolerance: Double
  public let workers: Int
  /// s
  public internal(set) var time = 0.0
  let sheets: [Sheet]
  let cells: [CellConstraints]
  /// Between the nodes of one sheet and the triangles of another.
  private var meetings: [Meeting]
  private let aerodynamics: Aerodynamics
  private var anchored: [Bool]
  private struct Meeting {
    var nodes: Int
    var triangles: Int
    var contacts = SheetContacts()
    /// Once for each two sheets.
    var edgeContacts = EdgeContacts()

    var isEmpty: Bool { contacts.isEmpty && edgeContacts.isEmpty }
  }

  /// What the splitting of the solve has allowed of late, s.
  private var trustedSubstep: Double

  /// The most substeps a fast body can ask for in one step.
  public static let substepLimit = 256
  /// The splitting of the solve shortens the substeps to no less than this share of the longest.
  private static let shortestShare = 1.0 / 16

  /// - Throws: ``ClothError`` about the first definition that can't be made.
  public init(
    _ cloths: [ClothDefinition], gravity: Vector3 = Vector3(0, 0, -9.81), air: ClothAir? = nil,
    longestSubstep: Double = 1.0 / 960,
    strainTolerance: Double = 0.0045, workers: Int = 1
  ) throws(ClothError) {
    precondition(
      longestSubstep > 0 && strainTolerance > 0 && workers > 0,
      "a cloth world needs a positive substep and tolerance, and at least one worker")
    self.gravity = gravity
    self.longestSubstep = longestSubstep
    self.strainTolerance = strainTolerance
    self.workers = workers
    var sheets: [Sheet] = []
    for cloth in cloths { sheets.append(try Sheet(cloth)) }
    self.sheets = sheets
    cells = sheets.map { CellConstraints($0) }
    meetings = sheets.indices.flatMap { a in sheets.indices.filter { $0 != a }.map { Meeting(nodes: a, triangles: $0) } }
    aerodynamics = Aerodynamics(air ?? ClothAir(density: 0))
    anchored = sheets.map { _ in false }
    trustedSubstep = longestSubstep
  }

  // MARK: Stepping

  /// Carries all cloths on by `duration` seconds among `colliders`, which are as they are at the start of the step.
  ///
  /// Dynamic colliders are moved along inside the step by their velocity, their acceleration and the cloths. The caller either
  /// takes over the state reported at the end (best where nothing else touches the body, and needed for fast ones), or applies
  /// the reported impulses and steps the body itself, which then ends up off that place by half its acceleration times the
  /// step squared.
  ///
  /// - Parameter liquids: of each node of each cloth; empty where there is none.
  /// - Throws: ``ClothError/badDuration(_:)``, ``ClothError/noSuchBody(cloth:body:)``,
  ///   ``ClothError/notFinite(cloth:row:column:time:)``.
  public func step(_ duration: Double, colliders: [ClothCollider] = [], liquids: [[ClothLiquid]] = []) throws(ClothError)
    -> ClothStepReport
  {
    guard duration > 0, duration.isFinite else { throw .badDuration(duration) }
    precondition(liquids.isEmpty || liquids.count == sheets.count, "every cloth is told its liquid, or none")
    if liquids.isEmpty { for sheet in sheets { sheet.immersion = nil } }
    for (sheet, liquid) in zip(sheets, liquids) {
      var immersion = sheet.immersion ?? Immersion(sheet)
      immersion.take(liquid)
      sheet.immersion = immersion
    }
    var bodies = colliders.map { BodyProxy($0) }
    for index in sheets.indices { try sheets[index].findHolders(bodies, &anchored[index]) }
    let evenSubstep = gatherContacts(bodies, duration)
    let startTime = time
    aerodynamics.lookUp(sheets, time: time)
    var ledger = StepLedger()
    var tears: [ClothStepReport.Tear] = []
    var (elapsed, blown) = (0.0, 0.0)
    let evenBlow = duration / max((duration / longestSubstep * (1 - 1e-9)).rounded(.up), 1)
    var substeps = 0
    while elapsed < duration {
      let remaining = duration - elapsed
      let wanted = min(evenSubstep, trustedSubstep)
      let pieces = max((remaining / wanted * (1 - 1e-9)).rounded(.up), 1)
      let dt = remaining / pieces
      // The air's and the liquids' forces change slowly: they are given in even blows of about the longest substep, each
      // before the first substep that it reaches into.
      while blown < (elapsed + dt) * (1 - 1e-9) {
        self.blow(evenBlow, &ledger)
        blown = blown + evenBlow * (1 + 1e-9) < duration ? blown + evenBlow : duration
      }
      let start = (bodies: bodies, ledger: ledger)
      for sheet in sheets { sheet.save() }
      advance(&bodies, dt, share: dt / max(blown - elapsed, dt), &ledger)
      guard isTrusted(dt) else {
        (bodies, ledger) = start
        for sheet in sheets { sheet.restore() }
        continue
      }
      elapsed = pieces == 1 ? duration : elapsed + dt
      time = startTime + elapsed
      substeps += 1
      for sheet in sheets {
        for body in sheet.bodyContacts.indices { sheet.bodyContacts[body].note(sheet) }
        sheet.immersion?.follow(sheet, duration: dt)
        sheet.tear(at: time, substep: dt, &tears)
      }
    }
    try checkFinite()
    return ClothStepReport(
      bodies: bodies.map(\.report), tears: tears, contacts: contacts(colliders), pinImpulse: ledger.pinImpulse,
      pinAngularImpulse: ledger.pinAngularImpulse,
      airImpulse: ledger.airImpulse, airAngularImpulse: ledger.airAngularImpulse,
      liquidImpulses: liquids.isEmpty ? [] : sheets.map { $0.immersion?.taken ?? [] }, substeps: substeps)
  }

  /// Who touched whom during the step.
  private func contacts(_ colliders: [ClothCollider]) -> [ClothStepReport.Contact] {
    sheets.enumerated().flatMap { number, sheet in
      zip(colliders, sheet.bodyContacts).compactMap { collider, contacts in
        let total = contacts.total
        guard total.impulse > 0 else { return nil }
        return ClothStepReport.Contact(
          cloth: number, id: collider.id, impulse: total.impulse, point: total.moment / total.impulse,
          normal: total.direction.normalized, approachSpeed: max(total.approachSpeed, 0))
      }
    }
  }

  /// Whether what a substep has left to the splitting of the solve may stay; chooses the next one's length.
  ///
  /// A force F that one group of constraints hands to the next displaces a node of mass m by Δt²F/m in between, so that the
  /// strain left falls with the square of the substep.
  private func isTrusted(_ dt: Double) -> Bool {
    let excess = sheets.reduce(0) { max($0, $1.yarns.excessStrain($1)) }
    let shortest = longestSubstep * Self.shortestShare
    let share = (0.6 * strainTolerance / max(excess, 1e-9)).squareRoot()
    trustedSubstep = min(max(dt * min(max(share, 0.4), 1.2), shortest), longestSubstep)
    return excess <= strainTolerance || dt <= shortest * 1.0001
  }

  /// Lists what may touch during the step; gives the substep it takes to see that, s.
  private func gatherContacts(_ bodies: [BodyProxy], _ duration: Double) -> Double {
    var substeps = max((duration / longestSubstep * (1 - 1e-12)).rounded(.up), 1)
    for (number, sheet) in sheets.enumerated() {
      let thickness = sheet.definition.material.thickness
      let own = sheet.greatestSpeed + gravity.length * duration
      sheet.selfContacts.gather(nodesOf: sheet, trianglesOf: sheet, duration: duration, workers: workers)
      // What was found stays with the body's place in the list, as a start for the search.
      if sheet.bodyContacts.count != bodies.count { sheet.bodyContacts = bodies.map { _ in BodyContacts() } }
      for index in bodies.indices {
        let body = bodies[index]
        let shape = body.field.shape
        let reach = shape.reach
        let turning = body.angularVelocity.length > 0 ? body.angularVelocity.length * reach : 0
        let speed = own + body.velocity.length + turning + body.collider.acceleration.length * duration
        sheet.bodyContacts[index].gather(
          sheet, body, friction: body.friction(with: number), bodyReach: reach, travel: 1.25 * speed * duration + thickness)
        guard !sheet.bodyContacts[index].isEmpty else { continue }
        let half = shape.leastHalfThickness + thickness / 2
        substeps = max(substeps, (speed * duration / (0.5 * half)).rounded(.up))
      }
    }
    for index in meetings.indices {
      meetings[index].contacts.gather(
        nodesOf: sheets[meetings[index].nodes], trianglesOf: sheets[meetings[index].triangles], duration: duration,
        workers: workers)
      guard meetings[index].nodes < meetings[index].triangles else { continue }
      let (sheet, other) = (sheets[meetings[index].nodes], sheets[meetings[index].triangles])
      meetings[index].edgeContacts.gather(sheet, sheet.edges, other, other.edges, duration: duration)
    }
    for index in sheets.indices {
      let meets = meetings.contains { ($0.nodes == index || $0.triangles == index) && !$0.isEmpty }
      let sheet = sheets[index]
      sheet.isFalling = !meets && sheet.attachments.isEmpty && sheet.bodyContacts.allSatisfy(\.isEmpty)
    }
    return duration / min(substeps, Double(Self.substepLimit))
  }

  private func blow(_ duration: Double, _ ledger: inout StepLedger) {
    for sheet in sheets {
      let air = aerodynamics.apply(to: sheet, duration: duration)
      ledger.airImpulse += air.linear
      ledger.airAngularImpulse += air.angular
      sheet.immersion?.push(sheet, gravity: gravity, duration: duration)
    }
  }

  /// - Parameter share: of the impulses that air and liquids have given held nodes, what this substep's pins answer.
  private func advance(_ bodies: inout [BodyProxy], _ dt: Double, share: Double, _ ledger: inout StepLedger) {
    for body in bodies.indices { bodies[body].advance(dt) }
    for sheet in sheets { predict(sheet, bodies, dt) }

    // Corrections, the stiffer the later: each disturbs those before it.
    for index in sheets.indices {
      cells[index].solve(sheets[index], substep: dt, workers: workers)
      sheets[index].selfContacts.solve(nodesOf: sheets[index], trianglesOf: sheets[index], substep: dt)
    }
    for meeting in meetings {
      meeting.edgeContacts.solve(sheets[meeting.nodes], sheets[meeting.triangles], substep: dt)
      meeting.contacts.solve(nodesOf: sheets[meeting.nodes], trianglesOf: sheets[meeting.triangles], substep: dt)
    }
    for sheet in sheets { sheet.yarns.solve(sheet, substep: dt, workers: workers) }
    // Where one thread bears on another, what the threads' own tension has just pulled through is brought back.
    for meeting in meetings { meeting.edgeContacts.solve(sheets[meeting.nodes], sheets[meeting.triangles], substep: dt) }
    for sheet in sheets {
      sheet.solveBodyPins(&bodies, substep: dt)
      for body in bodies.indices { sheet.bodyContacts[body].solve(sheet, &bodies[body], substep: dt) }

      // Velocities.
      let (x, old, v, w) = (sheet.position, sheet.previous, sheet.velocity, sheet.inverseMass)
      for node in 0..<sheet.count where w[node] > 0 { v[node] = (x[node] - old[node]) / dt }
      if sheet.isFalling { for node in 0..<sheet.count { v[node] += gravity * (dt / 2) } }
      for body in bodies.indices { sheet.bodyContacts[body].settleVelocities(sheet, &bodies[body], substep: dt) }
      sheet.settleHeldNodes(&bodies, gravity: gravity, substep: dt, share: share, &ledger)
    }
  }

  /// Gravity, and where the nodes go by their speed.
  ///
  /// A cloth that falls free gets half of gravity's blow before it moves and half after, so that its path is the parabola; one
  /// that rests on something gets all of it before, for what holds it to take it up.
  private func predict(_ sheet: Sheet, _ bodies: [BodyProxy], _ dt: Double) {
    let (x, old, v, w) = (sheet.position, sheet.previous, sheet.velocity, sheet.inverseMass)
    let blow = gravity * (sheet.isFalling ? dt / 2 : dt)
    for node in 0..<sheet.count {
      old[node] = x[node]
      guard w[node] > 0 else { continue }
      v[node] += blow
      x[node] += v[node] * dt
    }
    sheet.moveHeldNodes(bodies)
  }

  private func checkFinite() throws(ClothError) {
    for sheet in sheets {
      for node in 0..<sheet.count where !(sheet.position[node].isFinite && sheet.velocity[node].isFinite) {
        throw .notFinite(cloth: sheet.definition.name, row: node / sheet.columns, column: node % sheet.columns, time: time)
      }
    }
  }
}

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
  public private(set) var time = 0.0
  private let sheets: [Sheet]
  private let cells: [CellConstraints]
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

  /// Lets the cloths come to rest among immovable colliders, by kinetic damping: whenever the kinetic energy has passed a peak,
  /// all velocities are taken away (dynamic relaxation; Barnes 1988). Time doesn't count on.
  ///
  /// - Parameters:
  ///   - tolerance: at rest when in no step of a whole damping cycle any node is faster than this, m/s.
  ///   - limit: simulated seconds after which it gives up.
  /// - Throws: ``ClothError/notAtRest(time:kineticEnergy:)`` and what ``step(_:colliders:liquids:)`` throws.
  public func relax(
    colliders: [ClothCollider] = [], tolerance: Double = 1e-4, limit: Double = 60, step duration: Double = 1.0 / 120
  ) throws(ClothError) {
    let start = time
    defer { time = start }
    var last = 0.0
    var slowSteps = 0
    while time - start < limit {
      _ = try step(duration, colliders: colliders)
      let kinetic = energy.kinetic
      let fastest = sheets.map(\.greatestSpeed).max() ?? 0
      slowSteps = fastest < tolerance ? slowSteps + 1 : 0
      if slowSteps >= 20 {
        stop()
        return
      }
      if kinetic < last {
        stop()
        last = 0
      } else {
        last = kinetic
      }
    }
    throw .notAtRest(time: limit, kineticEnergy: energy.kinetic)
  }

  private func stop() {
    for sheet in sheets { sheet.velocity.update(repeating: .zero, count: sheet.count) }
  }

  // MARK: State

  public var count: Int { sheets.count }
  public func name(of cloth: Int) -> String { sheets[cloth].definition.name }
  public func rows(of cloth: Int) -> Int { sheets[cloth].rows }
  public func columns(of cloth: Int) -> Int { sheets[cloth].columns }

  /// Two a cell, three nodes each.
  public func triangles(of cloth: Int) -> [SIMD3<Int32>] { sheets[cloth].triangles }

  /// World frame, m; node `row · columns + column`.
  public func positions(of cloth: Int) -> [Vector3] {
    Array(UnsafeBufferPointer(start: sheets[cloth].position, count: sheets[cloth].count))
  }

  /// World frame, m/s.
  public func velocities(of cloth: Int) -> [Vector3] {
    Array(UnsafeBufferPointer(start: sheets[cloth].velocity, count: sheets[cloth].count))
  }

  /// kg, of each node.
  public func masses(of cloth: Int) -> [Double] {
    Array(UnsafeBufferPointer(start: sheets[cloth].mass, count: sheets[cloth].count))
  }

  /// The nodes that are held still, as row · columns + column.
  public func heldNodes(of cloth: Int) -> [Int] { sheets[cloth].attachments.map(\.node) }

  /// Puts a cloth's free nodes elsewhere, to carry on from a recorded state or start folded; held ones stay with their pins.
  public func set(positions: [Vector3], velocities: [Vector3], of cloth: Int) {
    let sheet = sheets[cloth]
    precondition(
      positions.count == sheet.count && velocities.count == sheet.count,
      "a cloth takes a position and a velocity for every node")
    for node in 0..<sheet.count where sheet.inverseMass[node] > 0 {
      sheet.position[node] = positions[node]
      sheet.velocity[node] = velocities[node]
    }
  }

  /// From a point to the box about a cloth's nodes, m; 0 inside.
  public func distance(of cloth: Int, to point: Vector3) -> Double { sheets[cloth].distance(to: point) }

  /// Of any node of any cloth, m/s.
  public var greatestSpeed: Double { sheets.reduce(0) { max($0, $1.greatestSpeed) } }

  public func surface(of cloth: Int) -> ClothSurface {
    ClothSurface(positions: positions(of: cloth), rows: rows(of: cloth), columns: columns(of: cloth))
  }

  // MARK: Read-outs

  /// J
  public struct Energy: Sendable, Equatable {
    public var kinetic = 0.0
    /// Zero at the world's origin.
    public var gravitational = 0.0
    public var stretch = 0.0
    public var shear = 0.0
    /// Of bending along the threads and of twist.
    public var bending = 0.0
    public var total: Double { kinetic + gravitational + stretch + shear + bending }
  }

  public var energy: Energy {
    var energy = Energy()
    for index in sheets.indices { energy.add(sheets[index], cells[index], gravity) }
    return energy
  }

  /// kg·m/s, and kg·m²/s about the world's origin.
  public var momentum: (linear: Vector3, angular: Vector3) {
    var (linear, angular) = (Vector3.zero, Vector3.zero)
    for sheet in sheets {
      for node in 0..<sheet.count {
        let p = sheet.velocity[node] * sheet.mass[node]
        linear += p
        angular += sheet.position[node].cross(p)
      }
    }
    return (linear, angular)
  }

  /// The greatest strain (elongation over length) of any thread segment.
  public func greatestStrain(of cloth: Int) -> Double { sheets[cloth].yarns.greatestStrain(sheets[cloth]) }
}

extension ClothWorld.Energy {
  fileprivate mutating func add(_ sheet: Sheet, _ cells: CellConstraints, _ gravity: Vector3) {
    for node in 0..<sheet.count {
      kinetic += 0.5 * sheet.mass[node] * sheet.velocity[node].lengthSquared
      gravitational -= sheet.mass[node] * gravity.dot(sheet.position[node])
    }
    let yarns = sheet.yarns.energy(sheet)
    let crossed = cells.energy(sheet)
    stretch += yarns.stretch
    shear += crossed.shear
    bending += yarns.bending + crossed.twist
  }
}

import Foundation
import SceneDescription
import WorldCore

/// Looks at a world for what an onlooker would tell of it.
struct Observer {
  let world: SampleWorld
  let bodies: [BodyTrack]
  let times: [Double]
  /// Bodies that hang on a joint, and those whose joint is a hinge with an upright axis.
  let hung: Set<String>
  let hinged: Set<String>
  /// What becomes of bodies in liquids, by row.
  private(set) var immersions: [Int: Story.Immersion] = [:]

  init(_ world: SampleWorld) {
    self.world = world
    bodies = world.trajectory.bodies
    times = world.trajectory.times
    var (hung, hinged): (Set<String>, Set<String>) = ([], [])
    for joint in world.scene.joints {
      for name in [joint.first, joint.second].compactMap({ $0 }) where world.trajectory.body(name)?.motion == .dynamic {
        switch joint.kind {
        case .hinge(let freedom) where abs(freedom.axis.z) > Perception.uprightCosine: hinged.insert(name)
        case .hinge, .ball, .rope: hung.insert(name)
        default: break
        }
      }
    }
    (self.hung, self.hinged) = (hung, hinged)
    immersions = findImmersions()
  }

  /// Half the largest extent, m.
  func size(_ row: Int) -> Double { max(world.stage.items[row].shape.halfExtents.max(), 1e-3) }

  /// Seconds until a body has moved or turned enough to be seen; nil if it never does.
  func firstMotion(_ row: Int) -> Double? {
    let states = bodies[row].states
    let first = states[0]
    let limit = Perception.leastShift * size(row)
    let index = states.firstIndex {
      ($0.position - first.position).length > limit
        || ($0.orientation * first.orientation.conjugate).rotationVector.length > Perception.leastTurn
    }
    return index.map { times[$0] }
  }

  /// Whether a ball about a body reaches into the picture at any time; what stays outside isn't told of, unless it is a wall or the
  /// ground, which have no end.
  private func isInPicture(_ row: Int) -> Bool {
    guard let box = world.stage.items[row].shape.bounds(placed: .identity) else { return true }
    let radius = max(box.lower.length, box.upper.length)
    let body = bodies[row]
    return stride(from: 0, through: times.last ?? 0, by: Perception.glance).contains { time in
      let view = world.stage.viewpoint(at: time, of: world.trajectory)
      let toBody = world.trajectory.state(of: body, at: time).position - view.position
      if toBody.length <= radius { return true }
      // Towards the middle of the picture by as much as the ball is wide.
      let inward = toBody - view.forward * toBody.dot(view.forward)
      let nearest = view.position + toBody - inward.normalized * min(radius, inward.length)
      return view.project(nearest).map { view.projection.contains($0.pixel) } ?? false
    }
  }

  var hasGravity: Bool { world.scene.gravity.length > Perception.leastGravity }

  // MARK: Actors

  /// Things by name, the lead first: of what moves first those that move earliest and fastest; then what they leave at rest;
  /// then what stands.
  var groups: [Story.Actor] {
    var order: [Noun] = []
    var rows: [Noun: [Int]] = [:]
    for (row, body) in world.scene.bodies.enumerated() where body.pieceOf == nil && isInPicture(row) {
      let noun = Lexicon.noun(for: body)
      if rows[noun] == nil { order.append(noun) }
      rows[noun, default: []].append(row)
    }
    let told = Set(rows.values.joined())
    let motion = bodies.indices.map { told.contains($0) && bodies[$0].motion != .fixed ? firstMotion($0) : nil }
    let moving = motion.compactMap { $0 }
    let earliest = moving.min() ?? 0
    let firstBlow = world.trajectory.contacts.first { $0.kind == .impact }?.time ?? .infinity
    let starters = Set(
      bodies.indices.filter {
        motion[$0].map {
          $0 <= earliest + Perception.togetherSpan && ($0 <= earliest + Perception.simultaneousSpan || $0 < firstBlow)
        } ?? false
      })

    var (leads, rests, fixed): ([Story.Actor], [Story.Actor], [Story.Actor]) = ([], [], [])
    for noun in order {
      let own = rows[noun]!
      let still = own.filter { bodies[$0].motion == .fixed }
      let first = own.filter { starters.contains($0) }
      let rest = own.filter { bodies[$0].motion != .fixed && !starters.contains($0) }
      if !first.isEmpty { leads.append(actor(noun, first)) }
      if !rest.isEmpty {
        var others = actor(noun, rest)
        others.isRest = !first.isEmpty
        rests.append(others)
      }
      if !still.isEmpty { fixed.append(actor(noun, still)) }
    }
    func energy(_ actor: Story.Actor) -> Double {
      actor.members.reduce(0) { $0 + bodies[$1].mass * bodies[$1].states[0].velocity.lengthSquared }
    }
    leads.sort { energy($0) > energy($1) }
    return leads + rests + fixed
  }

  func actor(_ noun: Noun, _ members: [Int]) -> Story.Actor {
    let items = members.map { world.stage.items[$0] }
    let colors = Set(items.map { $0.shape.isOfOneColor ? ColorTerm($0.surface) : nil })
    let substances = Set(items.map(\.sound))
    return Story.Actor(
      noun: noun, members: members, color: colors.count == 1 ? colors.first! : nil,
      substance: substances.count == 1 ? substances.first : nil, isMixed: substances.count > 1,
      isFixed: members.allSatisfy { bodies[$0].motion == .fixed })
  }

  // MARK: The start

  func delay(of actor: Story.Actor) -> Double { actor.members.compactMap(firstMotion).min() ?? 0 }

  func start(of actor: Story.Actor) -> Story.Start {
    let row = actor.members[0]
    let (body, state) = (bodies[row], bodies[row].states[0])
    guard firstMotion(row) != nil else { return .rests }
    if hinged.contains(body.name) { return .turns }
    if hung.contains(body.name) { return .swings }
    if body.motion == .scripted { return isTilted(row) ? .tilts : .drifts }
    if case .there = immersions[row]?.entry { return .afloat }
    let speed = state.velocity.length
    if !hasGravity {
      return speed > Perception.leastSpeed
        ? .drifts : state.angularVelocity.length > Perception.leastSpin ? .spins : .rests
    }
    if let support = support(of: row) {
      guard speed > Perception.leastSpeed || delay(of: actor) < Perception.patience else { return .rests }
      if isCarried(row) { return .drifts }
      guard case .sphere(let radius) = world.stage.items[row].shape else { return .slides }
      // A ball slides until friction has set it rolling.
      let later = world.trajectory.state(of: body, at: support + Perception.rollingDelay)
      return later.angularVelocity.length * radius > Perception.rollingShare * later.velocity.length ? .rolls : .slides
    }
    let flat = (speed * speed - state.velocity.z * state.velocity.z).squareRoot()
    if state.velocity.z > Perception.arc.speed && state.velocity.z > Perception.arc.share * flat { return .arcs }
    return flat > Perception.flight ? .flies : .falls
  }

  /// Whether a start is a motion from here to there.
  static func hasHeading(_ start: Story.Start) -> Bool {
    ![.rests, .swings, .turns, .spins, .tilts, .afloat].contains(start)
  }

  func heading(of actor: Story.Actor) -> Story.Heading? {
    let rows = actor.members
    if rows.count == 2 {
      let (a, b) = (bodies[rows[0]].states[0], bodies[rows[1]].states[0])
      let way = b.position - a.position
      let least = max(Perception.closing * way.length, Perception.leastSpeed)
      if way.normalized.dot(a.velocity) > least / 2, way.normalized.dot(b.velocity) < -least / 2 { return .together }
    }
    let view = world.stage.viewpoint(at: 0, of: world.trajectory)
    let width = Double(world.stage.picture.width)
    var (shift, depth) = (0.0, 0.0)
    for row in rows {
      let (here, then) = (
        bodies[row].states[0].position,
        world.trajectory.state(of: bodies[row], at: delay(of: actor) + Perception.headingSpan).position
      )
      guard let a = view.project(here), let b = view.project(then) else { return nil }
      shift += (b.pixel.x - a.pixel.x) / width / Double(rows.count)
      depth += (b.depth - a.depth) / a.depth / Double(rows.count)
    }
    let seen = Perception.heading
    if abs(shift) > seen.shift && abs(shift) > seen.shiftOverDepth * abs(depth) { return shift > 0 ? .right : .left }
    if abs(depth) > seen.depth { return depth > 0 ? .away : .towards }
    return nil
  }

  /// When a body comes to lie on what is under it at the start, without a fall worth the name; nil where it starts in the air.
  func support(of row: Int) -> Double? {
    let name = bodies[row].name
    let first = world.trajectory.contacts.first { $0.kind != .end && $0.involves(name) }
    return first.flatMap {
      $0.time < Perception.touchdown.time && $0.approachSpeed < Perception.touchdown.speed ? $0.time : nil
    }
  }

  /// Whether what a body lies on at the start moves by itself, as a lift does.
  private func isCarried(_ row: Int) -> Bool {
    let name = bodies[row].name
    let below = world.trajectory.contacts.first { $0.kind != .end && $0.involves(name) }?.bodies.first { $0 != name }
    return below.flatMap { world.trajectory.body($0) }?.motion == .scripted
  }

  /// The actors that the lead's members lie on at the start.
  func supports(of actors: [Story.Actor]) -> [Int] {
    actors[0].members.filter { support(of: $0) != nil }.flatMap { row -> [Int] in
      let name = bodies[row].name
      let others = world.trajectory.contacts.first { $0.involves(name) }?.bodies.filter { $0 != name } ?? []
      return others.compactMap { other in actors.firstIndex { $0.members.contains { bodies[$0].name == other } } }
    }
  }
}

extension Shape {
  /// Whether no part has looks of its own.
  fileprivate var isOfOneColor: Bool {
    if case .compound(let parts) = self { parts.allSatisfy { $0.surface == nil } } else { true }
  }
}

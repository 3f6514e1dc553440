import Foundation
import SceneDescription
import WorldCore

/// Reads the story off the trajectory and the stage.
extension Story {
  init(_ world: SampleWorld) {
    let stage = world.stage
    style = stage.shots[0].style
    sky = stage.light.sky
    shotCount = stage.shots.count
    duration = world.trajectory.scene.duration
    let observer = Observer(world)
    let groups = observer.groups
    cloths = observer.clothDeeds
    actors = groups
    guard let leading = lead else { return }
    start = observer.start(of: leading)
    // What is let go in the air or moves already doesn't wait.
    let waits =
      [.turns, .swings, .rolls, .slides].contains(start)
      && world.trajectory.bodies[leading.members[0]].states[0].velocity.length < 0.05
    delay = waits ? observer.delay(of: leading) : 0
    heading = start == .rests || start == .swings || start == .turns || start == .spins ? nil : observer.heading(of: leading)
    if [.arcs, .flies, .rolls, .slides, .drifts].contains(start), leading.count == 1 {
      speed = world.trajectory.bodies[leading.members[0]].states[0].velocity.length
    }
    support = start == .rolls || start == .slides ? observer.supports(of: actors).first { actors[$0].isFixed } : nil
    beats = observer.beats(actors)
    outcomes = observer.outcomes(actors, after: beats)
    ending = observer.ending(of: leading, start: start, after: beats)
  }
}

private struct Observer {
  let world: SampleWorld
  let bodies: [BodyTrack]
  let times: [Double]
  /// Bodies that hang on a joint, and those whose joint is a hinge with an upright axis.
  let hung: Set<String>
  let hinged: Set<String>

  init(_ world: SampleWorld) {
    self.world = world
    bodies = world.trajectory.bodies
    times = world.trajectory.times
    var (hung, hinged): (Set<String>, Set<String>) = ([], [])
    for joint in world.scene.joints {
      for name in [joint.first, joint.second].compactMap({ $0 }) where world.trajectory.body(name)?.motion == .dynamic {
        switch joint.kind {
        case .hinge(let freedom) where abs(freedom.axis.z) > 0.7: hinged.insert(name)
        case .hinge, .ball, .rope: hung.insert(name)
        default: break
        }
      }
    }
    (self.hung, self.hinged) = (hung, hinged)
  }

  /// Half the largest extent, m.
  private func size(_ row: Int) -> Double { max(world.stage.items[row].shape.halfExtents.max(), 1e-3) }

  /// Seconds until a body has moved a twentieth of its size or turned 0.05 rad; nil if it never does.
  private func firstMotion(_ row: Int) -> Double? {
    let states = bodies[row].states
    let first = states[0]
    let limit = 0.1 * size(row)
    let index = states.firstIndex {
      ($0.position - first.position).length > limit
        || ($0.orientation * first.orientation.conjugate).rotationVector.length > 0.1
    }
    return index.map { times[$0] }
  }

  private var hasGravity: Bool { world.scene.gravity.length > 0.5 }

  // MARK: Actors

  /// Things by name, the lead first: of what moves first those that move earliest and fastest; then what they leave at rest;
  /// then what stands.
  var groups: [Story.Actor] {
    var order: [Noun] = []
    var rows: [Noun: [Int]] = [:]
    for (row, body) in world.scene.bodies.enumerated() where body.pieceOf == nil {
      let noun = Lexicon.noun(for: body)
      if rows[noun] == nil { order.append(noun) }
      rows[noun, default: []].append(row)
    }
    let motion = bodies.indices.map { bodies[$0].motion == .fixed ? nil : firstMotion($0) }
    let moving = motion.compactMap { $0 }
    let earliest = moving.min() ?? 0
    // Together at the start: within a quarter of a second, or as long as the first contact takes to pass motion on.
    let firstBlow = world.trajectory.contacts.first { $0.kind == .impact }?.time ?? .infinity
    let starters = Set(
      bodies.indices.filter { motion[$0].map { $0 <= earliest + 0.25 && ($0 <= earliest + 0.02 || $0 < firstBlow) } ?? false })

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

  private func actor(_ noun: Noun, _ members: [Int]) -> Story.Actor {
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
    let speed = state.velocity.length
    if !hasGravity {
      return speed > 0.05 ? .drifts : state.angularVelocity.length > 0.5 ? .spins : .rests
    }
    if let support = support(of: row) {
      guard speed > 0.05 || delay(of: actor) < 0.6 else { return .rests }
      guard case .sphere(let radius) = world.stage.items[row].shape else { return .slides }
      // A ball slides until friction has set it rolling.
      let later = world.trajectory.state(of: body, at: support + 0.4)
      return later.angularVelocity.length * radius > 0.5 * later.velocity.length ? .rolls : .slides
    }
    let flat = (speed * speed - state.velocity.z * state.velocity.z).squareRoot()
    if state.velocity.z > 0.6 && state.velocity.z > 0.25 * flat { return .arcs }
    return flat > 0.3 ? .flies : .falls
  }

  func heading(of actor: Story.Actor) -> Story.Heading? {
    let rows = actor.members
    if rows.count == 2 {
      let (a, b) = (bodies[rows[0]].states[0], bodies[rows[1]].states[0])
      if (b.position - a.position).dot(b.velocity - a.velocity) < -0.05 * (b.position - a.position).length { return .together }
    }
    let view = world.stage.viewpoint(at: 0, of: world.trajectory)
    let width = Double(world.stage.picture.width)
    var (shift, depth) = (0.0, 0.0)
    for row in rows {
      let (here, then) = (
        bodies[row].states[0].position, world.trajectory.state(of: bodies[row], at: delay(of: actor) + 0.3).position
      )
      guard let a = view.project(here), let b = view.project(then) else { return nil }
      shift += (b.pixel.x - a.pixel.x) / width / Double(rows.count)
      depth += (b.depth - a.depth) / a.depth / Double(rows.count)
    }
    if abs(shift) > 0.02 && abs(shift) > 0.5 * abs(depth) { return shift > 0 ? .right : .left }
    if abs(depth) > 0.04 { return depth > 0 ? .away : .towards }
    return nil
  }

  /// When a body comes to lie on what is under it at the start, without a fall worth the name; nil where it starts in the air.
  private func support(of row: Int) -> Double? {
    let name = bodies[row].name
    let first = world.trajectory.contacts.first { $0.kind != .end && $0.involves(name) }
    return first.flatMap { $0.time < 0.3 && $0.approachSpeed < 0.8 ? $0.time : nil }
  }

  /// The actors that the lead's members lie on at the start.
  func supports(of actors: [Story.Actor]) -> [Int] {
    actors[0].members.filter { support(of: $0) != nil }.flatMap { row -> [Int] in
      let name = bodies[row].name
      let others = world.trajectory.contacts.first { $0.involves(name) }?.bodies.filter { $0 != name } ?? []
      return others.compactMap { other in actors.firstIndex { $0.members.contains { bodies[$0].name == other } } }
    }
  }

  // MARK: What happens

  /// Impacts of the lead that matter, those with one partner told once.
  func beats(_ actors: [Story.Actor]) -> [Story.Beat] {
    var rowOf: [String: Int] = [:]
    for (k, actor) in actors.enumerated() { for row in actor.members { rowOf[bodies[row].name] = k } }
    // A piece acts for the whole that it was.
    for body in bodies { if let whole = body.pieceOf { rowOf[body.name] = rowOf[whole] } }
    // What the lead lies on is no event.
    let supports = Set(supports(of: actors))
    let impacts = world.trajectory.contacts.filter { contact in
      contact.kind == .impact && contact.bodies.contains { rowOf[$0] == 0 }
        && !contact.bodies.contains { supports.contains(rowOf[$0] ?? 0) }
    }
    let hardest = impacts.map(\.approachSpeed).max() ?? 0
    var beats: [Story.Beat] = []
    for contact in impacts where contact.approachSpeed > max(0.2, 0.1 * hardest) {
      let pair = contact.bodies.map { rowOf[$0] ?? 0 }
      let object = pair[0] == 0 ? pair[1] : pair[0]
      let isBelow = actors[object].isFixed && abs(contact.normal.z) > 0.7 && (contact.normal.z > 0) == (pair[0] == 0)
      if let known = beats.firstIndex(where: { $0.object == object }) {
        switch beats[known].deed {
        case .bounces(let n): beats[known].deed = .bounces(n + 1)
        case .lands: beats[known].deed = .bounces(2)
        case .hits(let n): beats[known].deed = .hits(n + 1)
        case .collide: break
        }
        continue
      }
      let deed: Story.Deed =
        object == 0 ? .collide : isBelow ? (contact.restitution * contact.approachSpeed > 0.4 ? .bounces(1) : .lands) : .hits(1)
      beats.append(Story.Beat(deed: deed, object: object, time: contact.time, speed: contact.approachSpeed))
    }
    // Of several, only one's times would be worth telling.
    for k in beats.indices where actors[0].isPlural || actors[beats[k].object].isPlural { beats[k].deed = beats[k].deed.single }
    return Array(beats.prefix(4))
  }

  /// What comes of it for those that did not start.
  func outcomes(_ actors: [Story.Actor], after beats: [Story.Beat]) -> [(actor: Int, outcome: Story.Outcome)] {
    var found: [(actor: Int, outcome: Story.Outcome)] = []
    for (k, actor) in actors.enumerated() {
      let broken = actor.members.count { bodies[$0].vanishes < .infinity }
      if broken > 0 { found.append((k, .shatter(broken))) }
      guard broken == 0, !actor.isFixed, k > 0 || start(of: actor) == .rests else { continue }
      let falls = actor.members.compactMap(toppling)
      if !falls.isEmpty
        && !actor.members.contains(where: { hung.contains(bodies[$0].name) || hinged.contains(bodies[$0].name) })
      {
        found.append((k, .topple(falls.count, inTurn: isRow(falls))))
      } else if k > 0 {
        if actor.members.contains(where: { hinged.contains(bodies[$0].name) && firstMotion($0) != nil }) {
          found.append((k, .turn))
          continue
        }
        let moved = actor.members.filter { row in
          let states = bodies[row].states
          return states.contains { ($0.position - states[0].position).length > size(row) }
        }
        guard !moved.isEmpty else { continue }
        let swings = actor.members.contains { hung.contains(bodies[$0].name) }
        found.append((k, swings ? .startSwinging : moved.count > 2 ? .scatter : .startMoving))
      }
    }
    return found
  }

  /// When a thing that stands has leaned over by 50°; nil for balls and for what stays up.
  private func toppling(_ row: Int) -> Double? {
    if case .sphere = world.stage.items[row].shape { return nil }
    guard hasGravity else { return nil }
    let states = bodies[row].states
    let up = states[0].orientation.unrotate(.unitZ)
    return states.firstIndex { $0.orientation.rotate(up).z < cos(50 * Double.pi / 180) }.map { times[$0] }
  }

  /// Whether things that stand in a row, in which order the scene names them, fall in that order.
  private func isRow(_ falls: [Double]) -> Bool {
    let inOrder = zip(falls, falls.dropFirst()).count { $0 < $1 }
    return falls.count > 3 && Double(inOrder) >= 0.85 * Double(falls.count - 1)
  }

  /// A cloth falls if it ends lower by a fifth of its size; else it hangs, in the wind or out of it.
  var clothDeeds: [Story.ClothDeed] {
    zip(world.scene.cloths, world.trajectory.cloths).map { cloth, track in
      func height(_ sample: Int) -> Double {
        (0..<track.count).reduce(0) { $0 + Double(track.positions[3 * (sample * track.count + $1) + 2]) } / Double(track.count)
      }
      if track.samples > 0, height(0) - height(track.samples - 1) > 0.2 * max(cloth.size.x, cloth.size.y) { return .falls }
      return (world.scene.air?.wind.length ?? 0) > 0.5 ? .flutters : .sways
    }
  }

  // MARK: The end

  func ending(of actor: Story.Actor, start: Story.Start, after beats: [Story.Beat]) -> Story.Ending? {
    guard start != .rests, actor.members.allSatisfy({ bodies[$0].vanishes == .infinity }) else { return nil }
    let ends = actor.members.map { bodies[$0].states[bodies[$0].states.count - 1] }
    if start == .swings || start == .turns {
      // To swing and go on swinging is one thing.
      guard !beats.isEmpty || start == .turns else { return nil }
      let speeds = actor.members.flatMap { bodies[$0].states.suffix(240).map(\.angularVelocity.length) }
      return (speeds.max() ?? 0) > 0.2 ? (start == .swings ? .swings : nil) : .rests
    }
    if actor.count == 1 {
      let last = max(0, world.trajectory.scene.duration - 1e-3)
      let (before, after) = (
        world.stage.viewpoint(at: 0, of: world.trajectory), world.stage.viewpoint(at: last, of: world.trajectory)
      )
      let size = SIMD2(Double(world.stage.picture.width), Double(world.stage.picture.height))
      if let a = before.project(bodies[actor.members[0]].states[0].position)?.pixel, before.projection.contains(a),
        let b = after.project(ends[0].position)?.pixel
      {
        if b.x < 0 { return .leaves(.left) }
        if b.x > size.x { return .leaves(.right) }
        if b.y < 0 { return .leaves(.top) }
        if b.y > size.y { return .leaves(.bottom) }
      }
    }
    if ends.allSatisfy({ $0.velocity.length < 0.04 && $0.angularVelocity.length < 0.4 }) { return .rests }
    return start == .spins || start == .drifts
      ? nil : ends.allSatisfy { $0.velocity.length > 0.15 } && actor.count == 1 && !beats.isEmpty ? .moves : nil
  }
}

extension Shape {
  /// Whether no part has looks of its own.
  fileprivate var isOfOneColor: Bool {
    if case .compound(let parts) = self { parts.allSatisfy { $0.surface == nil } } else { true }
  }
}

import Foundation
import SceneDescription
import WorldCore

/// What happens, what comes of it and how it ends.
extension Observer {
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
        && contact.bodies.allSatisfy { rowOf[$0].map { !supports.contains($0) } ?? false }
    }
    let hardest = impacts.map(\.approachSpeed).max() ?? 0
    var beats = clothBeats(actors[0]) + plunges(actors[0])
    let plunge = beats.last { if case .plunges = $0.deed { true } else { false } }?.time ?? .infinity
    for contact in impacts where contact.approachSpeed > max(Perception.blow.speed, Perception.blow.share * hardest) {
      let pair = contact.bodies.map { rowOf[$0]! }
      let isPiece = contact.bodies.contains { world.trajectory.body($0)?.pieceOf != nil }
      let object = pair[0] == 0 ? pair[1] : pair[0]
      let isBelow =
        actors[object].isFixed && abs(contact.normal.z) > Perception.uprightCosine && (contact.normal.z > 0) == (pair[0] == 0)
      if let known = beats.firstIndex(where: { $0.object == object }) {
        // Shards that fly about are no further blows on the thing that broke.
        if isPiece { continue }
        switch beats[known].deed {
        case .bounces(let n): beats[known].deed = .bounces(n + 1)
        case .lands: beats[known].deed = .bounces(2)
        case .hits(let n): beats[known].deed = .hits(n + 1)
        case .collide, .plunges, .meetsCloth, .reboundsFromCloth: break
        }
        continue
      }
      // What it settles on under the surface is told by how it ends.
      if isBelow && contact.time > plunge { continue }
      let deed: Story.Deed =
        object == 0
        ? .collide
        : isBelow ? (contact.restitution * contact.approachSpeed > Perception.bounce ? .bounces(1) : .lands) : .hits(1)
      beats.append(Story.Beat(deed: deed, object: object, time: contact.time, speed: contact.approachSpeed))
    }
    // Of several, only one's times would be worth telling.
    for k in beats.indices where actors[0].isPlural || beats[k].object.map({ actors[$0].isPlural }) ?? false {
      beats[k].deed = beats[k].deed.single
    }
    return Array(beats.sorted { $0.time < $1.time }.prefix(Perception.toldBlows))
  }

  /// The lead's meeting with a cloth: it falls into it, or is thrown up by it again and again.
  private func clothBeats(_ actor: Story.Actor) -> [Story.Beat] {
    guard actor.count == 1 else { return [] }
    let name = bodies[actor.members[0]].name
    return world.trajectory.cloths.compactMap { cloth in
      let meetings = world.trajectory.contacts.filter { $0.involves(name, cloth.name) }
      guard let first = meetings.first(where: { $0.kind == .begin && $0.approachSpeed > Perception.blow.speed }) else {
        return nil
      }
      let rebounds = meetings.count {
        $0.kind == .end && world.trajectory.state(of: bodies[actor.members[0]], at: $0.time).velocity.z > Perception.bounce
      }
      return Story.Beat(
        deed: rebounds > 0 ? .reboundsFromCloth(rebounds) : .meetsCloth, object: nil, time: first.time,
        speed: first.approachSpeed)
    }
  }

  /// What comes of it for those that did not start.
  func outcomes(_ actors: [Story.Actor], after beats: [Story.Beat]) -> [(actor: Int, outcome: Story.Outcome)] {
    var found: [(actor: Int, outcome: Story.Outcome)] = []
    for (k, actor) in actors.enumerated() {
      let broken = actor.members.count { bodies[$0].vanishes < .infinity }
      if broken > 0 { found.append((k, .shatter(broken))) }
      guard broken == 0, !actor.isFixed else { continue }
      let inLiquid = liquidOutcomes(of: actor, isLead: k == 0)
      found += inLiquid.map { (k, $0) }
      let start = start(of: actor)
      guard k > 0 || start == .rests, inLiquid.isEmpty else { continue }
      if k > 0, start != .rests, startsByItself(actor) {
        found.append((k, .moves(start, Self.hasHeading(start) ? heading(of: actor) : nil)))
        continue
      }
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
        found.append((k, swings ? .startSwinging : moved.count > Perception.scatter ? .scatter : .startMoving))
      }
    }
    return found
  }

  /// Whether nothing had struck it when it began to move.
  private func startsByItself(_ actor: Story.Actor) -> Bool {
    if actor.members.allSatisfy({ bodies[$0].motion == .scripted }) { return true }
    let names = Set(actor.members.map { bodies[$0].name })
    let blow = world.trajectory.contacts.first {
      $0.kind == .impact && $0.approachSpeed > Perception.blow.speed && !names.isDisjoint(with: $0.bodies)
    }
    return delay(of: actor) < min(Perception.patience, blow?.time ?? .infinity)
  }

  /// When a thing that stands has leaned over for good; nil for balls and for what stays up.
  func toppling(_ row: Int) -> Double? {
    if case .sphere = world.stage.items[row].shape { return nil }
    guard hasGravity else { return nil }
    let states = bodies[row].states
    let up = states[0].orientation.unrotate(.unitZ)
    return states.firstIndex { $0.orientation.rotate(up).z < cos(Perception.topple) }.map { times[$0] }
  }

  /// Whether things that stand in a row, in which order the scene names them, fall in that order.
  func isRow(_ falls: [Double]) -> Bool {
    let inOrder = zip(falls, falls.dropFirst()).count { $0 < $1 }
    return falls.count >= Perception.row.count && Double(inOrder) >= Perception.row.share * Double(falls.count - 1)
  }

  /// A cloth falls if it ends lower by a fifth of its size; else it hangs, in the wind or out of it.
  var clothDeeds: [Story.ClothDeed] {
    zip(world.scene.cloths, world.trajectory.cloths).map { cloth, track in
      func height(_ sample: Int) -> Double {
        (0..<track.count).reduce(0) { $0 + Double(track.positions[3 * (sample * track.count + $1) + 2]) } / Double(track.count)
      }
      let fall = track.samples > 0 ? height(0) - height(track.samples - 1) : 0
      if fall > Perception.clothFall * max(cloth.size.x, cloth.size.y) { return .falls }
      return (world.scene.air?.wind.length ?? 0) > Perception.leastWind ? .flutters : .sways
    }
  }

  // MARK: The end

  func ending(of actor: Story.Actor, start: Story.Start, after beats: [Story.Beat]) -> Story.Ending? {
    guard start != .rests, actor.members.allSatisfy({ bodies[$0].vanishes == .infinity }) else { return nil }
    let ends = actor.members.map { bodies[$0].states[bodies[$0].states.count - 1] }
    if let fate = sharedFate(of: actor) { return .afloat(fate) }
    if actor.members.contains(where: { immersions[$0]?.fate != nil }) { return nil }
    if start == .swings || start == .turns {
      // To swing and go on swinging is one thing.
      guard !beats.isEmpty || start == .turns else { return nil }
      let late = times.count { $0 > (times.last ?? 0) - Perception.swing.span }
      let speeds = actor.members.flatMap { bodies[$0].states.suffix(late).map(\.angularVelocity.length) }
      return (speeds.max() ?? 0) > Perception.swing.speed ? (start == .swings ? .swings : nil) : .rests
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
    if ends.allSatisfy({ $0.velocity.length < Perception.rest.speed && $0.angularVelocity.length < Perception.rest.spin }) {
      return .rests
    }
    return start == .spins || start == .drifts
      ? nil : ends.allSatisfy { $0.velocity.length > Perception.onward } && actor.count == 1 && !beats.isEmpty ? .moves : nil
  }
}

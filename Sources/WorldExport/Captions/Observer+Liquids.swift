import Foundation
import SceneDescription
import WorldCore

/// What liquids do, and what becomes of bodies in them.
extension Observer {
  /// One tale a liquid, in the scene's order; what several fluids of one liquid do is told together.
  func liquids(of actors: [Story.Actor]) -> [Story.Liquid] {
    var tales: [Story.Liquid] = []
    for (fluid, track) in zip(world.scene.fluids, world.trajectory.fluids) {
      let (noun, deeds) = (Lexicon.noun(for: fluid.liquid), self.deeds(of: fluid, track, actors))
      if let known = tales.firstIndex(where: { $0.noun == noun }) {
        for found in deeds where !tales[known].deeds.contains(where: { $0.deed == found.deed }) {
          tales[known].deeds.append(found)
        }
      } else {
        tales.append(Story.Liquid(noun: noun, deeds: deeds))
      }
    }
    for k in tales.indices {
      // What moves elsewhere isn't still.
      let moving = tales[k].deeds.filter { $0.deed != .rests }
      let isStirred = immersions.values.contains { $0.liquid == tales[k].noun && $0.stirs }
      if !moving.isEmpty || isStirred { tales[k].deeds = moving.sorted { $0.time < $1.time } }
    }
    return tales
  }

  private func deeds(
    of fluid: Fluid, _ track: FluidTrack, _ actors: [Story.Actor]
  ) -> [(deed: Story.LiquidDeed, time: Double)] {
    var found: [(deed: Story.LiquidDeed, time: Double)] = []
    let last = times.last ?? 0

    // What comes in.
    for emitter in fluid.emitters where emitter.from < last {
      switch emitter.mouth {
      case .rain: found.append((.rains, emitter.from))
      case .nozzle(let radius):
        let reynolds = fluid.liquid.density * emitter.speed * 2 * radius / fluid.liquid.viscosity
        let way: Story.LiquidDeed.Way =
          abs(emitter.direction.z) < Perception.uprightCosine ? .sideways : emitter.direction.z < 0 ? .down : .up
        found.append((.pours(way, slowly: reynolds < Perception.creeping), emitter.from))
      }
    }
    let motion = track.grid == nil ? ParticleWatch(fluid, track, times: times) : nil
    if let motion, motion.initialCount > 0 {
      let vessel = tiltedVessel(around: motion.start)
      if let vessel = actors.firstIndex(where: { vessel.map($0.members.contains) ?? false }) {
        if motion.isStirred { found.append((.leaves(vessel), motion.stirTime ?? 0)) }
      } else if let time = motion.fallTime {
        found.append((.falls, time))
      } else if let collapse = motion.collapse, motion.goneShare < Perception.drained.least {
        let fall = (2 * motion.height / max(world.scene.gravity.length, Perception.leastGravity)).squareRoot()
        found.append((.collapses(slowly: collapse > Perception.slowCollapse * fall), 0))
      } else if motion.isStirred && fluid.emitters.isEmpty && motion.goneShare < Perception.drained.least {
        found.append((.sloshes, motion.stirTime ?? 0))
      }
    }
    if let time = motion?.splashTime, !found.contains(where: { if case .leaves = $0.deed { true } else { false } }) {
      found.append((.splashes, time))
    }
    if let wave = waveTime(track) { found.append((.waves, wave)) }

    // What goes out.
    let masses = track.levels.indices.map { track.mass(atSample: $0) }
    if !fluid.drains.isEmpty, let most = masses.max(), most > 0, let end = masses.last,
      let first = masses.indices.first(where: { $0 > 0 && masses[$0] < masses[$0 - 1] }),
      end < (1 - Perception.drained.least) * most
    {
      found.append((.drains(all: end < Perception.drained.left * most), times[first]))
    }
    return found.isEmpty ? [(.rests, 0)] : found
  }

  /// When a surface first stands off its mean by a wave to be seen.
  private func waveTime(_ track: FluidTrack) -> Double? {
    guard let grid = track.grid else { return nil }
    let limit = Perception.wave * max(Double(grid.columns) * grid.width, Double(grid.rows) * grid.depth)
    let record = (0..<track.records).first { record in
      let level = track.levels[track.sample(ofRecord: record)]
      return track.heights[grid.count * record..<grid.count * (record + 1)].contains { abs(Double($0) - level) > limit }
    }
    return record.map { times[track.sample(ofRecord: $0)] }
  }

  /// The row of a moving body that holds the place at the start and turns over.
  private func tiltedVessel(around place: Vector3) -> Int? {
    bodies.indices.first { row in
      guard bodies[row].motion != .fixed, let bounds = bounds(row, bodies[row].states[0]) else { return false }
      let holds = (0..<3).allSatisfy { bounds.lower[$0] < place[$0] && place[$0] < bounds.upper[$0] }
      return holds && isTilted(row)
    }
  }

  /// Whether a body turns far from how it stands at the start.
  func isTilted(_ row: Int) -> Bool {
    let first = bodies[row].states[0].orientation.conjugate
    return bodies[row].states.contains { ($0.orientation * first).rotationVector.length > Perception.tilt }
  }

  func bounds(_ row: Int, _ state: BodyState) -> Bounds? {
    let item = world.stage.items[row]
    let bodyFromShape = RigidTransform(rotation: .identity, translation: -item.centerOfMass)
    return item.shape.bounds(placed: state.worldFromBody * bodyFromShape)
  }

  // MARK: Bodies in liquids

  /// What becomes of bodies in liquids, by row.
  func findImmersions() -> [Int: Story.Immersion] {
    var found: [Int: Story.Immersion] = [:]
    guard !world.trajectory.fluids.isEmpty, hasGravity else { return found }
    let nouns = world.scene.fluids.map { Lexicon.noun(for: $0.liquid) }
    for (fluid, track) in world.trajectory.fluids.enumerated() {
      let rows = bodies.indices.filter {
        bodies[$0].motion == .dynamic && bodies[$0].pieceOf == nil && bodies[$0].vanishes == .infinity && found[$0] == nil
      }
      guard !rows.isEmpty else { break }
      var depths: [Int: [(time: Double, share: Double)]] = [:]
      for record in 0..<track.records {
        let (time, surface) = (times[track.sample(ofRecord: record)], LiquidRecord(track, record: record))
        for row in rows {
          guard let bounds = bounds(row, world.trajectory.state(of: bodies[row], at: time)) else { continue }
          let height = max(bounds.upper.z - bounds.lower.z, 1e-9)
          let level = surface.level(about: bounds) ?? -.infinity
          depths[row, default: []].append((time, max(0, min(1, (level - bounds.lower.z) / height))))
        }
      }
      for row in rows {
        if let tale = immersion(of: row, depths[row] ?? []) {
          found[row] = Story.Immersion(liquid: nouns[fluid], entry: tale.entry, fate: tale.fate)
        }
      }
    }
    return found
  }

  private func immersion(
    of row: Int, _ depths: [(time: Double, share: Double)]
  ) -> (entry: Story.Immersion.Entry, fate: Story.Immersion.Fate?)? {
    guard let first = depths.firstIndex(where: { $0.share > Perception.immersion.dry }), let last = depths.last else {
      return nil
    }
    let body = bodies[row]
    let (wetTime, states) = (depths[first].time, body.states)

    var entry = Story.Immersion.Entry.there
    if first > 0 {
      // The water has slowed it down by the record that shows it wet.
      let before = world.trajectory.state(of: body, at: depths[first - 1].time).velocity
      let after = world.trajectory.state(of: body, at: wetTime).velocity
      let speed = max(-before.z, -after.z)
      let moved = (states[states.count - 1].position - world.trajectory.state(of: body, at: wetTime).position).length
      if speed > Perception.plunge {
        entry = .plunges(time: wetTime, speed: max(before.length, after.length))
      } else {
        entry = moved > size(row) ? .carried : .reached
      }
    }

    let half = states.indices.filter { times[$0] >= (wetTime + last.time) / 2 }.map { states[$0].position.z }
    let height = bounds(row, states[states.count - 1]).map { $0.upper.z - $0.lower.z } ?? 0
    var fate: Story.Immersion.Fate?
    if isHeld(row) {
      let sunk = world.trajectory.state(of: body, at: wetTime).position.z - states[states.count - 1].position.z
      if last.share >= Perception.immersion.under, sunk > size(row) / 2 { fate = .reachesBottom }
    } else if last.share >= Perception.immersion.under {
      if states[states.count - 1].velocity.z < -Perception.leastSpeed { fate = .sinks }
    } else if last.share > Perception.immersion.dry {
      let wasUnder = depths[first...].contains { $0.share >= Perception.immersion.under }
      let range = (half.max() ?? 0) - (half.min() ?? 0)
      fate = wasUnder ? .surfaces : range > Perception.bob * height ? .bobs : .floats
    }
    return (entry, fate)
  }

  /// The fate of all the actor's members, where it is one.
  func sharedFate(of actor: Story.Actor) -> Story.Immersion.Fate? {
    let fates = Set(actor.members.map { immersions[$0]?.fate })
    return fates.count == 1 ? fates.first! : nil
  }

  /// When the lead falls into a liquid, all of it.
  func plunges(_ actor: Story.Actor) -> [Story.Beat] {
    let entries = actor.members.compactMap { immersions[$0] }
    let falls = entries.compactMap { tale -> Story.Beat? in
      guard case .plunges(let time, let speed) = tale.entry else { return nil }
      return Story.Beat(deed: .plunges(tale.liquid), object: nil, time: time, speed: speed)
    }
    return falls.count == actor.count ? falls.min { $0.time < $1.time }.map { [$0] } ?? [] : []
  }

  /// What liquids do to an actor's members, as far as the lead's own sentence doesn't tell it.
  func liquidOutcomes(of actor: Story.Actor, isLead: Bool) -> [Story.Outcome] {
    let tales = actor.members.compactMap { immersions[$0] }
    guard let liquid = tales.first?.liquid else { return [] }
    var found: [Story.Outcome] = []
    let falls = tales.count { if case .plunges = $0.entry { true } else { false } }
    if !isLead, falls == actor.count, let fate = sharedFate(of: actor) { return [.plunge(falls, liquid, then: fate)] }
    if falls > 0, !isLead || falls < actor.count { found.append(.plunge(falls, liquid, then: nil)) }
    let carried = tales.count { $0.entry == .carried }
    if carried > 0 { found.append(.carried(carried, liquid)) }
    guard !isLead || sharedFate(of: actor) == nil || start(of: actor) == .rests else { return found }
    for fate in Story.Immersion.Fate.allCases {
      let count = tales.count { $0.fate == fate }
      if count > 0 { found.append(.end(count, fate)) }
    }
    return found
  }

  /// Whether something under the body bears it at the end: it is as low as when it last touched that.
  private func isHeld(_ row: Int) -> Bool {
    let (body, name) = (bodies[row], bodies[row].name)
    let touch = world.trajectory.contacts.last { contact in
      let up = contact.bodies[0] == name ? contact.normal.z : -contact.normal.z
      return contact.involves(name) && (contact.kind == .begin || contact.kind == .impact) && up > Perception.uprightCosine
    }
    guard let touch, let last = body.states.last else { return false }
    let rise = last.position.z - world.trajectory.state(of: body, at: touch.time).position.z
    return rise < Perception.leastShift * size(row)
  }
}

/// A liquid's surface at one record.
private struct LiquidRecord {
  private var particles: [SIMD3<Float>] = []
  private var heights: ArraySlice<Float> = []
  private let track: FluidTrack

  init(_ track: FluidTrack, record: Int) {
    self.track = track
    if let grid = track.grid {
      heights = track.heights[grid.count * record..<grid.count * (record + 1)]
    } else {
      particles = track.particles(record: record)
    }
  }

  /// How high the liquid stands about a box, m; nil where there is none.
  func level(about bounds: Bounds) -> Double? {
    if let grid = track.grid {
      let middle = (bounds.lower + bounds.upper) / 2
      let (column, row) = (
        Int(((middle.x - grid.x) / grid.width).rounded(.down)), Int(((middle.y - grid.y) / grid.depth).rounded(.down))
      )
      guard (0..<grid.columns).contains(column), (0..<grid.rows).contains(row) else { return nil }
      return Double(heights[heights.startIndex + row * grid.columns + column])
    }
    let reach = track.spacing
    let near = particles.filter {
      Double($0.x) > bounds.lower.x - reach && Double($0.x) < bounds.upper.x + reach && Double($0.y) > bounds.lower.y - reach
        && Double($0.y) < bounds.upper.y + reach
    }.map { Double($0.z) }.sorted()
    guard near.count >= Perception.leastNeighbors else { return nil }
    // The uppermost tenth may be spray.
    return near[near.count * 9 / 10] + track.spacing / 2
  }
}

import WorldCore

extension SceneBuilder {
  /// Most particles that a fluid may have.
  private static let mostParticles = 2e7
  /// Particles across a mouth, about.
  private static let mostAcross = 1e6
  /// As many as a particle's number can tell apart.
  private static let mostFluids = 64

  /// Fluids share one spacing: one that gives none has that of the first that does.
  func buildFluids(_ scene: Scene) -> [Fluid] {
    let shared = root.named("fluids").first { entry in
      entry.object?.gives("spacing") == true && entry.object?.choice("kind", as: Fluid.Kind.self) != .surface
    }?.object?.number("spacing")
    let entries = root.named("fluids")
    if entries.count > Self.mostFluids {
      log.error(
        entries[Self.mostFluids].place, "a scene has at most \(Self.mostFluids) fluids, not \(entries.count)",
        "let one fluid have several emitters, or fill a region that holds several")
    }
    return entries.prefix(Self.mostFluids).compactMap { entry in
      guard let object = entry.object else { return nil }
      let liquid = liquid(object["liquid"], name: entry.name)
      guard let liquid, let spacing = object.gives("spacing") ? object.number("spacing") : shared ?? object.number("spacing")
      else { return nil }
      var fluid = Fluid(
        name: entry.name, liquid: liquid, region: nil, worldFromRegion: .identity, spacing: spacing,
        velocity: object.vector("velocity") ?? .zero, location: entry.place.location)
      fluid.kind = object.choice("kind") ?? .particles
      if let (kind, fill) = object.object("fill")?.variant() {
        if kind == "vessel" {
          fillVessel(fill, scene.bodies, into: &fluid)
        } else if let (shape, center) = region(kind, fill) {
          (fluid.region, fluid.worldFromRegion) = (shape, RigidTransform(translation: center))
        }
        guard let region = fluid.region else { return nil }
        checkFineness(region, object, fluid)
      }
      fluid.emitters = emitters(object, fluid, scene)
      fluid.drains = object.named("drains").compactMap { drain($0, duration: scene.duration) }
      if fluid.kind == .surface { checkSurface(fluid, object, scene, at: entry.place) }
      if !object.gives("fill") && !object.gives("emitters") {
        log.error(entry.place, "'\(entry.name)' has neither a fill nor an emitter, so there is none of it", "give one of them")
      }
      return fluid
    }
  }

  /// A shape and its middle in the world.
  private func region(_ kind: String, _ object: CheckedObject) -> (shape: Shape, center: Vector3)? {
    guard let center = object.vector("center") else { return nil }
    switch kind {
    case "box": return object.vector("size").map { (.box(size: $0), center) }
    case "sphere": return object.number("radius").map { (.sphere(radius: $0), center) }
    default:
      guard let radius = object.number("radius"), let height = object.number("height") else { return nil }
      return (.cylinder(radius: radius, height: height), center)
    }
  }

  /// The hollow of a tank is a box; that of any other body is sought in the box round it, up to the level.
  private func fillVessel(_ object: CheckedObject, _ bodies: [Body], into fluid: inout Fluid) {
    guard let name = body(object["body"]), let level = object.number("level"),
      let vessel = bodies.first(where: { $0.name == name })
    else { return }
    guard let bounds = vessel.shape.bounds(placed: vessel.worldFromShape) else {
      log.error(object.valuePlace(of: "body"), "'\(name)' has no end, so it can't be filled", nil)
      return
    }
    guard level > bounds.lower.z, level <= bounds.upper.z else {
      log.error(
        object.valuePlace(of: "level"),
        "'\(name)' holds nothing up to \(short(level)) m: it reaches from \(short(bounds.lower.z)) to \(short(bounds.upper.z)) m",
        "choose a level in between")
      return
    }
    let up = vessel.worldFromShape.rotation.rotate(.unitZ)
    if case .tank(let size, _) = vessel.shape, up.z > 1 - 1e-9 {
      let floor = vessel.worldFromShape.translation
      guard level > floor.z else {
        log.error(
          object.valuePlace(of: "level"), "a level of \(short(level)) m is below the floor of '\(name)' at \(short(floor.z)) m",
          nil)
        return
      }
      fluid.region = .box(size: Vector3(size.x, size.y, level - floor.z))
      fluid.worldFromRegion = RigidTransform(
        rotation: vessel.worldFromShape.rotation, translation: Vector3(floor.x, floor.y, (floor.z + level) / 2))
      return
    }
    // Round it there is room for what lies outside.
    let margin = 1.5 * fluid.spacing
    let lower = bounds.lower - Vector3(repeating: margin)
    let upper = Vector3(bounds.upper.x + margin, bounds.upper.y + margin, level)
    fluid.region = .box(size: upper - lower)
    fluid.worldFromRegion = RigidTransform(translation: (lower + upper) / 2)
    fluid.isEnclosed = true
  }

  /// A surface is a box of water that stays one: what it can't do is said.
  private func checkSurface(_ fluid: Fluid, _ object: CheckedObject, _ scene: Scene, at place: YAMLNode.Place) {
    func refuse(_ key: String, _ message: String, _ remedy: String) {
      log.error(object.gives(key) ? object.place(of: key) : place, "'\(fluid.name)' is a surface: \(message)", remedy)
    }
    if case .box? = fluid.region, !fluid.isEnclosed {
      guard let bounds = fluid.region?.bounds(placed: .identity) else { return }
      let cells = (bounds.upper - bounds.lower) / fluid.spacing
      if cells.x * cells.y > 65_536 { refuse("spacing", "it would have more than 65 536 heights", "make the spacing larger") }
      if max(cells.x, cells.y) > 4096 {
        refuse("spacing", "a side would have more than 4096 heights", "make the spacing larger")
      }
    } else {
      refuse("fill", "it fills a box", "write a box, or leave out `kind: surface`")
    }
    if !fluid.drains.isEmpty { refuse("drains", "it has no drains", "take particles") }
    if fluid.velocity != .zero { refuse("velocity", "it starts at rest", "take particles") }
    let jet = fluid.emitters.first { if case .nozzle = $0.mouth { true } else { false } }
    if let jet { refuse("emitters", "it takes rain, but no jet such as '\(jet.name)'", "take particles") }
    if scene.gravity.x != 0 || scene.gravity.y != 0 || scene.gravity.z >= 0 {
      refuse("kind", "gravity must point down", "take particles")
    }
  }

  private func checkFineness(_ region: Shape, _ object: CheckedObject, _ fluid: Fluid) {
    guard let bounds = region.bounds(placed: .identity) else { return }
    let (extent, spacing) = (bounds.upper - bounds.lower, fluid.spacing)
    if min(extent.x, extent.y, extent.z) < spacing {
      log.error(
        object.valuePlace(of: "spacing"), "particles \(short(spacing)) m apart don't fit into the region of '\(fluid.name)'",
        "make the spacing smaller")
    } else if extent.x * extent.y * extent.z / (spacing * spacing * spacing) > Self.mostParticles {
      log.error(
        object.valuePlace(of: "spacing"), "'\(fluid.name)' would have more than 20 million particles", "make the spacing larger"
      )
    }
  }

  private func emitters(_ object: CheckedObject, _ fluid: Fluid, _ scene: Scene) -> [Fluid.Emitter] {
    object.named("emitters").compactMap { entry in
      guard let (kind, mouth) = entry.object?.variant(), let speed = mouth.number("speed"),
        let direction = direction(mouth, "direction"),
        let position = mouth.vector(kind == "rain" ? "center" : "position")
      else { return nil }
      var emitter = Fluid.Emitter(
        name: entry.name, mouth: .nozzle(radius: 0), position: position, direction: direction, speed: speed)
      if kind == "rain" {
        guard let size = mouth.list("size")?.compactMap(\.number), size.count == 2, let intensity = mouth.number("intensity"),
          let drop = mouth.number("drop")
        else { return nil }
        emitter.mouth = .rain(size: SIMD2(size[0], size[1]), intensity: intensity, drop: drop)
      } else {
        guard let radius = mouth.number("radius") else { return nil }
        emitter.mouth = .nozzle(radius: radius)
      }
      (emitter.from, emitter.to) = opening(mouth, duration: scene.duration)
      let seconds = min(emitter.to ?? scene.duration, scene.duration) - emitter.from
      var drop = fluid.spacing * fluid.spacing * fluid.spacing
      // Where a surface takes it, a drop is as large as it is.
      if fluid.kind == .surface, case .rain(_, _, let diameter) = emitter.mouth {
        drop = .pi / 6 * diameter * diameter * diameter
      }
      if emitter.flow * seconds / drop > Self.mostParticles {
        log.error(
          entry.place, "'\(entry.name)' would let in more than 20 million particles",
          "make the \(fluid.kind == .surface ? "drops" : "fluid's spacing") larger")
      }
      if case .nozzle(let radius) = emitter.mouth, .pi * radius * radius > Self.mostAcross * fluid.spacing * fluid.spacing {
        log.error(
          entry.place, "the mouth of '\(entry.name)' is more than a million particles large", "make the fluid's spacing larger")
      }
      for body in scene.bodies where Self.isInside(position, body) {
        log.error(entry.place, "'\(entry.name)' lies inside '\(body.name)', where no liquid can be", "move its mouth out")
      }
      return emitter
    }
  }

  private static func isInside(_ p: Vector3, _ body: Body) -> Bool {
    SignedDistanceField(body.shape).sample(at: body.worldFromShape.inverse.point(p)).distance < 0
  }

  private func drain(_ entry: NamedObject, duration: Double) -> Fluid.Drain? {
    guard let object = entry.object else { return nil }
    let (from, to) = opening(object, duration: duration)
    for kind in ["box", "sphere", "cylinder"] {
      if let place = object.object(kind), let (shape, center) = region(kind, place) {
        return Fluid.Drain(
          name: entry.name, region: shape, worldFromRegion: RigidTransform(translation: center), from: from, to: to)
      }
    }
    return nil
  }

  /// When something opens and closes.
  private func opening(_ object: CheckedObject, duration: Double) -> (from: Double, to: Double?) {
    let (from, to) = (object.number("from") ?? 0, object.number("to"))
    checkTime(from, object.valuePlace(of: "from"), duration: duration)
    if let to, to <= from {
      log.error(object.valuePlace(of: "to"), "it closes at \(short(to)) s, but opens only at \(short(from)) s", nil)
    }
    return (from, to)
  }

  private func liquid(_ value: CheckedValue?, name: String) -> Liquid? {
    guard let value else { return nil }
    guard let object = value.object else {
      guard let name = value.text else { return nil }
      if let liquid = Liquid.library[name] { return liquid }
      unknown("liquid", name, at: value.place, among: Array(Liquid.library.keys))
      return nil
    }
    guard var liquid = liquid(object["like"], name: name) else { return nil }
    liquid.name = name
    liquid.density = object.number("density") ?? liquid.density
    liquid.viscosity = object.number("viscosity") ?? liquid.viscosity
    liquid.surfaceTension = object.number("surface_tension") ?? liquid.surfaceTension
    liquid.surface.color = object.color("color") ?? liquid.surface.color
    liquid.surface.transmission = object.number("transmission").map(Float.init) ?? liquid.surface.transmission
    return liquid
  }

  func buildFigures(duration: Double) -> [Figure] {
    root.named("figures").compactMap { entry in
      guard let object = entry.object else { return nil }
      var cues: [Figure.Cue] = []
      for item in object.list("routine") ?? [] {
        guard let cue = item.object, let skill = cue.text("skill"), let time = cue.number("at") else { continue }
        checkTime(time, cue.valuePlace(of: "at"), duration: duration)
        if let last = cues.last, time <= last.time {
          log.error(
            cue.valuePlace(of: "at"), "a routine's times rise, but \(short(time)) s comes after \(short(last.time)) s", nil)
        }
        cues.append(Figure.Cue(skill: skill, time: time))
      }
      if bodyNames[entry.name] != nil || repeatCounts[entry.name] != nil {
        log.error(entry.place, "a body is called '\(entry.name)' too", "call one of them otherwise")
      }
      return Figure(
        name: entry.name, height: object.number("height") ?? 1.7, mass: object.number("mass") ?? 65,
        position: object.vector("position") ?? .zero, facing: object.number("facing") ?? 0, support: body(object["on"]),
        routine: cues, location: entry.place.location)
    }
  }
}

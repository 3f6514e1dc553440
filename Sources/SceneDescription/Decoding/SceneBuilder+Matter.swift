import WorldCore

extension SceneBuilder {
  /// Fluids share one spacing: one that gives none has that of the first that does.
  func buildFluids() -> [Fluid] {
    let shared = root.named("fluids").first { $0.object?.gives("spacing") == true }?.object?.number("spacing")
    return root.named("fluids").compactMap { entry in
      guard let object = entry.object else { return nil }
      let liquid = liquid(object["liquid"], name: entry.name)
      guard let liquid, let (kind, fill) = object.object("fill")?.variant(), let center = fill.vector("center"),
        let spacing = object.gives("spacing") ? object.number("spacing") : shared ?? object.number("spacing")
      else { return nil }
      let region: Shape?
      switch kind {
      case "box": region = fill.vector("size").map { .box(size: $0) }
      case "sphere": region = fill.number("radius").map { .sphere(radius: $0) }
      default:
        let height = fill.number("height")
        region = fill.number("radius").flatMap { radius in height.map { .cylinder(radius: radius, height: $0) } }
      }
      guard let region, let bounds = region.bounds(placed: .identity) else { return nil }
      let extent = bounds.upper - bounds.lower
      if min(extent.x, extent.y, extent.z) < spacing {
        log.error(
          object.valuePlace(of: "spacing"), "particles \(short(spacing)) m apart don't fit into the region of '\(entry.name)'",
          "make the spacing smaller")
      } else if extent.x * extent.y * extent.z / (spacing * spacing * spacing) > 2e7 {
        log.error(
          object.valuePlace(of: "spacing"), "'\(entry.name)' would have more than 20 million particles",
          "make the spacing larger")
      }
      return Fluid(
        name: entry.name, liquid: liquid, region: region, worldFromRegion: RigidTransform(translation: center),
        spacing: spacing,
        velocity: object.vector("velocity") ?? .zero, location: entry.place.location)
    }
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

import WorldCore

extension SceneBuilder {
  func buildCloths() -> [Cloth] {
    root.named("cloths").compactMap { entry in
      guard let object = entry.object else { return nil }
      if bodyNames[entry.name] != nil || repeatCounts[entry.name] != nil {
        log.error(entry.place, "a body is called '\(entry.name)' too", "call one of them otherwise")
      }
      let fabric = fabric(object["material"], name: entry.name)
      let placement = RigidTransform(
        rotation: rotation(object["rotation"]) ?? .identity, translation: object.vector("position") ?? .zero)
      let size = object.list("size")?.compactMap(\.number) ?? []
      guard let fabric, size.count == 2, let spacing = object.number("spacing") else { return nil }
      var cloth = Cloth(
        name: entry.name, size: SIMD2(size[0], size[1]), fabric: fabric, worldFromCloth: placement,
        velocity: object.vector("velocity") ?? .zero, spacing: spacing, location: entry.place.location)
      guard check(spacing, of: cloth, at: object.valuePlace(of: "spacing")) else { return nil }
      cloth.pins = (object.list("pins") ?? []).compactMap { pin($0, of: cloth) }
      return cloth
    }
  }

  /// Whether a grid of this spacing fits the sheet; says so where not.
  private func check(_ spacing: Double, of cloth: Cloth, at place: YAMLNode.Place) -> Bool {
    let cells = cloth.size / spacing
    if min(cells.x.rounded(), cells.y.rounded()) < 2 {
      log.error(
        place, "vertices \(short(spacing)) m apart leave '\(cloth.name)' fewer than two cells along a side",
        "take at most \(short(min(cloth.size.x, cloth.size.y) / 2)) m")
      return false
    }
    if cells.x * cells.y > 1e6 {
      log.error(place, "'\(cloth.name)' would have more than a million vertices", "make the spacing larger")
      return false
    }
    return true
  }

  // MARK: Pins

  private func pin(_ value: CheckedValue, of cloth: Cloth) -> Cloth.Pin? {
    guard let object = value.object else { return place(value, of: cloth).map { Cloth.Pin($0) } }
    let holder = body(object["to"])
    guard let place = place(object["at"], of: cloth), object.gives("to") == (holder != nil) else { return nil }
    let isClamped = object.boolean("clamped") ?? false
    let isEdge = if case .part(let part) = place { part.isEdge } else { false }
    if isClamped && !isEdge {
      log.error(object.valuePlace(of: "clamped"), "only a whole edge can be clamped", "pin top, bottom, left or right")
    }
    return Cloth.Pin(place, to: holder, strength: object.number("tears_at"), isClamped: isClamped)
  }

  private func place(_ value: CheckedValue?, of cloth: Cloth) -> Cloth.Pin.Place? {
    guard let value else { return nil }
    if let part = value.text.flatMap(Cloth.Part.init(rawValue:)) { return .part(part) }
    guard let point = value.vector else { return nil }
    // The nearest vertex of the flat sheet must be within one spacing.
    let local = cloth.worldFromCloth.inverse.point(point)
    let cells = (cloth.size / cloth.spacing).rounded(.toNearestOrAwayFromZero)
    let steps = cloth.size / cells
    let corner = cloth.size / -2
    let place = ((SIMD2(local.x, local.y) - corner) / steps).rounded(.toNearestOrAwayFromZero)
    let nearest = corner + place.clamped(lowerBound: .zero, upperBound: cells) * steps
    let gap = (local - Vector3(nearest.x, nearest.y, 0)).length
    guard gap <= max(steps.x, steps.y) else {
      log.error(
        value.place, "this pin is \(short(gap)) m from the nearest vertex of '\(cloth.name)'",
        "bring it within one spacing, \(short(max(steps.x, steps.y))) m")
      return nil
    }
    return .point(point)
  }

  // MARK: Fabrics

  private func fabric(_ value: CheckedValue?, name: String) -> Fabric? {
    guard let value else { return nil }
    guard let object = value.object else {
      guard let name = value.text else { return nil }
      if let fabric = Fabric.library[name] { return fabric }
      unknown("fabric", name, at: value.place, among: Array(Fabric.library.keys))
      return nil
    }
    guard var fabric = fabric(object["like"], name: name) else { return nil }
    fabric.name = name
    func set<Value>(_ path: WritableKeyPath<Fabric, Value>, _ value: Value?) {
      if let value { fabric[keyPath: path] = value }
    }
    func directions(_ key: String) -> SIMD2<Double>? {
      if let both = object.number(key) { return SIMD2(both, both) }
      let each = object.list(key)?.compactMap(\.number) ?? []
      return each.count == 2 ? SIMD2(each[0], each[1]) : nil
    }
    set(\.arealDensity, object.number("areal_density"))
    set(\.thickness, object.number("thickness"))
    set(\.stretchStiffness, directions("stretch_stiffness"))
    set(\.shearStiffness, object.number("shear_stiffness"))
    set(\.bendStiffness, directions("bend_stiffness"))
    set(\.friction, object.number("friction"))
    set(\.membraneDamping, object.number("stretch_damping"))
    set(\.bendingDamping, object.number("bend_damping"))
    set(\.dragCoefficient, object.number("drag"))
    set(\.porosity, object.number("porosity"))
    set(\.surface.color, object.color("color"))
    set(\.surface.roughness, object.number("roughness").map(Float.init))
    if let pattern = object.object("pattern") { fabric.surface.pattern = self.pattern(pattern) }
    return fabric
  }
}

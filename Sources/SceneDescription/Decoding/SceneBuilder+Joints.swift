import WorldCore

extension SceneBuilder {
  func buildJoints(bodies: [Body]) -> [Joint] {
    let bodyByName = Dictionary(bodies.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var joints: [Joint] = []
    var writtenNames = Set(root.named("joints").map(\.name))
    for entry in root.named("joints") {
      guard let object = entry.object, let (kind, value) = object.variant() else { continue }
      let before = log.errorCount
      let ends = value.list("between") ?? []
      let names = ends.compactMap(\.text)
      let repeats = names.contains { repeatCounts[$0] != nil }
      if repeats && value.gives("repeat") {
        // Bodies k and k move on together.
        let pivotBody = names.lazy.compactMap { bodyByName["\($0)-1"] }.first
        guard
          let repetition = Repetition(
            value.object("repeat"), pivot: pivotBody?.worldFromShape.translation ?? .zero, log: log)
        else { continue }
        for name in Set(names).sorted() {
          guard let count = repeatCounts[name], count < repetition.moves.count else { continue }
          log.error(
            value.place(of: "repeat"),
            "the joint is repeated \(repetition.moves.count) times, but '\(name)' only \(count) times", nil)
        }
        for (k, move) in repetition.moves.enumerated() {
          let instances = ends.map { end -> CheckedValue in
            guard let name = end.text, repeatCounts[name] != nil else { return end }
            return CheckedValue(content: .text("\(name)-\(k + 1)"), node: end.node)
          }
          let name = "\(entry.name)-\(k + 1)"
          if !writtenNames.insert(name).inserted {
            log.error(entry.place, "the joint '\(name)' is there twice", "call one of them otherwise")
          }
          guard log.errorCount == before,
            let joint = joint(name, kind, value, ends: instances, at: entry.place, move: move, bodies: bodyByName)
          else { break }
          if object.isSound && log.errorCount == before { joints.append(joint) }
        }
      } else {
        if value.gives("repeat") {
          log.error(value.place(of: "repeat"), "this joint links no repeated body, so it can't be repeated", nil)
        }
        let joint = joint(entry.name, kind, value, ends: ends, at: entry.place, move: .identity, bodies: bodyByName)
        if let joint, object.isSound, log.errorCount == before { joints.append(joint) }
      }
    }
    return joints
  }

  /// Names of all joints, instances included; whatever is wrong with them.
  var jointNames: [String: String] {
    var names: [String: String] = [:]
    for entry in root.named("joints") {
      guard let (kind, value) = entry.object?.variant() else {
        names[entry.name] = "unknown"
        continue
      }
      let count = Repetition(value.object("repeat"), pivot: .zero, log: DiagnosticLog())?.moves.count
      if let count { for k in 0..<count { names["\(entry.name)-\(k + 1)"] = kind } } else { names[entry.name] = kind }
    }
    return names
  }

  private func joint(
    _ name: String, _ kindName: String, _ object: CheckedObject, ends: [CheckedValue], at place: YAMLNode.Place,
    move: RigidTransform, bodies: [String: Body]
  ) -> Joint? {
    guard ends.count == 2 else { return nil }
    // Who it holds.
    if ends[0].text == "world" {
      let other = ends[1].text ?? "a body"
      log.error(
        ends[0].place, "a joint's first end is a body; only the second may be 'world'",
        other == "world" ? nil : "write `between: [\(other), world]`")
      return nil
    }
    let first = body(ends[0])
    let second = ends[1].text == "world" ? nil : body(ends[1])
    if let a = ends[0].text, a == ends[1].text {
      log.error(ends[1].place, "a joint can't hold '\(a)' to itself", nil)
      return nil
    }
    let axis = object.id == .hinge || object.id == .slider ? direction(object, "axis").map(move.direction) : nil
    guard let first, second != nil || ends[1].text == "world" else { return nil }
    let (a, b) = (bodies[first], second.flatMap { bodies[$0] })
    if let a, a.motion != .dynamic, second == nil || b.map({ $0.motion != .dynamic }) == true {
      log.warning(place, "the joint '\(name)' holds nothing that moves freely", nil)
    }

    // Where.
    let origin = a?.worldFromShape.translation ?? .zero
    var anchors = Joint.Anchors(origin)
    if object.id == .spring || object.id == .rope {
      let given = object.list("anchors")?.compactMap(\.vector).map(move.point)
      if given == nil && second == nil && !object.gives("anchors") {
        log.error(
          place, "'\(name)' needs 'anchors': the world has no position to tie it to", "add `anchors: [[x, y, z], [x, y, z]]`")
        return nil
      }
      anchors = Joint.Anchors(
        first: given?.first ?? origin, second: given?.last ?? b?.worldFromShape.translation ?? origin)
    } else if let anchor = object.vector("anchor") {
      anchors = Joint.Anchors(move.point(anchor))
    }

    // How.
    guard let kind = kind(kindName, object, name: name, axis: axis, anchors: anchors, at: place) else { return nil }
    return Joint(
      name: name, between: first, and: second, anchors: anchors, kind: kind, collides: object.boolean("collide") ?? false,
      breakingForce: breakingForce(object), location: place.location)
  }

  private func kind(
    _ kindName: String, _ object: CheckedObject, name: String, axis: Vector3?, anchors: Joint.Anchors, at place: YAMLNode.Place
  ) -> Joint.Kind? {
    let distance = (anchors.second - anchors.first).length
    switch kindName {
    case "hinge", "slider":
      guard let axis else { return nil }
      var freedom = Joint.Freedom(
        axis: axis, limits: limits(object), friction: object.number("friction") ?? 0, damping: object.number("damping") ?? 0,
        stiffness: object.number("stiffness") ?? 0, restitution: object.number("restitution") ?? 0)
      if let motor = object.object("motor"), let speed = motor.number("speed"),
        let effort = motor.number(kindName == "hinge" ? "torque" : "force")
      {
        freedom.motor = Joint.Motor(speed: speed, maximumEffort: effort)
      }
      return kindName == "hinge" ? .hinge(freedom) : .slider(freedom)
    case "ball":
      return .ball(friction: object.number("friction") ?? 0, damping: object.number("damping") ?? 0)
    case "spring":
      guard let stiffness = object.number("stiffness") else { return nil }
      return .spring(stiffness: stiffness, damping: object.number("damping") ?? 0, length: object.number("length") ?? distance)
    case "rope":
      let length = object.number("length") ?? distance
      guard length > 0 else {
        log.error(place, "the rope '\(name)' has no length: its two ends are in the same place", "give 'anchors' or 'length'")
        return nil
      }
      if distance > length * (1 + 1e-6) + 1e-6 {
        log.error(
          object.valuePlace(of: "length"),
          "the rope '\(name)' is \(short(length)) m long, but its ends start \(short(distance)) m apart", nil)
      }
      return .rope(length: length)
    default:
      return .fixed
    }
  }

  /// N; an impulse is taken as that of a blow of usual length.
  func breakingForce(_ object: CheckedObject) -> Double? {
    guard let value = object["breaks_at"], let strength = value.number else { return nil }
    guard case .scalar(let text, _) = value.node.content, let quantity = try? Quantity.parse(text),
      quantity.dimension == .impulse
    else { return strength }
    return strength / Joint.blowDuration
  }

  private func limits(_ object: CheckedObject) -> ClosedRange<Double>? {
    guard let value = object["limits"], let bounds = value.list?.compactMap(\.number), bounds.count == 2 else { return nil }
    guard bounds[0] <= bounds[1] else {
      log.error(value.place, "the lower limit is above the upper one", "write the smaller one first")
      return nil
    }
    guard bounds[0] <= 1e-9, bounds[1] >= -1e-9 else {
      log.error(
        value.place, "a joint starts at 0, which is outside these limits",
        "limits count from where the scene starts, not from some other pose")
      return nil
    }
    return bounds[0]...bounds[1]
  }
}

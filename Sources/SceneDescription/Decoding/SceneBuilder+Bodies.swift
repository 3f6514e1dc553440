import WorldCore

extension SceneBuilder {
  /// Learns all body names, so that nothing that refers to one depends on the order or on the body being right.
  mutating func declareBodies() {
    let entries = root.named("bodies")
    var index = 0
    var writtenPlaces: [String: YAMLNode.Place] = [:]
    for entry in entries { writtenPlaces[entry.name] = entry.place }
    for entry in entries {
      guard let object = entry.object, object.gives("repeat") else {
        bodyNames[entry.name] = index
        index += 1
        continue
      }
      let silent = DiagnosticLog()
      let count = Repetition(object.object("repeat"), pivot: .zero, log: silent)?.moves.count ?? 0
      repeatCounts[entry.name] = count
      for k in 0..<count {
        let name = "\(entry.name)-\(k + 1)"
        if let place = writtenPlaces[name] {
          log.error(place, "'\(name)' is also made by repeating '\(entry.name)'", "call one of them otherwise")
        }
        bodyNames[name] = index
        index += 1
      }
    }
    guard index <= 4 * Repetition.limit else {
      log.error(root.place(of: "bodies"), "the scene has \(index) bodies, more than \(4 * Repetition.limit)", nil)
      return
    }
  }

  mutating func buildBodies(duration: Double, seed: UInt64) -> [Body] {
    var bodies: [Body] = []
    for entry in root.named("bodies") {
      guard let object = entry.object else { continue }
      let before = log.errorCount
      let body = body(entry.name, object, at: entry.place, duration: duration)
      let materials = (object.object("repeat")?.list("materials") ?? []).map { material($0, name: entry.name) }
      guard var body else { continue }
      let repetition = Repetition(object.object("repeat"), pivot: body.worldFromShape.translation, log: log)
      // A body with a mistake is left out: what followed from its wrong values would be told as mistakes of their own.
      guard object.isSound, log.errorCount == before else { continue }
      body.location = entry.place.location
      guard let repetition else {
        bodyPlaces[body.name] = entry.place
        bodies.append(body)
        continue
      }
      for (k, move) in repetition.moves.enumerated() {
        var instance = body
        instance.name = "\(entry.name)-\(k + 1)"
        instance.worldFromShape = move * body.worldFromShape
        instance.path = body.path.map { Body.Keyframe(time: $0.time, worldFromShape: move * $0.worldFromShape) }
        instance.velocity = move.direction(body.velocity)
        instance.spin = move.direction(body.spin)
        if !materials.isEmpty, let material = materials[k % materials.count] { instance.material = material }
        bodyPlaces[instance.name] = entry.place
        bodies.append(instance)
      }
    }
    return bodies + bodies.flatMap { pieces(of: $0, seed: seed) }
  }

  private mutating func body(_ name: String, _ object: CheckedObject, at place: YAMLNode.Place, duration: Double) -> Body? {
    let material = material(object["material"], name: name)
    let worldFromShape = RigidTransform(
      rotation: rotation(object["rotation"]) ?? .identity, translation: object.vector("position") ?? .zero)
    let shape = shape(object.object("shape"))
    let motion: BodyTrack.Motion = object.choice("motion") ?? .dynamic
    var body = Body(name: name, shape: shape ?? .sphere(radius: 1), motion: motion, worldFromShape: worldFromShape)
    body.material = material ?? body.material
    body.mass = object.number("mass")
    body.density = object.number("density")
    body.velocity = object.vector("velocity") ?? .zero
    body.spin = object.vector("spin") ?? .zero
    body.inertia = inertia(object)
    body.breakingImpulse = breakingForce(object).map { $0 * Joint.blowDuration }
    if object.gives("pieces") && body.breakingImpulse == nil {
      log.warning(object.place(of: "pieces"), "'pieces' does nothing: '\(name)' doesn't break", "add 'breaks_at'")
    }
    pieceCounts[name] = object.integer("pieces")
    body.path = path(object, motion: motion, start: worldFromShape, duration: duration)
    guard shape != nil else { return nil }
    checkMotion(body, object, at: place)
    return body
  }

  private func checkMotion(_ body: Body, _ object: CheckedObject, at place: YAMLNode.Place) {
    if body.motion != .dynamic {
      if body.breakingImpulse != nil {
        log.error(
          object.place(of: "breaks_at"), "only a dynamic body can break; '\(body.name)' is \(body.motion.rawValue)",
          "leave 'breaks_at' out, or make the body dynamic and hold it with a joint")
      }
      for key in ["velocity", "spin"] where object.gives(key) && (object.vector(key) ?? .zero) != .zero {
        log.warning(
          object.place(of: key), "'\(key)' does nothing: '\(body.name)' is \(body.motion.rawValue)",
          body.motion == .fixed ? "leave it out, or make the body dynamic" : "its path decides how it moves")
      }
      return
    }
    if case .plane = body.shape {
      log.error(place, "the plane '\(body.name)' can't be dynamic: it has no end and no mass", "add `motion: fixed`")
      return
    }
    if case .mesh(let mesh) = body.shape, body.massProperties == nil || !mesh.isClosed {
      let isOpen = !mesh.isClosed
      if isOpen && body.mass != nil && body.inertia != nil { return }
      log.error(
        object.place(of: "shape"),
        "the mesh of '\(body.name)' \(isOpen ? "is not closed" : "is wound inside out"), so it has no volume",
        "close it, or give 'mass' and 'inertia', or add `motion: fixed`")
      return
    }
    guard let properties = body.massProperties, properties.mass > 0, properties.mass.isFinite else {
      log.error(place, "the mass of '\(body.name)' can't be told", "give 'mass' and 'inertia'")
      return
    }
  }

  /// A solid's principal moments are sums of squares: each is at most the sum of the other two.
  private func inertia(_ object: CheckedObject) -> SymmetricMatrix3? {
    guard let value = object["inertia"], let list = value.list else { return nil }
    let c = list.compactMap(\.number)
    guard c.count == 3 || c.count == 6 else {
      log.error(
        value.place, "'inertia' is a list of 3 or 6 moments of inertia, not of \(c.count)",
        "[xx, yy, zz] or [xx, yy, zz, xy, xz, yz]")
      return nil
    }
    let matrix = SymmetricMatrix3(
      diagonal: Vector3(c[0], c[1], c[2]), offDiagonal: c.count == 6 ? Vector3(c[5], c[4], c[3]) : .zero)
    let moments = matrix.principal.values
    let sorted = [moments.x, moments.y, moments.z].sorted()
    guard sorted[0] > 0 else {
      log.error(value.place, "moments of inertia are greater than 0; a principal one here is \(short(sorted[0])) kg*m^2", nil)
      return nil
    }
    guard sorted[2] <= (sorted[0] + sorted[1]) * (1 + 1e-9) else {
      log.error(
        value.place, "no solid has this inertia: \(short(sorted[2])) is more than \(short(sorted[0])) + \(short(sorted[1]))",
        "each principal moment is at most the sum of the other two")
      return nil
    }
    return matrix
  }

  private func path(
    _ object: CheckedObject, motion: BodyTrack.Motion, start: RigidTransform, duration: Double
  ) -> [Body.Keyframe] {
    guard let list = object.list("path") else {
      if motion == .scripted && !object.gives("path") {
        log.error(
          object.place(of: "motion"), "a scripted body needs a 'path'", "add `path: [{at: 0 s, position: [0, 0, 0]}, …]`")
      }
      return []
    }
    if motion != .scripted {
      log.error(
        object.place(of: "path"), "only a scripted body has a 'path'; this one is \(motion.rawValue)", "add `motion: scripted`")
    }
    var keyframes: [Body.Keyframe] = []
    for item in list {
      guard let key = item.object, let time = key.number("at") else { continue }
      if let last = keyframes.last, time <= last.time {
        log.error(
          key.valuePlace(of: "at"), "the times of a path rise, but \(short(time)) s comes after \(short(last.time)) s", nil)
      } else if time > duration {
        log.warning(key.valuePlace(of: "at"), "\(short(time)) s is past the end of the scene at \(short(duration)) s", nil)
      }
      let place = RigidTransform(
        rotation: rotation(key["rotation"]) ?? start.rotation, translation: key.vector("position") ?? start.translation)
      keyframes.append(Body.Keyframe(time: time, worldFromShape: place))
    }
    return keyframes
  }
}

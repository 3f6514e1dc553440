import WorldCore

extension SceneBuilder {
  private var speakers: Set<String> { Set(bodyNames.keys).union(root.named("figures").map(\.name)) }

  func buildSound(duration: Double) -> Scene.Sound {
    guard let object = root.object("sound") else { return Scene.Sound() }
    var lines: [Scene.Sound.Line] = []
    for item in object.list("dialogue") ?? [] {
      guard let line = item.object else { continue }
      if let time = line.number("at") { checkTime(time, line.valuePlace(of: "at"), duration: duration) }
      if let who = line["who"], let name = who.text, !speakers.contains(name) {
        unknown("figure or body", name, at: who.place, among: Array(speakers))
      }
      guard let time = line.number("at"), let words = line.text("say") else { continue }
      lines.append(Scene.Sound.Line(who: line.text("who"), time: time, words: words))
    }
    let ordered = lines.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    return Scene.Sound(ambience: object.choice("ambience") ?? .silence, dialogue: ordered)
  }

  func buildLight() -> Stage.Light {
    var light = Stage.Light()
    guard let object = root.object("light") else { return light }
    light.sky = object.choice("sky") ?? light.sky
    light.direction = direction(object, "direction") ?? light.direction
    light.angularDiameter = object.number("angular_diameter") ?? light.angularDiameter
    light.intensity = object.number("intensity") ?? light.intensity
    return light
  }

  func buildPicture() -> Stage.Picture {
    var picture = Stage.Picture()
    guard let object = root.object("picture") else { return picture }
    picture.framesPerSecond = object.number("fps") ?? picture.framesPerSecond
    picture.style = object.choice("style") ?? picture.style
    guard let value = object["size"], let text = value.text else { return picture }
    let sides = text.split(separator: "x").compactMap { Int($0) }
    guard sides.count == 2 else { return picture }
    // H.264's usual colour format halves both sides.
    if sides.contains(where: { $0 % 2 != 0 }) {
      let even = sides.map { String($0 + $0 % 2) }.joined(separator: "x")
      log.error(value.place, "both sides of a picture are even, not \(text)", "write \(even)")
    } else if sides.contains(where: { !(16...1920).contains($0) }) {
      log.error(value.place, "each side of a picture has from 16 to 1920 pixels, not \(text)", nil)
    } else if sides[0] * sides[1] > 1920 * 1080 {
      log.error(value.place, "a picture has at most 1920 × 1080 pixels, not \(text)", nil)
    }
    (picture.width, picture.height) = (sides[0], sides[1])
    return picture
  }

  func buildShots(_ scene: Scene) -> [Stage.Shot] {
    if let object = root.object("camera"), let camera = camera(object, scene, start: 0, end: scene.duration) {
      return [Stage.Shot(start: 0, end: scene.duration, camera: camera, style: scene.picture.style)]
    }
    var shots: [Stage.Shot] = []
    var end: Double? = 0
    let list = root.list("shots") ?? []
    // A duration that comes from elsewhere than the shots, as by --set, cuts them or makes the last one longer.
    let isRetimed = root.valuePlace(of: "duration").location.file != root.valuePlace(of: "shots").location.file
    for (index, item) in list.enumerated() {
      guard let object = item.object else { continue }
      let (from, to) = (object.number("from"), object.number("to"))
      if let from, let previous = end, abs(from - previous) > 1e-9 {
        let message =
          index == 0
          ? "the first shot starts at 0, not at \(short(from)) s"
          : from > previous
            ? "there is a gap in the shots from \(short(previous)) s to \(short(from)) s"
            : "this shot starts at \(short(from)) s, while the one before lasts until \(short(previous)) s"
        log.error(object.valuePlace(of: "from"), message, "write `from: \(short(previous)) s`")
      }
      if let from, let to, to <= from {
        log.error(object.valuePlace(of: "to"), "the shot ends at \(short(to)) s, not after its start at \(short(from)) s", nil)
      }
      if let to, to > scene.duration + 1e-9, !isRetimed {
        log.error(
          object.valuePlace(of: "to"),
          "the shot ends at \(short(to)) s, past the end of the scene at \(short(scene.duration)) s", nil)
      } else if let to, index == list.count - 1, to < scene.duration - 1e-9, !isRetimed {
        log.error(
          object.valuePlace(of: "to"), "the last shot ends at \(short(to)) s, before the scene at \(short(scene.duration)) s",
          "write `to: \(short(scene.duration)) s`")
      }
      end = to
      let camera = object.object("camera").flatMap { self.camera($0, scene, start: from ?? 0, end: to ?? scene.duration) }
      guard let from, let to, let camera else { continue }
      shots.append(
        Stage.Shot(start: from, end: to, camera: camera, style: object.choice("style") ?? scene.picture.style))
    }
    if isRetimed {
      shots.removeAll { $0.start >= scene.duration }
      if !shots.isEmpty { shots[shots.count - 1].end = scene.duration }
    }
    return shots
  }

  // MARK: Cameras

  private func camera(_ object: CheckedObject, _ scene: Scene, start: Double, end: Double) -> Camera? {
    let offset = object.vector("offset") ?? .zero
    var targetKeys: [Camera.Key] = []
    let position = position(object, duration: scene.duration, targetKeys: &targetKeys)
    let target = target(object, offset: offset)
    let camera = Camera(
      position: position ?? .fixed(.zero), target: target ?? .path(targetKeys),
      fieldOfView: object.number("fov") ?? 40 * .pi / 180, roll: object.number("roll") ?? 0,
      aperture: object.number("aperture"), focusDistance: object.number("focus"), shutter: object.number("shutter"))
    let aims = object.gives("look_at") || object.gives("follow")
    if !aims && targetKeys.isEmpty && object.isSound {
      log.error(object.place, "the camera needs 'look_at' or 'follow'", "add `look_at: [0, 0, 1]`, or a body's name")
      return nil
    }
    if aims && !targetKeys.isEmpty {
      log.error(object.place(of: "path"), "the path's places say where to look, and so does the camera", "keep one of the two")
    }
    if case .fixed(let eye)? = position, case .point(let point)? = target, (eye - point).length < 1e-6 {
      log.error(object.valuePlace(of: "look_at"), "the camera looks at the place where it stands", nil)
    }
    if let position { checkInside(position, object, scene, start: start, end: end) }
    return position != nil && (target != nil || !targetKeys.isEmpty) ? camera : nil
  }

  private func position(_ object: CheckedObject, duration: Double, targetKeys: inout [Camera.Key]) -> Camera.Position? {
    guard let list = object.list("path") else { return object.vector("position").map { .fixed($0) } }
    var keys: [Camera.Key] = []
    for item in list {
      guard let key = item.object, let time = key.number("at"), let place = key.vector("position") else { continue }
      if let last = keys.last, time <= last.time {
        log.error(
          key.valuePlace(of: "at"), "the times of a path rise, but \(short(time)) s comes after \(short(last.time)) s", nil)
      }
      keys.append(Camera.Key(time: time, value: place))
      if let target = key.vector("look_at") { targetKeys.append(Camera.Key(time: time, value: target)) }
    }
    if !targetKeys.isEmpty && targetKeys.count < keys.count {
      log.error(
        object.place(of: "path"), "some of the path's places have 'look_at' and some have not", "give it to all or to none")
    }
    return keys.isEmpty ? nil : .path(keys)
  }

  private func target(_ object: CheckedObject, offset: Vector3) -> Camera.Target? {
    func named(_ value: CheckedValue) -> String? {
      if let name = value.text, root.named("figures").contains(where: { $0.name == name }) { return name }
      return body(value)
    }
    if let value = object["follow"] {
      return named(value).map { .body($0, smoothing: object.number("smoothing") ?? 0.25, offset: offset) }
    }
    guard let value = object["look_at"] else { return nil }
    if let point = value.vector { return .point(point + offset) }
    return named(value).map { .body($0, smoothing: 0, offset: offset) }
  }

  /// A camera in something solid sees nothing. Bodies that move are only looked at where they start.
  private func checkInside(_ position: Camera.Position, _ object: CheckedObject, _ scene: Scene, start: Double, end: Double) {
    let eyes: [(Double, Vector3, String)] =
      switch position {
      case .fixed(let eye): [(start, eye, "position")]
      case .path(let keys): keys.filter { $0.time >= start && $0.time <= end }.map { ($0.time, $0.value, "path") }
      }
    for (time, eye, key) in eyes {
      for body in scene.bodies where body.motion == .fixed || time == 0 {
        guard body.shape.contains(body.worldFromShape.inverse.point(eye)) else { continue }
        if body.material.surface.transmission > 0.5 { continue }
        log.error(object.valuePlace(of: key), "the camera is inside '\(body.name)'", "move it out of the body")
        return
      }
    }
  }
}

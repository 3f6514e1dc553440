import WorldCore

extension SceneBuilder {
  func buildEvents(_ scene: Scene) -> [Event] {
    var events: [Event] = []
    let jointNames = self.jointNames
    for item in root.list("events") ?? [] {
      guard let object = item.object else { continue }
      let time = object.number("at")
      if let time { checkTime(time, object.valuePlace(of: "at"), duration: scene.duration) }
      guard let (kind, value) = object.variant(), let action = action(kind, value, scene, jointNames), let time else {
        continue
      }
      switch action {
      case .force(_, _, _, let duration), .torque(_, _, let duration):
        if time + duration > scene.duration * (1 + 1e-9) {
          log.warning(
            value.valuePlace(of: "for"),
            "the push lasts until \(short(time + duration)) s, past the end of the scene at \(short(scene.duration)) s", nil)
        }
      default: break
      }
      events.append(Event(time: time, action: action, location: item.place.location))
    }
    return events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
  }

  func checkTime(_ time: Double, _ place: YAMLNode.Place, duration: Double) {
    if time > duration {
      log.error(place, "\(short(time)) s is past the end of the scene at \(short(duration)) s", nil)
    }
  }

  private func action(_ kind: String, _ object: CheckedObject, _ scene: Scene, _ jointNames: [String: String]) -> Event.Action?
  {
    switch kind {
    case "release", "set_motor":
      guard let joint = object["joint"], let name = joint.text else { return nil }
      guard let jointKind = jointNames[name] else {
        unknown("joint", name, at: joint.place, among: Array(jointNames.keys))
        return nil
      }
      if kind == "release" { return .release(joint: name) }
      guard let speed = object.number("speed") else { return nil }
      checkMotor(name, jointKind, object, scene)
      return .setMotor(joint: name, speed: speed)
    default:
      let body = body(object["body"])
      if let body, let target = scene.body(body), target.motion != .dynamic {
        log.error(
          object.valuePlace(of: "body"), "'\(body)' is \(target.motion.rawValue): nothing pushes it",
          "make it dynamic, or name another body")
        return nil
      }
      if kind == "set_velocity" {
        let (velocity, spin) = (object.vector("velocity"), object.vector("spin"))
        if !object.gives("velocity") && !object.gives("spin") {
          log.error(object.place, "'set_velocity' needs 'velocity' or 'spin'", nil)
        }
        return body.map { .setVelocity(body: $0, velocity: velocity, spin: spin) }
      }
      guard let vector = object.vector("vector"), let body else { return nil }
      switch kind {
      case "impulse": return .impulse(body: body, vector: vector, point: object.vector("point"))
      case "angular_impulse": return .angularImpulse(body: body, vector: vector)
      case "force":
        let point = object.vector("point")
        return object.number("for").map { .force(body: body, vector: vector, point: point, duration: $0) }
      default: return object.number("for").map { .torque(body: body, vector: vector, duration: $0) }
      }
    }
  }

  private func checkMotor(_ name: String, _ kind: String, _ object: CheckedObject, _ scene: Scene) {
    guard let joint = scene.joint(name) else { return }
    switch joint.kind {
    case .hinge(let freedom), .slider(let freedom):
      if freedom.motor == nil {
        log.error(
          object.valuePlace(of: "joint"), "the \(kind) '\(name)' has no motor", "add `motor: {speed: 0, …}` to the joint")
      }
      guard let node = object["speed"]?.node, case .scalar(let text, _) = node.content else { return }
      let expected: Dimension = if case .hinge = joint.kind { .angularVelocity } else { .speed }
      if let dimension = (try? Quantity.parse(text))?.dimension, !expected.accepts(dimension) {
        log.error(node.place, "expected \(expected.name) for the \(kind) '\(name)', but '\(text)' is \(dimension.name)", nil)
      }
    default:
      log.error(object.valuePlace(of: "joint"), "a \(kind) has no motor; only hinges and sliders have", nil)
    }
  }
}

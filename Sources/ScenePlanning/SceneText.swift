import Foundation

/// A layout as a scene file, and in words.
struct SceneText {
  let yaml: String
  let understood: [String]

  init(_ prompt: String, _ story: PromptStory, _ layout: WorldLayout) {
    understood = zip(story.things, layout.roles).map { Self.words($0, $1, story) }
    var lines = ["mondo: 1", "about: \(Self.quoted(prompt))", "duration: \(PlannedBody.text(Self.duration(story))) s"]
    if let gravity = story.gravity { lines.append("gravity: [0, 0, \(PlannedBody.text(-gravity))]") }
    if story.isWindy { lines.append("air: {wind: [6, 0.8, 0], gustiness: 0.3}") }
    lines.append("bodies:")
    lines += layout.bodies.map(\.text)
    for (section, entries) in [("joints", layout.joints), ("fluids", layout.fluids), ("cloths", layout.cloths)]
    where !entries.isEmpty {
      lines.append("\(section):")
      lines += entries
    }
    lines.append("sound: {ambience: \(story.ambience ?? (story.isWindy ? "wind" : story.ground.ambience))}")
    lines.append("light: {sky: \(story.sky)}")
    let view = layout.camera
    lines.append(
      "camera: {position: \(PlannedBody.text(view.position)), look_at: \(PlannedBody.text(view.target)), fov: \(PlannedBody.text(WorldLayout.fieldOfView)) deg}"
    )
    lines.append("picture: {size: 256x144, fps: 24\(story.style == "realistic" ? "" : ", style: \(story.style)")}")
    yaml = lines.joined(separator: "\n") + "\n"
  }

  private static func duration(_ story: PromptStory) -> Double { min(60, max(0.5, story.duration ?? 4)) }

  /// A double-quoted scalar; what isn't printable becomes a space.
  private static func quoted(_ text: String) -> String {
    let plain = text.map { $0.isNewline || $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0 }
    return "\"" + String(plain.prefix(400)).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// `3 red blocks of pine: stand`.
  private static func words(_ thing: Thing, _ role: Role, _ story: PromptStory) -> String {
    let what = [thing.count > 1 ? "\(thing.count)" : nil, thing.color, thing.material, thing.words].compactMap { $0 }
    let aim = role.target.map { (role.start == .falls ? " onto the " : " at the ") + story.things[$0].words } ?? ""
    let (one, many) =
      switch role.start {
      case _ where role.meets != nil: ("meets another", "meet")
      case .rests: ("stands", "stand")
      case .falls: ("falls", "fall")
      case .rolls: ("rolls", "roll")
      case .slides: ("slides", "slide")
      case .flies: ("flies", "fly")
      case .swings: ("swings", "swing")
      case .spins: ("spins", "spin")
      case .floats: ("is let into the liquid", "are let into the liquid")
      }
    let does = thing.count > 1 ? many : one
    return what.joined(separator: " ") + ": " + does + aim + (thing.breaks ? ", breaks" : "")
  }
}

extension Thing {
  /// `tennisBall` as `tennis ball`, several as `tennis balls`.
  var words: String {
    let one = kind.rawValue.replacing(/[A-Z]/) { " " + $0.output.lowercased() }
    return count == 1 ? one : one + (one.hasSuffix("x") || one.hasSuffix("o") ? "es" : "s")
  }
}

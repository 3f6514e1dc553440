import Foundation
import SceneDescription
import WorldCore

/// A sample's `.json`: what it shows, in words and numbers.
///
/// Every sample has the same keys with values of the same types, numbers with a fraction always written with one, and no list
/// is ever empty: readers that infer columns from the first samples then fit all of them.
struct SampleDocument {
  let text: String

  init(_ world: SampleWorld, frameCount: Int, framesPerSecond: Double) {
    let story = Story(world)
    let stage = world.stage
    func strings(_ items: [String]) -> String { "[" + items.map(Self.quoted).joined(separator: ",") + "]" }
    let fields: [(String, String)] = [
      ("format", Self.quoted("mondo-sample/1")), ("mondo", Self.quoted(Release.version)), ("key", Self.quoted(world.key)),
      ("scene", Self.quoted(world.source.name)), ("scene_digest", Self.quoted(world.source.digest)),
      ("world_digest", Self.quoted(world.trajectory.scene.digest)), ("seed", "\(world.scene.seed)"),
      ("width", "\(stage.picture.width)"), ("height", "\(stage.picture.height)"), ("fps", Self.number(framesPerSecond)),
      ("frames", "\(frameCount)"), ("duration", Self.number(Double(frameCount) / framesPerSecond)),
      ("style", Self.quoted(stage.shots[0].style.rawValue)), ("sky", Self.quoted(stage.light.sky.rawValue)),
      ("ambience", Self.quoted(stage.ambience.rawValue)), ("shots", "\(stage.shots.count)"),
      ("captions", "{\"en\":\(strings(EnglishCaptions.of(story))),\"it\":\(strings(ItalianCaptions.of(story)))}"),
      (
        "drawn",
        "[" + world.drawn.map { "{\"path\":\(Self.quoted($0.path)),\"value\":\(Self.quoted($0.value))}" }.joined(separator: ",")
          + "]"
      ),
      ("events", "[" + Self.events(world).joined(separator: ",") + "]"),
    ]
    text = "{" + fields.map { "\(Self.quoted($0)):\($1)" }.joined(separator: ",") + "}\n"
  }

  /// The contacts between a first and a last entry that say where the clip starts and ends.
  private static func events(_ world: SampleWorld) -> [String] {
    func event(_ time: Double, _ kind: String, _ bodies: String, _ impulse: Double, _ speed: Double) -> String {
      "{\"time\":\(number(time)),\"kind\":\(quoted(kind)),\"bodies\":\(quoted(bodies)),\"impulse\":\(number(impulse)),"
        + "\"approach_speed\":\(number(speed))}"
    }
    let contacts = world.trajectory.contacts.map {
      event($0.time, $0.kind.rawValue, $0.bodies.joined(separator: " "), $0.impulse, $0.approachSpeed)
    }
    return [event(0, "start", "", 0, 0)] + contacts + [event(world.trajectory.scene.duration, "stop", "", 0, 0)]
  }

  /// Swift's shortest decimal that reads back exactly; it has a fraction or an exponent.
  private static func number(_ value: Double) -> String { value.description }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

import Foundation
import Mondo
import Testing

/// A ball thrown in a small set, rendered and encoded as `mondo render` does, with one law broken or none.
struct RenderedThrow: Sendable {
  var name: String
  /// Scene-language fragments.
  var ball: String
  var floor: String
  var light = "{sky: studio}"
  var camera = "{position: [0, -4.6, 1.1], look_at: [0, 0, 0.8], fov: 30 deg}"
  var picture = "{size: 256x144, fps: 24}"
  var radius = 0.11
  var start = "position: [-1.0, 0, 1.2], velocity: [1.2, 0, 0.7]"

  static let seconds = 1.6

  static let all: [RenderedThrow] = [
    RenderedThrow(
      name: "striped on parquet",
      ball: "{like: rubber, restitution: 0.85, color: crimson, pattern: {kind: stripes, color: white, scale: 9 cm}}",
      floor: "{like: maple, restitution: 0.9}"),
    RenderedThrow(
      name: "checkered, spinning, on polished marble",
      ball: "{like: rubber, restitution: 0.88, color: orange, pattern: {kind: checker, color: navy, scale: 8 cm}}",
      floor: "{like: marble, restitution: 0.9, roughness: 0.05, color: \"#30343a\"}", picture: "{size: 256x144, fps: 30}",
      start: "position: [-0.7, 0, 1.3], velocity: [0.9, 0, 0], spin: [0, 9, 0]"),
    RenderedThrow(
      name: "outdoors from above",
      ball:
        "{restitution: 0.85, friction: 0.6, color: \"#d2691e\", pattern: {kind: basketball, color: \"#1e1a18\", scale: 12 cm}}",
      floor: "{like: concrete, restitution: 0.85}", light: "{sky: day, direction: [0.5, -0.3, 0.8], angular_diameter: 0.02}",
      camera: "{position: [0.5, -5.2, 2.4], look_at: [0, 0, 0.8], fov: 31 deg}", picture: "{size: 256x144, fps: 30}",
      radius: 0.12,
      start: "position: [-1.2, 0, 1.4], velocity: [1.3, 0.1, 0.5]"),
    RenderedThrow(
      name: "anime",
      ball: "{like: rubber, restitution: 0.85, color: teal, pattern: {kind: checker, color: white, scale: 10 cm}}",
      floor: "{like: oak, restitution: 0.85}", picture: "{size: 256x144, fps: 24, style: anime}",
      start: "position: [0.9, 0, 1.3], velocity: [-0.9, 0, 0.4], spin: [2, 8, 0]"),
    RenderedThrow(
      name: "towards the camera", ball: "{like: rubber, restitution: 0.85, color: lime}",
      floor: "{like: concrete, restitution: 0.85}",
      camera: "{position: [0, -5, 1.4], look_at: [0, 0, 0.8], fov: 36 deg}", picture: "{size: 256x144, fps: 30}",
      start: "position: [-1.1, 1.3, 1.2], velocity: [1.1, -1.3, 0.8]"),
    RenderedThrow(
      name: "cinematic steel", ball: "{like: steel, restitution: 0.85, color: gold, roughness: 0.3}",
      floor: "{like: maple, restitution: 0.85, roughness: 0.25}", picture: "{size: 256x144, fps: 24, style: cinematic}"),
    RenderedThrow(
      name: "overcast, 60 frames a second", ball: "{like: rubber, restitution: 0.88, color: purple}",
      floor: "{like: brick, restitution: 0.9}", light: "{sky: overcast}",
      camera: "{position: [0, -4.2, 1.5], look_at: [0, 0, 0.7], fov: 31 deg}", picture: "{size: 192x108, fps: 60}",
      start: "position: [0.9, 0, 1.2], velocity: [-1.2, 0, 0.3]"),
    RenderedThrow(
      name: "sunset", ball: "{like: rubber, restitution: 0.85, color: white}",
      floor: "{like: concrete, restitution: 0.85, color: \"#7a6a58\"}", light: "{sky: sunset, direction: [-0.3, -0.7, 0.6]}",
      start: "position: [-1.1, 0, 1.2], velocity: [1.3, 0, 0.5]"),
  ]

  enum Violation: String, CaseIterable, Sendable {
    case none, weightless, halfGravity, teleport, gainsEnergy, vanishes, shuffled

    var law: String? {
      switch self {
      case .none: nil
      case .weightless, .halfGravity: "gravity"
      case .teleport, .shuffled: "continuity"
      case .gainsEnergy: "bounce"
      case .vanishes: "permanence"
      }
    }
  }

  func yaml(events: String = "") -> String {
    """
    mondo: 1
    name: throw
    duration: \(Self.seconds) s
    materials:
      ball: \(ball)
      floor: \(floor)
    bodies:
      floor: {shape: {plane: {}}, motion: fixed, material: floor}
      ball: {shape: {sphere: {radius: \(radius)}}, material: ball, \(start)}
    light: \(light)
    camera: \(camera)
    picture: \(picture)
    \(events)
    """
  }

  // MARK: Motion

  /// The trajectory with the law broken, and when that shows first, s.
  func trajectory(_ violation: Violation) throws -> (trajectory: Trajectory, strike: Double?) {
    let lawful = try Simulation(of: Scene(yaml: yaml())).run()
    guard let ball = lawful.bodies.firstIndex(where: { $0.name == "ball" }),
      let bounce = lawful.contacts.first(where: { $0.kind == .impact && $0.involves("ball", "floor") })?.time
    else { throw CocoaError(.coderInvalidValue) }

    /// What follows the sample at `time` replaced by a flight under another gravity.
    func flight(from time: Double, gravity: Double) -> Trajectory {
      var edited = lawful
      guard let first = lawful.times.firstIndex(where: { $0 >= time }) else { return lawful }
      let start = lawful.bodies[ball].states[first]
      for k in lawful.times.indices.dropFirst(first + 1) {
        let t = lawful.times[k] - lawful.times[first]
        edited.bodies[ball].states[k].position = start.position + start.velocity * t + Vector3(0, 0, -gravity * t * t / 2)
      }
      return edited
    }
    func edit(from time: Double, _ change: (inout BodyState) -> Void) -> Trajectory {
      var edited = lawful
      for k in lawful.times.indices where lawful.times[k] >= time { change(&edited.bodies[ball].states[k]) }
      return edited
    }

    switch violation {
    case .none, .shuffled: return (lawful, nil)
    case .weightless: return (flight(from: bounce + 0.12, gravity: 0), bounce + 0.12)
    case .halfGravity: return (flight(from: bounce + 0.01, gravity: 4.905), bounce)
    case .teleport: return (edit(from: bounce + 0.25) { $0.position += Vector3(0.3, 0, 0.3) }, bounce + 0.25)
    case .vanishes: return (edit(from: bounce + 0.2) { $0.position = Vector3(0, 0, -1000) }, bounce + 0.2)
    case .gainsEnergy:
      // A blow from below right after the impact: it leaves 1.25 times as fast as it came.
      let states = lawful.bodies[ball].states
      let (before, after) = (
        states[lawful.times.lastIndex { $0 < bounce }!].velocity.z, states[lawful.times.firstIndex { $0 > bounce }!].velocity.z
      )
      let impulse = lawful.bodies[ball].mass * (-1.25 * before - after)
      let struck = yaml(events: "events: [{at: \(bounce + 0.001) s, impulse: {body: ball, vector: [0, 0, \(impulse)]}}]")
      return (try Simulation(of: Scene(yaml: struck)).run(), bounce)
    }
  }

  // MARK: Pictures

  /// Renders and encodes one trajectory of this scene.
  func clip(of trajectory: Trajectory, in folder: URL, named name: String) throws -> String {
    let stage = try Scene(yaml: yaml()).stage
    let renderer = try Renderer(stage: stage, options: RenderOptions(samplesPerPixel: 3))
    let path = folder.appending(path: name).path
    let clip = try ClipWriter(
      path: path,
      settings: ClipSettings(
        width: renderer.width, height: renderer.height, framesPerSecond: renderer.framesPerSecond, hasSound: false))
    for k in 0..<renderer.frameCount(of: trajectory) { try clip.append(renderer.frame(at: k, of: trajectory).display!) }
    try clip.finish()
    return path
  }

  /// Encodes the clip of each violation into `folder`; the frames before anything is broken are rendered once.
  func clips(in folder: URL, _ violations: [Violation] = Violation.allCases) throws -> [(
    violation: Violation, path: String, strike: Double?, framesPerSecond: Double
  )] {
    let stage = try Scene(yaml: yaml()).stage
    let renderer = try Renderer(stage: stage, options: RenderOptions(samplesPerPixel: 3))
    let fps = renderer.framesPerSecond
    func pictures(_ trajectory: Trajectory, from first: Int = 0) throws -> [Image<SRGB8>] {
      try (first..<renderer.frameCount(of: trajectory)).map { try renderer.frame(at: $0, of: trajectory).display! }
    }
    let lawful = try pictures(trajectory(.none).trajectory)
    return try violations.map { violation in
      let (motion, strike) = try trajectory(violation)
      var frames = lawful
      if let strike {
        let first = max(0, Int(strike * fps) - 1)
        frames = lawful[..<first] + (try pictures(motion, from: first))
      }
      if violation == .shuffled {
        var stream = RandomStream(seed: 1, "shuffle")
        frames.shuffle(using: &stream)
      }
      let path = folder.appending(path: "\(violation.rawValue).mp4").path
      let settings = ClipSettings(width: frames[0].width, height: frames[0].height, framesPerSecond: fps, hasSound: false)
      let clip = try ClipWriter(path: path, settings: settings)
      for frame in frames { try clip.append(frame) }
      try clip.finish()
      return (violation, path, strike, fps)
    }
  }
}

extension RenderedThrow: CustomTestStringConvertible {
  var testDescription: String { name }
}

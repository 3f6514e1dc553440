import Foundation

/// Places what a story tells of: what stands in a row from the middle to the right, what moves to its left, aimed at what it meets.
///
/// All that is told of moves to the right; a heading to the left mirrors the world.
struct WorldLayout {
  private(set) var bodies: [PlannedBody] = []
  /// Lines of the scene language, by section.
  var joints: [String] = []
  var fluids: [String] = []
  var cloths: [String] = []
  /// What the prompt left open, in words.
  var assumptions: [String] = []

  let story: PromptStory
  let roles: [Role]
  let gravity: Double
  /// By thing: the middle of its foot, and its half extents as a group; nil where it isn't placed yet.
  var plots: [Plot?]
  /// m, of the ground's surface.
  private(set) var ground = 0.0
  /// m, the ends of what stands; nil before anything does.
  var span: ClosedRange<Double>?

  struct Plot {
    var foot: SIMD3<Double>
    var half: SIMD3<Double>
    var top: Double { foot.z + 2 * half.z }

    /// Whether the boxes about both overlap.
    func meets(_ other: Plot) -> Bool {
      let apart = foot + SIMD3(0, 0, half.z) - other.foot - SIMD3(0, 0, other.half.z)
      let room = half + other.half
      return abs(apart.x) < room.x && abs(apart.y) < room.y && abs(apart.z) < room.z
    }
  }

  init(_ told: PromptStory) {
    var story = told
    roles = story.roles()
    self.story = story
    gravity = story.gravity ?? 9.81
    plots = Array(repeating: nil, count: story.things.count)
    for thing in story.things.dropFirst(told.things.count) {
      assumptions.append("a \(thing.words) gives the push")
    }
    let isWet = story.liquid != nil || story.things.contains { $0.kind == .basin }
    if isWet { ground = -Self.wall - 0.001 }
    // With nothing to fall to there is no ground.
    if gravity > 0 {
      let (name, material) = story.ground.surface(material: story.groundMaterial, color: story.groundColor)
      add(PlannedBody(name, shape: "{plane: {}}", material: material, isFixed: true, position: SIMD3(0, 0, ground)))
    }
    let order = story.things.indices
    for k in order where story.things[k].kind == .basin { placeBasin(k) }
    if isWet, fluids.isEmpty { placeBasin(nil) }
    let isPlacedLate = { (k: Int) in story.things[k].support != nil || story.things[k].kind == .ramp }
    for k in order where roles[k].start == .rests && story.things[k].kind != .basin && !isPlacedLate(k) { placeAtRest(k) }
    for k in order where plots[k] == nil && roles[k].start == .rests { placeAtRest(k) }
    for k in order where roles[k].start != .rests { placeMoving(k) }
    camera = Self.camera(seeing: plots.compactMap { $0 } + ways)
    guard roles.contains(where: { $0.heading == .left }) else { return }
    // Joints, liquids and cloths are written where they are.
    if !joints.isEmpty || !fluids.isEmpty || !cloths.isEmpty {
      assumptions.append("what goes to the left is laid out to the right")
    } else {
      bodies = bodies.map(\.mirrored)
      camera.position.x *= -1
      camera.target.x *= -1
    }
  }

  // MARK: The camera

  /// What moves where.
  var ways: [Plot] = []
  /// m; what it looks at, from in front and a little above and aside.
  private(set) var camera = (position: SIMD3<Double>(0, -4, 1), target: SIMD3<Double>.zero)
  /// Degrees, upright.
  static let fieldOfView = 34.0

  private static func camera(seeing plots: [Plot]) -> (position: SIMD3<Double>, target: SIMD3<Double>) {
    var low = SIMD3(repeating: Double.infinity)
    var high = SIMD3(repeating: -Double.infinity)
    for plot in plots {
      low = pointwiseMin(low, plot.foot - SIMD3(plot.half.x, plot.half.y, 0))
      high = pointwiseMax(high, plot.foot + SIMD3(plot.half.x, plot.half.y, 2 * plot.half.z))
    }
    if plots.isEmpty { (low, high) = (SIMD3(-0.5, -0.5, 0), SIMD3(0.5, 0.5, 1)) }
    // What falls comes down to the ground, and what is hit goes on.
    low.z = min(low.z, 0)
    let target = (low + high) / 2
    let size = pointwiseMax(high - low, SIMD3(repeating: 0.1))
    let half = tan(fieldOfView / 2 * Double.pi / 180)
    let distance = 1.35 * max(size.z / (2 * half), size.x / (2 * half * 16 / 9)) + size.y / 2 + size.max() * 0.3
    return (target + SIMD3(0.12 * distance, -0.95 * distance, 0.28 * distance), target)
  }

  // MARK: Names

  mutating func add(_ body: PlannedBody) {
    var body = body
    let taken = Set(bodies.map(\.name))
    if taken.contains(body.name) {
      // Letters: numbers are for what `repeat` makes.
      body.name = (1...).lazy.map { "\(body.name)-\(Self.letters($0))" }.first { !taken.contains($0) }!
    }
    bodies.append(body)
  }

  /// 1 is b, 25 is z, 26 is ab.
  private static func letters(_ n: Int) -> String {
    (n >= 26 ? letters(n / 26 - 1) : "") + String(UnicodeScalar(UInt8(97 + n % 26)))
  }

  static let palette = ["crimson", "steelblue", "goldenrod", "seagreen", "mediumpurple", "coral"]

  /// A body of a thing, without a place.
  func body(_ k: Int, _ form: Form) -> PlannedBody {
    var body = PlannedBody(
      form.name, shape: form.shapeText, material: form.materialText(painted: Self.palette[k % Self.palette.count]))
    body.mass = form.mass
    if story.things[k].breaks {
      body.more = ["breaks_at: \(story.things[k].kind == .pane ? "1.5" : "0.3") N*s", "pieces: 20"]
    }
    return body
  }

  // MARK: What stands

  private mutating func placeAtRest(_ k: Int) {
    let thing = story.things[k]
    if placeSet(k) { return }
    let form = Form(thing)
    let group = Group(thing, form)
    var foot: SIMD3<Double>
    if let support = thing.support, let plot = plots[support],
      !story.things.contains(where: { $0.support == support && $0.kind != thing.kind })
    {
      foot = SIMD3(plot.foot.x, plot.foot.y, plot.top)
    } else {
      foot = SIMD3(reserve(group.half.x), 0, ground)
    }
    if gravity == 0 { foot.z += 1 }
    for member in group.members {
      var body = body(k, form)
      body.position = foot + member.place
      (body.rows, body.rack, body.turn) = (member.rows, member.rack, member.turn)
      if thing.kind == .wall { (body.isFixed, body.more) = (true, []) }
      add(body)
    }
    plots[k] = Plot(foot: foot, half: group.half)
  }

  /// x of the next thing that stands, to the right of those that do; the first is in the middle.
  mutating func reserve(_ half: Double) -> Double {
    guard let old = span else {
      span = -half...half
      return 0
    }
    let x = old.upperBound + 0.4 * max(half, 0.1) + half
    span = old.lowerBound...(x + half)
    return x
  }

  /// x of the next thing on the left of all that stands.
  mutating func reserveLeft(_ half: Double) -> Double {
    guard let old = span else { return reserve(half) }
    let x = old.lowerBound - 0.6 * half - half
    span = (x - half)...old.upperBound
    return x
  }

  // MARK: Sets

  /// m, thickness of a basin's walls.
  static let wall = 0.03
  var basin: Basin?
  var rampTops: [Int: (point: SIMD3<Double>, normal: SIMD3<Double>)] = [:]
  /// The middle of the top of a table that things roll off, m.
  var table: SIMD3<Double>?
  /// The middle of a hoop, m.
  var hoopRim: SIMD3<Double>?
}

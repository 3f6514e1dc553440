import Mondo

/// What a simulation came to, for people and for programs.
struct SimulationSummary {
  private let scene: Scene
  private let trajectory: Trajectory
  private let rate: Double
  private let seconds: Double
  private let file: String?

  private static let impactsShown = 12
  private static let bodiesShown = 16

  init(of scene: Scene, _ trajectory: Trajectory, rate: Double, seconds: Double, file: String?) {
    self.scene = scene
    self.trajectory = trajectory
    self.rate = rate
    self.seconds = seconds
    self.file = file
  }

  // MARK: For people

  var text: String {
    let impacts = trajectory.contacts.filter { $0.kind == .impact }
    var sections = [heading, bodies, broken, cloths, fluids]
    if !impacts.isEmpty { sections.append(table(of: impacts)) }
    sections.append(
      ([energy, wallClock] + (file.map { ["written to \($0)"] } ?? [])).compactMap { $0 }.map { "  " + $0 }.joined(
        separator: "\n"))
    return sections.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var heading: String {
    let facts = ["seed \(trajectory.scene.seed)", "\(Numbers.short(scene.duration)) s at \(Numbers.short(rate)) Hz"]
    let title = scene.name.emphasized(.strong) + "  " + facts.joined(separator: ", ").emphasized(.faint)
    return scene.about.isEmpty ? title : title + "\n" + scene.about
  }

  private var bodies: String {
    let pieces = trajectory.bodies.count { $0.pieceOf != nil }
    let moving = trajectory.bodies.filter { $0.motion != .fixed && $0.pieceOf == nil }
    var table = TextTable([
      ("body", .left), ("mass", .right), ("path", .right), ("top speed", .right), ("at the end, m", .left),
    ])
    for body in moving.prefix(Self.bodiesShown) {
      let path = zip(body.states, body.states.dropFirst()).reduce(0) { $0 + ($1.1.position - $1.0.position).length }
      let speed = body.states.map(\.velocity.length).max() ?? 0
      table.add([
        body.name, Numbers.mass(body.mass), Numbers.fixed(path, 2) + " m", Numbers.fixed(speed, 2) + " m/s",
        body.states.last.map { Numbers.vector($0.position) } ?? "",
      ])
    }
    let fixed = trajectory.bodies.count - moving.count - pieces
    var rest = moving.count > Self.bodiesShown ? ["and \(moving.count - Self.bodiesShown) more that move"] : []
    if fixed > 0 { rest.append("\(Numbers.count(fixed, "body", "bodies")) at rest by definition") }
    let lines =
      (table.isEmpty ? [] : [table.formatted()])
      + (rest.isEmpty ? [] : ["  " + rest.joined(separator: ", ").emphasized(.faint)])
    return lines.joined(separator: "\n")
  }

  private var broken: String {
    trajectory.contacts.filter { $0.kind == .break }.map { event in
      let pieces = trajectory.bodies.count { $0.pieceOf == event.bodies[0] }
      return "  \(event.bodies[0]) breaks into \(pieces) pieces at \(Numbers.fixed(event.time, 4)) s, under "
        + "\(Numbers.short(event.impulse, digits: 3)) N·s from \(event.bodies[1])"
    }.joined(separator: "\n")
  }

  private var cloths: String {
    guard !trajectory.cloths.isEmpty else { return "" }
    var table = TextTable([
      ("cloth", .left), ("mass", .right), ("vertices", .right), ("torn off", .right), ("at the end, m", .left),
    ])
    for cloth in trajectory.cloths {
      table.add([
        cloth.name, Numbers.mass(cloth.mass), "\(cloth.rows)×\(cloth.columns)", "\(cloth.tears.count)",
        Numbers.vector(cloth.centerOfMass(at: cloth.samples - 1)),
      ])
    }
    return table.formatted()
  }

  private var fluids: String {
    guard !trajectory.fluids.isEmpty else { return "" }
    var table = TextTable([
      ("fluid", .left), ("mass at the end", .right), ("particles", .right), ("level at the start", .right),
      ("at the end", .right),
    ])
    for fluid in trajectory.fluids {
      // What has come and gone shows in what is there.
      func isThere(_ sample: Int) -> Bool { !fluid.isOpen || fluid.presentCounts[sample] > 0 }
      func level(_ sample: Int) -> String { isThere(sample) ? Numbers.fixed(fluid.levels[sample], 3) + " m" : "none" }
      let last = fluid.levels.count - 1
      let count = fluid.presentCounts.last ?? fluid.count
      table.add([
        fluid.name, last < 0 ? "" : Numbers.mass(fluid.mass(atSample: last)),
        count == fluid.count ? "\(count)" : "\(count) of \(fluid.count)", last < 0 ? "" : level(0), last < 0 ? "" : level(last),
      ])
    }
    return table.formatted()
  }

  private func table(of impacts: [ContactEvent]) -> String {
    var table = TextTable([
      ("impact", .right), ("between", .left), ("closing at", .right), ("impulse", .right), ("e", .right), ("µ", .right),
    ])
    for impact in impacts.prefix(Self.impactsShown) {
      table.add([
        Numbers.fixed(impact.time, 4) + " s", impact.bodies.joined(separator: " – "),
        Numbers.fixed(impact.approachSpeed, 2) + " m/s", Numbers.short(impact.impulse, digits: 3) + " N·s",
        Numbers.fixed(impact.restitution, 2), Numbers.fixed(impact.friction, 2),
      ])
    }
    let more = impacts.count - Self.impactsShown
    return table.formatted() + (more > 0 ? "\n  " + "and \(more) more impacts".emphasized(.faint) : "")
  }

  private var energy: String? {
    let (kinetic, potential) = (trajectory.energy.kinetic, trajectory.energy.potential)
    guard let k0 = kinetic.first, let k1 = kinetic.last, let p0 = potential.first, let p1 = potential.last else { return nil }
    let change = (k1 + p1) - (k0 + p0)
    // Relative to all that was ever available above the lowest potential: where that is zero is a convention. What hardly moves
    // had next to nothing available.
    let scale = (zip(kinetic, potential).map { $0 + $1 }.max() ?? 0) - (potential.min() ?? 0)
    let percent =
      scale > 0.01 * max(abs(k0 + p0), abs(k1 + p1))
      ? " (\(Numbers.short(100 * change / scale, digits: 3)) % of what was available)" : ""
    return "energy  \(Numbers.short(k0 + p0)) J at the start, \(Numbers.short(k1 + p1)) J at the end\(percent)"
  }

  private var wallClock: String {
    "simulated in \(Numbers.short(seconds, digits: 2)) s, \(Numbers.short(scene.duration / max(seconds, 1e-9), digits: 2))× real time"
  }

  // MARK: For programs

  struct Machine: Encodable {
    var scene: Trajectory.SceneIdentity
    var file: String?
    var rate: Double
    var samples: Int
    var bodies: Int
    var cloths: Int
    var fluids: Int
    var contacts: Int
    var impacts: Int
  }

  var machine: Machine {
    Machine(
      scene: trajectory.scene, file: file, rate: rate, samples: trajectory.times.count, bodies: trajectory.bodies.count,
      cloths: trajectory.cloths.count, fluids: trajectory.fluids.count, contacts: trajectory.contacts.count,
      impacts: trajectory.contacts.count { $0.kind == .impact })
  }
}

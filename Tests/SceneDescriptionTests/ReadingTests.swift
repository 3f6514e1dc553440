import Foundation
import SceneDescription
import Testing
import WorldCore

/// The example of the design, as it stands there.
private let example = """
  mondo: 1
  name: missed-shot
  about: A basketball misses, rebounds from the backboard and the rim, and bounces away.
  seed: 7
  duration: 4 s
  gravity: [0, 0, -9.81]            # default
  air: {density: 1.204, drag: true, wind: [0, 0, 0]}   # default: no air
  materials:
    basketball: {restitution: 0.83, friction: 0.6, rolling_friction: 0.002, color: "#d2691e", roughness: 0.7, sound: rubber}
    wood: {density: 700 kg/m^3, restitution: 0.6, friction: 0.5, color: tan, sound: wood}
  bodies:
    floor: {shape: {plane: {}}, motion: fixed, material: wood}
    ball:
      shape: {sphere: {radius: 12 cm}}
      mass: 0.62                     # or density
      material: basketball
      position: [0, 0, 2]
      rotation: {axis: [0, 0, 1], angle: 30 deg}   # or [w,x,y,z]
      velocity: [6.1, 0, 6.5]
      spin: [0, -12, 0]              # angular velocity, rad/s, world frame
    board: {shape: {box: {size: [3 cm, 1.8, 1.05]}}, motion: fixed, position: [4.6, 0, 3.45], material: wood}
    rim: {shape: {torus: {radius: 22.5 cm, tube: 1 cm}}, motion: fixed, position: [4.2, 0, 3.05]}

  """

/// The rest of it: parts that name things the first part doesn't have, and the two ways to say what is seen.
private let rest = """
  joints:
    hinge-1: {hinge: {between: [door, frame], anchor: [0, 0, 1], axis: [0, 0, 1], limits: [0 deg, 110 deg], friction: 0.2}}
  fluids:
    pool: {liquid: water, fill: {box: {center: [0, 0, 0.4], size: [3, 2, 0.8]}}, spacing: 4 cm}
  cloths:
    flag: {size: [1.2, 0.8], material: cotton, position: [0, 0, 2], pins: [top-left, bottom-left], spacing: 3 cm}
  figures:
    athlete: {height: 1.62 m, mass: 54 kg, position: [0, 0, 0.1], facing: 90 deg, on: paddleboard,
              routine: [{skill: back-tuck, at: 0.6 s}]}
  events:
    - {at: 1.0 s, impulse: {body: ball, vector: [0, 0, 2]}}
  sound: {ambience: gym, dialogue: [{who: athlete, at: 2.8 s, say: "Yes!"}]}
  camera: {position: [2, -7, 2], look_at: [2.5, 0, 2], fov: 45 deg}      # one shot; or:
  shots:
    - {from: 0 s, to: 2 s, camera: {position: [2, -7, 2], look_at: [2.5, 0, 2], fov: 45 deg}}
    - {from: 2 s, to: 4 s, camera: {position: [6, -3, 1], follow: ball, fov: 35 deg}, style: cinematic}
  picture: {size: 256x144, fps: 24, style: realistic}     # realistic | cinematic | anime
  vary:                                                    # sampled per seed by `dataset` and `evaluate`
    bodies.ball.velocity[0]: {uniform: [5.5, 7.0]}

  """

@Suite("Reading scenes")
struct ReadingTests {
  @Test("The design's example means what it says")
  func designExample() throws {
    let scene = try Scene(yaml: example, file: "missed-shot.yaml")
    #expect(scene.name == "missed-shot" && scene.seed == 7 && scene.duration == 4)
    #expect(scene.air == Scene.Air())
    #expect(scene.bodies.map(\.name) == ["floor", "ball", "board", "rim"])
    let ball = try #require(scene.body("ball"))
    #expect(ball.shape == .sphere(radius: 0.12) && ball.mass == 0.62)
    #expect(
      ball.worldFromShape == RigidTransform(rotation: Quaternion(axis: .unitZ, angle: .pi / 6), translation: Vector3(0, 0, 2)))
    #expect(ball.velocity == Vector3(6.1, 0, 6.5) && ball.spin == Vector3(0, -12, 0))
    #expect(ball.material.restitution == 0.83 && ball.material.sound == .rubber && ball.material.rollingFriction == 0.002)
    #expect(ball.location == SourceLocation(file: "missed-shot.yaml", line: 13, column: 3))
    #expect(scene.body("floor")?.material.surface.pattern == nil, "a colour of its own takes the place of the library's grain")
    #expect(scene.body("rim")?.material.name == "default")
  }

  @Test(
    "Of the whole example only what can't be is told: names that aren't there, particles too coarse for the ball, and two ways to be seen"
  )
  func designExampleInFull() {
    let messages = Scene.validate(yaml: example + rest).map(\.message)
    #expect(
      messages == [
        "there is no body 'door'", "there is no body 'frame'",
        "a draft of 'ball' is only 0.515 particles deep, so it floats too high or too low", "there is no body 'paddleboard'",
        "'camera' and 'shots' exclude each other",
      ])
    let changed = rest.replacing("[door, frame]", with: "[ball, world]").replacing("on: paddleboard", with: "on: floor")
      .replacing("  camera: {position: [2, -7, 2], look_at: [2.5, 0, 2], fov: 45 deg}      # one shot; or:\n", with: "")
      .replacing("camera: {position: [2, -7, 2], look_at: [2.5, 0, 2], fov: 45 deg}      # one shot; or:\n", with: "")
    #expect(throws: Never.self) {
      let scene = try Scene(yaml: example + changed)
      #expect(scene.shots.count == 2 && scene.shots[1].style == .cinematic)
      #expect(scene.joints.first?.kind == .hinge(.init(axis: .unitZ, limits: 0...(110 * .pi / 180), friction: 0.2)))
      #expect(scene.fluids.first?.liquid.density == 998.2)
      #expect(scene.cloths.first?.pins == [.init(.part(.topLeft)), .init(.part(.bottomLeft))])
      #expect(scene.figures.first?.routine == [.init(skill: "back-tuck", time: 0.6)])
      #expect(scene.variations.first?.distribution == .uniform(5.5...7))
    }
  }

  @Test("All mistakes of a file are told in one pass, in order")
  func manyMistakes() {
    let diagnostics = Scene.validate(
      yaml: """
        mondo: 1
        duration: 0
        gravty: [0, 0, -9.81]
        materials:
          soft: {friction: -1, color: blu}
        bodies:
          a: {shape: {sphere: {radius: 3 kg}}, mass: -1, material: sof}
          b: {shape: {sphere: {radius: 1}}, velocity: [1, 2]}
          c: {shape: {sphere: {radius: 1}}, position: [5, 0, 0]}
          d: {shape: {sphere: {radius: 1}}, position: [5.5, 0, 0]}
        joints:
          j: {ball: {between: [a, a], anchor: [0, 0]}}
        events:
          - {at: 1, impulse: {body: e, vector: [0, 0, 1]}}
        picture: {size: 255x144}
        """, file: "x")
    #expect(
      diagnostics.map { "\($0.location.line):\($0.location.column)" } == [
        "2:11", "3:1", "5:20", "5:31", "7:32", "7:46", "7:60", "8:47", "10:3", "12:27", "12:39", "14:29", "15:17",
      ], "\(diagnostics.map { $0.formatted() }.joined(separator: "\n"))")
  }

  @Test("A diagnostic looks as a compiler's")
  func format() {
    let diagnostics = Scene.validate(
      yaml: "mondo: 1\nbodies:\n  ball: {shape: {sphere: {radius: 1}}, velocty: [1, 0, 0]}\n", file: "a.yaml")
    #expect(
      diagnostics.map { $0.formatted() } == [
        """
        a.yaml:3:40: error: unknown key 'velocty' in a body
            ball: {shape: {sphere: {radius: 1}}, velocty: [1, 0, 0]}
                                                 ^~~~~~~
          help: did you mean 'velocity'?
        """
      ])
    #expect(diagnostics[0].formatted(colored: true).contains("\u{1B}[1;31merror:\u{1B}[0m"))
  }

  @Test("Columns count characters, whatever bytes they take")
  func columns() {
    let text = "mondo: 1\nabout: \"caffè 👩‍🔬\"\nbodies: {più: {shape: {sphere: {radius: 1}}, xx: 1}}\n"
    let place = Scene.validate(yaml: text).first!.location
    #expect(place.line == 3 && place.column == 46)
    let wide = "mondo: 1\nbodies: {a: {shape: {mesh: {file: \"👩‍🔬👩‍🔬\", scal: 1}}}}\n"
    #expect(Scene.validate(yaml: wide).first { $0.message.contains("scal") }?.location.column == 41)
    let windows = text.replacing("\n", with: "\r\n")
    #expect(Scene.validate(yaml: windows).first!.location == place)
  }

  @Test(
    "Units are one thing written many ways",
    arguments: [
      ("mass", "0.5 kg", "500 g"), ("mass", "1 t", "1000"), ("density", "2 g/cm^3", "2000 kg/m³"),
      ("density", "2 g·cm^-3", "2000"),
      ("velocity", "[3.6 km/h, 0, 0]", "[1, 0, 0]"), ("velocity", "[−3 m/s, −1e−1, 0]", "[-3, -0.1, 0]"),
      ("velocity", "[1 m/s, 0, 0]", "[1, 0, 0]"),
      ("position", "[1 in, 0, 0]", "[2.54 cm, 0, 0]"),
      ("spin", "[60 rpm, 0, 0]", "[1 rev/s, 0, 0]"), ("spin", "[1 rad/s, 0, 0]", "[1, 0, 0]"),
      ("spin", "[1/s, 0, 0]".replacing("1/s", with: "1 1/s"), "[1 Hz, 0, 0]"),
      ("rotation", "{axis: [0, 0, 2], angle: 90°}", "{axis: [0, 0, 1], angle: 0.25 turn}"),
      ("position", "[.5, 5e-1, +0.5]", "[0.5, 50cm, 500 mm]"),
      ("inertia", "[1 kg*m^2, 1, 1]", "[1 N*m*s^2, 1 J*s^2, 1]"), ("material", "{color: red}", "{color: '#f00'}"),
      ("material", "{color: [1, 0, 0]}", "{color: '#FF0000'}"),
      ("inertia", "[1, 1, 1]", "[1 kg m^2, 1 kg (m^2), 1, 0, 0, 0]"),
    ])
  func units(_ key: String, _ a: String, _ b: String) throws {
    func scene(_ value: String) throws -> Scene {
      try Scene(yaml: "mondo: 1\nbodies: {it: {shape: {sphere: {radius: 1}}, \(key): \(value)}}")
    }
    var (first, second) = (try scene(a).bodies[0], try scene(b).bodies[0])
    func near(_ x: Vector3, _ y: Vector3) -> Bool { (x - y).length <= 1e-12 * max(1, x.length) }
    #expect(near(first.velocity, second.velocity) && near(first.spin, second.spin))
    #expect(near(first.worldFromShape.translation, second.worldFromShape.translation))
    #expect(near(first.worldFromShape.rotation.vector, second.worldFromShape.rotation.vector))
    #expect(abs((first.density ?? 0) - (second.density ?? 0)) < 1e-9)
    #expect(abs((first.mass ?? 0) - (second.mass ?? 0)) < 1e-12)
    first.location = nil
    second.location = nil
    #expect(first.inertia == second.inertia && first.material.surface == second.material.surface)
  }

  @Test(
    "A duration from elsewhere cuts the shots, or lengthens the last",
    arguments: [("1 s", [1]), ("2 s", [2]), ("3 s", [2, 3]), ("9 s", [2, 9])])
  func retimedShots(duration: String, ends: [Double]) throws {
    let text = """
      mondo: 1
      duration: 4 s
      bodies: {a: {shape: {sphere: {radius: 1}}}}
      shots:
        - {from: 0, to: 2, camera: {position: [0, -9, 0], look_at: [0, 0, 0]}}
        - {from: 2, to: 4, camera: {position: [0, 9, 0], look_at: [0, 0, 0]}}
      """
    let scene = try Scene(yaml: text, overrides: [.init(path: "duration", value: duration)])
    #expect(scene.shots.map(\.end) == ends && scene.shots.first?.start == 0)
    #expect(throws: SceneError.self) {
      try Scene(yaml: text.replacing("duration: 4 s", with: "duration: \(duration)"))
    }
  }

  @Test("Overrides take a value's place before anything is checked")
  func overrides() throws {
    func scene(_ flags: String...) throws(SceneError) -> Scene {
      try Scene(yaml: example, overrides: flags.map { Scene.Override($0)! })
    }
    #expect(try scene("bodies.ball.velocity[0]=7").body("ball")?.velocity == Vector3(7, 0, 6.5))
    #expect(try scene("bodies.ball.mass=500 g").body("ball")?.mass == 0.5)
    #expect(try scene("gravity=[0, 0, 0]").gravity == .zero)
    #expect(try scene("gravity[2] = -1.62").gravity.z == -1.62)
    #expect(try scene("bodies.rim.spin=[1, 0, 0]", "bodies.rim.motion=dynamic").body("rim")?.spin.x == 1)
    #expect(try scene("materials.wood.color=#ff0000").material("wood")?.surface.color == SIMD3(1, 0, 0))
    #expect(try scene("picture.style=anime").picture.style == .anime)
    #expect(
      try scene("bodies.ball.rotation.angle=90 deg").body("ball")?.worldFromShape.rotation
        == Quaternion(axis: .unitZ, angle: .pi / 2))
    #expect(Scene.Override("nothing") == nil && Scene.Override("=1") == nil)
  }

  @Test(
    "A wrong override is told under the flag's name",
    arguments: [
      ("bodies.bal.mass=1", "there is no body 'bal'", "did you mean 'ball'?"),
      ("bodies.ball.mas=1", "has no 'mas'", "did you mean 'mass'?"),
      ("bodies.ball.mass=-1", "'-1' is out of range", nil),
      ("bodies.ball.mass=1 m", "expected a mass, but '1 m' is a length", nil),
      ("bodies.ball.velocity[3]=1", "has 3 values, counted from 0, and no [3]", nil),
      ("bodies.ball.velocity[x]=1", "is no path", nil),
      ("bodies.ball.material.friction=1", "'bodies.ball.material' is 'basketball', which has no such part", "set the whole"),
      ("bodies.ball.mass=[1", "not YAML", nil), ("seed.x=1", "'seed' has no parts", nil), ("duration[0]=1", "is no list", nil),
    ] as [(String, String, String?)])
  func wrongOverrides(_ flag: String, _ message: String, _ suggestion: String?) throws {
    let diagnostics = Scene.validate(yaml: example, overrides: [Scene.Override(flag)!])
    let match = try #require(diagnostics.first { $0.message.contains(message) }, "\(diagnostics.map { $0.formatted() })")
    #expect(match.location.file == "--set " + flag.prefix { $0 != "=" })
    if let suggestion { #expect(match.suggestion?.contains(suggestion) == true) }
  }

  @Test("Several ranges are drawn from as one, each by its length")
  func ranges() throws {
    let text = example + "vary:\n  bodies.ball.velocity[0]: {ranges: [[0 m/s, 1 m/s], [5, 8]]}\n"
    #expect(try Scene(yaml: text).variations.first?.distribution == .ranges([0...1, 5...8]))
    let speeds = try (0..<400 as Range<UInt64>).map { try Scene.sample(yaml: text, seed: $0).body("ball")!.velocity.x }
    #expect(speeds.allSatisfy { (0...1).contains($0) || (5...8).contains($0) })
    // A quarter, to within four standard deviations.
    #expect(abs(speeds.count { $0 <= 1 } - 100) < 35)
  }

  @Test("what an override gives isn't drawn", arguments: ["bodies.ball.velocity", "bodies.ball.velocity[0]"])
  func overridesWin(path: String) throws {
    let text = """
      mondo: 1
      name: thrown
      bodies:
        ball: {shape: {sphere: {radius: 0.1}}, mass: 1, position: [0, 0, 1], velocity: [1, 0, 0]}
      camera: {position: [0, -4, 1], look_at: [0, 0, 1]}
      vary:
        bodies.ball.velocity[0]: {uniform: [2, 3]}
        bodies.ball.position[2]: {uniform: [2, 3]}
      """
    let value = path.hasSuffix("]") ? "6" : "[6, 0, 0]"
    let drawn = try Scene.sample(yaml: text, overrides: [.init(path: path, value: value)], seed: 4)
    #expect(drawn.body("ball")?.velocity.x == 6)
    #expect(drawn.body("ball")!.worldFromShape.translation.z > 2)
  }

  @Test("Values that vary are drawn per seed, each from a stream of its own")
  func variations() throws {
    let text = example + "vary:\n  bodies.ball.velocity[0]: {uniform: [5.5, 7.0]}\n"
    let more =
      text
      + "  bodies.ball.mass: {normal: {mean: 620 g, deviation: 10 g}}\n  bodies.ball.material: {choice: [basketball, steel]}\n"
      + "  air.density: {loguniform: [0.1, 10]}\n"
    let plain = try Scene(yaml: text)
    #expect(plain.body("ball")?.velocity.x == 6.1, "reading alone draws nothing")
    var speeds: Set<Double> = [], names: Set<String> = []
    for seed in 0..<40 as Range<UInt64> {
      let (a, b) = (try Scene.sample(yaml: text, seed: seed), try Scene.sample(yaml: more, seed: seed))
      let speed = a.body("ball")!.velocity.x
      #expect((5.5...7).contains(speed) && a.seed == seed)
      #expect(b.body("ball")?.velocity.x == speed, "what else varies changes nothing")
      #expect(abs(b.body("ball")!.mass! - 0.62) < 0.06 && (0.1...10).contains(b.air!.density))
      speeds.insert(speed)
      names.insert(b.body("ball")!.material.name)
    }
    #expect(speeds.count == 40 && names == ["basketball", "steel"])
  }

  @Test("Repetition makes many, named and placed predictably")
  func repetition() throws {
    let scene = try Scene(
      yaml: """
        mondo: 1
        bodies:
          post: {motion: fixed, shape: {sphere: {radius: 1 cm}}, position: [0, 0, 9]}
          row: {shape: {sphere: {radius: 1 cm}}, velocity: [1, 0, 0], repeat: {line: {count: 3, step: [0, 0, 1], turn: 90 deg, about: [1, 0, 0]}}}
          wall: {shape: {sphere: {radius: 1 cm}}, position: [5, 0, 0], repeat: {grid: {count: [2, 2, 1], step: [1, 2, 0]}, materials: [steel, wood, glass]}}
          pin: {shape: {sphere: {radius: 1 cm}}, position: [0, 0, -5], repeat: {rack: {rows: 3, spacing: 2}}}
        joints:
          tie: {rope: {between: [row, post], anchors: [[0, 0, 0], [0, 0, 9]], repeat: {line: {count: 3, turn: 90 deg, about: [1, 0, 0]}}, length: 20}}
        """)
    func near(_ name: String, _ p: Vector3) -> Bool { (scene.body(name)!.worldFromShape.translation - p).length < 1e-12 }
    #expect(
      scene.bodies.map(\.name) == [
        "post", "row-1", "row-2", "row-3", "wall-1", "wall-2", "wall-3", "wall-4", "pin-1", "pin-2", "pin-3", "pin-4", "pin-5",
        "pin-6",
      ])
    #expect(near("row-1", .zero) && near("row-2", Vector3(1, -1, 1)) && near("row-3", Vector3(2, 0, 2)))
    #expect((scene.body("row-2")!.velocity - .unitY).length < 1e-12)
    #expect(near("wall-2", Vector3(6, 0, 0)) && near("wall-3", Vector3(5, 2, 0)))
    #expect(
      ["wall-1", "wall-2", "wall-3", "wall-4"].map { scene.body($0)!.material.name } == ["steel", "wood", "glass", "steel"])
    #expect(near("pin-2", Vector3(3.0.squareRoot(), -1, -5)) && near("pin-6", Vector3(12.0.squareRoot(), 2, -5)))
    #expect(
      scene.joints.map(\.name) == ["tie-1", "tie-2", "tie-3"] && scene.joints.map(\.first) == ["row-1", "row-2", "row-3"])
    #expect((scene.joints[1].anchors.first - Vector3(1, -1, 0)).length < 1e-12)
  }

  @Test(
    "Without a camera one is chosen that sees every body in the picture, wherever it goes", arguments: ["256x144", "144x256"])
  func framing(size: String) throws {
    let scene = try Scene(
      yaml: """
        mondo: 1
        picture: {size: \(size)}
        bodies:
          floor: {shape: {plane: {}}, motion: fixed}
          a: {shape: {box: {size: [1, 2, 3]}}, position: [4, 1, 1.5]}
          b: {shape: {sphere: {radius: 0.5}}, position: [-3, 0, 5.5]}
          lost: {shape: {sphere: {radius: 0.5}}, position: [0, 0, 0.5]}
        """)
    func sees(_ points: [Vector3], _ stage: Stage) -> Bool {
      let camera = stage.shots[0].camera
      guard case .fixed(let eye) = camera.position, case .point(let target) = camera.target else { return false }
      let forward = (target - eye).normalized
      let right = forward.cross(.unitZ).normalized
      let height = tan(camera.fieldOfView / 2)
      let width = height * (size == "256x144" ? 256.0 / 144 : 144.0 / 256)
      return points.allSatisfy { point in
        let depth = (point - eye).dot(forward)
        return depth > 0 && abs((point - eye).dot(right)) < width * depth
          && abs((point - eye).dot(right.cross(forward))) < height * depth
      }
    }
    let start = [Vector3(4.5, 2, 3), Vector3(-3.5, 0, 5.5)]
    #expect(sees(start, scene.stage) && !sees([Vector3(-14, 0, 0.5)], scene.stage))

    // The ball falls and rolls away to the left; what flies off for good isn't followed.
    let times = (0...40).map { Double($0) / 10 }
    let paths: [String: (Double) -> Vector3] = [
      "floor": { _ in .zero }, "a": { _ in Vector3(4, 1, 1.5) }, "lost": { Vector3(0, 0, 0.5 + 1000 * $0) },
      "b": { Vector3(-3 - 3 * max($0 - 1, 0), 0, max(0.5, 5.5 - 4.9 * $0 * $0)) },
    ]
    let tracks = scene.bodies.map { body in
      BodyTrack(
        name: body.name, motion: body.motion, mass: 1, inertia: Vector3(1, 1, 1),
        states: times.map { BodyState(position: paths[body.name]!($0)) })
    }
    let trajectory = Trajectory(
      scene: .init(name: "test", seed: 1, duration: 4, digest: ""), times: times, bodies: tracks, contacts: [])
    let stage = scene.stage(showing: trajectory)
    #expect(sees(start + [Vector3(-12.5, 0, 0.5), Vector3(-12, 0, 0)], stage) && !sees([Vector3(0, 0, 25)], stage))
  }

  @Test("A file that isn't there, or isn't a file, says so")
  func files() throws {
    #expect { try Scene(contentsOf: "/nowhere/a.yaml") } throws: { error in
      (error as? SceneError)?.cause == .missing && "\(error)".contains("there is no such file")
    }
    #expect { try Scene(contentsOf: "/") } throws: { ($0 as? SceneError)?.cause == .unreadable }
  }
}

extension Scene {
  fileprivate func material(_ name: String) -> Material? { materials.first { $0.name == name } }
}

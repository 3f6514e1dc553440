import SceneDescription
import Testing
import WorldCore

@Suite("Each mistake is told: where, what, and what to do")
struct MistakeTests {
  @Test(arguments: syntax + keys + values + units + traps)
  func ofWriting(_ mistake: Mistake) { check(mistake) }

  @Test(arguments: names + bodies + joints + events + pictures + matter + variations)
  func ofMeaning(_ mistake: Mistake) { check(mistake) }

  @Test("There are at least 80 of them")
  func count() {
    let all =
      Self.syntax + Self.keys + Self.values + Self.units + Self.traps + Self.names + Self.bodies + Self.joints
      + Self.events + Self.pictures + Self.matter + Self.variations
    #expect(all.count >= 80)
  }

  private func check(_ mistake: Mistake) {
    let diagnostics = Scene.validate(yaml: mistake.yaml, file: "a.yaml")
    let place = mistake.place
    let match = diagnostics.first { $0.message.contains(mistake.message) }
    guard let match else {
      Issue.record("not told; told was:\n\(diagnostics.map { $0.formatted() }.joined(separator: "\n"))")
      return
    }
    #expect(match.severity == mistake.severity)
    #expect(match.location == SourceLocation(file: "a.yaml", line: place.line, column: place.column), "\(match.formatted())")
    if let suggestion = mistake.suggestion { #expect(match.suggestion?.contains(suggestion) == true, "\(match.formatted())") }
    // One mistake is one error, not a cascade.
    #expect(
      diagnostics.filter { $0.severity == .error }.count == (mistake.severity == .error ? 1 : 0),
      "\(diagnostics.map { $0.formatted() }.joined(separator: "\n"))")
    // And a scene with an error doesn't load, one with a warning does.
    if mistake.severity == .error {
      #expect(throws: SceneError.self) { try Scene(yaml: mistake.yaml, file: "a.yaml") }
    } else {
      #expect(throws: Never.self) { try Scene(yaml: mistake.yaml, file: "a.yaml") }
    }
  }

  static let syntax: [Mistake] = [
    Mistake("«", "the file is empty", "mondo: 1"),
    Mistake("«# nothing but words\n", "the file is empty"),
    Mistake("mondo: 1\nbodies: {a: [1, 2\n«", "not YAML: while parsing a flow sequence", "close what the bracket"),
    Mistake("mondo: 1\n«\tduration: 2\n", "not YAML", "tabs"),
    Mistake("mondo: 1\nabout: it is «: here\n", "not YAML: mapping values are not allowed", "quotes"),
    Mistake("mondo: 1\nabout: «@home\n", "not YAML", "put quotes"),
    Mistake("mondo: 1\nabout: \"open\n«", "not YAML: while scanning a quoted scalar"),
    Mistake("mondo: 1\n  duration«: 2\n", "not YAML"),
    Mistake("mondo: 1\nbodies: {}\n«---\nmondo: 1\n", "a second document begins here", "file of its own"),
    Mistake("mondo: 1\nduration: 2\n«duration»: 3\n", "the key 'duration' is here twice; the first is at 2:1", "keep one"),
    Mistake("mondo: 1\nbodies: «*nowhere»\n", "there is no anchor '&nowhere'"),
    Mistake("mondo: 1\nabout: &word text\nname: «*ward»\n", "there is no anchor '&ward'", "did you mean '*word'"),
    Mistake("mondo: 1\nbodies: &b {a: «*b»}\n", "the alias '*b' stands inside what it stands for"),
    Mistake(
      "mondo: 1\nbodies:\n  a: &a {shape: {sphere: {radius: 1}}}\n  b: {«<<»: *a, shape: {sphere: {radius: 1}}, position: [0, 0, 9]}\n",
      "'<<' does not merge"),
    Mistake("mondo: 1\nabout: «!!python/object x»\n", "the tag 'tag:yaml.org,2002:python/object' means nothing"),
    Mistake("mondo: 1\nbodies: {«[1, 2]»: 3}\n", "a key is a word, not a list of 2"),
    Mistake("«[1, 2]\n", "expected a mapping (mondo, name, about, seed, …), not a list of 2"),
    Mistake("mondo: 1\nabout: a«\u{7}b\n", "not YAML: control characters are not allowed"),
  ]

  static let keys: [Mistake] = [
    Mistake("«duration: 4\n", "the scene needs 'mondo'", "add `mondo: 1`"),
    Mistake("mondo: «2»\n", "2 is out of range: it is always 1"),
    .inScene("«gravty»: [0, 0, 0]", "unknown key 'gravty'", "did you mean 'gravity'?"),
    .inScene("«objects»: {}", "unknown key 'objects'", "here it is called 'bodies'"),
    .inBody("«velocty»: [1, 0, 0]", "unknown key 'velocty' in a body", "did you mean 'velocity'?"),
    .inBody("«angular_velocity»: [1, 0, 0]", "unknown key 'angular_velocity'", "here it is called 'spin'"),
    .inBody("«bouncyness»: 1", "unknown key 'bouncyness' in a body", "one of: shape, motion"),
    .inBody("«duration»: 1", "unknown key 'duration' in a body", "belongs to the top level"),
    .inScene(
      "bodies:\n  a:\n    shape: {sphere: {«radus»: 1, radius: 2}}", "unknown key 'radus' in a sphere", "did you mean 'radius'?"
    ),
    .inScene(
      "bodies:\n  a: {«shape»: {ball: {radius: 1}}}".replacing("«shape»", with: "shape").replacing("ball", with: "«bal»"),
      "unknown key 'bal' in a shape"),
    .inScene("bodies:\n  a: {«shape»: {}}", "'shape' needs one of: sphere, box"),
    .inScene("bodies:\n  «a»: {mass: 1}", "'a' needs 'shape'", "add `shape: {…}`"),
    .inScene("bodies:\n  a: {shape: {«sphere»: {}}}", "'sphere' needs 'radius'", "add `radius: 1 m`"),
    .inScene("bodies:\n  a: {shape: {sphere: {radius: 1}, «box»: {size: [1, 1, 1]}}}", "'sphere' and 'box' exclude each other"),
    .inBody("mass: 1, «density»: 2", "'mass' and 'density' exclude each other", "keep one"),
    .inScene("«9lives»: {}", "unknown key '9lives'"),
    .inScene("bodies:\n  «9lives»: {shape: {sphere: {radius: 1}}}", "'9lives' is no name"),
    .inScene("bodies:\n  «world»: {shape: {sphere: {radius: 1}}}", "'world' is the name of the world itself"),
    .inScene("bodies:\n  «- shape: {sphere: {radius: 1}}", "expected a mapping of names, not a list of 1"),
    .inScene("materials: «soft»", "expected a mapping of names, not 'soft'"),
  ]

  static let values: [Mistake] = [
    .inBody("mass: «-1»", "'-1' is out of range: it must be greater than 0"),
    .inBody("mass: «0»", "'0' is out of range"),
    .inBody("position: «[1, 2]»", "'position' is a list of 3 lengths, not of 2"),
    .inBody("position: «[1, 2, 3, 4]»", "'position' is a list of 3 lengths, not of 4"),
    .inBody("position: «2»", "expected a list of 3 lengths, not '2'", "[1, 2, 3]"),
    .inBody("position: [0, «left», 0]", "expected a length, not 'left'"),
    .inBody("position: «{x: 1}»", "expected a list of 3 lengths, not a mapping"),
    .inBody("motion: «flying»", "'flying' is no motion", "one of: dynamic, fixed, scripted"),
    .inBody("motion: «Fixed»", "'Fixed' is no motion", "did you mean 'fixed'?"),
    .inBody("velocity: «»", "expected a list of 3 speeds, not nothing"),
    .inScene("materials:\n  soft: {friction: «-0.1»}", "'-0.1' is out of range: it must be between 0 and 100"),
    .inScene("materials:\n  soft: {restitution: «1.2»}", "'1.2' is out of range: it must be between 0 and 1"),
    .inScene("materials:\n  soft: {color: «reddish»}", "'reddish' is no color"),
    .inScene("materials:\n  soft: {color: «turqoise»}", "'turqoise' is no color", "did you mean 'turquoise'?"),
    .inScene("materials:\n  soft: {color: «'#12345'»}", "'#12345' is no color", "#rrggbb"),
    .inScene("materials:\n  soft:\n    color:« #ff0000", "expected a color, not nothing", "put quotes"),
    .inScene("materials:\n  soft: {color: [1, 0, «2»]}", "'2' is out of range: it must be between 0 and 1"),
    .inScene("materials:\n  soft: {sound: «velvet»}", "'velvet' is no sound", "one of: wood, metal"),
    .inScene("materials:\n  soft: {pattern: {kind: «checkers»}}", "'checkers' is no kind", "did you mean 'checker'?"),
    .inScene("seed: «-3»", "-3 is out of range: it is at least 0"),
    .inScene("seed: «1.5»", "expected a whole number, not '1.5'"),
    .inScene("seed: «1e3»", "expected a whole number, not '1e3'", "1000"),
    .inScene("seed: «99999999999999999999»", "99999999999999999999 is out of range: it is from 0 to 9223372036854775807"),
    .inScene("name: «'a/b'»", "expected letters, digits"),
    .inScene("contact: {friction: «mean»}", "'mean' is no friction", "one of: geometric, min, max, product"),
    Mistake("mondo: 1\nduration: «0 s»\n", "'0 s' is out of range: it must be greater than 0"),
    Mistake("mondo: 1\nduration: «-2»\n", "'-2' is out of range"),
  ]

  static let units: [Mistake] = [
    .inScene("bodies:\n  a: {shape: {sphere: {radius: «3 kg»}}}", "expected a length, but '3 kg' is a mass", "'3 m' or '3 cm'"),
    .inBody("mass: «2 m»", "expected a mass, but '2 m' is a length", "'2 kg' or '2 g'"),
    .inBody("mass: «2 kgs»", "unknown unit 'kgs' in '2 kgs'", "did you mean 'kg'?"),
    .inBody("mass: «2 pounds»", "unknown unit 'pounds'", "'kg' or".replacing("'kg' or", with: "kg")),
    .inBody("velocity: [«3 m», 0, 0]", "expected a speed, but '3 m' is a length", "3 m/s"),
    .inBody("spin: [0, 0, «2 m/s»]", "expected an angular velocity, but '2 m/s' is a speed", "rpm"),
    .inScene("gravity: [0, 0, «-1 g»]", "expected an acceleration, but '-1 g' is a mass"),
    .inScene("bodies:\n  a: {shape: {sphere: {radius: «30 deg»}}}", "expected a length, but '30 deg' is an angle"),
    .inBody("density: «2 g/cm^»", "can't read '^' as a unit"),
    .inBody("density: «2 g/(cm»", "can't read"),
    .inBody("density: «2 kg/m^2»", "expected a density, but '2 kg/m^2' is a mass per area"),
    .inScene("materials:\n  soft: {friction: «1 m»}", "expected a number, but '1 m' is a length", "without a unit"),
  ]

  static let traps: [Mistake] = [
    .inBody("mass: «.nan»", "expected a mass, not '.nan'", "finite"),
    .inBody("mass: «.inf»", "expected a mass, not '.inf'", "finite"),
    .inBody("mass: «1e300»", "'1e300' is out of range: it must be at most"),
    .inBody("position: [0, «1e999», 0]", "'1e999' is out of range"),
    .inBody("mass: «1:30»", "expected a mass, not '1:30'", "no base 60"),
    .inBody("mass: «1,5 kg»", "expected a mass, not '1,5 kg'", "'1.5 kg'").quoted,
    .inBody("mass: «1_000»", "expected a mass, not '1_000'", "without '_'"),
    .inBody("mass: «0x1F»", "expected a mass, not '0x1F'", "decimal"),
    .inBody("mass: «yes»", "expected a mass, not 'yes'", "truth value"),
    .inBody("mass: «012»", "'012' is read as 12", "write 12", severity: .warning),
    .inScene("air: {drag: «yes»}", "expected true or false, not 'yes'", "write `true`"),
    .inScene("air: {drag: «'true'»}", "expected true or false, not 'true'", "without quotes"),
    .inScene("air: {drag: «Off»}", "expected true or false, not 'Off'", "write `false`"),
    .inScene("about: «[so, it, goes]»", "expected text, not a list of 3"),
  ]

  static let names: [Mistake] = [
    .inBody("material: «steal»", "there is no material 'steal'", "did you mean 'steel'?"),
    .inScene("materials:\n  soft: {like: «rubbr»}", "there is no material 'rubbr'", "did you mean 'rubber'?"),
    .inScene("materials:\n  a: {like: b}\n  b: {like: «a»}", "is like itself"),
    .inScene("materials:\n  a: {like: «a»}", "the material 'a' is like itself"),
    .inScene(
      "bodies:\n  a: {shape: {mesh: {file: «no-such.obj»}}}", "there is no mesh file 'no-such.obj'",
      "relative to the scene's folder"),
  ]

  static let bodies: [Mistake] = [
    .inBody("inertia: «[1, 1, 3]»", "no solid has this inertia: 3 is more than 1 + 1"),
    .inBody("inertia: «[1, 1, -1]»", "moments of inertia are greater than 0"),
    .inBody("inertia: «[1, 1, 1, 0]»", "'inertia' is a list of 3 or 6 moments of inertia, not of 4"),
    .inBody("rotation: «[1, 1, 0, 0]»", "a rotation is a unit quaternion [w, x, y, z]; this one's length is 1.414", "divide"),
    .inBody("rotation: {axis: «[0, 0, 0]», angle: 1}", "'axis' is a direction, but the zero vector has none"),
    .inBody("rotation: «30 deg»", "expected a list of 4 or a turn".replacing("a list of 4 or a turn", with: "a list of 4")),
    .inBody(
      "motion: fixed, «velocity»: [1, 0, 0]", "'velocity' does nothing: 'it' is fixed", "leave it out", severity: .warning),
    .inBody("motion: fixed, «breaks_at»: 5 N*s", "only a dynamic body can break; 'it' is fixed", "hold it with a joint"),
    .inBody("«pieces»: 5", "'pieces' does nothing: 'it' doesn't break", "add 'breaks_at'", severity: .warning),
    .inBody("breaks_at: 5 N*s, pieces: «1»", "1 is out of range: it is from 2 to 64"),
    .inScene(
      "bodies:\n  «it»: {shape: {sphere: {radius: 1}}, breaks_at: 5 N*s}\n  it-piece-2: {shape: {sphere: {radius: 1}}, position: [5, 0, 0]}",
      "'it-piece-2' is also a piece of 'it'", "call one of them otherwise"),
    .inBody("«motion»: scripted", "a scripted body needs a 'path'", "add `path:"),
    .inBody("«path»: [{at: 0}]", "only a scripted body has a 'path'", "motion: scripted"),
    .inBody("motion: scripted, path: [{at: 1}, {at: «1»}]", "the times of a path rise, but 1 s comes after 1 s"),
    .inScene("bodies:\n  «floor»: {shape: {plane: {}}}", "the plane 'floor' can't be dynamic", "motion: fixed"),
    .inScene(
      "bodies:\n  r: {shape: {torus: {radius: 1, tube: «2»}}}", "the tube's radius 2 m must be less than the ring's, 1 m"),
    .inScene(
      "bodies:\n  a: {shape: {sphere: {radius: 1}}}\n  «b»: {shape: {sphere: {radius: 1}}, position: [1.5, 0, 0]}",
      "'a' and 'b' overlap at the start by 500 mm", "move one"),
    .inScene(
      "bodies:\n  floor: {shape: {plane: {}}, motion: fixed}\n  «b»: {shape: {box: {size: [1, 1, 1]}}, position: [0, 0, 0.4]}",
      "'b' and 'floor' overlap at the start by 100 mm"),
    .inScene(
      "bodies:\n  a: {shape: {box: {size: [1, 1, 1]}}}\n  «b»: {shape: {cylinder: {radius: 1, height: 1}}, position: [1.4, 0, 0]}",
      "'a' and 'b' overlap at the start"),
    .inScene(
      "bodies:\n  b: {shape: {sphere: {radius: 1}}, repeat: {line: {count: 2, step: [3, 0, 0]}}}\n  «b-1»: {shape: {sphere: {radius: 1}}, position: [0, 9, 0]}",
      "'b-1' is also made by repeating 'b'"),
    .inScene(
      "bodies:\n  b: {shape: {sphere: {radius: 1}}, repeat: {grid: {count: «[100, 100, 2]», step: [3, 3, 3]}}}",
      "100 × 100 × 2 is more than 10000 instances"),
    .inScene(
      "bodies:\n  c:\n    motion: fixed\n    shape: {compound: {parts: [{shape: {«plane»: {}}}]}}".replacing(
        "{«plane»: {}}", with: "«{plane: {}}»"), "a plane can't be part of a compound"),
  ]

  private static let pair =
    "bodies:\n  a: {shape: {sphere: {radius: 1}}}\n  b: {shape: {sphere: {radius: 1}}, position: [3, 0, 0]}\n"

  static let joints: [Mistake] = [
    .inScene(pair + "joints:\n  j: {ball: {between: [a, «c»], anchor: [0, 0, 0]}}", "there is no body 'c'", "one of: a, b"),
    .inScene(pair + "joints:\n  j: {ball: {between: [a, «a»], anchor: [0, 0, 0]}}", "a joint can't hold 'a' to itself"),
    .inScene(
      pair + "joints:\n  j: {ball: {between: [«world», a], anchor: [0, 0, 0]}}", "only the second may be 'world'",
      "write `between: [a, world]`"),
    .inScene(pair + "joints:\n  j: {ball: {between: «[a]», anchor: [0, 0, 0]}}", "'between' is a list of 2 names, not of 1"),
    .inScene(pair + "joints:\n  j: {hinge: {between: [a, b], anchor: [0, 0, 0], axis: «[0, 0, 0]»}}", "'axis' is a direction"),
    .inScene(
      pair + "joints:\n  j: {hinge: {between: [a, b], anchor: [0, 0, 0], axis: [0, 0, 1], limits: «[90 deg, 0]»}}",
      "the lower limit is above the upper one"),
    .inScene(
      pair + "joints:\n  j: {hinge: {between: [a, b], anchor: [0, 0, 0], axis: [0, 0, 1], limits: «[10 deg, 20 deg]»}}",
      "a joint starts at 0, which is outside these limits"),
    .inScene(
      pair + "joints:\n  j: {rope: {between: [a, b], length: «2»}}", "the rope 'j' is 2 m long, but its ends start 3 m apart"),
    .inScene(pair + "joints:\n  «j»: {rope: {between: [a, world]}}", "'j' needs 'anchors'"),
    .inScene(pair + "joints:\n  j: {«hook»: {between: [a, b]}}", "unknown key 'hook' in a joint", "one of: hinge, ball"),
    .inScene(
      pair + "joints:\n  j: {«revolute»: {between: [a, b]}}", "unknown key 'revolute' in a joint", "here it is called 'hinge'"),
    .inScene(
      pair + "joints:\n  j: {ball: {between: [a, b], anchor: [0, 0, 0], «repeat»: {line: {count: 2}}}}",
      "this joint links no repeated body"),
    .inScene(
      "bodies:\n  a: {motion: fixed, shape: {sphere: {radius: 1}}}\njoints:\n  «j»: {ball: {between: [a, world], anchor: [0, 0, 0]}}",
      "holds nothing that moves freely", severity: .warning),
    .inScene(
      "bodies:\n  a: {shape: {sphere: {radius: 1}}, repeat: {line: {count: 3, step: [3, 0, 0]}}}\njoints:\n  j: {ball: {between: [«a», world], anchor: [0, 0, 0]}}",
      "'a' is repeated", "'a-1' to 'a-3'"),
  ]

  static let events: [Mistake] = [
    .inScene(pair + "events: [{at: «5 s», impulse: {body: a, vector: [0, 0, 1]}}]", "5 s is past the end of the scene at 4 s"),
    .inScene(
      pair + "events: [{at: 1, impulse: {body: «aa», vector: [0, 0, 1]}}]", "there is no body 'aa'", "did you mean 'a'?"),
    .inScene(pair + "events: [«{at: 1}»]", "'event' needs one of: impulse"),
    .inScene(pair + "events: [«{impulse: {body: a, vector: [0, 0, 1]}}»]", "'event' needs 'at'"),
    .inScene(pair + "events: [{at: 1, release: {joint: «rope»}}]", "there is no joint 'rope'"),
    .inScene(pair + "events: [{at: 1, «set_velocity»: {body: a}}]", "needs 'velocity' or 'spin'"),
    .inScene(
      pair + "events: [{at: 3, force: {body: a, vector: [1, 0, 0], for: «2 s»}}]", "the push lasts until 5 s",
      severity: .warning),
    .inScene(
      pair + "joints: {j: {ball: {between: [a, b], anchor: [0, 0, 0]}}}\nevents: [{at: 1, set_motor: {joint: «j», speed: 1}}]",
      "a ball has no motor"),
    .inScene(
      "bodies: {w: {motion: fixed, shape: {sphere: {radius: 1}}}}\nevents: [{at: 1, impulse: {body: «w», vector: [1, 0, 0]}}]",
      "'w' is fixed: nothing pushes it"),
    .inScene(pair + "sound: {dialogue: [{who: «c», at: 1, say: hi}]}", "there is no figure or body 'c'"),
  ]

  private static let lens = "look_at: [0, 0, 0]"

  static let pictures: [Mistake] = [
    .inScene(pair + "camera: {position: «[0.5, 0, 0]», look_at: [9, 0, 0]}", "the camera is inside 'a'"),
    .inScene(pair + "camera: {position: [0, -9, 0], look_at: «c»}", "there is no body 'c'"),
    .inScene(pair + "camera: {position: [0, -9, 0], follow: «c»}", "there is no body 'c'"),
    .inScene(pair + "«camera»: {position: [0, -9, 0]}", "the camera needs 'look_at' or 'follow'"),
    .inScene(pair + "camera: {position: [0, -9, 0], look_at: «[0, -9, 0]»}", "the camera looks at the place where it stands"),
    .inScene(pair + "camera: {position: [0, -9, 0], look_at: a, «follow»: b}", "'look_at' and 'follow' exclude each other"),
    .inScene(pair + "camera: {position: [0, -9, 0], \(lens), fov: «200 deg»}", "'200 deg' is out of range"),
    .inScene(
      pair
        + "shots:\n  - {from: 0, to: 1, camera: {position: [0, -9, 0], \(lens)}}\n  - {from: «2», to: 4, camera: {position: [0, -9, 0], \(lens)}}",
      "there is a gap in the shots from 1 s to 2 s", "from: 1 s"),
    .inScene(
      pair
        + "shots:\n  - {from: 0, to: 3, camera: {position: [0, -9, 0], \(lens)}}\n  - {from: «2», to: 4, camera: {position: [0, -9, 0], \(lens)}}",
      "starts at 2 s, while the one before lasts until 3 s"),
    .inScene(
      pair + "shots: [{from: 0, to: «5», camera: {position: [0, -9, 0], \(lens)}}]",
      "the shot ends at 5 s, past the end of the scene at 4 s"),
    .inScene(
      pair + "shots: [{from: 0, to: «3», camera: {position: [0, -9, 0], \(lens)}}]",
      "the last shot ends at 3 s, before the scene at 4 s"),
    .inScene(
      pair + "shots: [{from: «1», to: 4, camera: {position: [0, -9, 0], \(lens)}}]", "the first shot starts at 0, not at 1 s"),
    .inScene("picture: {size: «255x144»}\n" + pair, "both sides of a picture are even, not 255x144", "write 256x144"),
    .inScene("picture: {size: «4000x2000»}\n" + pair, "each side of a picture has from 16 to 1920 pixels"),
    .inScene("picture: {size: «256 by 144»}\n" + pair, "expected WIDTHxHEIGHT"),
    .inScene("picture: {fps: «0»}\n" + pair, "'0' is out of range: it must be between 1 and 240"),
    .inScene("picture: {style: «animé»}\n" + pair, "'animé' is no style", "did you mean 'anime'?"),
    .inScene(
      pair + "camera: {position: [0, -9, 0], \(lens)}\n«shots»: [{from: 0, to: 4, camera: {position: [0, -9, 0], \(lens)}}]",
      "'camera' and 'shots' exclude each other"),
    .inScene("light: {direction: «[0, 0, 0]»}\n" + pair, "'direction' is a direction, but the zero vector has none"),
  ]

  static let matter: [Mistake] = [
    .inScene(
      "fluids:\n  pool: {liquid: «watr», fill: {box: {center: [0, 0, 0], size: [1, 1, 1]}}}", "there is no liquid 'watr'",
      "did you mean 'water'?"),
    .inScene(
      "fluids:\n  pool: {fill: {box: {center: [0, 0, 0], size: [1, 1, 1]}}, spacing: «2 m»}", "don't fit into the region"),
    .inScene(
      "fluids:\n  pool: {fill: {box: {center: [0, 0, 0], size: [9, 9, 9]}}, spacing: «1 mm»}", "more than 20 million particles"),
    .inScene(
      "fluids:\n  pool: {spacing: 1 mm, emitters: {«pipe»: {nozzle: {position: [0, 0, 9], radius: 20, speed: 1e-6}}}}",
      "the mouth of 'pipe' is more than a million particles large"),
    .inScene(
      "fluids:\n  pond: {kind: surface, spacing: 1 m, fill: {box: {center: [0, 0, -1], size: [9, 9, 2]}}, emitters: {«cloud»: {rain: {center: [0, 0, 5], size: [9, 9], intensity: 1 m/s, drop: 0.1 mm}}}}",
      "'cloud' would let in more than 20 million particles"),
    .inScene("cloths:\n  flag: {size: [1, 1], material: «coton»}", "there is no fabric 'coton'", "did you mean 'cotton'?"),
    .inScene("cloths:\n  flag: {size: [1, 1], pins: [«topleft»]}", "'topleft' is no pin", "did you mean 'top-left'?"),
    .inScene("cloths:\n  flag: {size: «[1, 1, 1]»}", "'size' is a list of 2 lengths, not of 3"),
    .inScene(
      "cloths:\n  flag: {size: [1, 1], spacing: «0.7»}", "vertices 0.7 m apart leave 'flag' fewer than two cells along a side",
      "take at most 0.5 m"),
    .inScene("cloths:\n  flag: {size: [100, 100], spacing: «1 mm»}", "'flag' would have more than a million vertices"),
    .inScene("cloths:\n  flag: {size: [1, 1], spacing: «-1 cm»}", "'-1 cm' is out of range"),
    .inScene("cloths:\n  flag: {size: [1, 1], material: {areal_density: «-1»}}", "'-1' is out of range"),
    .inScene("cloths:\n  flag: {size: [1, 1], pins: [{at: top, to: «mast»}]}", "there is no body 'mast'"),
    .inScene("cloths:\n  flag: {size: [1, 1], pins: [{at: top, tears_at: «-2 N»}]}", "'-2 N' is out of range"),
    .inScene("cloths:\n  flag: {size: [1, 1], pins: [{at: center, clamped: «true»}]}", "only a whole edge can be clamped"),
    .inScene(
      "cloths:\n  flag: {size: [1, 1], spacing: 5 cm, pins: [«[0, 0, 0.2]»]}",
      "this pin is 0.2 m from the nearest vertex of 'flag'",
      "within one spacing, 0.05 m"),
    .inScene(pair + "cloths:\n  «a»: {size: [1, 1]}", "a body is called 'a' too"),
    .inScene("figures:\n  ann: {routine: [{skill: «backflip», at: 0}]}", "'backflip' is no skill", "stand, jump"),
    .inScene("figures:\n  ann: {on: «beam»}", "there is no body 'beam'"),
    .inScene("figures:\n  ann: {height: «17 m»}", "'17 m' is out of range: it must be between 0.5 m and 2.5 m"),
  ]

  static let variations: [Mistake] = [
    .inScene(pair + "vary:\n  «bodies.c.mass»: {uniform: [1, 2]}", "leads nowhere: there is no body 'c'"),
    .inScene(
      pair + "vary:\n  «bodies.a.mas»: {uniform: [1, 2]}", "leads nowhere: 'bodies.a' has no 'mas'", "did you mean 'mass'?"),
    .inScene(pair + "vary:\n  «bodies.b.position[3]»: {uniform: [1, 2]}", "has 3 values, counted from 0, and no [3]"),
    .inScene(pair + "vary:\n  «bodies..mass»: {uniform: [1, 2]}", "'bodies..mass' is no path"),
    .inScene(
      pair + "vary:\n  «bodies.b.position[0]»: {uniform: [1, 2]}\n  bodies.b.position: {choice: [[0, 0, 3], [0, 0, 4]]}",
      "'bodies.b.position' varies as a whole, and so can't 'bodies.b.position[0]'"),
    .inScene(
      "bodies:\n  a: {shape: {sphere: {radius: 1}}, repeat: {line: {count: 3, step: [3, 0, 0]}}}\nvary:\n  «bodies.a.repeat.line.count»: {uniform: [2, 5]}",
      "'bodies.a.repeat.line.count' is a whole number, and can't be drawn from a range", "choice"),
    .inScene(pair + "vary:\n  bodies.b.mass: {uniform: [«-1», 2]}", "'-1' is out of range"),
    .inScene(pair + "vary:\n  bodies.b.mass: {uniform: [1 kg, «2 m»]}", "expected a mass, but '2 m' is a length"),
    .inScene(pair + "vary:\n  bodies.b.mass: {uniform: «[3, 2]»}", "the lower bound is above the upper one"),
    .inScene(pair + "vary:\n  bodies.b.mass: {ranges: [[1, 2], «[4, 3]»]}", "the lower bound is above the upper one"),
    .inScene(pair + "vary:\n  bodies.b.mass: {ranges: [[1, 2], [4 kg, «5 m»]]}", "expected a mass, but '5 m' is a length"),
    .inScene(pair + "vary:\n  bodies.b.position[0]: {loguniform: «[0, 2]»}", "the bounds of 'loguniform' are greater than 0"),
    .inScene(pair + "vary:\n  bodies.b.motion: {choice: [dynamic, «still»]}", "is no bodies.b.motion"),
    .inScene(pair + "vary:\n  bodies.b.mass: {normal: {mean: 1, deviation: «-1»}}", "a standard deviation is at least 0"),
  ]
}

extension Mistake {
  /// With quotes about the marked value, where a comma would end it.
  fileprivate var quoted: Mistake {
    var copy = self
    copy.text = text.replacing("«", with: "«'").replacing("»", with: "'»")
    return copy
  }
}

import Foundation
import SceneDescription
import Testing

@Suite("One schema")
struct SchemaTests {
  @Test("The committed reference page is the schema's own; MONDO_UPDATE=1 writes it anew")
  func referencePage() throws {
    let file = ShippedScenes.folder.appending(path: "REFERENCE.md")
    if ProcessInfo.processInfo.environment["MONDO_UPDATE"] != nil {
      try Schema.referencePage.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == Schema.referencePage)
  }

  @Test("The decoder asks for every field of the table: none is checked and then ignored")
  func everyFieldIsRead() throws {
    var read = Scene.fieldsRead(yaml: everything)
    for path in ShippedScenes.paths { read.formUnion(Scene.fieldsRead(yaml: try ShippedScenes.text(path))) }
    #expect(Schema.fieldNames.subtracting(read).sorted() == [])
  }

  @Test("A scene that uses the whole language is whole")
  func everythingParses() {
    let diagnostics = Scene.validate(yaml: everything).filter { !$0.message.contains("no mesh file") }
    #expect(diagnostics.isEmpty, "\(diagnostics.map { $0.formatted() }.joined(separator: "\n"))")
  }

  @Test("JSON Schema takes every shipped scene", arguments: ShippedScenes.paths)
  func jsonSchemaTakesScenes(_ path: String) throws {
    let validator = try JSONSchemaValidator(Schema.jsonSchema)
    #expect(validator.errors(in: try json(ShippedScenes.text(path))) == [])
  }

  @Test("JSON Schema takes the whole language, and refuses what is not in it")
  func jsonSchemaRefuses() throws {
    let validator = try JSONSchemaValidator(Schema.jsonSchema)
    #expect(validator.errors(in: try json(everything)) == [])
    for mistake in [
      "mondo: 1\nbodis: {}", "duration: 2", "mondo: 2", "mondo: 1\nduration: 0", "mondo: 1\nbodies: {a: {mass: 1}}",
      "mondo: 1\nbodies: {9: {shape: {plane: {}}}}",
      "mondo: 1\nbodies: {a: {shape: {sphere: {radius: 1}, box: {size: [1, 1, 1]}}}}",
      "mondo: 1\nbodies: {a: {shape: {box: {size: [1, 1]}}}}",
      "mondo: 1\nmaterials: {a: {restitution: 2}}", "mondo: 1\nmaterials: {a: {color: 7}}", "mondo: 1\npicture: {size: large}",
      "mondo: 1\nevents: [{at: 1}]",
    ] {
      #expect(validator.errors(in: try json(mistake)) != [], "\(mistake)")
      #expect(!Scene.validate(yaml: mistake).isEmpty)
    }
  }

  /// The document as `JSONSerialization` would give it.
  private func json(_ yaml: String) throws -> Any {
    let text = try #require(Scene.jsonText(ofYAML: yaml))
    return try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
  }
}

/// Every key of the language once.
private let everything = """
  mondo: 1
  name: everything
  about: All of it.
  seed: 1
  duration: 4 s
  gravity: [0, 0, -9.81 m/s^2]
  air: {density: 1.2, drag: false, wind: [1, 0, 0], gustiness: 0.2, gust_length: 1}
  contact: {restitution: max, friction: min}
  materials:
    soft: {like: rubber, restitution: 0.5, friction: 0.5, rolling_friction: 0.01, spinning_friction: 0.01, density: 900, color: red,
      roughness: 0.2, metallic: 0, transmission: 0.1, refractive_index: 1.4, sound: rubber,
      emission: {color: white, strength: 2}, pattern: {kind: billiard, color: white, scale: 5 cm, number: 3}}
  bodies:
    floor: {shape: {plane: {normal: [0, 0, 1]}}, motion: fixed}
    a: {shape: {sphere: {radius: 10 cm}}, mass: 1, inertia: [1, 1, 1], material: {like: soft}, position: [0, 0, 1], rotation: [1, 0, 0, 0], velocity: [1, 0, 0], spin: [0, 1, 0]}
    b: {shape: {box: {size: [10 cm, 10 cm, 10 cm]}}, density: 500, position: [1, 0, 1], rotation: {axis: [0, 0, 1], angle: 1}}
    c: {shape: {cylinder: {radius: 10 cm, height: 10 cm}}, position: [2, 0, 1]}
    d: {shape: {capsule: {radius: 10 cm, height: 10 cm}}, position: [3, 0, 1]}
    e: {shape: {cone: {radius: 10 cm, height: 10 cm}}, position: [4, 0, 1]}
    f: {shape: {torus: {radius: 10 cm, tube: 2 cm}}, position: [5, 0, 1], breaks_at: 50 N*s, pieces: 5}
    g: {shape: {tank: {size: [1, 1, 1], wall: 1 cm}}, motion: fixed, position: [7, 0, 0.1]}
    h: {shape: {mesh: {file: absent.obj, scale: 2}}, motion: fixed}
    i: {shape: {compound: {parts: [{shape: {sphere: {radius: 10 cm}}, position: [0, 0, 0], rotation: [1, 0, 0, 0], material: steel}]}}, position: [9, 0, 1]}
    j: {shape: {sphere: {radius: 1 cm}}, motion: scripted, path: [{at: 0, position: [0, 3, 1], rotation: [1, 0, 0, 0]}, {at: 2, position: [1, 3, 1]}], position: [0, 3, 1]}
    k: {shape: {sphere: {radius: 1 cm}}, position: [0, 5, 1], repeat: {line: {count: 2, step: [1, 0, 0], turn: 1 deg, about: [0, 5, 0]}, materials: [steel, soft]}}
    l: {shape: {sphere: {radius: 1 cm}}, position: [0, 7, 1], repeat: {grid: {count: [2, 1, 1], step: [1, 1, 1]}}}
    m: {shape: {sphere: {radius: 1 cm}}, position: [0, 9, 1], repeat: {rack: {rows: 2, spacing: 1, facing: 90 deg}}}
  joints:
    p: {hinge: {between: [a, b], anchor: [0, 0, 1], axis: [0, 0, 1], limits: [-1, 1], friction: 0.1, damping: 0.1, stiffness: 1, motor: {speed: 1, torque: 1}, restitution: 0.2, breaks_at: 100 N*s, collide: true}}
    q: {ball: {between: [b, c], anchor: [0, 0, 1], friction: 0.1, damping: 0.1, breaks_at: 1, collide: true}}
    r: {slider: {between: [c, world], anchor: [0, 0, 1], axis: [1, 0, 0], limits: [-1, 1], friction: 1, damping: 1, stiffness: 1, motor: {speed: 1, force: 1}, restitution: 0.2, breaks_at: 1, collide: true}}
    s: {fixed: {between: [d, world], anchor: [0, 0, 1], breaks_at: 1, collide: true}}
    t: {spring: {between: [e, world], anchors: [[4, 0, 1], [4, 0, 2]], stiffness: 10, damping: 1, length: 1, breaks_at: 1, collide: true}}
    u: {rope: {between: [k, world], anchors: [[0, 5, 1], [0, 5, 2]], length: 1, breaks_at: 1, collide: true, repeat: {line: {count: 2, step: [1, 0, 0]}}}}
  fluids:
    pool: {liquid: {like: water, density: 1000, viscosity: 1 mPa*s, surface_tension: 0.07, color: blue, transmission: 1}, fill: {box: {center: [20, 0, 1], size: [1, 1, 1]}}, spacing: 5 cm, velocity: [0, 0, 0]}
    drop: {liquid: honey, fill: {sphere: {center: [20, 0, 3], radius: 20 cm}}}
    cup: {fill: {cylinder: {center: [20, 0, 5], radius: 20 cm, height: 1}}}
    pond: {kind: surface, fill: {box: {center: [40, 0, 0], size: [10, 10, 2]}}, spacing: 20 cm}
    well:
      fill: {vessel: {body: g, level: 0.6}}
      emitters:
        tap: {nozzle: {position: [7, 0, 0.9], radius: 2 cm, speed: 1 m/s, direction: [0, 0, -1], from: 0, to: 1 s}}
        cloud: {rain: {center: [7, 0, 3], size: [1, 1], intensity: 50 mm/h, speed: 3, drop: 3 mm, direction: [0.1, 0, -1], from: 0, to: 2 s}}
      drains:
        plughole: {cylinder: {center: [7, 0, 0.1], radius: 5 cm, height: 4 cm}, from: 1 s, to: 2 s}
        gutter: {box: {center: [8, 0, 0], size: [1, 1, 0.1]}}
        hole: {sphere: {center: [6, 0, 0], radius: 10 cm}}
  cloths:
    flag: {size: [1, 1], material: {like: silk, areal_density: 0.1, thickness: 0.1 mm, stretch_stiffness: [1000, 2000], shear_stiffness: 20, bend_stiffness: 1e-6, friction: 0.3, stretch_damping: 1 ms, bend_damping: 5 ms, drag: 1.2, porosity: 0.1, color: red, roughness: 0.5, pattern: {kind: stripes}}, position: [0, 20, 2], rotation: [1, 0, 0, 0], velocity: [0, 0, 1], pins: [top, [0, 19.5, 2], {at: left, to: a, tears_at: 20 N, clamped: true}], spacing: 5 cm}
  figures:
    ann: {height: 1.6, mass: 50, position: [0, 30, 0], facing: 90 deg, on: floor, routine: [{skill: jump, at: 1}]}
  events:
    - {at: 1, impulse: {body: a, vector: [0, 0, 1], point: [0, 0, 0]}}
    - {at: 1, angular_impulse: {body: a, vector: [0, 0, 1]}}
    - {at: 1, force: {body: a, vector: [0, 0, 1], for: 1, point: [0, 0, 0]}}
    - {at: 1, torque: {body: a, vector: [0, 0, 1], for: 1}}
    - {at: 1, set_velocity: {body: a, velocity: [0, 0, 1], spin: [0, 0, 1]}}
    - {at: 1, release: {joint: s}}
    - {at: 1, set_motor: {joint: p, speed: 30 rpm}}
  sound: {ambience: gym, dialogue: [{who: ann, at: 1, say: hop}]}
  light: {sky: day, direction: [0, 0, 1], angular_diameter: 5 deg, intensity: 1}
  shots:
    - {from: 0, to: 1, camera: {position: [0, -9, 1], look_at: a, offset: [0, 0, 1], fov: 40 deg, roll: 1 deg, aperture: 1 cm, focus: 3, shutter: 0.01}}
    - {from: 1, to: 2, camera: {position: [0, -9, 1], follow: a, smoothing: 0.1}, style: anime}
    - {from: 2, to: 4, camera: {path: [{at: 2, position: [0, -9, 1], look_at: [0, 0, 1]}, {at: 4, position: [0, -8, 1], look_at: [0, 0, 1]}]}}
  picture: {size: 128x128, fps: 30, style: cinematic}
  vary:
    gravity[2]: {uniform: [-10, -9]}
    bodies.a.mass: {loguniform: [1, 2 kg]}
    bodies.b.density: {normal: {mean: 500, deviation: 10}}
    bodies.a.motion: {choice: [dynamic, dynamic]}

  """

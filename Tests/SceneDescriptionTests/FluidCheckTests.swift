import Foundation
import SceneDescription
import Testing
import WorldCore

/// What is said of fluids before anything is simulated.
@Suite("Fluid checks")
struct FluidCheckTests {
  private func messages(_ text: String) -> [String] {
    Scene.validate(yaml: "mondo: 1\nname: wet\n" + text, file: "wet.yaml").map(\.message)
  }

  private let tank = "bodies:\n  tank: {shape: {tank: {size: [1, 1, 1], wall: 10 cm}}, motion: fixed}\n"

  @Test("a fill that reaches into a fixed body is an error")
  func overlap() {
    let text = tank + "fluids:\n  pool: {fill: {box: {center: [0, 0, 0.2], size: [1.1, 1, 0.4]}}, spacing: 4 cm}\n"
    #expect(messages(text) == ["'pool' reaches 50 mm into 'tank'"])
  }

  /// Thinner than the particles are apart, and between any few places that might be asked.
  @Test("a fill that passes through a thin wall is an error, one that ends at it is none", arguments: [5, 20, 60])
  func throughThinWall(millimetres: Int) {
    let thin = "bodies:\n  tank: {shape: {tank: {size: [1, 1, 1], wall: \(millimetres) mm}}, motion: fixed}\n"
    func pool(_ width: Double) -> [String] {
      messages(thin + "fluids:\n  pool: {fill: {box: {center: [0, 0, 0.2], size: [\(width), 1, 0.4]}}, spacing: 4 cm}\n")
    }
    #expect(pool(1) == [])
    // Half a wall's thickness is the deepest in it, and particles stand 20 mm inside.
    #expect(
      pool(1.7) == [
        "'pool' reaches \(Double(millimetres) / 2 + 20 == 22.5 ? "22.5" : "\(millimetres / 2 + 20)") mm into 'tank'"
      ])
  }

  @Test("two fills in the same room are an error, side by side they are none")
  func shared() {
    func pair(_ height: Double) -> String {
      tank + """
        fluids:
          water: {fill: {box: {center: [0, 0, 0.2], size: [1, 1, 0.4]}}, spacing: 4 cm}
          oil: {liquid: oil, fill: {box: {center: [0, 0, \(height)], size: [1, 1, 0.2]}}, spacing: 4 cm}
        """
    }
    #expect(messages(pair(0.5)) == [])
    #expect(messages(pair(0.4)) == ["'oil' and 'water' fill the same room, by 100 mm"])
  }

  @Test("what sinks in a pond without a bottom is warned of")
  func bottomless() {
    func pond(_ density: Int, _ more: String = "") -> String {
      "bodies:\n  stone: {shape: {sphere: {radius: 0.1}}, density: \(density), position: [0, 0, 0.5]}\n" + more
        + "fluids:\n  pond: {kind: surface, fill: {box: {center: [0, 0, -1], size: [4, 4, 2]}}, spacing: 20 cm}\n"
    }
    #expect(messages(pond(2600)) == ["'stone' sinks in 'pond', whose bottom is no body: it falls on and on"])
    #expect(messages(pond(2600, "  bed: {shape: {plane: {}}, motion: fixed, position: [0, 0, -2]}\n")) == [])
    #expect(messages(pond(500)) == [])
  }

  @Test("a draft of hardly a particle is warned of, and so is a thin plate")
  func coarse() {
    let fluid = "fluids:\n  pool: {fill: {box: {center: [0, 0, 0.2], size: [1, 1, 0.4]}}, spacing: 4 cm}\n"
    let chip = "  chip: {shape: {box: {size: [20 cm, 20 cm, 5 cm]}}, density: 500 kg/m^3, position: [0, 0, 0.5]}\n"
    let plate = "  plate: {shape: {box: {size: [20 cm, 20 cm, 5 mm]}}, density: 500 kg/m^3, position: [0, 0, 0.5]}\n"
    #expect(
      messages(tank + chip + fluid) == ["a draft of 'chip' is only 0.626 particles deep, so it floats too high or too low"])
    #expect(
      messages(tank + plate + fluid) == [
        "'plate' is thinner (5 mm) than half a particle: water on both sides feels through it"
      ])
  }

  @Test("a negative viscosity and a second spacing are errors")
  func liquids() {
    let fluids = """
      fluids:
        oil: {liquid: {viscosity: -1}, fill: {sphere: {center: [0, 0, 0.3], radius: 0.2}}, spacing: 4 cm}
        water: {fill: {sphere: {center: [0, 0, 0.8], radius: 0.1}}, spacing: 2 cm}
      """
    #expect(
      messages(tank + fluids) == [
        "'-1' is out of range: it must be between 0 and 1e6 Pa*s", "the fluids of a scene share one spacing, here 0.04 m",
      ])
  }

  @Test("a fluid without a fill or an emitter, a closed emitter, one inside a body: each is said")
  func emitters() {
    let fluids = """
      fluids:
        none: {liquid: water}
        late: {emitters: {tap: {nozzle: {position: [0, 0, 0.5], radius: 1 cm, speed: 1, from: 2 s, to: 1 s}}}}
        stuck: {emitters: {hose: {nozzle: {position: [0, 0, -0.05], radius: 1 cm, speed: 1}}}}
        flood: {emitters: {sky: {rain: {center: [0, 0, 1], size: [1000, 1000], intensity: 1 m/s}}}}
      """
    #expect(
      messages(tank + fluids) == [
        "'none' has neither a fill nor an emitter, so there is none of it", "it closes at 1 s, but opens only at 2 s",
        "'hose' lies inside 'tank', where no liquid can be", "'sky' would let in more than 20 million particles",
      ])
  }

  @Test(
    "a vessel's level lies between its floor and its rim, whatever its shape",
    arguments: [
      ("level: 0.4", [String]()), ("level: -0.05", ["a level of -0.05 m is below the floor of 'tank' at 0 m"]),
      ("level: 1.2", ["'tank' holds nothing up to 1.2 m: it reaches from -0.1 to 1 m"]),
    ])
  func vessels(level: String, expected: [String]) {
    #expect(messages(tank + "fluids:\n  pool: {fill: {vessel: {body: tank, \(level)}}}\n") == expected)
  }

  @Test("the vessel of a tank is filled from its floor, turned as it stands")
  func tankVessel() throws {
    let text = """
      mondo: 1
      bodies:
        tank: {shape: {tank: {size: [1, 0.5, 1], wall: 5 cm}}, motion: fixed, position: [1, 2, 3], rotation: {axis: [0, 0, 1], angle: 30 deg}}
      fluids:
        pool: {fill: {vessel: {body: tank, level: 3.25}}}
      """
    let pool = try Scene(yaml: text, file: "tank.yaml").fluids[0]
    #expect(pool.region == .box(size: Vector3(1, 0.5, 0.25)) && !pool.isEnclosed)
    #expect(pool.worldFromRegion.translation == Vector3(1, 2, 3.125))
    #expect((pool.worldFromRegion.rotation.rotate(.unitX) - Vector3(cos(0.5235987755982988), 0.5, 0)).length < 1e-9)
  }

  @Test("what a surface can't do is said")
  func surfaces() {
    let fluids = """
      gravity: [0, 1, -9]
      fluids:
        pond:
          kind: surface
          fill: {sphere: {center: [0, 0, 0], radius: 1}}
          velocity: [1, 0, 0]
          emitters: {tap: {nozzle: {position: [5, 0, 5], radius: 1 cm, speed: 1}}}
          drains: {hole: {sphere: {center: [0, 0, 0], radius: 1 cm}}}
      """
    #expect(
      Set(messages(fluids)) == [
        "'pond' is a surface: it fills a box", "'pond' is a surface: it has no drains",
        "'pond' is a surface: it starts at rest",
        "'pond' is a surface: it takes rain, but no jet such as 'tap'", "'pond' is a surface: gravity must point down",
      ])
  }
}

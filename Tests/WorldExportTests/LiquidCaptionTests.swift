import Foundation
import SceneDescription
import Testing
import WorldCore
import WorldExport

@Suite("Captions of liquids and cloths") struct LiquidCaptionTests {
  /// A world of few words with a glass tank of 60 × 40 × 40 cm on a floor.
  static func world(_ fluids: String, bodies: String = "", seconds: Double) throws -> (en: [String], it: [String]) {
    let tank = "  tank: {shape: {tank: {size: [0.6, 0.4, 0.4], wall: 4 cm}}, motion: fixed, material: glass}\n"
    let floor = "  floor: {shape: {plane: {}}, motion: fixed, material: {like: concrete}, position: [0, 0, -4.1 cm]}\n"
    return try CaptionTests.captions(CaptionTests.world(floor + tank + bodies, more: "fluids:\n" + fluids, seconds: seconds))
  }

  static func pool(_ height: Double, _ more: String = "") -> String {
    "  w: {liquid: water, spacing: 4 cm, fill: {box: {center: [0, 0, \(height / 2)], size: [0.6, 0.4, \(height)]}}\(more)}"
  }

  @Test("tell that a liquid lies still, and no more")
  func still() throws {
    let told = try Self.world(Self.pool(0.2), seconds: 0.5)
    #expect(told.en[0] == "The water lies still." && told.it[0] == "L'acqua resta immobile.")
    #expect(told.en[1] == "Realistic video, in daylight: the water lies still.")
    #expect(told.en[2] == "The water lies still. The clip lasts 0.5 s.")
    #expect(told.it[2] == "L'acqua resta immobile. Il video dura 0,5 s.")
    #expect(told.en[3] == "water, still surface, realistic video, in daylight")
    #expect(told.it[3] == "acqua, superficie immobile, video realistico, alla luce del giorno")
  }

  @Test("tell a dam that breaks and its splash, with the time")
  func dam() throws {
    let told = try Self.world(
      "  w: {liquid: water, fill: {box: {center: [-0.2, 0, 0.15], size: [0.2, 0.4, 0.3]}}, spacing: 4 cm}", seconds: 0.8)
    #expect(told.en[0] == "A column of water collapses, spreads out and splashes up.")
    #expect(told.it[0] == "Una colonna d'acqua crolla, si allarga e schizza in alto.")
    #expect(told.en[2].hasPrefix("A column of water collapses and spreads out. After 0."), "\(told.en[2])")
    #expect(told.it[2].hasPrefix("Una colonna d'acqua crolla e si allarga. Dopo 0,"), "\(told.it[2])")
  }

  @Test(
    "tell how a liquid comes, moves and goes",
    arguments: [
      (
        pool(0.2, ", velocity: [0.5, 0, 0]"), 0.6, "The water sloshes to and fro.", "L'acqua sciaborda avanti e indietro."
      ),
      (
        "  m: {liquid: milk, fill: {box: {center: [0, 0, 0.5], size: [0.2, 0.2, 0.2]}}, spacing: 4 cm}", 0.8,
        "Milk falls and splashes up.", "Del latte cade e schizza in alto."
      ),
      (
        "  h: {liquid: honey, spacing: 4 cm, emitters: {s: {nozzle: {position: [0, 0, 0.35], radius: 4 cm, speed: 30 cm/s}}}}",
        0.5, "Honey flows down slowly.", "Del miele scende lentamente."
      ),
      (
        "  w: {liquid: water, spacing: 4 cm, emitters: {s: {nozzle: {position: [0, 0, 0.35], radius: 4 cm, speed: 1 m/s}}}}",
        0.3, "Water pours down.", "Dell'acqua scende a getto."
      ),
      (
        pool(0.2, ", drains: {all: {box: {center: [0, 0, 0.1], size: [1, 1, 1]}, from: 0.2 s}}"), 0.4,
        "The water drains away completely.", "L'acqua defluisce del tutto."
      ),
    ])
  func ways(fluid: String, seconds: Double, english: String, italian: String) throws {
    let told = try Self.world(fluid, seconds: seconds)
    #expect(told.en[0] == english && told.it[0] == italian, "\(told.en[0]) \(told.it[0])")
  }

  @Test("tell of rain on a surface when it sets in")
  func rain() throws {
    let rain = "rain: {center: [0, 0, 1], size: [0.5, 0.3], intensity: 60 mm/h, drop: 4 mm, speed: 8 m/s, from: 0.5 s}"
    let told = try Self.world(
      "  p: {kind: surface, liquid: water, fill: {box: {center: [0, 0, 0.1], size: [0.6, 0.4, 0.2]}}, spacing: 4 cm, "
        + "emitters: {cloud: {\(rain)}}}", seconds: 1)
    #expect(told.en[0] == "Rain falls." && told.it[0] == "Cade la pioggia.")
    #expect(told.en[2] == "After 0.5 s rain falls. The clip lasts 1.0 s.")
    #expect(told.it[2] == "Dopo 0,5 s cade la pioggia. Il video dura 1,0 s.")
  }

  @Test("tell what becomes of what falls in: it floats or sinks to the bottom, and the water isn't still")
  func bodies() throws {
    func ball(_ radius: Double, _ density: Double) -> String {
      "  ball: {shape: {sphere: {radius: \(radius)}}, density: \(density), material: {like: rubber, color: red}, "
        + "position: [0, 0, 0.5]}\n"
    }
    let light = try Self.world(Self.pool(0.2), bodies: ball(0.08, 300), seconds: 1.5)
    #expect(light.en[0].hasPrefix("A red ball falls, plunges into the water and "), "\(light.en[0])")
    #expect(["bobs up and down.", "comes up again.", "floats."].contains { light.en[0].contains($0) }, "\(light.en[0])")
    #expect(light.it[0].hasPrefix("Una palla rossa cade, finisce nell'acqua e "), "\(light.it[0])")
    #expect(light.en[2].contains(" it plunges into the water at ") && !light.en[0].contains("still"))
    let heavy = try Self.world(Self.pool(0.28), bodies: ball(0.06, 2600), seconds: 1.5)
    #expect(heavy.en[0].hasPrefix("A red ball falls, plunges into the water and sinks to the bottom."), "\(heavy.en[0])")
    #expect(heavy.it[0].hasPrefix("Una palla rossa cade, finisce nell'acqua e va a fondo."), "\(heavy.it[0])")
    #expect(heavy.en[3].contains("sinking") && heavy.it[3].contains("affondamento"))
  }

  @Test("tell of several things in a surface each what it does")
  func surface() throws {
    let bodies = """
        floor: {shape: {plane: {}}, motion: fixed, material: {like: concrete}, position: [0, 0, -1]}
        raft: {shape: {box: {size: [1.6, 1, 0.3]}}, density: 450, material: pine, position: [1.5, 0, 0.015]}
        crate: {shape: {box: {size: [0.6, 0.6, 0.6]}}, density: 330, material: maple, position: [-1, 0, 1.5]}
      """
    let told = try CaptionTests.captions(
      CaptionTests.world(
        bodies,
        more:
          "fluids:\n  p: {kind: surface, liquid: water, fill: {box: {center: [0, 0, -0.5], size: [6, 6, 1]}}, spacing: 20 cm}",
        seconds: 1.5))
    #expect(told.en[0].contains("crate falls, plunges into the water"), "\(told.en[0])")
    #expect(told.en[0].contains("The water rises in waves.") && told.it[0].contains("L'acqua si alza in onde."))
    #expect(told.en[0].contains("The raft ") && told.it[0].contains("La zattera "), "\(told.en[0])")
  }

  @Test(
    "tell the events of the shipped scenes, cut short and coarse",
    arguments: [
      ("water/dam-break", 0.6, 5, "A column of water collapses", "Una colonna d'acqua crolla"),
      ("water/honey", 0.5, 0.9, "Honey flows down slowly. Water pours down.", "Del miele scende lentamente."),
      ("water/cork-and-stone", 1.6, 5, "sinks to the bottom", "va a fondo"),
    ] as [(String, Double, Double, String, String)])
  func shipped(name: String, seconds: Double, spacing: Double, english: String, italian: String) throws {
    let path = "\(CaptionTests.scenes)/\(name).yaml"
    let fluid = try #require(try Scene(contentsOf: path).fluids.first).name
    let plan = try DatasetPlan(
      scenes: [path], sampleCount: 1,
      overrides: [
        Scene.Override(path: "duration", value: "\(seconds) s"),
        Scene.Override(path: "fluids.\(fluid).spacing", value: "\(spacing) cm"),
      ])
    let told = SampleWorld.captions(of: try SampleWorld(plan.sample(0), of: plan))
    #expect(told.en[0].contains(english), "\(told.en[0])")
    #expect(told.it[0].contains(italian), "\(told.it[0])")
    for captions in [told.en, told.it] { #expect(Set(captions).count == 4) }
  }

  @Test("tell that a ball meets a cloth")
  func cloth() throws {
    let more = """
      cloths:
        sheet: {size: [1, 1], material: cotton, position: [0, 0, 0.8], pins: [top-left, top-right, bottom-left, bottom-right], spacing: 10 cm}
      """
    let told = try CaptionTests.captions(
      CaptionTests.world(
        CaptionTests.floor
          + "  ball: {shape: {sphere: {radius: 15 cm}}, mass: 0.3, material: {like: rubber, color: red}, position: [0, 0, 1.5]}",
        more: more, seconds: 0.8))
    #expect(told.en[0].hasPrefix("A red ball falls, ") && told.en[0].contains("the cloth"), "\(told.en[0])")
    #expect(told.it[0].hasPrefix("Una palla rossa cade") && told.it[0].contains("l telo"), "\(told.it[0])")
  }

  @Test("name who leaves before telling of what broke, and don't count shards as blows")
  func pieces() throws {
    let told = try CaptionTests.captions(
      CaptionTests.world(
        CaptionTests.floor + """
            block: {shape: {box: {size: [4 cm, 1.2, 1.2]}}, material: glass, breaks_at: 1 N*s, pieces: 6, position: [0, 0, 0.6]}
            ball: {shape: {sphere: {radius: 15 cm}}, mass: 20, material: {like: steel, color: red}, position: [-1.5, 0, 0.8], velocity: [6, 0, 1]}
          """, seconds: 1.5))
    #expect(told.en[0].firstMatch(of: /hits the block(,| and)/) != nil, "\(told.en[0])")
    #expect(told.it[0].firstMatch(of: /colpisce il blocco(,| e)/) != nil, "\(told.it[0])")
    let timed = told.en[2]
    let broken = try #require(timed.range(of: "The block breaks into pieces."), "\(timed)")
    #expect(!timed[broken.upperBound...].contains(" It "), "\(timed)")
    let rotto = try #require(told.it[2].range(of: "Il blocco va in pezzi."), "\(told.it[2])")
    #expect(!told.it[2][rotto.upperBound...].contains("Alla fine"), "\(told.it[2])")
  }
}

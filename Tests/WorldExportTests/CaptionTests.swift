import Foundation
import SceneDescription
import Testing
import WorldCore
import WorldExport

@Suite("Captions") struct CaptionTests {
  static let scenes = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Scenes").standardizedFileURL
    .path

  static func captions(_ yaml: String) throws -> (en: [String], it: [String]) {
    let folder = try SceneFolder()
    let path = folder.path + "/scene.yaml"
    try yaml.write(toFile: path, atomically: true, encoding: .utf8)
    let plan = try DatasetPlan(scenes: [path], sampleCount: 1)
    return SampleWorld.captions(of: try SampleWorld(plan.sample(0), of: plan))
  }

  /// A world of few words, seen as written.
  static func world(_ bodies: String, more: String = "", gravity: String = "[0, 0, -9.81]", seconds: Double = 2) -> String {
    """
    mondo: 1
    duration: \(seconds) s
    gravity: \(gravity)
    bodies:
    \(bodies)
    \(more)
    camera: {position: [0, -6, 1.5], look_at: [0, 0, 0.8], fov: 45 deg}
    vary:
      camera.fov: {choice: [45 deg]}
      light.sky: {choice: [day]}
      picture.style: {choice: [realistic]}
      bodies.floor.material: {choice: [{like: concrete}]}
    """
  }

  static let floor = "  floor: {shape: {plane: {}}, motion: fixed, material: {like: concrete}}\n"

  @Test("tell a fall with its bounces")
  func fall() throws {
    let told = try Self.captions(
      Self.world(
        Self.floor
          + "  ball: {shape: {sphere: {radius: 20 cm}}, mass: 1, material: {like: rubber, color: red}, position: [0, 0, 1.2]}"))
    #expect(told.en[0] == "A red ball falls, bounces several times on the floor and comes to rest.")
    #expect(told.it[0] == "Una palla rossa cade, rimbalza più volte sul pavimento e si ferma.")
    #expect(
      told.en[1] == "Realistic video, in daylight: a red ball falls, bounces several times on the floor and comes to rest.")
    #expect(
      told.it[1] == "Video realistico, alla luce del giorno: una palla rossa cade, rimbalza più volte sul pavimento e si ferma."
    )
    #expect(
      told.en[2]
        == "A red ball falls. After 0.5 s it hits the floor at 4.4 m/s and bounces. It comes to rest. The clip lasts 2.0 s.")
    #expect(
      told.it[2]
        == "Una palla rossa cade. Dopo 0,5 s urta il pavimento a 4,4 m/s e rimbalza. Alla fine si ferma. Il video dura 2,0 s.")
    #expect(told.en[3] == "red ball, grey floor, falling, bouncing, realistic video, in daylight")
    #expect(told.it[3] == "palla rossa, pavimento grigio, caduta, rimbalzo, video realistico, alla luce del giorno")
  }

  @Test("tell two that meet, with the gender they have")
  func meeting() throws {
    let bodies = """
        floor: {shape: {plane: {}}, motion: fixed, material: {like: concrete}, position: [0, 0, -9]}
        disc-a: {shape: {cylinder: {radius: 30 cm, height: 10 cm}}, rotation: {axis: [1, 0, 0], angle: 90 deg}, material: {like: steel, friction: 0}, position: [-1, 0, 1], velocity: [2, 0, 0]}
        disc-b: {shape: {cylinder: {radius: 30 cm, height: 10 cm}}, rotation: {axis: [1, 0, 0], angle: 90 deg}, material: {like: steel, friction: 0}, position: [1, 0, 1], velocity: [-2, 0, 0]}
      """
    let told = try Self.captions(Self.world(bodies, gravity: "[0, 0, 0]", seconds: 1))
    #expect(told.en[0] == "Two metal discs move towards each other and collide.")
    #expect(told.it[0] == "Due dischi di metallo si muovono l'uno verso l'altro e si scontrano.")
  }

  @Test("tell of two as meeting only where both go, and of nothing that stays outside the picture")
  func hunting() throws {
    func puck(_ name: String, _ x: Double, y: Double = 0, _ velocity: Double) -> String {
      "  \(name): {shape: {cylinder: {radius: 15 cm, height: 10 cm}}, mass: 1, material: {like: steel, friction: 0.01}, position: [\(x), \(y), 0.05], velocity: [\(velocity), 0, 0]}\n"
    }
    let hunt = try Self.captions(Self.world(Self.floor + puck("a", -1.5, 2) + puck("b", -0.8, 0.4), seconds: 1))
    #expect(hunt.en[0].hasPrefix("Two metal discs slide to the right on the floor and collide"), "\(hunt.en[0])")
    // The camera looks along y; the second passes far to the left of it.
    let alone = try Self.captions(Self.world(Self.floor + puck("a", -0.5, 1) + puck("b", -30, y: 1, -3), seconds: 1))
    #expect(alone.en[0].hasPrefix("A metal disc slides to the right on the floor"), "\(alone.en[0])")
    #expect(!alone.en.joined().contains("wo metal discs") && !alone.it.joined().contains("ue dischi"))
    // A wall that can't be seen is no partner, and the lead's deeds are its own.
    let wall = "  wall: {shape: {box: {size: [10 cm, 2, 2]}}, motion: fixed, position: [7, 0, 1]}\n"
    let back = try Self.captions(Self.world(Self.floor + puck("a", 2, 10) + wall, seconds: 1))
    #expect(!back.en[0].contains("collide") && !back.en[0].contains("wall"), "\(back.en[0])")
  }

  @Test("tell what a ball does to blocks")
  func toppling() throws {
    let bodies =
      Self.floor + """
          block: {shape: {box: {size: [10 cm, 30 cm, 80 cm]}}, material: {like: pine}, position: [0.5, 0, 0.4], repeat: {line: {count: 3, step: [0.4, 0, 0]}}}
          ball: {shape: {sphere: {radius: 20 cm}}, mass: 8, material: {like: rubber, color: blue}, position: [-1.2, 0, 0.6], velocity: [5, 0, 2]}
        """
    let told = try Self.captions(Self.world(bodies, seconds: 3))
    #expect(told.en[0].hasPrefix("A blue ball flies to the right in an arc, hits the three blocks"), "\(told.en[0])")
    #expect(told.en[0].contains("All three blocks fall over."))
    #expect(
      told.it[0].hasPrefix("Una palla blu vola verso destra descrivendo un arco, colpisce i tre blocchi"), "\(told.it[0])")
    #expect(told.it[0].contains("Cadono tutti e tre i blocchi."))
  }

  @Test("tell what others do by themselves, and what is only moved by a blow")
  func beside() throws {
    let bodies =
      Self.floor + """
          lamp: {shape: {sphere: {radius: 15 cm}}, mass: 1, material: {like: steel}, position: [-0.6, 0, 1.2]}
          crate: {shape: {box: {size: [30 cm, 30 cm, 30 cm]}}, mass: 1, material: {like: pine, friction: 0.1}, position: [1, 1, 0.15]}
          puck: {shape: {cylinder: {radius: 15 cm, height: 10 cm}}, mass: 2, material: {like: steel, friction: 0.1}, position: [-1, 1, 0.05], velocity: [4, 0, 0]}
        """
    let joints = """
      joints:
        nail: {hinge: {between: [lamp, world], anchor: [0, 0, 1.2], axis: [0, 1, 0]}}
      """
    let told = try Self.captions(Self.world(bodies, more: joints, seconds: 1.5))
    // Whoever leads, the others that start by themselves aren't set moving by anybody.
    #expect(told.en[0].hasPrefix("A metal disc slides to the right on the floor, hits the crate"), "\(told.en[0])")
    #expect(told.en[0].contains("A metal ball swings to and fro."), "\(told.en[0])")
    #expect(told.en[0].contains("The crate is set moving."), "\(told.en[0])")
    #expect(told.it[0].contains("Una palla di metallo oscilla avanti e indietro."), "\(told.it[0])")
    #expect(told.it[0].contains("La cassa si mette in moto."), "\(told.it[0])")
  }

  @Test("tell what a lift carries as moving, not as sliding")
  func carried() throws {
    let bodies =
      Self.floor + """
          ball: {shape: {sphere: {radius: 20 cm}}, mass: 1, material: {like: rubber, color: white}, position: [0, 0, 0.4]}
          lift: {shape: {box: {size: [1, 1, 0.2]}}, motion: scripted, path: [{at: 0 s, position: [0, 0, 0.1]}, {at: 2 s, position: [0, 0, 1.6]}], position: [0, 0, 0.1]}
        """
    let told = try Self.captions(Self.world(bodies))
    #expect(!told.en[0].contains("slides") && !told.en[0].contains("set moving"), "\(told.en[0])")
  }

  @Test(
    "are whole sentences in both languages for every shipped scene",
    arguments: [
      "balls/missed-shot", "collisions/newtons-cradle", "joints/door", "pendulums/pendulum", "spin/t-handle",
      "phyworld/collision",
      "phyworld/parabola-out", "balls/half-pipe",
    ])
  func shippedScenes(name: String) throws {
    let plan = try DatasetPlan(scenes: ["\(Self.scenes)/\(name).yaml"], sampleCount: 2)
    for number in 0..<2 {
      let told = SampleWorld.captions(of: try SampleWorld(plan.sample(number), of: plan))
      for captions in [told.en, told.it] {
        #expect(captions.count == 4 && Set(captions).count == 4)
        for sentence in captions.prefix(3) {
          #expect(sentence.hasSuffix("."), "\(sentence)")
          #expect(
            sentence.first?.isUppercase == true && !sentence.contains("  ") && !sentence.contains(" ,")
              && !sentence.contains(".."))
        }
      }
    }
  }

  @Test(
    "count in both languages",
    arguments: [
      (1, "one", "uno"), (8, "eight", "otto"), (15, "fifteen", "quindici"), (21, "twenty-one", "ventuno"),
      (28, "twenty-eight", "ventotto"),
      (30, "thirty", "trenta"), (33, "thirty-three", "trentatré"), (100, "100", "100"),
    ])
  func numbers(n: Int, english: String, italian: String) {
    #expect(EnglishCaptions.number(n) == english)
    #expect(ItalianCaptions.number(n) == italian)
  }

  @Test(
    "put the right article before a word",
    arguments: [
      ("pavimento", false, "il ", "sul "), ("scivolo", false, "lo ", "sullo "), ("anello", false, "l'", "sull'"),
      ("palla", true, "la ", "sulla "),
      ("asta", true, "l'", "sull'"), ("half-pipe", false, "l'", "sull'"),
    ])
  func articles(word: String, feminine: Bool, article: String, on: String) {
    let found = ItalianCaptions.definiteArticle(before: word, feminine: feminine, plural: false)
    #expect(found == article)
    #expect(ItalianCaptions.joined("su", found) == on)
  }

  @Test("join prepositions in the plural", arguments: [("i ", "dei "), ("gli ", "degli "), ("le ", "delle ")])
  func plurals(article: String, joined: String) { #expect(ItalianCaptions.joined("di", article) == joined) }

  @Test(
    "name colours",
    arguments: [
      (UInt32(0xdc143c), "red", "rossa"), (0xd2691e, "orange", "arancione"), (0x1f6b45, "green", "verde"),
      (0x3a78c2, "blue", "blu"),
      (0xffd700, "yellow", "gialla"), (0xf4efe2, "white", "bianca"), (0x2b2b2d, "black", "nera"), (0x808080, "grey", "grigia"),
      (0x800080, "pink", "rosa"), (0x87ceeb, "light blue", "azzurra"), (0x8b4513, "brown", "marrone"),
      (0x6a5acd, "blue", "blu"),
    ])
  func colors(hex: UInt32, english: String, italian: String) {
    func linear(_ shift: UInt32) -> Float { SRGB.decode(Float((hex >> shift) & 255) / 255) }
    let term = ColorTerm(linear: SIMD3(linear(16), linear(8), linear(0)))
    #expect(term.english == english)
    #expect(term.italian(feminine: true, plural: false) == italian)
  }
}

import Foundation
import SceneDescription
import ScenePlanning
import Testing
import WorldCore
import WorldExport

@Suite("Scenes of prompts") struct ScenePlanTests {
  /// What an onlooker tells of the planned world, in both languages.
  static func told(_ prompt: String) throws -> (english: String, italian: String) {
    let path = NSTemporaryDirectory() + "mondo-plan-\(UUID().uuidString).yaml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ScenePlan(prompt).yaml.write(toFile: path, atomically: true, encoding: .utf8)
    let plan = try DatasetPlan(scenes: [path], sampleCount: 1)
    let captions = SampleWorld.captions(of: try SampleWorld(plan.sample(0), of: plan))
    return (captions.en[0], captions.it[0])
  }

  /// The way there and back: a prompt becomes a world, whose simulation is told in words again. Colours and camera are drawn anew.
  @Test(
    "what a prompt says happens",
    arguments: [
      ("A red ball falls on a wooden floor.", ["ball falls, bounces"]),
      ("una palla blu cade da 2 m su un pavimento di legno", ["ball falls, bounces"]),
      ("a marble knocks over a row of twenty dominoes", ["hits the twenty dominoes", "All twenty dominoes fall"]),
      ("A football breaks a window", ["A football flies", "breaks into pieces"]),
      ("two balls collide", ["Two", "towards each other", "collide"]),
      ("a bowling ball rolls into ten pins", ["rolls", "hits the ten pins", "pins fall"]),
      ("un pendolo oscilla", ["pendulum swings to and fro"]),
      ("a tower of eight blocks is hit by a green ball", ["ball flies", "hits the eight blocks", "fall over"]),
      ("a ball rolls down a ramp and hits three boxes", ["ball rolls", "hits the three boxes"]),
      ("Throw a yellow ball at a wall!", ["ball flies", "hits the wall"]),
      ("a steel ball and a cork fall on the grass", ["fall"]),
      ("thirty-two dominoes fall one after the other", ["hits the thirty-two dominoes", "fall one after the other"]),
    ] as [(String, [String])])
  func happens(prompt: String, words: [String]) throws {
    let told = try Self.told(prompt)
    for word in words { #expect(told.english.contains(word), "\(told.english)") }
  }

  @Test("both languages make the same world of the same words")
  func languages() throws {
    for (english, italian) in [
      ("a red rubber ball falls from 2 m on a wooden table", "una palla rossa di gomma cade da 2 m su un tavolo di legno"),
      ("three blue crates slide to the left at 3 m/s", "tre casse blu scivolano verso sinistra a 3 m/s"),
      ("a small ball hits a stack of five boxes", "una piccola palla colpisce una pila di cinque scatole"),
      ("a cork falls into a tank of milk at night", "un sughero cade in una vasca di latte di notte"),
    ] {
      let (a, b) = (try ScenePlan(english), try ScenePlan(italian))
      let rest = { (plan: ScenePlan) in plan.yaml.split(separator: "\n").filter { !$0.hasPrefix("about:") } }
      #expect(rest(a) == rest(b))
      #expect(a.ignored.isEmpty && b.ignored.isEmpty, "\(a.ignored) \(b.ignored)")
    }
  }

  @Test("numbers, units, places and looks are kept")
  func particulars() throws {
    let scene = try Scene(
      yaml: ScenePlan("On the moon a heavy 40 cm ball falls from 3,5 metres, anime, at sunset, for 6 seconds").yaml)
    #expect(scene.gravity.z == -1.62 && scene.duration == 6)
    #expect(scene.stage.light.sky == .sunset && scene.stage.shots[0].style == .anime)
    let ball = try #require(scene.bodies.first { $0.name == "ball" })
    #expect(ball.shape == .sphere(radius: 0.2))
    #expect(abs(ball.worldFromShape.translation.z - 3.7) < 1e-9)
    let striped = try Scene(
      yaml: ScenePlan("A red and white striped ball lands in a gym. A 5 mm ball flies at 300 m/s at a wall").yaml)
    #expect(striped.bodies.first { $0.name == "ball" }?.material.surface.pattern?.kind == .stripes)
    #expect(striped.bodies.first { $0.name == "ball-b" }?.velocity.x == 300 && striped.sound.ambience == .gym)
    let spinning = try Scene(yaml: ScenePlan("Two spinning balls meet in free space").yaml)
    #expect(spinning.bodies.count == 2 && spinning.bodies[0].velocity.x == -spinning.bodies[1].velocity.x)
    // A pendulum's pivot stays over its body, whichever way it is sent.
    #expect(try ScenePlan("A ball falls. A pendulum swings to the left").assumed.contains { $0.contains("to the right") })
    let heap = try Scene(yaml: ScenePlan("A steel ball swings and hits a pyramid of ten cans").yaml)
    #expect(heap.bodies.count { $0.name.hasPrefix("can") } == 10 && heap.joints.count == 1)
    let many = try Scene(yaml: ScenePlan("60 balls fall").yaml)
    #expect(many.bodies.count == 61 && Set(many.bodies.map(\.worldFromShape.translation.z)).count == 4)
    let left = try Scene(yaml: ScenePlan("a ball rolls to the left at 2.5 m/s").yaml)
    #expect(left.bodies.first { $0.name == "ball" }?.velocity.x == -2.5)
    #expect(try ScenePlan("a ball and a gymnast jump").ignored == ["gymnast", "jump"])
  }

  @Test("what comes of it is no order, and the same thing is no second one")
  func reference() throws {
    let timed = try Scene(
      yaml: ScenePlan("A red ball falls. After 0.5 s it hits the floor at 4.4 m/s and bounces. The clip lasts 2.0 s.").yaml)
    #expect(timed.bodies.map(\.name) == ["floor", "ball"] && timed.duration == 2)
    #expect(timed.bodies[1].velocity == .zero)
    let pins = try Scene(yaml: ScenePlan("A ball rolls into ten pins. The pins fall over. The ball rolls on.").yaml)
    #expect(pins.bodies.count == 12)
  }

  @Test("a prompt without a thing can't be planned", arguments: ["", "happiness", "a cat walks", "🎈", "12 34", "the the the"])
  func nothing(prompt: String) {
    let error = #expect(throws: PlanningError.self) { try ScenePlan(prompt) }
    #expect(error?.message.contains("no thing that can be simulated") == true)
  }

  @Test("any words at all make a scene that can be read, or are refused")
  func salad() throws {
    var random = SystemRandom(state: 5)
    let words = [
      "a red ball", "ten pins", "the wall", "falls", "rolls", "hits", "is hit by", "breaks a window", "into water", "floats",
      "on ice",
      "a stack of", "five boxes", "a wrecking ball", "swings", "0", "999999999999", "-3", "2 m", "1e308", "\"quotes\"", "\\",
      "\n\t", "{}: &a *b",
      "una palla", "di legno", "colpisce", "tre", "una pila di", "mattoni", "a flag", "a cloth", "and", ".", ",", "that",
      "from", "at 5 m/s", "🎈", "two",
      "collide", "a ramp", "down", "to the left", "weightless", "dominoes", "a basketball", "a hoop", "a", "the", "huge",
      "tiny", "log", "rolls off a table",
    ]
    var refused = 0
    for _ in 0..<150 {
      let prompt = (0..<(1 + random.next(12))).map { _ in words[random.next(words.count)] }.joined(separator: " ")
      do {
        _ = try Scene(yaml: ScenePlan(prompt).yaml)
      } catch let error as PlanningError {
        if error.message.contains("come into one another's way") { refused += 1 }
      }
    }
    #expect(refused <= 3)
    #expect(throws: PlanningError.self) { try ScenePlan(String(repeating: "ball ", count: 10_000)) }
  }

  private struct SystemRandom {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
  }
}

import Foundation
import SceneDescription
import Testing
import WorldCore

@Suite("Overlap at the start")
struct OverlapTests {
  private static let shapes = [
    "sphere: {radius: 0.5}", "box: {size: [0.8, 1, 0.6]}", "cylinder: {radius: 0.4, height: 0.9}",
    "capsule: {radius: 0.3, height: 0.6}",
    "cone: {radius: 0.5, height: 1}", "torus: {radius: 0.5, tube: 0.15}", "tank: {size: [0.8, 0.6, 0.7], wall: 8 cm}",
  ]

  /// The oracle: points all over each body, asked whether they lie in the other. It finds overlaps of a few centimetres.
  private func sampledOverlap(_ a: Body, _ b: Body) -> Bool {
    let steps = 24
    for (x, y) in [(a, b), (b, a)] {
      for i in 0..<(steps * steps * steps) {
        let grid =
          Vector3(Double(i % steps), Double(i / steps % steps), Double(i / (steps * steps))) / Double(steps - 1) * 2
          - Vector3(1, 1, 1)
        guard x.shape.contains(grid) else { continue }
        if y.shape.contains(y.worldFromShape.inverse.point(x.worldFromShape.point(grid))) { return true }
      }
    }
    return false
  }

  @Test("agrees with points sampled all over both bodies", arguments: 0..<shapes.count)
  func agreesWithSampling(_ first: Int) throws {
    var stream = RandomStream(seed: 5, "overlap \(first)")
    var (overlaps, clear) = (0, 0)
    for second in first..<Self.shapes.count {
      for _ in 0..<30 {
        func vector(_ r: Double) -> String {
          "[" + (0..<3).map { _ in "\(stream.uniform(in: -r...r))" }.joined(separator: ", ") + "]"
        }
        let text = """
          mondo: 1
          bodies:
            a: {shape: {\(Self.shapes[first])}, rotation: {axis: \(vector(1)), angle: 2}}
            b: {shape: {\(Self.shapes[second])}, rotation: {axis: \(vector(1)), angle: 2}, position: \(vector(1))}
          """
        // Fixed bodies may stand in each other, so that the scene loads and gives the oracle its bodies.
        let scene = try Scene(
          yaml: text, overrides: ["a", "b"].map { Scene.Override(path: "bodies.\($0).motion", value: "fixed") })
        let told = Scene.validate(yaml: text).contains { $0.message.contains("overlap at the start") }
        let seen = sampledOverlap(scene.bodies[0], scene.bodies[1])
        if seen { #expect(told, "\(text)") }
        if told { overlaps += 1 } else { clear += 1 }
      }
    }
    #expect(overlaps > 4 && clear > 4, "both kinds, or the test has tested nothing")
  }

  @Test(
    "is not seen in things that touch",
    arguments: [
      ("box: {size: [1, 1, 1]}", "box: {size: [1, 1, 1]}", "[1, 0.2, 0.3]"),
      ("sphere: {radius: 0.5}", "sphere: {radius: 0.5}", "[1, 0, 0]"),
      ("cylinder: {radius: 0.5, height: 1}", "cylinder: {radius: 0.5, height: 1}", "[0, 0, 1]"),
      ("cylinder: {radius: 0.5, height: 1}", "sphere: {radius: 0.5}", "[1, 0, 0]"),
      ("cone: {radius: 0.5, height: 1}", "box: {size: [1, 1, 1]}", "[0, 0, -1]"),
      ("torus: {radius: 1, tube: 0.2}", "sphere: {radius: 0.8}", "[0, 0, 0]"),
      ("tank: {size: [1, 1, 1], wall: 0.1}", "box: {size: [1, 1, 1]}", "[0, 0, 0.5]"),
      ("capsule: {radius: 0.5, height: 1}", "box: {size: [1, 1, 1]}", "[0, 0, 1.5]"),
      ("box: {size: [1, 1, 1]}", "box: {size: [1, 1, 1]}", "[0.9995, 0, 0]"),
    ])
  func touching(_ a: String, _ b: String, _ place: String) {
    let diagnostics = Scene.validate(
      yaml: "mondo: 1\nbodies:\n  a: {shape: {\(a)}}\n  b: {shape: {\(b)}, position: \(place)}\n")
    #expect(diagnostics.isEmpty, "\(diagnostics)")
  }

  @Test(
    "is seen in things two millimetres inside each other",
    arguments: [
      ("box: {size: [1, 1, 1]}", "box: {size: [1, 1, 1]}", "[0.998, 0.2, 0.3]"),
      ("sphere: {radius: 0.5}", "sphere: {radius: 0.5}", "[0.998, 0, 0]"),
      ("cylinder: {radius: 0.5, height: 1}", "sphere: {radius: 0.5}", "[0.998, 0, 0]"),
      ("cone: {radius: 0.5, height: 1}", "box: {size: [1, 1, 1]}", "[0, 0, -0.998]"),
    ])
  func shallow(_ a: String, _ b: String, _ place: String) {
    let yaml = "mondo: 1\nbodies:\n  a: {shape: {\(a)}}\n  b: {shape: {\(b)}, position: \(place)}\n"
    #expect(Scene.validate(yaml: yaml).contains { $0.message.contains("'a' and 'b' overlap") })
    #expect(Scene.validate(yaml: yaml + "joints: {j: {fixed: {between: [a, b]}}}\n").isEmpty, "a joint allows it")
  }
}

import Foundation
import Mondo
import Testing

/// `--fit`, there and back: the values with which a world was made are found again from what a tracker sees of it.
@Suite("Best explanation by a scene") struct SceneFitTests {
  private static let look = FilmingCondition(name: "plain", height: 216, framesPerSecond: 30, azimuth: 0)

  private static func seen(_ path: String, _ values: [String: Double]) throws -> TrackedClip {
    let scene = try Scene(
      contentsOf: path, overrides: values.map { Scene.Override(path: $0.key, value: "\($0.value)") })
    let whole = ValidWorld(trajectory: try Simulation(of: scene).run(), stage: scene.stage)
    var stream = RandomStream(seed: 3, "fit")
    let world = whole.filmed(under: look, stream: &stream)
    return SimulatedTracker(look).watch(BrokenWorld(valid: world), stream: &stream)
  }

  private static func path(_ scene: String) -> String {
    SuiteTests.root.appending(path: "Evaluation/Suites/scenes/\(scene).yaml").path
  }

  @Test(
    "values that the scene lets vary are found again, with nothing left unexplained",
    arguments: [
      (
        "drop",
        [
          "bodies.ball.shape.sphere.radius": 0.08, "bodies.ball.position[2]": 1.41, "bodies.ball.velocity[0]": -0.21,
          "bodies.ball.material.restitution": 0.63,
        ]
      ),
      (
        "throw",
        [
          "bodies.ball.shape.sphere.radius": 0.103, "bodies.ball.velocity[0]": 1.247, "bodies.ball.velocity[2]": 1.779,
          "bodies.ball.position[2]": 1.044, "bodies.ball.material.restitution": 0.605,
        ]
      ),
      ("strike", ["bodies.cue.velocity[0]": 2.367, "bodies.target.mass": 1.115, "bodies.target.position[1]": -0.02]),
    ])
  func roundTrip(scene: String, values: [String: Double]) throws {
    let clip = try Self.seen(Self.path(scene), values)
    let fit = try SceneFitting(scene: Self.path(scene)).fit(to: clip, bodies: Set(clip.tracks.map(\.id)))
    #expect(fit.sigma < 1.5 && fit.before > 4 * fit.residual, "\(fit)")
    for parameter in fit.parameters where parameter.path != "bodies.target.position[1]" {
      // How far aside a ball lies hardly shows from the side.
      let truth = try #require(values[parameter.path])
      #expect(
        abs(parameter.value - truth) < 0.04 * max(abs(truth), 0.25), "\(parameter.path): \(parameter.value), not \(truth)")
    }
  }

  @Test("gravity is found where nothing lets it vary but the caller; a world that the scene can't explain leaves a misfit")
  func asked() throws {
    let path = Self.path("throw")
    let clip = try Self.seen(path, ["gravity[2]": -6.2, "bodies.ball.velocity[2]": 1.6])
    let bodies = Set(clip.tracks.map(\.id))
    let paths = ["gravity[2]", "bodies.ball.velocity[2]"]
    let fit = try SceneFitting(scene: path, paths: paths, start: ["gravity[2]": -8]).fit(to: clip, bodies: bodies)
    #expect(fit.sigma < 1.5 && abs(fit.parameters[0].value + 6.2) < 0.1, "\(fit)")
    let other = try SceneFitting(scene: path, paths: ["bodies.ball.velocity[2]"]).fit(to: clip, bodies: bodies)
    #expect(other.sigma > 5, "\(other)")
  }
}

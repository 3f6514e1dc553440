import Foundation
import Mondo
import Testing

/// PhyWorld's figures of clips whose motion is known.
@Suite("Clips of discs") struct DiscClipTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private func collision(_ speed: Double) throws -> (Scene, Trajectory) {
    let path = Self.root.appending(path: "Scenes/phyworld/collision.yaml").path
    let scene = try Scene(
      contentsOf: path,
      overrides: [
        .init(path: "duration", value: "1.6 s"),
        .init(path: "bodies.ball-left.velocity", value: "[\(speed), 0, 0]"),
      ])
    return (scene, try Simulation(of: scene).run())
  }

  @Test("a render's errors are the parser's floor; of a clip of another speed they are the difference")
  func figures() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mondo-discs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (scene, trajectory) = try collision(2)
    let path = folder.appending(path: "clip.mp4").path
    _ = try ClipProduction(trajectory, on: scene.stage, options: RenderOptions(samplesPerPixel: 1)).write(to: path)

    // 25.6 pixels a metre: a fortieth of a pixel each way at 10 frames a second is 0.02 m/s.
    let own = try ReferenceMotion(trajectory, on: scene.stage).discMetrics(of: path)
    #expect(own["velocity_error"]! < 0.02 && own["momentum_error"]! < 0.02 && own["energy_error"]! < 0.03, "\(own)")
    #expect(own["seen_share"] == 1)

    // The left disc was to come at 2.5 m/s: discs of one mass exchange their velocities, so that one of two is 0.5 m/s off.
    let (_, faster) = try collision(2.5)
    let other = try ReferenceMotion(faster, on: scene.stage).discMetrics(of: path)
    #expect(abs(other["velocity_error"]! - 0.25) < 0.1, "\(other)")
  }

  @Test("what isn't a disc, or has no colour of its own, is left to the tracker")
  func others() throws {
    let scene = try Scene(
      yaml: """
        {mondo: 1, name: a, duration: 0.2 s, picture: {size: 64x64},
         bodies: {block: {shape: {box: {size: [1, 1, 1]}}, mass: 1}}}
        """)
    let trajectory = try Simulation(of: scene).run()
    #expect(try ReferenceMotion(trajectory, on: scene.stage).discMetrics(of: "no-such-clip.mp4").isEmpty)
  }
}

import Foundation
import Mondo
import Testing

/// A clip judged beside the scene it shows: metres, the camera, and the distance from what ought to be seen.
@Suite("Scores beside a scene") struct SceneScoreTests {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "mondo-scene-score-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  static func reference(_ scene: RenderedThrow) throws -> (scene: Scene, motion: ReferenceMotion, trajectory: Trajectory) {
    let read = try Scene(yaml: scene.yaml())
    let trajectory = try Simulation(of: read).run()
    return (read, ReferenceMotion(trajectory, on: read.stage), trajectory)
  }

  @Test("gravity is measured in m/s², silhouettes and places are those of the scene", arguments: [0, 2, 7])
  func lawful(index: Int) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let scene = RenderedThrow.all[index]
    let (_, motion, trajectory) = try Self.reference(scene)
    let judged = try Judge().score(clip: scene.clip(of: trajectory, in: folder, named: "a.mp4"), against: motion)
    #expect(judged.document.verdict == .plausible, "\(judged.document.laws)")
    let g = try #require(judged.document.laws.first { $0.law == "gravity" && $0.applies }?.estimate)
    // Perspective along the flight is the rest of the error.
    #expect(g.unit == "m/s^2" && abs(g.value - 9.81) < 0.06 * 9.81, "\(g)")
    let metrics = try #require(judged.document.reference)
    #expect(metrics["position_error_px"]! < 1.5 && metrics["iou"]! > 0.75, "\(metrics)")
    #expect(judged.document.limits.allSatisfy { !$0.hasPrefix("no scale") && !$0.contains("is it of this scene?") })
    #expect(judged.pixelsPerMetre != nil)
  }

  @Test("half the scene's gravity shows, though nothing in the clip itself tells")
  func halfGravity() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let scene = RenderedThrow.all[0]
    let (_, motion, _) = try Self.reference(scene)
    let light = try Simulation(
      of: Scene(yaml: scene.yaml(), overrides: [.init(path: "gravity", value: "[0, 0, -4.9]")])
    ).run()
    let path = try scene.clip(of: light, in: folder, named: "half.mp4")
    #expect(try Judge().score(clip: path).document.verdict == .plausible)
    let document = try Judge().score(clip: path, against: motion).document
    #expect(document.verdict == .implausible)
    #expect(document.laws.contains { $0.law == "gravity" && !$0.violations.isEmpty })
    #expect(document.reference!["iou"]! < 0.5)
  }

  @Test("a clip of another scene is told")
  func foreign() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (_, motion, _) = try Self.reference(RenderedThrow.all[3])
    let other = RenderedThrow.all[0]
    let path = try other.clip(of: Self.reference(other).trajectory, in: folder, named: "other.mp4")
    #expect(try Judge().score(clip: path, against: motion).document.limits.contains { $0.contains("is it of this scene?") })
  }

  @Test("a body that vanishes counts against the overlap")
  func vanishing() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let scene = RenderedThrow.all[0]
    let (_, motion, trajectory) = try Self.reference(scene)
    let whole = try Judge().score(clip: scene.clip(of: trajectory, in: folder, named: "w.mp4"), against: motion).document
    let gone = try scene.trajectory(.vanishes).trajectory
    let vanished = try Judge().score(clip: scene.clip(of: gone, in: folder, named: "v.mp4"), against: motion).document
    #expect(vanished.reference!["iou"]! < whole.reference!["iou"]! - 0.2)
  }
}

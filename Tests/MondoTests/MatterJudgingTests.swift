import Foundation
import Mondo
import Testing

@Suite("Liquids and cloths beside their scene") struct MatterJudgingTests {
  private static let scenes = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Evaluation/Suites/scenes")

  @Test("milk keeps its volume; milk that becomes more is told, and as what")
  func milk() throws {
    let scene = try Scene(contentsOf: Self.scenes.appending(path: "basin.yaml").path)
    let trajectory = try Simulation(of: scene).run()
    let valid = ValidWorld(trajectory: trajectory, stage: scene.stage)
    let reference = ReferenceMotion(trajectory, on: scene.stage)
    func document(_ world: BrokenWorld) throws -> ScoreDocument {
      let path = FileManager.default.temporaryDirectory.appending(path: "mondo-milk-\(UUID().uuidString).mp4").path
      defer { try? FileManager.default.removeItem(atPath: path) }
      let (motion, stage) = world.staged()
      let options = RenderOptions(width: 128, height: 72, framesPerSecond: 12, samplesPerPixel: 2)
      _ = try ClipProduction(motion, on: stage, options: options).write(to: path)
      return try Judge().score(clip: path, against: reference).document
    }
    let kept = try document(BrokenWorld(valid: valid))
    let finding = try #require(kept.laws.first { $0.law == "fluid-volume" && $0.applies })
    #expect(finding.pValue! > 0.05 && abs(finding.estimate!.value - 1) < 0.05, "\(finding)")

    var stream = RandomStream(seed: 1, "milk")
    let family = try #require(ViolationFamilies.named("water-appears"))
    let grown = try document(try #require(family.broken(valid, severity: .gross, stream: &stream)))
    #expect(grown.verdict == .implausible)
    let told = try #require(grown.laws.first { $0.law == "fluid-volume" }?.violations.first)
    #expect(told.what.hasPrefix("milk grows") && abs(told.from - 1) < 0.35, "\(told)")
  }
}

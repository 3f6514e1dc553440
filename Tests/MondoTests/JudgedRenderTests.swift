import Foundation
import Mondo
import Testing

/// From a scene to a verdict: rendered, encoded, decoded, tracked, judged.
@Suite("Judged renders") struct JudgedRenderTests {
  @Test("a valid throw is plausible, a broken law is named at its time", arguments: RenderedThrow.all)
  func matrix(scene: RenderedThrow) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mondo-judged-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }

    // Three violations a scene keep the suite quick: each is tried in four scenes.
    let broken = RenderedThrow.Violation.allCases.filter { $0 != .none }
    let turn = RenderedThrow.all.firstIndex { $0.name == scene.name } ?? 0
    let violations = [.none] + [0, 2, 4].map { broken[(turn + $0) % broken.count] }
    for (violation, path, strike, fps) in try scene.clips(in: folder, violations) {
      let document = try Judge().score(clip: path).document
      let told = "\(scene.name), \(violation): \(document.laws.filter(\.applies))"
      guard let law = violation.law else {
        #expect(document.verdict == .plausible && document.score > 0.5, "\(told)")
        continue
      }
      #expect(document.verdict == .implausible, "\(told)")
      let worst = document.laws.filter { !$0.violations.isEmpty }.min { ($0.score ?? 1) < ($1.score ?? 1) }
      #expect(worst?.law == law, "\(told)")
      guard let strike, let worst else { continue }
      let off = worst.violations.map {
        $0.from <= strike && strike <= $0.to ? 0 : min(abs($0.from - strike), abs($0.to - strike))
      }
      #expect((off.min() ?? .infinity) * fps <= 2.01, "\(told)")
    }
  }
}

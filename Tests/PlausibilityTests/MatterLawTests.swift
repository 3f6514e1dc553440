import Foundation
import Plausibility
import Testing
import WorldCore

@Suite("Laws of liquids and cloths") struct MatterLawTests {
  /// What many frames show of something whose colours stand out.
  private func seen(
    _ kind: MatterEvidence.Kind, seed: UInt64, noise: Double = 0.04, largest: Double? = nil, contrast: Double = 0.8,
    ratio: (Double) -> Double = { _ in 1 }
  ) -> MatterEvidence {
    var stream = RandomStream(seed: seed, "matter")
    let sights = (0..<28).map { k -> MatterEvidence.Sight in
      let time = Double(k) / 10
      let expected = 900 + 200 * sin(3 * time)
      return .init(
        time: time, area: expected * ratio(time) * exp(noise * stream.normal()), expected: expected, largest: largest)
    }
    return MatterEvidence(name: "it", kind: kind, shot: 0, contrast: contrast, sights: sights)
  }

  private func judged(_ matter: MatterEvidence) -> ScoreDocument {
    let clip = ClipDescription(file: "synthetic", fps: 10, size: [256, 144], frames: 28, duration: 2.8)
    return Judge().score(tracks: [], evidence: SyntheticFlight.quietEvidence, matter: [matter], clip: clip)
  }

  @Test(
    "what keeps its area is plausible, however much it is scattered", arguments: MatterEvidence.Kind.allCases, [0.02, 0.15])
  func kept(kind: MatterEvidence.Kind, noise: Double) {
    let alarms = (0..<300).count {
      judged(seen(kind, seed: $0, noise: noise, largest: kind == .cloth ? 1300 : nil)).verdict != .plausible
    }
    #expect(alarms <= 6)
  }

  @Test("a liquid that grows or dwindles is told, by how much and from when on", arguments: [0.3, -0.3])
  func volume(rate: Double) throws {
    for seed in 0..<20 as Range<UInt64> {
      let document = judged(seen(.liquid, seed: seed) { exp(rate * max(0, $0 - 1)) })
      #expect(document.verdict == .implausible)
      let finding = try #require(document.laws.first { $0.law == "fluid-volume" && $0.applies })
      let estimate = try #require(finding.estimate)
      #expect(estimate.ci95[0] < exp(rate * 1.7) && exp(rate * 1.7) < estimate.ci95[1])
      let violation = try #require(finding.violations.first)
      #expect(abs(violation.from - 1) < 0.45 && violation.what.contains(rate > 0 ? "grows" : "dwindles"))
    }
  }

  @Test("a cloth may fold, and may not cover more than all of it; nor may it grow against its scene's")
  func cloth() {
    let folds = judged(seen(.cloth, seed: 1, largest: 1300) { exp(-0.4 * $0) })
    #expect(folds.verdict == .plausible)
    let huge = judged(seen(.cloth, seed: 1, largest: 600))
    #expect(huge.verdict == .implausible && huge.foremost?.violations.first?.what.contains("face on") == true)
    let stretched = judged(seen(.cloth, seed: 1, largest: 1e6) { exp(0.3 * max(0, $0 - 1)) })
    #expect(stretched.verdict == .implausible && stretched.foremost?.law == "cloth")
  }

  @Test("colours that don't stand out say nothing")
  func hidden() {
    let document = judged(seen(.liquid, seed: 1, contrast: 0.1) { 1 + $0 })
    #expect(document.verdict == .undetermined)
    #expect(document.laws.first { $0.law == "fluid-volume" }?.applies == false)
  }
}

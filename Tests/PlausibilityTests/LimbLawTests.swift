import Foundation
import Plausibility
import Testing
import WorldCore

/// The length of a stick that tumbles in free flight.
@Suite("Limbs") struct LimbLawTests {
  /// - Parameters:
  ///   - length, width: factors at a time, s.
  private func judged(
    _ stream: inout RandomStream, spin: Double = 5, length: @escaping (Double) -> Double,
    width: @escaping (Double) -> Double = { _ in 1 }
  ) -> ScoreDocument {
    let room = SyntheticTrack(frames: 60)
    let track = room.track(
      &stream,
      outline: { t in (SIMD2(44 * length(t), 12 * width(t)), remainder(spin * t, .pi)) }
    ) { t in t < 1.6 ? SIMD2(60 + 150 * t, 250 - 400 * t + 0.5 * 520 * t * t) : nil }
    return room.judged([track])
  }

  private func finding(_ document: ScoreDocument) -> LawFinding? { document.laws.first { $0.law == "limbs" } }

  @Test("a stick keeps its length: no alarms, and the ratio's interval holds 1")
  func steady() {
    let sample = LawSample("limbs", seeds: 100) { judged(&$0) { _ in 1 } }
    #expect(sample.findings.count == 100 && sample.findings.allSatisfy(\.violations.isEmpty) && sample.alarms < 0.02)
    #expect(sample.coverage { _ in 1 } > 0.97)
  }

  @Test("a stick that stretches or shrinks in the air is told, at its time", arguments: [1.4, 2.0, 0.6])
  func stretches(factor: Double) throws {
    var stream = RandomStream(seed: 3, "stretch")
    let document = judged(&stream) { $0 < 0.8 ? 1 : 1 + (factor - 1) * min(1, ($0 - 0.8) / 0.3) }
    let told = try #require(finding(document))
    let violation = try #require(told.violations.first)
    #expect(
      document.verdict == .implausible && violation.from > 0.75 && violation.what.contains(factor > 1 ? "stretch" : "shrink"))
    let estimate = try #require(told.estimate)
    #expect(estimate.unit == "1" && estimate.ci95[0] < factor && factor < estimate.ci95[1], "\(estimate)")
  }

  @Test("what becomes narrower as it becomes longer has lost its shape: rigidity says so, not limbs")
  func melts() throws {
    var stream = RandomStream(seed: 3, "melt")
    func late(_ t: Double) -> Double { t < 0.8 ? 0 : min(1, (t - 0.8) / 0.3) }
    let document = judged(&stream, length: { 1 + 0.6 * late($0) }, width: { 1 - 0.5 * late($0) })
    #expect(document.verdict == .implausible && document.foremost?.law == "rigidity")
    #expect(finding(document)?.violations.isEmpty == true)
  }

  @Test("what comes nearer isn't longer; what tilts out of the picture's plane isn't shorter; what doesn't turn isn't asked")
  func lawful() {
    var stream = RandomStream(seed: 4, "lawful")
    let nearer = finding(judged(&stream, length: { 1 + 0.2 * $0 }, width: { 1 + 0.2 * $0 }))
    #expect(nearer?.violations.isEmpty != false)
    let tilted = finding(judged(&stream) { (1 - pow(0.6 * sin(5 * $0), 2)).squareRoot() })
    #expect(tilted?.violations.isEmpty != false)
    #expect(finding(judged(&stream, spin: 0.2) { _ in 1 })?.applies == false)
  }
}

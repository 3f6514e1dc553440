import Foundation
import Plausibility
import Testing
import WorldCore

/// A striped ball that crosses the picture on level ground and turns so many times as fast as it would roll.
@Suite("Rolling") struct RollingLawTests {
  /// - Parameter ratio: ωr/v at a time, s.
  private func judged(
    _ stream: inout RandomStream, way: Double = 1, view: JudgeOptions.View = .level, ratio: (Double) -> Double?
  ) -> ScoreDocument {
    let set = SyntheticTrack()
    let (speed, deviation) = (150.0, 0.03)
    var track = set.track(&stream) { SIMD2(way > 0 ? 60 + speed * $0 : 420 - speed * $0, 250) }
    for k in track.sightings.indices.dropFirst() {
      guard let ratio = ratio(track.sightings[k].time) else { continue }
      let angle = way * ratio * speed / set.fps / (set.diameter / 2)
      track.sightings[k].turn = .init(angle: angle + stream.normal(standardDeviation: deviation), deviation: deviation)
    }
    var options = JudgeOptions()
    options.view = view
    return set.judged([track], options: options)
  }

  private func finding(_ document: ScoreDocument) -> LawFinding? { document.laws.first { $0.law == "rolling" } }

  @Test("what rolls passes whichever way it goes, and the ratio's interval holds 1", arguments: [1.0, -1])
  func rolls(way: Double) throws {
    let sample = LawSample("rolling", seeds: 60) { judged(&$0, way: way) { _ in 1 } }
    #expect(sample.findings.count == 60 && sample.findings.allSatisfy(\.violations.isEmpty))
    #expect(sample.alarms == 0 && sample.coverage { _ in 1 } > 0.95)
    #expect(sample.findings[0].estimate?.unit == "1")
  }

  @Test("what turns too slowly, too fast or backwards all the way slips, and is told so", arguments: [0.4, 1.7, -1])
  func slips(ratio: Double) throws {
    var stream = RandomStream(seed: 4, "slip")
    let document = judged(&stream) { _ in ratio }
    let told = try #require(finding(document))
    let violation = try #require(told.violations.first)
    #expect(document.verdict == .implausible && document.foremost?.law == "rolling")
    #expect(violation.what.contains("slips") && violation.sigma > 3 && violation.from < 0.2 && violation.to > 1.7)
    let estimate = try #require(told.estimate)
    #expect(estimate.ci95[0] < ratio && ratio < estimate.ci95[1])
  }

  @Test("friction may bring a slipping ball to roll; a thing that doesn't turn slides or is carried")
  func lawful() {
    var stream = RandomStream(seed: 5, "lawful")
    #expect(finding(judged(&stream) { min(1, 0.2 + 0.5 * $0) })?.violations.isEmpty != false)
    #expect(finding(judged(&stream) { _ in 0 })?.applies == false)
    #expect(finding(judged(&stream) { _ in nil })?.applies == false)
  }

  @Test("from above, and where up isn't known, nothing is said", arguments: [JudgeOptions.View.overhead, .unknown])
  func views(view: JudgeOptions.View) {
    var stream = RandomStream(seed: 6, "views")
    #expect(finding(judged(&stream, view: view) { _ in -1 })?.applies == false)
  }
}

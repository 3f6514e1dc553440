import Foundation
import Plausibility
import Testing
import WorldCore

/// Many synthetic flights: how often a valid one is called implausible, and how well intervals and violations hold.
@Suite("Calibration") struct CalibrationTests {
  static let count = 1500

  static func judged(_ violation: SyntheticFlight.Violation) -> [(
    flight: SyntheticFlight, truth: SyntheticFlight.Truth, document: ScoreDocument
  )] {
    (0..<count).compactMap { seed in
      var stream = RandomStream(seed: UInt64(seed), "calibration")
      let flight = SyntheticFlight(&stream, violation: violation)
      let truth = flight.truth()
      guard violation == .none || truth.violationTime != nil else { return nil }
      let document = Judge().score(tracks: [flight.track(&stream)], evidence: SyntheticFlight.quietEvidence, clip: flight.clip)
      return (flight, truth, document)
    }
  }

  @Test("valid flights are called implausible as often as promised, and 95 % intervals hold the truth 95 times in 100")
  func validFlights() {
    let judged = Self.judged(.none)
    let alarms = Double(judged.filter { $0.document.verdict == .implausible }.count) / Double(judged.count)
    // α is 0.01; with 1500 flights its own standard error is 0.0026.
    #expect(alarms < 0.01 + 2 * 0.0026)
    var (covered, total) = (0.0, 0.0)
    for (flight, _, document) in judged {
      guard let e = document.laws.first(where: { $0.law == "gravity" })?.estimate else { continue }
      total += 1
      if e.ci95[0] <= flight.gravity && flight.gravity <= e.ci95[1] { covered += 1 }
    }
    #expect(total > 0.95 * Double(judged.count))
    #expect((0.93...0.97).contains(covered / total))
    // Under the null p-values are uniform.
    let p = judged.compactMap { $0.document.laws.first { $0.law == "ballistic-flight" }?.pValue }.sorted()
    for share in [0.05, 0.25, 0.5, 0.75, 0.95] { #expect(abs(p[Int(share * Double(p.count))] - share) < 0.05) }
  }

  struct Expectation: Sendable {
    var violation: SyntheticFlight.Violation
    var law: String
    /// Share of flights in which the violation must be found: what is missed is hidden by what the law can't see (its own
    /// blind spots).
    var power: Double
    /// Frames.
    var medianDelay: Double
  }

  @Test(
    "violations are found, by the right law, at the right time",
    arguments: [
      // One flight in ten is too short to be told from a wing's beat or a lift's start: doubted, not found.
      Expectation(violation: .gravityOff, law: "gravity", power: 0.86, medianDelay: 1),
      Expectation(violation: .teleport, law: "continuity", power: 0.93, medianDelay: 1),
      Expectation(violation: .gainsEnergy, law: "bounce", power: 0.95, medianDelay: 1),
      Expectation(violation: .vanishes, law: "permanence", power: 0.99, medianDelay: 1),
    ])
  func violations(expected: Expectation) {
    let judged = Self.judged(expected.violation)
    let found = judged.filter { $0.document.verdict == .implausible }
    #expect(Double(found.count) > expected.power * Double(judged.count))
    var (right, delays): (Int, [Double]) = (0, [])
    for (flight, truth, document) in found {
      guard let worst = document.laws.filter({ !$0.violations.isEmpty }).min(by: { ($0.score ?? 1) < ($1.score ?? 1) }) else {
        continue
      }
      if worst.law == expected.law { right += 1 }
      let t = truth.violationTime!
      delays.append(
        worst.violations.map { $0.from <= t && t <= $0.to ? 0 : min(abs($0.from - t), abs($0.to - t)) }.min()! * flight.fps)
    }
    #expect(Double(right) > 0.97 * Double(found.count))
    #expect(delays.sorted()[delays.count / 2] <= expected.medianDelay)
  }

  @Test(
    "half of g is seen once a scale is known, and g itself passes; what hardly accelerates may be driven: that is doubt",
    arguments: [9.81, 4.9, 0.5])
  func scaled(gravity: Double) {
    var stream = RandomStream(seed: 3, "scaled")
    var flight = SyntheticFlight(&stream)
    flight.gravity = gravity * 80
    flight.frames = Int(flight.fps * 1.4)
    var options = JudgeOptions()
    options.pixelsPerMetre = 80
    let document = Judge(options: options).score(
      tracks: [flight.track(&stream)], evidence: SyntheticFlight.quietEvidence, clip: flight.clip)
    #expect(document.verdict == (gravity == 4.9 ? .implausible : .plausible))
    #expect(gravity != 0.5 || document.score < 0.85, "\(document.score)")
    let law = document.laws.first { $0.law == "gravity" }
    #expect(law?.estimate?.unit == "m/s^2")
    #expect(abs((law?.estimate?.value ?? 0) - gravity) < 0.03 * gravity)
  }

  @Test("a document comes back from its JSON, and its keys are those of the format")
  func document() throws {
    var stream = RandomStream(seed: 1, "document")
    let flight = SyntheticFlight(&stream, violation: .gainsEnergy)
    let document = Judge().score(tracks: [flight.track(&stream)], evidence: SyntheticFlight.quietEvidence, clip: flight.clip)
    let json = try document.json()
    let back = try ScoreDocument(json: json)
    #expect(try back.json() == json)
    let text = String(decoding: json, as: UTF8.self)
    for key in ["\"format\" : \"mondo-score/1\"", "first_frame", "p_value", "ci95", "verdict", "limits"] {
      #expect(text.contains(key))
    }
  }
}

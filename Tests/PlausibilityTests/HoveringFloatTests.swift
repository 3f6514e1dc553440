import Foundation
import Plausibility
import Testing
import WorldCore

/// What floats in a scene's water, above it.
@Suite("What floats, beside a scene") struct HoveringFloatTests {
  static let look = SyntheticTrack(frames: 40)
  static let scale = 100.0

  /// A cork of 9 cm that goes `height(t)` metres above the water's level, with nothing solid near.
  static func judged(seed: UInt64, _ height: (Double) -> Double) -> ScoreDocument {
    var stream = RandomStream(seed: seed, "float")
    let track = look.track(&stream) { SIMD2(240, 250 - scale * height($0)) }
    let silhouettes = SceneSetting.Silhouettes(of: [.init(area: .pi * 0.09 * 0.09, axes: SIMD2(0.18, 0.18))])
    let instants = track.sightings.map { s in
      SceneSetting.Instant(
        time: s.time, place: s.position / scale, pixelsPerMetre: scale, clearance: 1, burial: -1, overWater: height(s.time))
    }
    var options = JudgeOptions()
    options.trackViews[track.id] = .init(
      scales: [.init(time: 0, pixelsPerMetre: scale)], uncertainty: 0.01, approach: 0, down: SIMD2(0, 1),
      setting: SceneSetting(
        body: "cork", instants: instants, gravity: SIMD2(0, 9.81), innerRadius: 0.09, outerRadius: 0.09,
        silhouettes: silhouettes,
        isFree: false, air: 0))
    return look.judged([track], options: options)
  }

  @Test("what rises out of the water and stays there breaks buoyancy, and bounces off nothing")
  func hovers() throws {
    for seed in UInt64(1)...5 {
      let document = Self.judged(seed: seed) { $0 < 0.5 ? 0 : min(0.3, 1.5 * ($0 - 0.5)) }
      #expect(document.verdict == .implausible)
      #expect(document.foremost?.law == "buoyancy", "\(document.laws)")
    }
  }

  @Test("what is thrown into it from above falls")
  func falls() {
    for seed in UInt64(1)...5 {
      let document = Self.judged(seed: seed) { max(0, 1.5 - 9.81 * $0 * $0 / 2) }
      #expect(document.laws.allSatisfy { $0.law != "buoyancy" || $0.violations.isEmpty }, "\(document.laws)")
    }
  }
}

import Foundation
import Plausibility
import Testing
import WorldCore

/// Clips in which nothing falls: which are weightless, which are tables, and which can't be told.
@Suite("Weightless motion") struct WeightlessTests {
  /// A straight, steady path with kinks at given frames.
  static func track(_ id: Int, from start: SIMD2<Double>, legs: [(frames: Int, step: SIMD2<Double>)]) -> Track {
    var stream = RandomStream(seed: UInt64(id), "legs")
    var (p, sightings) = (start, [Track.Sighting]())
    for leg in legs {
      for _ in 0..<leg.frames {
        let noisy = p + SIMD2(stream.normal(standardDeviation: 0.1), stream.normal(standardDeviation: 0.1))
        sightings.append(
          .init(
            frame: sightings.count, time: Double(sightings.count) / 30, position: noisy,
            covariance: Covariance2(isotropic: 0.01),
            area: 314, axes: SIMD2(20, 20)))
        p += leg.step
      }
    }
    return Track(id: id, kind: .compact, sightings: sightings, start: .clip, end: .clip)
  }

  static func judged(
    _ tracks: [Track], _ view: JudgeOptions.View = .unknown, horizon: MotionEvidence.Horizon? = nil
  ) -> ScoreDocument {
    var options = JudgeOptions()
    options.view = view
    var evidence = SyntheticFlight.quietEvidence
    evidence.horizon = horizon
    return Judge(options: options).score(
      tracks: tracks, evidence: evidence,
      clip: ClipDescription(file: "legs", fps: 30, size: [640, 480], frames: 60, duration: 2))
  }

  static let offTheFloor = track(1, from: SIMD2(100, 200), legs: [(20, SIMD2(4, 9)), (40, SIMD2(4, -7))])
  static let straight = track(2, from: SIMD2(100, 400), legs: [(60, SIMD2(3, -5))])
  static let aroundTheTable = track(
    3, from: SIMD2(100, 200), legs: [(20, SIMD2(7, 7)), (20, SIMD2(-6, 7)), (20, SIMD2(-5.5, -6)), (20, SIMD2(-5, 5))])

  @Test("a ball that leaves the floor in a straight line and never slows is weightless, where the camera stands level")
  func floor() {
    #expect(Self.judged([Self.offTheFloor]).verdict == .undetermined)
    let document = Self.judged([Self.offTheFloor], .level)
    #expect(document.verdict == .implausible)
    #expect(document.laws.first { $0.law == "gravity" }?.violations.isEmpty == false)
  }

  @Test("the same motion on a table seen from above is lawful")
  func overhead() { #expect(Self.judged([Self.offTheFloor], .overhead).verdict == .plausible) }

  @Test(
    "one straight path may be a lift's, an aircraft's, a balloon's or snow's, wherever the camera stands",
    arguments: [JudgeOptions.View.unknown, .level], [SIMD2(0.1, -3.0), SIMD2(3, -5), SIMD2(1, 4), SIMD2(5, 2)])
  func driven(view: JudgeOptions.View, step: SIMD2<Double>) {
    let start = SIMD2(60.0, step.y < 0 ? 400 : 60)
    let flakes = (0..<6).map { Self.track(10 + $0, from: start + SIMD2(80.0 * Double($0), 0), legs: [(60, step)]) }
    for horizon in [nil, MotionEvidence.Horizon(height: 420, slope: 0)] {
      #expect(Self.judged([flakes[0]], view, horizon: horizon).verdict == .undetermined)
      #expect(Self.judged(flakes, view, horizon: horizon).verdict != .implausible)
    }
  }

  @Test("impacts from all sides tell a table, and a table is not implausible")
  func table() { #expect(Self.judged([Self.aroundTheTable]).verdict != .implausible) }

  @Test("rolling along the picture is lawful")
  func rolling() {
    let rolls = Self.track(4, from: SIMD2(50, 300), legs: [(60, SIMD2(6, 0.02))])
    #expect(Self.judged([rolls]).verdict == .plausible)
  }

  @Test("no tracks, no verdict")
  func nothing() { #expect(Self.judged([]).verdict == .undetermined) }
}

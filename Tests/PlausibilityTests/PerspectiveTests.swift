import Foundation
import Plausibility
import Testing
import WorldCore

/// Flights through a changing depth, and paths along curved supports: what neither parabola nor gravity may be read from.
@Suite("Perspective and supports") struct PerspectiveTests {
  static let fps = 24.0

  /// Positions in metres (right, down, away from the camera) through a pinhole, with the noise of a tracker.
  static func track(
    radius: Double, focal: Double = 260, frames: Int, seed: UInt64, _ place: (Double) -> SIMD3<Double>
  ) -> Track {
    var stream = RandomStream(seed: seed, "perspective")
    let sightings = (0..<frames).map { frame -> Track.Sighting in
      let p = place(Double(frame) / fps)
      let width = 2 * radius * focal / p.z * (1 + stream.normal(standardDeviation: 0.02))
      let noise = SIMD2(stream.normal(standardDeviation: 0.1), stream.normal(standardDeviation: 0.1))
      return .init(
        frame: frame, time: Double(frame) / fps, position: SIMD2(128, 72) + focal / p.z * SIMD2(p.x, p.y) + noise,
        covariance: Covariance2(isotropic: 0.01), area: .pi * width * width / 4, axes: SIMD2(repeating: width))
    }
    return Track(id: 1, kind: .compact, sightings: sightings, start: .clip, end: .clip)
  }

  static func judged(_ track: Track, scale: Double? = nil, evidence: MotionEvidence = SyntheticFlight.quietEvidence)
    -> ScoreDocument
  {
    var options = JudgeOptions()
    options.pixelsPerMetre = scale
    return Judge(options: options).score(
      tracks: [track], evidence: evidence,
      clip: ClipDescription(
        file: "pinhole", fps: fps, size: [256, 144], frames: track.sightings.count,
        duration: Double(track.sightings.count) / fps))
  }

  /// Thrown up and away, from 3 m to 6 m: in the picture its acceleration halves.
  static func throwAway(_ seed: UInt64) -> Track {
    track(radius: 0.12, frames: 26, seed: seed) { t in SIMD3(-1 + 1.4 * t, 0.9 - 5.2 * t + 0.5 * 9.81 * t * t, 3 + 2.8 * t) }
  }

  @Test("a flight away from the camera is one flight, and its g is that at its middle's depth", arguments: UInt64(0)..<6)
  func flight(seed: UInt64) throws {
    let document = Self.judged(Self.throwAway(seed))
    #expect(document.verdict == .plausible)
    let gravity = try #require(document.laws.first { $0.law == "gravity" && $0.applies }?.estimate)
    let middle = 3 + 2.8 * 12.5 / Self.fps
    #expect(abs(gravity.value / (9.81 * 260 / middle) - 1) < 0.05)
  }

  @Test("a ball that swings through a trough sets no measure of gravity", arguments: UInt64(0)..<6)
  func trough(seed: UInt64) {
    // A pendulum's equation on a circle of 1.1 m, seen a little from the side.
    var (angle, rate, path) = (-1.0, 0.0, [Double]())
    for _ in 0..<2400 {
      rate += -9.81 / 1.1 * 5 / 7 * sin(angle) * 0.002
      angle += rate * 0.002
      path.append(angle)
    }
    let track = Self.track(radius: 0.1, frames: 100, seed: seed) { t in
      let a = path[min(path.count - 1, Int((t / 0.002).rounded()))]
      return SIMD3(1.1 * sin(a), 0.3 - 1.1 * (1 - cos(a)), 4.4 + 0.3 * sin(a))
    }
    #expect(Self.judged(track).verdict != .implausible)
  }

  /// A straight way over level ground, away from a camera 1.2 m above it, and one of the same start through the air.
  static let rolling = track(radius: 0.11, frames: 48, seed: 3) { t in SIMD3(-0.4 + 0.3 * t, 1.2 - 0.11, 2.5 + 1.1 * t) }
  static let rising = track(radius: 0.11, frames: 48, seed: 3) { t in SIMD3(-0.4 + 0.3 * t, 1.0 - 0.8 * t, 2.5) }

  static func evidence(horizon: Double?) -> MotionEvidence {
    var evidence = SyntheticFlight.quietEvidence
    evidence.horizon = horizon.map { .init(height: $0, slope: 0) }
    return evidence
  }

  @Test("what rises above the horizon at constant speed is less sure to be lawful than what rolls towards it")
  func horizon() {
    let (rising, rolling) = (Self.rising, Self.rolling)
    #expect(Self.judged(rising, evidence: Self.evidence(horizon: 72)).verdict == .undetermined)
    #expect(Self.judged(rising, evidence: Self.evidence(horizon: nil)).verdict == .undetermined)
    #expect(Self.judged(rolling, evidence: Self.evidence(horizon: 72)).verdict != .implausible)
    #expect(
      Self.judged(rising, evidence: Self.evidence(horizon: 72)).score
        < Self.judged(rolling, evidence: Self.evidence(horizon: 72)).score)
  }
}

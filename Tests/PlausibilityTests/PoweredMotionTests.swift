import Foundation
import Plausibility
import Testing
import WorldCore

/// Arcs that are no falls: wings, engines, springs, threads and air make them every day.
@Suite("Powered and tethered motion") struct PoweredMotionTests {
  /// px in picture axes, y down, at a time.
  enum Everyday: String, CaseIterable, Sendable {
    case bird, moth, drone, climbingAircraft, spring, yoyo, kite, fish, carriedBox
    case spider, lift, glidingBird, hopper, burstingFish, flutteringLeaf

    func place(_ t: Double) -> SIMD2<Double> {
      switch self {
      case .bird: SIMD2(40 + 108 * t, 150 - 10 * sin(9 * t))
      case .moth: SIMD2(240 + 60 * sin(2.3 * t) + 24 * sin(7.1 * t), 150 + 36 * sin(3.7 * t) + 14 * sin(9.3 * t + 1))
      case .drone: SIMD2(60 + 160 * (t * t / 3 - 2 * t * t * t / 27), 240 - 84 * sin(t))
      case .climbingAircraft: SIMD2(40 + 120 * t, 260 - 20 * t - 12 * t * t)
      case .spring: SIMD2(240 + 0.4 * sin(5 * t), 150 + 50 * cos(6.3 * t))
      case .yoyo:
        // It rolls down its thread and up again: the turn at the bottom is as sharp as an impact.
        SIMD2(240, 60 + 72 * pow(1 - abs(1 - t.truncatingRemainder(dividingBy: 2)), 2))
      case .kite: SIMD2(240 + 60 * sin(0.9 * t) + 18 * sin(3.1 * t), 140 - 30 * sin(1.7 * t) - 12 * cos(4 * t))
      case .fish: SIMD2(40 + 72 * t + 12 * sin(5 * t), 160 - 24 * sin(2 * t))
      case .spider:
        // It drops on its thread, halts and climbs.
        SIMD2(240, 60 + 120 * pow(min(t, 0.9), 2) - 60 * max(0, min(t, 2.2) - 1.3))
      case .lift: SIMD2(240, 260 - Self.trapezoid(t - 0.3, ramp: 0.3, cruise: 1.0) * 90)
      case .glidingBird:
        // It flaps for a third of each period, at constant thrusts.
        SIMD2(
          30 + 90 * t + Self.alternating(t, period: 1.2, up: 0.4, by: 60),
          150 - 20 * t - Self.alternating(t, period: 1.2, up: 0.4, by: 260))
      case .hopper:
        // It kicks itself off to one speed each time, faster than it comes.
        SIMD2(30 + 60 * t + Self.hop(t).x, 200 + Self.hop(t).y)
      case .burstingFish:
        // It shoots off every 0.6 s, and turns round once.
        SIMD2(60 + Self.bursts(t), 160)
      case .flutteringLeaf: SIMD2(240 + 63 * sin(8 * t) + 15 * t, 20 + 80 * t - 15 * cos(16 * t))
      case .carriedBox: SIMD2(80 + 30 * t, 260 - 140 * Self.smooth(t / 1.2) + 60 * Self.smooth((t - 1.6) / 0.8))
      }
    }

    /// Seconds of full speed gone by, of a motion that speeds up, cruises and brakes evenly.
    private static func trapezoid(_ t: Double, ramp: Double, cruise: Double) -> Double {
      let (a, b, c) = (min(max(t, 0), ramp), min(max(t - ramp, 0), cruise), min(max(t - ramp - cruise, 0), ramp))
      return a * a / (2 * ramp) + b + c - c * c / (2 * ramp)
    }

    /// px gone under an acceleration of `by` px/s² for a time of each period, and as much the other way on the whole after.
    private static func alternating(_ t: Double, period: Double, up: Double, by a: Double) -> Double {
      let down = a * up / (period - up)
      let (whole, s) = ((t / period).rounded(.down), t.truncatingRemainder(dividingBy: period))
      // Each period goes on from the speed −a·up/2 and ends with it.
      func gone(_ s: Double) -> Double {
        let (u, v) = (min(s, up), max(0, s - up))
        return -a * up / 2 * s + a * u * u / 2 + a * up * v - down * v * v / 2
      }
      return whole * gone(period) + gone(s)
    }

    private static func hop(_ t: Double) -> SIMD2<Double> {
      // Kicked off forwards and up; air and its own weight take the way forwards again.
      let (period, kick) = (0.75, SIMD2(30.0, -42))
      let (whole, s) = ((t / period).rounded(.down), t.truncatingRemainder(dividingBy: period))
      func gone(_ s: Double) -> SIMD2<Double> { kick * s + SIMD2(-40, 120) * s * s / 2 }
      return whole * gone(period) + gone(s)
    }

    private static func bursts(_ t: Double) -> Double {
      (0..<5).reduce(0) { sum, k in
        let s = max(0, min(0.6, t - 0.6 * Double(k)))
        return sum + (k < 3 ? 1 : -1) * 220 * 0.2 * (1 - exp(-s / 0.2))
      }
    }

    private static func smooth(_ x: Double) -> Double {
      let x = min(1, max(0, x))
      return x * x * (3 - 2 * x)
    }
  }

  @Test("what flaps, is driven, hangs or is carried is never condemned", arguments: Everyday.allCases)
  func everyday(motion: Everyday) {
    for evidence in [SyntheticFlight.quietEvidence, Self.withHorizon] {
      let sample = LawSample("gravity", seeds: 12) { stream in
        let body = SyntheticTrack(frames: 75, noise: stream.uniform(in: 0.05...0.4))
        return body.judged([body.track(&stream, edges: 0) { motion.place($0) }], evidence: evidence)
      }
      #expect(sample.alarms == 0, "\(sample.findings.filter { !$0.violations.isEmpty })")
    }
  }

  static var withHorizon: MotionEvidence {
    var evidence = SyntheticFlight.quietEvidence
    evidence.horizon = .init(height: 280, slope: 0)
    return evidence
  }

  @Test("a body whose falls are seen to end in impacts is held to them: what it does against them needs power")
  func impacts() {
    var told = 0
    for seed in 0..<20 {
      var stream = RandomStream(seed: UInt64(seed), "powered")
      let flight = SyntheticFlight(&stream, violation: .gravityOff)
      guard flight.truth().violationTime != nil else { continue }
      let document = Judge().score(
        tracks: [flight.track(&stream)], evidence: SyntheticFlight.quietEvidence, clip: flight.clip)
      told += document.verdict == .implausible ? 1 : 0
    }
    #expect(told >= 8)
  }

  @Test("what walks may stop and go on as it did; what flies may not")
  func steps() {
    func judged(_ place: @escaping (Double) -> SIMD2<Double>) -> ScoreDocument {
      var stream = RandomStream(seed: 1, "steps")
      let body = SyntheticTrack(frames: 75, diameter: 14)
      return body.judged([body.track(&stream) { place($0) }])
    }
    /// Stands still from 0.8 s to 1.2 s.
    func held(_ t: Double) -> Double { min(t, 0.8) + max(0, t - 1.2) }
    #expect(judged { SIMD2(40 + 110 * held($0), 240) }.verdict != .implausible)
    #expect(judged { SIMD2(40 + 110 * held($0), 260 - 500 * held($0) + 250 * held($0) * held($0)) }.verdict == .implausible)
  }

  @Test("a thread that pays out belongs to the silhouette: it neither grows nor falls")
  func thread() {
    let sample = LawSample("rigidity", seeds: 12) { stream in
      let body = SyntheticTrack(frames: 60)
      let radius = 12.0
      /// Of the body's own middle.
      func depth(_ t: Double) -> Double { 60 + 72 * pow(1 - abs(1 - t), 2) }
      // The thread is 2 px wide and hangs from y = 20: its pixels and the disc's, and their moments.
      func moments(_ t: Double) -> (middle: Double, axes: SIMD2<Double>) {
        let (disc, length) = (Double.pi * radius * radius, depth(t) - radius - 20)
        let thread = 2 * length
        let (a, b) = (depth(t), 20 + length / 2)
        let middle = (disc * a + thread * b) / (disc + thread)
        let along =
          (disc * (radius * radius / 4 + pow(a - middle, 2)) + thread * (length * length / 12 + pow(b - middle, 2)))
          / (disc + thread)
        let across = (disc * radius * radius / 4 + thread / 3) / (disc + thread)
        return (middle, SIMD2(4 * along.squareRoot(), 4 * across.squareRoot()))
      }
      var track = body.track(&stream, outline: { (moments($0).axes, .pi / 2) }) { SIMD2(240, moments($0).middle) }
      for i in track.sightings.indices {
        let y = depth(track.sightings[i].time)
        track.sightings[i].outline = (20..<Int(y - radius)).map { .init(row: $0, from: 239, to: 241) }
        track.sightings[i].outline += (Int(y - radius)..<Int(y + radius)).map { row in
          let half = max(1, Int(max(0, radius * radius - pow(Double(row) + 0.5 - y, 2)).squareRoot()))
          return .init(row: row, from: 240 - half, to: 240 + half)
        }
      }
      return body.judged([track])
    }
    #expect(sample.alarms == 0, "\(sample.findings.filter { !$0.violations.isEmpty })")
  }

  @Test("what is large for its weight falls more slowly the faster it is", arguments: [0.4, 0.7, 1.0])
  func drag(terminal: Double) {
    // A balloon thrown forward and up, that bounces; terminal speed in px/s as a share of what it would fall at in one second.
    let (g, fps) = (700.0, 30.0)
    let end = terminal * g
    for seed in 0..<12 {
      var stream = RandomStream(seed: UInt64(seed), "drag")
      var (p, v) = (SIMD2(40.0, 120.0), SIMD2(stream.uniform(in: 150...300), stream.uniform(in: -320 ... -220)))
      let steps = 400
      var places: [SIMD2<Double>] = []
      for _ in 0..<75 {
        places.append(p)
        for _ in 0..<steps {
          let speed = (v.x * v.x + v.y * v.y).squareRoot()
          v += (SIMD2(0, g) - g * speed / (end * end) * v) / (fps * Double(steps))
          p += v / (fps * Double(steps))
          if p.y > 290, v.y > 0 { v.y *= -0.75 }
        }
      }
      let body = SyntheticTrack(frames: 75, diameter: 40)
      let document = body.judged([body.track(&stream) { t in places[Int((t * fps).rounded())] }])
      let told = document.laws.filter { ["gravity", "rigidity"].contains($0.law) && !$0.violations.isEmpty }
      #expect(told.isEmpty, "\(told)")
    }
  }

  @Test("a shadow that goes to and fro under a bouncing ball doesn't bob")
  func shadow() {
    var stream = RandomStream(seed: 1, "shadow")
    let body = SyntheticTrack(frames: 90)
    /// Above the floor.
    func height(_ t: Double) -> Double {
      let s = t.truncatingRemainder(dividingBy: 0.8)
      return 350 * s * (0.8 - s)
    }
    let ball = body.track(&stream) { SIMD2(60 + 30 * $0, 280 - height($0)) }
    var under = body
    under.id = 2
    let shadow = under.track(&stream) { SIMD2(300 + 30 * $0, 260 + 0.2 * height($0)) }
    let document = body.judged([ball, shadow])
    #expect(!document.laws.contains { $0.law == "buoyancy" && $0.applies }, "\(document.laws)")
  }
}

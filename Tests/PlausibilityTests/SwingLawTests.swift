import Foundation
import Plausibility
import Testing
import WorldCore

/// Pendulums and bobbing floats.
@Suite("Swings") struct SwingLawTests {
  struct Swing {
    var amplitude = 0.5
    var damping = 0.03
    var dry = 0.0
    /// Factor on ω² from half-way on.
    var quickening = 1.0
  }

  static let room = SyntheticTrack(frames: 110)
  static let length = 130.0
  static let omega = 5.2

  static func pendulum(_ swing: Swing, _ stream: inout RandomStream) -> Track {
    let step = 0.001
    var (angle, rate) = (swing.amplitude, 0.0)
    var path: [Double] = []
    for k in 0..<4000 {
      path.append(angle)
      let square = omega * omega * (k > 1800 ? swing.quickening : 1)
      rate += step * (-square * sin(angle) - 2 * swing.damping * rate - swing.dry * (rate > 0 ? 1 : -1))
      angle += step * rate
    }
    return room.track(&stream) { t in
      let a = path[min(path.count - 1, Int((t / step).rounded()))]
      return SIMD2(240, 90) + length * SIMD2(sin(a), cos(a))
    }
  }

  @Test("pendulums pass, damped by air or by a dry hinge, and their period's interval holds", arguments: [0.0, 0.25])
  func lawful(dry: Double) {
    let sample = LawSample("pendulum", seeds: 40) { stream in
      let swing = Swing(amplitude: stream.uniform(in: 0.25...1.0), damping: stream.uniform(in: 0...0.08), dry: dry)
      return Self.room.judged([Self.pendulum(swing, &stream)])
    }
    #expect(sample.findings.count > 36)
    #expect(sample.share(below: 0.05) < 0.1)
    #expect(sample.alarms <= 0.025)
    if dry == 0 { #expect((0.88...1.0).contains(sample.coverage { _ in 2 * .pi / Self.omega })) }
  }

  @Test(
    "a swing that grows or changes its pace is seen",
    arguments: [Swing(damping: -0.06), Swing(quickening: 1.12)])
  func violated(swing: Swing) {
    let sample = LawSample("pendulum", seeds: 10) { Self.room.judged([Self.pendulum(swing, &$0)]) }
    #expect(sample.findings.count >= 8)
    #expect(Double(sample.findings.count { !$0.violations.isEmpty }) > 0.9 * Double(sample.findings.count))
  }

  @Test("the scale tells the pendulum's g", arguments: [1.0, 3.0])
  func scaled(factor: Double) {
    var options = JudgeOptions()
    // At factor 1, ω²L is 9.81 m/s².
    options.pixelsPerMetre = Self.omega * Self.omega * Self.length / 9.81 / factor
    var stream = RandomStream(seed: 1, "scaled pendulum")
    let document = Self.room.judged([Self.pendulum(Swing(), &stream)], options: options)
    let finding = document.laws.first { $0.law == "pendulum" }
    #expect(finding?.applies == true)
    #expect((finding?.violations.isEmpty == false) == (factor == 3))
  }

  @Test("a float may come to rest, not bob ever higher", arguments: [0.35, -0.5])
  func bobbing(damping: Double) {
    let sample = LawSample("buoyancy", seeds: 12) { stream in
      let amplitude = damping > 0 ? 30.0 : 8.0
      return Self.room.judged([
        Self.room.track(&stream) { t in SIMD2(240, 160 + amplitude * exp(-damping * t) * cos(6 * t)) }
      ])
    }
    #expect(sample.findings.count >= 10)
    #expect(sample.findings.allSatisfy { ($0.violations.isEmpty) == (damping > 0) })
  }

  @Test("a ball that bounces is no float, nor a pendulum")
  func bouncing() {
    let sample = LawSample("buoyancy", seeds: 40) { stream in
      let flight = SyntheticFlight(&stream)
      return Judge().score(tracks: [flight.track(&stream)], evidence: SyntheticFlight.quietEvidence, clip: flight.clip)
    }
    #expect(sample.findings.isEmpty)
  }

  /// A bob with its rod in one silhouette: its middle, and the axes of its moments, which turn with it.
  static func withRod(_ swing: Swing, stretch: Double = 1, _ stream: inout RandomStream) -> Track {
    let bob = pendulum(swing, &stream)
    var track = bob
    track.kind = .extended
    for i in track.sightings.indices {
      let arm = track.sightings[i].position - SIMD2(240, 90)
      let factor = track.sightings[i].time < 1.5 ? 1 : stretch
      track.sightings[i].position = SIMD2(240, 90) + 0.8 * factor * arm
      track.sightings[i].axes = SIMD2(120 * factor, 18)
      track.sightings[i].angle = atan2(arm.y, arm.x)
    }
    return track
  }

  @Test("a pendulum with its rod in sight is one: it passes, and is told where it grows or its rod does")
  func rod() {
    func sample(_ swing: Swing, stretch: Double = 1, law: String = "pendulum") -> LawSample {
      LawSample(law, seeds: 12) { Self.room.judged([Self.withRod(swing, stretch: stretch, &$0)]) }
    }
    let lawful = sample(Swing())
    #expect(lawful.findings.count > 10 && lawful.alarms == 0)
    #expect(sample(Swing(damping: -0.06)).alarms > 0.9)
    #expect(sample(Swing(), stretch: 1.3, law: "rigidity").alarms > 0.9)
  }

  @Test("one that bends and stretches as it swings drives itself")
  func pumps() {
    let sample = LawSample("pendulum", seeds: 8) { stream in
      var track = Self.withRod(Swing(damping: -0.06), &stream)
      for i in track.sightings.indices {
        let pump = sin(2 * Self.omega * track.sightings[i].time)
        track.sightings[i].axes.x *= 1 + 0.2 * pump
        track.sightings[i].angle += 0.15 * pump
      }
      return Self.room.judged([track])
    }
    #expect(sample.alarms == 0)
  }
}

import Foundation
import Plausibility
import Testing
import WorldCore

/// Two pucks that meet: momentum is kept, or isn't.
@Suite("Momentum") struct MomentumLawTests {
  struct Meeting {
    var massRatio: Double
    var restitution: Double
    /// Degrees by which the second puck's change misses the line of the first's.
    var twist = 0.0
    /// Factor on the second puck's velocity after.
    var boost = 1.0
    var isAtRest = false
    /// Factor on the diameter and encoded levels on the colour of the second puck.
    var size = 1.0
    var tint = 0.0
  }

  static let room = SyntheticTrack(frames: 50)

  /// A collision at 0.8 s, head on but for an offset of the centres; the law's own slack in the direction is part of the truth.
  static func judged(_ meeting: Meeting, slack: Bool, _ stream: inout RandomStream) -> ScoreDocument {
    let angle = stream.uniform(in: -0.5...0.5)
    let n = SIMD2(cos(angle), sin(angle))
    let (v1, v2) = (SIMD2(110.0, 12), meeting.isAtRest ? .zero : SIMD2(-60.0, -8))
    let closing = ((v1 - v2) * n).sum()
    let (m1, m2) = (meeting.massRatio, 1.0)
    let impulse = (1 + meeting.restitution) * closing * m1 * m2 / (m1 + m2)
    let turn = meeting.twist * .pi / 180 + (slack ? stream.normal(standardDeviation: 0.14) : 0)
    let n2 = SIMD2(cos(angle + turn), sin(angle + turn))
    let (w1, w2) = (v1 - impulse / m1 * n, (v2 + impulse / m2 * n2) * meeting.boost)
    let time = 0.8
    let p1 = SIMD2(200.0, 150)
    let p2 = p1 + 18 * n
    var first = room
    var second = room
    second.id = 2
    if meeting.isAtRest { second.start = .rest }
    second.diameter *= meeting.size
    var tracks = [
      first.track(&stream) { t in t < time ? p1 + v1 * (t - time) : p1 + w1 * (t - time) },
      second.track(&stream) { t in t < time ? (meeting.isAtRest ? nil : p2 + v2 * (t - time)) : p2 + w2 * (t - time) },
    ]
    for i in tracks[1].sightings.indices { tracks[1].sightings[i].color += SIMD3(repeating: meeting.tint) }
    first.id = 1
    var options = JudgeOptions()
    options.view = .overhead
    return room.judged(tracks, options: options)
  }

  @Test(
    "what flies on nearly as fast as it came gave nothing to one of its size: of the same look that is told, of another it is doubt",
    arguments: [false, true])
  func unlikeMasses(isSame: Bool) {
    // The changes are those of a mass ratio of 7.
    let sample = LawSample("momentum", seeds: 40) {
      Self.judged(
        .init(massRatio: 7, restitution: 0.3, isAtRest: true, tint: isSame ? 0 : 50), slack: false, &$0)
    }
    #expect(sample.findings.count > 36)
    #expect(isSame ? sample.alarms > 0.9 : sample.alarms == 0)
    // Of one that is so much smaller it is lawful.
    let smaller = LawSample("momentum", seeds: 40) {
      Self.judged(.init(massRatio: 7, restitution: 0.3, isAtRest: true, size: 0.55), slack: false, &$0)
    }
    #expect(smaller.findings.count > 30 && smaller.alarms == 0)
  }

  @Test("lawful collisions alarm no more than promised, and the mass ratio's interval holds", arguments: [false, true])
  func lawful(atRest: Bool) {
    let sample = LawSample("momentum", seeds: 400) { stream in
      Self.judged(.init(massRatio: 1.7, restitution: 0.8, isAtRest: atRest), slack: true, &stream)
    }
    #expect(sample.findings.count > 380)
    // √(0.05 · 0.95 / 400) is 0.011; the one-sided test of the energy makes the law careful.
    #expect(sample.share(below: 0.05) < 0.05 + 0.022)
    #expect(sample.share(below: 0.05) > 0.005)
    #expect(sample.alarms < 0.02)
    let ids = sample.findings.compactMap(\.track)
    #expect((0.9...0.99).contains(sample.coverage { ids[$0] == 1 ? 1.7 : 1 / 1.7 }))
  }

  @Test(
    "momentum from nowhere and energy from nowhere are seen",
    arguments: [
      Meeting(massRatio: 1, restitution: 0.8, twist: 70), Meeting(massRatio: 2, restitution: 0.7, twist: -60),
      Meeting(massRatio: 1, restitution: 0.9, boost: 2.5),
    ])
  func violated(meeting: Meeting) {
    let sample = LawSample("momentum", seeds: 60) { Self.judged(meeting, slack: false, &$0) }
    #expect(sample.findings.count > 55)
    #expect(Double(sample.findings.count { !$0.violations.isEmpty }) > 0.9 * Double(sample.findings.count))
    #expect(sample.findings[0].violations.allSatisfy { $0.from < 0.85 && $0.to > 0.75 })
  }
}

/// Pucks on one table that meet, pass by, or pass through one another.
@Suite("Solidity") struct SolidityLawTests {
  static let room = SyntheticTrack(frames: 50)

  /// Two straight ways whose nearest distance is a share of the sum of radii; sightings of a shared outline are left out.
  static func judged(apart share: Double, view: JudgeOptions.View, _ stream: inout RandomStream) -> ScoreDocument {
    var second = room
    second.id = 2
    let offset = SIMD2(0, share * room.diameter)
    func place(_ k: Int, _ t: Double) -> SIMD2<Double>? {
      // 150 px/s towards each other, nearest at 0.8 s; what overlaps has one outline.
      let half = 75 * (t - 0.8)
      guard abs(2 * half) > 1.1 * room.diameter || share > 1.05 else { return nil }
      return SIMD2(240, 160) + (k == 0 ? SIMD2(half, 0) : SIMD2(-half, 0) + offset)
    }
    let tracks = [room.track(&stream) { place(0, $0) }, second.track(&stream) { place(1, $0) }]
    var options = JudgeOptions()
    options.view = view
    return room.judged(tracks, options: options)
  }

  @Test("on a table nothing passes through anything; past it, it may, and elsewhere behind it")
  func passing() {
    let through = LawSample("solidity", seeds: 40) { Self.judged(apart: 0.1, view: .overhead, &$0) }
    #expect(through.findings.count == 40 && through.alarms > 0.95)
    #expect(through.findings.allSatisfy { $0.violations.contains { $0.from < 0.85 && $0.to > 0.75 } })
    let past = LawSample("solidity", seeds: 200) { Self.judged(apart: 1.15, view: .overhead, &$0) }
    #expect(past.findings.count > 190 && past.share(below: 0.05) == 0)
    #expect(past.coverage { _ in 1.15 } > 0.95)
    let behind = LawSample("solidity", seeds: 20) { Self.judged(apart: 0.1, view: .unknown, &$0) }
    #expect(behind.findings.isEmpty && behind.alarms == 0)
  }
}

import Foundation
import Plausibility
import Testing
import WorldCore

/// A ball that bounces five times, and what is heard of it.
@Suite("Sound law") struct SoundLawTests {
  static let room: SyntheticTrack = {
    var room = SyntheticTrack()
    (room.fps, room.frames) = (30, 75)
    return room
  }()
  /// px/s².
  static let g = 2400.0
  static let floor = 290.0

  /// Impacts by the closed form: times, and speeds in px/s.
  static func impacts(restitution: Double = 0.8) -> (times: [Double], speeds: [Double]) {
    var (t, v) = ((2 * 200.0 / g).squareRoot(), (2 * g * 200).squareRoot())
    var (times, speeds) = ([Double](), [Double]())
    while t < 2.45 && times.count < 8 {
      times.append(t)
      speeds.append(v)
      v *= restitution
      t += 2 * v / g
    }
    return (times, speeds)
  }

  static func ball(_ stream: inout RandomStream) -> Track {
    let (times, speeds) = impacts()
    return room.track(&stream) { t in
      guard let last = times.lastIndex(where: { $0 <= t }) else { return SIMD2(60 + 120 * t, floor - 200 + g * t * t / 2) }
      let s = t - times[last]
      return SIMD2(60 + 120 * t, floor - speeds[last] * 0.8 * s + g * s * s / 2)
    }
  }

  /// Onsets at the impacts: 12 dB a tenfold of speed, with a recorder's offset.
  static func sound(
    offset: Double, _ stream: inout RandomStream, loudness: (Int, Double) -> Double? = { _, v in -20 + 12 * log10(v / 1000) }
  ) -> SoundEvidence {
    let (times, speeds) = impacts()
    let onsets = times.indices.compactMap { k -> SoundEvidence.Onset? in
      loudness(k, speeds[k]).map {
        .init(
          time: times[k] + offset + stream.normal(standardDeviation: 0.001), timeDeviation: 0.001,
          level: $0 + stream.normal(standardDeviation: 1.5))
      }
    }
    return SoundEvidence(
      onsets: onsets, span: 0...2.5, background: [Double](repeating: -62, count: 500), step: 0.005, isSilent: false)
  }

  static func judged(_ stream: inout RandomStream, _ sound: SoundEvidence) -> ScoreDocument {
    room.judged([ball(&stream)], sound: sound)
  }

  @Test("clips whose recorders are as good as EBU R37 asks alarm as seldom as promised, and the offset's interval holds")
  func lawful() {
    var offsets: [Double] = []
    let sample = LawSample("sound", seeds: 300) { stream in
      // A way of 0 to 15 m, and the recorder's own error.
      let late = stream.uniform(in: 0...1) < 0.5
      let offset =
        late
        ? stream.uniform(in: 0...15) / 343 + abs(stream.normal(standardDeviation: 0.03))
        : -abs(stream.normal(standardDeviation: 0.02))
      offsets.append(offset)
      return Self.judged(&stream, Self.sound(offset: offset, &stream))
    }
    #expect(sample.findings.count > 290)
    #expect(sample.share(below: 0.05) < 0.05 + 0.025)
    #expect(sample.alarms < 0.01 + 0.012)
    #expect(sample.coverage { offsets[$0] * 1000 } > 0.9)
  }

  @Test("sound far too early or late is seen, in ms", arguments: [-0.14, 0.18])
  func offset(offset: Double) {
    let sample = LawSample("sound", seeds: 40) { Self.judged(&$0, Self.sound(offset: offset, &$0)) }
    #expect(sample.findings.count == 40 && sample.alarms > 0.95)
    #expect(sample.findings.allSatisfy { abs($0.estimate!.value - offset * 1000) < 8 && $0.estimate!.unit == "ms" })
  }

  @Test("a missing sound, and a hard blow softer than a soft one, are seen at their impacts", arguments: [0, 1, 2])
  func loudness(kind: Int) throws {
    let (times, _) = Self.impacts()
    let sample = LawSample("sound", seeds: 40) { stream in
      let sound = Self.sound(offset: 0.01, &stream) { k, v in
        switch kind {
        case 0: k == 0 ? nil : -20 + 12 * log10(v / 1000)
        case 1: k == 2 ? nil : -20 + 12 * log10(v / 1000)
        default: k == 0 ? -45 : -20
        }
      }
      return Self.judged(&stream, sound)
    }
    #expect(sample.alarms > 0.95)
    let where_ = kind == 1 ? times[2] : times[0]
    #expect(sample.findings.allSatisfy { $0.violations.contains { $0.from - 0.05 < where_ && where_ < $0.to + 0.05 } })
  }

  @Test("sounds that have nothing to do with the picture say nothing of it")
  func unrelated() {
    let sample = LawSample("sound", seeds: 300) { stream in
      let onsets = (0..<8).map { _ in stream.uniform(in: 0...2.5) }.sorted().map {
        SoundEvidence.Onset(time: $0, timeDeviation: 0.001, level: -25 + stream.normal(standardDeviation: 4))
      }
      let sound = SoundEvidence(
        onsets: onsets, span: 0...2.5, background: [Double](repeating: -62, count: 500), step: 0.005, isSilent: false)
      return Self.judged(&stream, sound)
    }
    #expect(sample.alarms < 0.02)
  }
}

import Foundation
import MotionTracking
import Plausibility
import Testing
import WorldCore

/// Whole clips, from pixels to verdict.
@Suite("Judged clips") struct JudgedClipTests {
  static func judge(_ clip: PaintedClip, options: JudgeOptions = JudgeOptions()) throws -> ScoreDocument {
    let seen = try Tracker().track(clip.play)
    let description = ClipDescription(
      file: "painted", fps: clip.fps, size: [clip.width, clip.height], frames: clip.frames,
      duration: Double(clip.frames) / clip.fps)
    return Judge(options: options).score(tracks: seen.tracks, evidence: seen.evidence, clip: description)
  }

  struct Look: Sendable, CustomTestStringConvertible {
    var width: Int
    var fps: Double
    var noise: Double
    var seed: UInt64
    var testDescription: String { "\(width) px, \(fps) fps, noise \(noise), seed \(seed)" }
  }

  static let looks: [Look] = [
    Look(width: 256, fps: 30, noise: 2, seed: 1), Look(width: 256, fps: 24, noise: 4, seed: 2),
    Look(width: 192, fps: 30, noise: 1, seed: 3), Look(width: 384, fps: 50, noise: 3, seed: 4),
    Look(width: 256, fps: 60, noise: 6, seed: 5),
  ]

  static let lawOfFate: [PaintedClip.Fate: String] = [
    .weightlessFromHalf: "gravity", .teleports: "continuity", .gainsEnergy: "bounce", .vanishes: "permanence",
  ]

  @Test("what happens to a ball is told by the right law at the right time", arguments: looks, PaintedClip.Fate.allCases)
  func fates(look: Look, fate: PaintedClip.Fate) throws {
    let (clip, strike) = PaintedClip.thrown(fate, width: look.width, fps: look.fps, noise: look.noise, seed: look.seed)
    let document = try Self.judge(clip)
    guard let strike, let law = Self.lawOfFate[fate] else {
      #expect(document.verdict == .plausible, "\(document.laws)")
      return
    }
    #expect(document.verdict == .implausible, "\(document.laws)")
    let worst = document.laws.filter { !$0.violations.isEmpty }.min { ($0.score ?? 1) < ($1.score ?? 1) }
    #expect(worst?.law == law, "\(document.laws)")
    let late = worst?.violations.map { v in
      v.from <= strike && strike <= v.to ? 0 : min(abs(v.from - strike), abs(v.to - strike))
    }.min()
    // Gravity's end shows once the path has left the parabola by more than its error: two frames.
    #expect((late ?? .infinity) * look.fps <= 2.01)
  }

  @Test("frames in random order are no motion", arguments: [UInt64(1), 2, 3, 4])
  func shuffled(seed: UInt64) throws {
    var (clip, _) = PaintedClip.thrown(.lawful, seed: seed)
    var stream = RandomStream(seed: seed, "shuffle")
    clip.order = Array(0..<clip.frames).shuffled(using: &stream)
    let document = try Self.judge(clip)
    #expect(document.verdict == .implausible)
    #expect(document.laws.contains { $0.law == "continuity" && !$0.violations.isEmpty })
  }

  @Test("a clip that fades in and out is not called disorderly", arguments: [8, 12, 16, 20], [UInt64(1), 2])
  func fades(frames: Int, seed: UInt64) throws {
    var (clip, _) = PaintedClip.thrown(.lawful, seed: seed)
    let (whole, length) = (Double(frames) / clip.fps, Double(clip.frames) / clip.fps)
    clip.light = { min(1, max(0, min($0, length - $0) / whole)) }
    let document = try Self.judge(clip)
    #expect(document.verdict != .implausible, "\(document.laws)")
  }

  @Test("a still picture and pure noise are undetermined", arguments: [0.0, 2, 25, 60])
  func nothingMoves(noise: Double) throws {
    let document = try Self.judge(PaintedClip(frames: 24, noise: noise, discs: []))
    #expect(document.verdict == .undetermined)
    #expect(document.limits.contains { $0.hasPrefix("nothing") })
  }

  @Test("the same bytes give the same document, bit for bit")
  func determinism() throws {
    let (clip, _) = PaintedClip.thrown(.gainsEnergy)
    #expect(try Self.judge(clip).json() == Self.judge(clip).json())
  }
}

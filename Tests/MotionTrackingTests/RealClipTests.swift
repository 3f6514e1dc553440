import Foundation
import MediaIO
import MotionTracking
import Plausibility
import Testing
import WorldCore

/// Footage of real cameras, found beside the repository or through MONDO_SHARED; skipped where it's absent.
@Suite("Real clips", .enabled(if: RealClip.folder != nil, "no shared clips: set MONDO_SHARED to the folder that holds clips/"))
struct RealClipTests {
  @Test("no real clip is implausible", arguments: RealClip.all)
  func valid(clip: RealClip) throws {
    let document = try clip.judged()
    #expect(document.verdict != .implausible, "\(document.laws)")
  }

  @Test("the tossed ball falls with what hand tracking finds at that scale, −10.27 m/s², within 3 %")
  func toss() throws {
    var options = JudgeOptions()
    options.pixelsPerMetre = 398.7
    let document = try RealClip(file: "ball-toss.mp4", fps: nil).judged(options)
    #expect(document.verdict == .plausible)
    let g = try #require(document.laws.first { $0.law == "gravity" && $0.applies }?.estimate)
    #expect(g.unit == "m/s^2" && abs(g.value - 10.27) < 0.03 * 10.27)
  }

  @Test("through strong perspective, a ball's known diameter gives g within 5 %")
  func drop() throws {
    var options = JudgeOptions()
    options.knownDiameter = 0.04
    let document = try RealClip(file: "ball-drop-120fps.mp4", fps: 120).judged(options)
    #expect(document.verdict != .implausible)
    let g = try #require(document.laws.first { $0.law == "gravity" && $0.applies }?.estimate)
    #expect(abs(g.value - 9.81) < 0.05 * 9.81)
    #expect(g.ci95[0] < 9.81 && 9.81 < g.ci95[1])
  }
}

struct RealClip: Sendable, CustomTestStringConvertible {
  var file: String
  /// The rate at which it was shot, where the file plays at another.
  var fps: Double?
  /// The longer side is shrunk to this, px: keeps the suite quick.
  var side: Int?

  var testDescription: String { file }

  static let all = [
    RealClip(file: "ball-toss.mp4"), RealClip(file: "landing-long.mp4", side: 320), RealClip(file: "two-carts.mp4"),
    RealClip(file: "rolling-ball-slow.mp4"),
  ]

  static let folder: URL? = {
    let besides = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let candidates = [
      ProcessInfo.processInfo.environment["MONDO_SHARED"].map { URL(fileURLWithPath: $0) },
      besides.appending(path: "../shared"),
    ]
    return candidates.compactMap { $0?.appending(path: "clips") }.first { FileManager.default.fileExists(atPath: $0.path) }
  }()

  func judged(_ options: JudgeOptions = JudgeOptions()) throws -> ScoreDocument {
    let path = RealClip.folder!.appending(path: file).path
    var (last, size, stored) = (0.0, [0, 0], 0.0)
    let seen = try Tracker().track { visit in
      let reader = try VideoReader(path: path, maximumSide: side)
      size = [reader.width, reader.height]
      stored = reader.info.video?.framesPerSecond ?? 0
      while let frame = try reader.nextFrame() {
        last = fps.map { Double(frame.index) / $0 } ?? frame.time
        try visit(TimedFrame(index: frame.index, time: last, image: frame.image))
      }
    }
    let clip = ClipDescription(file: file, fps: fps ?? stored, size: size, frames: seen.frames, duration: last)
    return Judge(options: options).score(tracks: seen.tracks, evidence: seen.evidence, clip: clip)
  }
}

import Foundation
import MediaIO
import Plausibility
import Reports
import Testing
import WorldCore

@Suite("Score report") struct ScoreReportTests {
  /// A clip of a white square that falls, written for the test.
  final class Fixture {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mondo-report-test-\(UUID().uuidString)")
    let clip: String
    let track: Track

    init(frames: Int = 12) throws {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      // An odd height in the name only: the picture itself must be even for 4:2:0.
      clip = folder.appendingPathComponent("<fall> & rise.mp4").path
      let writer = try ClipWriter(
        path: clip, settings: ClipSettings(width: 64, height: 48, framesPerSecond: 24, hasSound: false, effort: .ultrafast))
      var sightings: [Track.Sighting] = []
      for k in 0..<frames {
        let y = 6 + k * k / 6
        var image = Image(width: 64, height: 48, filledWith: SRGB8(red: 40, green: 60, blue: 90))
        for dy in -3...3 {
          for dx in -3...3 { image[30 + dx, min(max(y + dy, 0), 47)] = SRGB8(red: 255, green: 255, blue: 255) }
        }
        try writer.append(image)
        sightings.append(
          .init(
            frame: k, time: Double(k) / 24, position: SIMD2(30.5, Double(y) + 0.5), covariance: Covariance2(isotropic: 0.01),
            area: 49,
            axes: SIMD2(8, 8)))
      }
      try writer.finish()
      track = Track(id: 1, kind: .compact, sightings: sightings, start: .clip, end: .clip)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func report(verdict: ScoreDocument.Verdict = .implausible) -> ScoreReport {
      let violation = LawFinding.Violation(from: 0.2, to: 0.25, what: "a body jumps </script><b>", sigma: 7.5)
      let broken = LawFinding(law: "continuity", applies: true, track: 1, score: 0.01, pValue: 1e-9, violations: [violation])
      let kept = LawFinding(
        law: "gravity", applies: true, track: 1, score: 0.9, pValue: 0.4,
        estimate: .init(value: 192, unit: "px/s^2", ci95: [180, 204]))
      let silent = LawFinding(law: "bounce", applies: false, note: "no impact was seen")
      let document = ScoreDocument(
        clip: ClipDescription(file: clip, fps: 24, size: [64, 48], frames: 12, duration: 0.5),
        score: verdict == .implausible ? 0.01 : 0.9,
        verdict: verdict, tracks: [], laws: verdict == .implausible ? [broken, kept, silent] : [kept, silent],
        limits: ["no scale given"])
      return ScoreReport(document: document, tracks: [track], clipPath: clip)
    }
  }

  @Test("the page holds everything it needs and nothing that a clip's name could smuggle in")
  func selfContained() throws {
    let fixture = try Fixture()
    let path = try fixture.report().write(to: fixture.folder.appendingPathComponent("page").path)
    let page = try String(contentsOfFile: path, encoding: .utf8)
    #expect(page.contains("data:video/mp4;base64,") && page.contains("data:image/png;base64,"))
    #expect(!page.contains("src=\"http") && !page.contains("href=\"http") && !page.contains("<link"))
    #expect(page.contains("&lt;fall&gt; &amp; rise.mp4") && !page.contains("<fall>"))
    #expect(!page.contains("</script><b>"))
    #expect(page.contains("Implausible: continuity is broken at 0.20–0.25 s"))
    #expect(page.contains("192 px/s²") && page.contains("180 … 204"))
    #expect(page.contains("Not testable in this clip: bounce."))
  }

  @Test("report.json is the score document, byte for byte")
  func document() throws {
    let fixture = try Fixture()
    let report = fixture.report()
    let folder = fixture.folder.appendingPathComponent("page")
    try report.write(to: folder.path)
    #expect(try Data(contentsOf: folder.appendingPathComponent("report.json")) == report.document.json())
  }

  @Test("the same judgement gives the same page")
  func deterministic() throws {
    let fixture = try Fixture()
    let pages = try ["a", "b"].map { name in
      try String(contentsOfFile: fixture.report().write(to: fixture.folder.appendingPathComponent(name).path), encoding: .utf8)
    }
    #expect(pages[0] == pages[1])
  }

  @Test("a verdict without violations says so", arguments: [ScoreDocument.Verdict.plausible, .undetermined])
  func clean(verdict: ScoreDocument.Verdict) throws {
    let fixture = try Fixture()
    let path = try fixture.report(verdict: verdict).write(to: fixture.folder.appendingPathComponent("page").path)
    let page = try String(contentsOfFile: path, encoding: .utf8)
    #expect(page.contains("None: every law that could be tested was obeyed."))
    #expect(page.contains("<body class=\"\(verdict.rawValue)\">"))
  }

  @Test("a missing chart library is named with what to do")
  func chartLibrary() {
    let message = ReportError.chartLibraryMissing(lookedAt: ["/nowhere/chart.js"]).description
    #expect(
      message
        == "Chart.js is not installed (looked at /nowhere/chart.js); install Debian's libjs-chart.js, as `make setup` does, "
        + "or name the file in MONDO_CHART_JS")
  }
}

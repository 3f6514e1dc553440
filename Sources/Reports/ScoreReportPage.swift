import Foundation
import MediaIO
import Mustache
import Plausibility
import WorldCore

/// The view behind `score.mustache`: every field is a text ready to be shown.
struct ScoreReportPage {
  private let report: ScoreReport
  private let embedded: EmbeddedClip
  private let series: MotionSeries

  init(_ report: ScoreReport) throws {
    self.report = report
    embedded = try EmbeddedClip(
      of: report.clipPath, frames: report.document.clip.frames, fps: report.document.clip.fps)
    series = MotionSeries(document: report.document, pixelsPerMetre: report.pixelsPerMetre)
  }

  func html() throws -> String {
    let template: MustacheTemplate
    do {
      template = try MustacheTemplate(string: text(PackageResources.score_mustache))
    } catch {
      throw ReportError.template("\(error)")
    }
    return template.render(try fields())
  }

  // MARK: Fields

  private func fields() throws -> [String: Any] {
    let document = report.document
    let clip = document.clip
    let testable = document.laws.filter(\.applies)
    let silent = document.laws.filter { !$0.applies }.map(\.law)
    let violations = self.violations
    return [
      "verdict": document.verdict.rawValue,
      "headline": headline, "subline": subline,
      "score": fixed(document.score, 2), "scorePercent": fixed(100 * document.score, 0),
      "file": URL(fileURLWithPath: clip.file).lastPathComponent,
      "width": clip.size[0], "height": clip.size[1], "fps": significant(clip.fps), "frames": clip.frames,
      "duration": significant(clip.duration),
      "scale": report.pixelsPerMetre.map { "\(significant($0)) px/m" } ?? "unknown: lengths in pixels",
      "trackCount": report.tracks.count,
      "video": embedded.video, "strobe": embedded.strobe, "strobeCount": embedded.strobeCount,
      "strobeTracks": trackLines,
      "violationsTitle": violations.isEmpty
        ? "Violations" : violations.count == 1 ? "One violation" : "\(violations.count) violations",
      "hasViolations": !violations.isEmpty,
      "noViolations": testable.isEmpty
        ? "Nothing in this clip could be tested." : "None: every law that could be tested was obeyed.",
      "violations": violations.map { $0.fields },
      "laws": testable.map(lawFields),
      "hasSilentLaws": !silent.isEmpty,
      "silentLaws": Self.distinct(silent).joined(separator: ", "),
      "lengthUnit": series.lengthUnit, "energyUnit": series.energyUnit,
      "chartReading":
        "Dots are measurements, lines the judge's fits, shaded bands the violations. Between contacts the energy of a "
        + "freely moving thing stays level or falls slowly with air drag; at an impact it may only drop.",
      "hasReference": document.reference != nil,
      "reference": (document.reference ?? [:]).sorted { $0.key < $1.key }.map {
        ["name": $0.key.replacingOccurrences(of: "_", with: " "), "value": significant($0.value)]
      },
      "limits": document.limits.isEmpty ? ["Only what the tracker followed was judged."] : document.limits.map(unitText),
      "json": String(decoding: try document.json(), as: UTF8.self),
      "version": Release.version,
      "style": text(PackageResources.report_css), "script": text(PackageResources.report_js),
      "charts": try ChartLibrary.script(), "data": try chartData(),
    ]
  }

  private var headline: String {
    switch report.document.verdict {
    case .plausible: "Plausible: this could have been filmed"
    case .undetermined:
      report.document.laws.contains { $0.applies && $0.pValue == nil && $0.score != nil }
        ? "Undetermined: an innocent explanation remains" : "Undetermined: nothing testable was seen"
    case .implausible:
      worst.map { "Implausible: \($0.law.replacingOccurrences(of: "-", with: " ")) is broken at \($0.span)" } ?? "Implausible"
    }
  }

  /// Each name once, where it comes first: a law is asked of every track.
  private static func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// What decided, in a sentence.
  private var subline: String {
    switch report.document.verdict {
    case .plausible:
      let laws = report.document.laws.filter(\.applies).map { $0.law.replacingOccurrences(of: "-", with: " ") }
      return "Tested and kept: \(Self.distinct(laws).joined(separator: ", "))."
    case .undetermined:
      let reason = report.document.laws.first { $0.applies && $0.pValue == nil && $0.score != nil }?.note
      return (reason ?? report.document.limits.first ?? "").sentence
    case .implausible: return (worst?.violation.what ?? "").sentence
    }
  }

  /// The violation that weighs most: of the law with the lowest score the furthest from lawful.
  private var worst: ShownViolation? {
    let least = report.document.laws.filter { !$0.violations.isEmpty }.compactMap(\.score).min()
    let of = report.document.laws.first { !$0.violations.isEmpty && $0.score == least }
    return of?.violations.max { $0.sigma < $1.sigma }.map { ShownViolation(law: of!.law, track: of!.track, violation: $0) }
  }

  private struct ShownViolation {
    var law: String, track: Int?, violation: LawFinding.Violation
    var span: String {
      let (from, to) = (fixed(violation.from, 2), fixed(violation.to, 2))
      return from == to ? "\(from) s" : "\(from)–\(to) s"
    }
    var fields: [String: Any] {
      [
        "law": law, "span": span, "from": violation.from, "what": unitText(violation.what),
        "sigma": violation.sigma.isFinite ? "\(significant(violation.sigma, 2)) σ" : "",
      ]
    }
  }

  private var violations: [ShownViolation] {
    report.document.laws
      .flatMap { finding in finding.violations.map { ShownViolation(law: finding.law, track: finding.track, violation: $0) } }
      .sorted { ($0.violation.from, $0.law) < ($1.violation.from, $1.law) }
  }

  private func lawFields(_ finding: LawFinding) -> [String: Any] {
    let interval = finding.estimate.map { estimate in
      estimate.ci95.count == 2 ? "\(significant(estimate.ci95[0])) … \(significant(estimate.ci95[1]))" : ""
    }
    return [
      "law": finding.law, "track": finding.track.map { "\($0)" } ?? "clip",
      "state": finding.violations.isEmpty ? "kept" : "broken",
      "score": finding.score.map { fixed($0, 2) } ?? "–", "percent": fixed(100 * (finding.score ?? 0), 0),
      "pValue": finding.pValue.map { $0 < 1e-4 ? "< 0.0001" : significant($0, 2) } ?? "–",
      "estimate": finding.estimate.map { "\(significant($0.value)) \(unitText($0.unit))" } ?? "–",
      "interval": interval ?? "–",
    ]
  }

  private func isBody(_ track: Track) -> Bool {
    (report.document.tracks.first { $0.id == track.id }?.kind ?? track.kind) == .compact
  }

  /// The tracks as lines and the last sighting as a ring, in the clip's pixels.
  private var trackLines: String {
    report.tracks.enumerated().map { index, track in
      let points = track.sightings.map { "\(fixed($0.position.x, 1)),\(fixed($0.position.y, 1))" }.joined(separator: " ")
      let width = fixed(Double(report.document.clip.size[0]) / 400, 2)
      // A shadow or mirror image is followed, too, but is no body.
      let dashes = isBody(track) ? "" : "stroke-dasharray=\"\(width) \(width)\" stroke-opacity=\"0.6\" "
      return "<polyline points=\"\(points)\" fill=\"none\" stroke=\"var(--t\(index % 6))\" stroke-width=\"\(width)\" \(dashes)"
        + "stroke-linejoin=\"round\" stroke-linecap=\"round\"/>"
    }.joined()
  }

  // MARK: Data of the charts

  private struct ChartData: Encodable {
    struct Track: Encodable {
      struct Point: Encodable { var t: Double, x: Double, y: Double, s: Double }
      var id: Int, color: Int, isBody: Bool, radius: Double, points: [Point], height: MotionSeries.Series,
        energy: MotionSeries.Series
    }
    struct Violation: Encodable { var from: Double, to: Double, track: Int? }
    var width: Int, height: Int, duration: Double, frame: Double, lengthUnit: String, energyUnit: String
    var tracks: [Track], violations: [Violation]
  }

  private func chartData() throws -> String {
    let clip = report.document.clip
    let tracks = report.tracks.enumerated().map { index, track in
      let curve = MotionCurve(of: track)
      return ChartData.Track(
        id: track.id, color: index, isBody: isBody(track), radius: Double(clip.size[0]) / 100,
        points: track.sightings.map {
          .init(t: $0.time, x: $0.position.x, y: $0.position.y, s: max($0.covariance.trace / 2, 0).squareRoot())
        },
        height: series.height(of: track, curve: curve), energy: series.energy(of: track, curve: curve))
    }
    let data = ChartData(
      width: clip.size[0], height: clip.size[1], duration: clip.duration, frame: 1 / clip.fps, lengthUnit: series.lengthUnit,
      energyUnit: series.energyUnit, tracks: tracks,
      violations: violations.map { .init(from: $0.violation.from, to: $0.violation.to, track: $0.track) })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    // Inside a script element only "<" could end it.
    return String(decoding: try encoder.encode(data), as: UTF8.self).replacingOccurrences(of: "<", with: "\\u003c")
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

import Foundation
import MediaIO
import Mustache
import Plausibility
import WorldCore

/// The view behind `evaluation.mustache`.
struct EvaluationReportPage {
  let report: EvaluationReport

  init(_ report: EvaluationReport) { self.report = report }

  func html() throws -> String {
    let template: MustacheTemplate
    do {
      template = try MustacheTemplate(string: text(PackageResources.evaluation_mustache))
    } catch {
      throw ReportError.template("\(error)")
    }
    var charts: [String: ChartData] = [:]
    var curves: [String: CurveData] = [:]
    var clips: [String: ClipData] = [:]
    let sections = try report.sections.enumerated().map { number, section in
      try fields(section, id: "s\(number)", charts: &charts, curves: &curves, clips: &clips)
    }
    return template.render([
      "kicker": report.kicker, "title": report.title, "subline": report.subline,
      "facts": report.facts.map { ["name": $0.name, "value": $0.value] }, "sections": sections, "json": report.json,
      "version": Release.version, "remark": report.remark,
      "style": text(PackageResources.report_css) + text(PackageResources.evaluation_css),
      "script": text(PackageResources.evaluation_js), "charts": try ChartLibrary.script(),
      "data": try encoded(PageData(charts: charts, curves: curves, clips: clips)),
    ])
  }

  // MARK: Sections

  private func fields(
    _ section: EvaluationReport.Section, id: String, charts: inout [String: ChartData], curves: inout [String: CurveData],
    clips: inout [String: ClipData]
  ) throws -> [String: Any] {
    var fields: [String: Any] = ["id": id, "title": section.title, "note": section.note, "hasNote": !section.note.isEmpty]
    switch section.content {
    case .table(let table):
      fields["table"] = [
        "columns": table.columns.enumerated().map { ["name": $1, "class": $0 == 0 ? "" : "number"] },
        "rows": table.rows.enumerated().map { number, row in
          [
            "class": number == table.firstOfRest ? "apart" : "", "head": row[0].text,
            "cells": row.dropFirst().map(cell),
          ] as [String: Any]
        },
      ]
    case .bars(let bars):
      charts[id] = ChartData(bars)
      fields["bars"] =
        ["id": id, "height": max(9, 2.4 + Double(bars.labels.count) * (0.9 + 0.95 * Double(bars.series.count)))]
        as [String: Any]
    case .curves(let content):
      curves[id] = CurveData(content)
      fields["curves"] = ["id": id]
    case .pictures(let rows):
      fields["pictures"] = try rows.map { row in
        [
          "title": row.title,
          "pictures": try row.pictures.map { name, image in
            [
              "name": name, "width": image.width, "height": image.height,
              "image": "data:image/png;base64," + Data(try PNG.encode(image)).base64EncodedString(),
            ] as [String: Any]
          },
        ] as [String: Any]
      }
    case .matrix(let matrix):
      fields["matrix"] = [
        "rowTitle": matrix.rowTitle, "columnTitle": matrix.columnTitle, "columns": matrix.columns, "span": matrix.columns.count,
        "rows": zip(matrix.rows, matrix.counts).map { name, counts in
          let total = max(1, counts.reduce(0, +))
          return [
            "name": name,
            "cells": zip(matrix.columns, counts).map { column, count in
              let share = Double(count) / Double(total)
              return [
                "count": count == 0 ? "" : "\(count)", "percent": fixed(100 * share, 0),
                "class": column == name ? "right" : "wrong",
                "strong": share > 0.55 ? "strong" : "",
              ]
            },
          ] as [String: Any]
        },
      ]
    case .clips(let list):
      fields["clips"] = try list.enumerated().map { number, clip in
        let name = "\(id)-\(number)"
        let embedded = try EmbeddedClip(of: clip.path, frames: clip.document.clip.frames, fps: clip.document.clip.fps)
        clips[name] = ClipData(clip)
        let violations = clip.document.laws.flatMap { finding in finding.violations.map { (finding.law, $0) } }
          .sorted { $0.1.sigma > $1.1.sigma }
        return [
          "id": name, "title": clip.title, "verdict": clip.document.verdict.rawValue, "score": fixed(clip.document.score, 2),
          "width": clip.document.clip.size[0], "height": clip.document.clip.size[1], "video": embedded.video,
          "strobe": embedded.strobe,
          "violations": violations.prefix(3).map { law, violation in
            [
              "law": law.replacingOccurrences(of: "-", with: " "), "what": unitText(violation.what), "from": violation.from,
              "time": "\(fixed(violation.from, 2)) s",
            ] as [String: Any]
          },
          "isClean": violations.isEmpty,
        ] as [String: Any]
      }
    case .list(let items): fields["list"] = ["items": items]
    }
    return fields
  }

  private func cell(_ cell: EvaluationReport.Table.Cell) -> [String: Any] {
    [
      "text": cell.text, "tone": cell.tone.rawValue, "hasShare": cell.share != nil,
      "percent": fixed(100 * min(max(cell.share ?? 0, 0), 1), 0),
    ]
  }

  // MARK: Data of charts and players

  private struct PageData: Encodable {
    var charts: [String: ChartData], curves: [String: CurveData], clips: [String: ClipData]
  }

  struct CurveData: Encodable {
    struct Point: Encodable { var x: Double, y: Double }
    struct Line: Encodable { var name: String, points: [Point], isFaint: Bool }
    var lines: [Line], across: String, upwards: String, isLogarithmic: Bool

    init(_ curves: EvaluationReport.Curves) {
      (across, upwards, isLogarithmic) = (curves.across, curves.upwards, curves.isLogarithmic)
      lines = curves.lines.map { line in
        Line(name: line.name, points: line.points.map { Point(x: $0.x, y: $0.y) }, isFaint: line.isFaint)
      }
    }
  }

  struct ChartData: Encodable {
    struct Series: Encodable { var name: String, values: [Double?], low: [Double?], high: [Double?], isReference: Bool }
    var labels: [String], series: [Series], from: Double, to: Double, unit: String, mark: Double?

    init(_ bars: EvaluationReport.Bars) {
      (labels, from, to, unit, mark) = (bars.labels, bars.range.lowerBound, bars.range.upperBound, bars.unit, bars.mark)
      series = bars.series.map { one in
        Series(
          name: one.name, values: one.values, low: one.errors.map { $0?.lowerBound }, high: one.errors.map { $0?.upperBound },
          isReference: one.isReference)
      }
    }
  }

  struct ClipData: Encodable {
    struct Point: Encodable { var t: Double, x: Double, y: Double }
    struct Line: Encodable { var id: Int, isBody: Bool, radius: Double, points: [Point] }
    struct Span: Encodable { var from: Double, to: Double, track: Int?, law: String }
    var width: Int, height: Int, frame: Double, duration: Double, tracks: [Line], violations: [Span]

    init(_ clip: EvaluationReport.Clip) {
      let (document, size) = (clip.document, clip.document.clip.size)
      (width, height, frame, duration) = (size[0], size[1], 1 / document.clip.fps, document.clip.duration)
      tracks = clip.tracks.map { track in
        Line(
          id: track.id, isBody: (document.tracks.first { $0.id == track.id }?.kind ?? track.kind) == .compact,
          radius: (track.sightings.map(\.axes.x).sorted()[track.sightings.count / 2]) / 2 + 2,
          points: track.sightings.map { Point(t: $0.time, x: $0.position.x, y: $0.position.y) })
      }
      violations = document.laws.flatMap { finding in
        finding.violations.map { Span(from: $0.from, to: $0.to, track: finding.track, law: finding.law) }
      }
    }
  }

  private func encoded(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    // Inside a script element only "<" could end it.
    return String(decoding: try encoder.encode(value), as: UTF8.self).replacingOccurrences(of: "<", with: "\\u003c")
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

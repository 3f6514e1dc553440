import Foundation
import MediaIO
public import Plausibility
public import WorldCore

/// One clip's judgement as a single web page that needs nothing beside it: the clip, its tracks drawn over the frames, height
/// and energy over time with violations shaded, and a table of laws with estimates and intervals.
public struct ScoreReport: Sendable {
  public var document: ScoreDocument
  /// What the judge saw, in pixels of the clip.
  public var tracks: [Track]
  /// Pixels a metre where it is known; lengths stay in pixels otherwise.
  public var pixelsPerMetre: Double?
  /// The clip itself, which the page embeds.
  public var clipPath: String

  public init(
    document: ScoreDocument, tracks: [Track], pixelsPerMetre: Double? = nil, clipPath: String
  ) {
    self.document = document
    self.tracks = tracks
    self.pixelsPerMetre = pixelsPerMetre
    self.clipPath = clipPath
  }

  /// Writes `report.html` and `report.json` into `folder`, which is made where it is missing. Each appears whole or not at all.
  ///
  /// Returns the page's path. Throws `ReportError`, `MediaError` or `FileError`.
  @discardableResult
  public func write(to folder: String) throws -> String {
    do { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) } catch {
      throw FileError(
        .create, path: folder, reason: "the folder can't be made", remedy: "choose a path that you may write to")
    }
    let page = try ScoreReportPage(self).html()
    try AtomicFile.write(try document.json(), to: folder + "/report.json")
    try AtomicFile.write(Data(page.utf8), to: folder + "/report.html")
    return folder + "/report.html"
  }
}

/// What can go wrong in making a page apart from reading the clip and writing the file.
public enum ReportError: Error, Equatable, CustomStringConvertible {
  case chartLibraryMissing(lookedAt: [String])
  case template(String)

  public var description: String {
    switch self {
    case .chartLibraryMissing(let places):
      "Chart.js is not installed (looked at \(places.joined(separator: ", "))); install Debian's libjs-chart.js, as `make setup` "
        + "does, or name the file in MONDO_CHART_JS"
    case .template(let message): "the report's template does not render: \(message)"
    }
  }
}

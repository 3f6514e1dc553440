import Foundation
public import Plausibility
public import WorldCore

/// An evaluation as a single web page that needs nothing beside it: tables, charts with error bars, a confusion matrix, clips
/// that play with what was found drawn in.
public struct EvaluationReport: Sendable {
  /// Above the title, in small letters.
  public var kicker: String
  public var title: String
  /// What it comes to, in a sentence or two.
  public var subline: String
  public var facts: [Fact]
  public var sections: [Section]
  /// The whole document, for machines: the page carries it, and it is written beside.
  public var json: String
  /// What the same is made of again, in a sentence.
  public var remark: String

  public init(
    kicker: String, title: String, subline: String, facts: [Fact] = [], sections: [Section] = [], json: String,
    remark: String = "The same suite and the same clips give the same numbers."
  ) {
    self.remark = remark
    self.kicker = kicker
    self.title = title
    self.subline = subline
    self.facts = facts
    self.sections = sections
    self.json = json
  }

  public struct Fact: Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
  }

  public struct Section: Sendable {
    public var title: String
    /// How to read it, in a sentence; may be empty.
    public var note: String
    public var content: Content

    public init(_ title: String, note: String = "", _ content: Content) {
      (self.title, self.note, self.content) = (title, note, content)
    }
  }

  public enum Content: Sendable {
    case table(Table)
    case bars(Bars)
    case curves(Curves)
    case matrix(Matrix)
    case pictures([Row])
    case clips([Clip])
    case list([String])
  }

  /// Rows under columns; the first column names the row.
  public struct Table: Sendable {
    public struct Cell: Sendable {
      public enum Tone: String, Sendable { case plain, good, bad, quiet }
      public var text: String
      public var tone: Tone
      /// A bar behind the text, 0…1.
      public var share: Double?

      public init(_ text: String, tone: Tone = .plain, share: Double? = nil) {
        (self.text, self.tone, self.share) = (text, tone, share)
      }
    }
    public var columns: [String]
    public var rows: [[Cell]]
    /// Rows from this one on are set apart.
    public var firstOfRest: Int?

    public init(columns: [String], rows: [[Cell]], firstOfRest: Int? = nil) {
      (self.columns, self.rows, self.firstOfRest) = (columns, rows, firstOfRest)
    }
  }

  /// Horizontal bars: a group for each label, a bar in it for each series.
  public struct Bars: Sendable {
    public struct Series: Sendable {
      public var name: String
      /// One a label; nil where there is nothing.
      public var values: [Double?]
      /// Half lengths of the error bars, below and above; empty for none.
      public var errors: [ClosedRange<Double>?]
      /// Drawn faintly, as what others are held against.
      public var isReference: Bool

      public init(_ name: String, values: [Double?], errors: [ClosedRange<Double>?] = [], isReference: Bool = false) {
        (self.name, self.values, self.errors, self.isReference) = (name, values, errors, isReference)
      }
    }
    public var labels: [String]
    public var series: [Series]
    /// Of the axis.
    public var range: ClosedRange<Double>
    public var unit: String
    /// A line across, such as a goal.
    public var mark: Double?

    public init(labels: [String], series: [Series], range: ClosedRange<Double> = 0...1, unit: String = "", mark: Double? = nil)
    {
      (self.labels, self.series, self.range, self.unit, self.mark) = (labels, series, range, unit, mark)
    }
  }

  /// Lines over a common axis.
  public struct Curves: Sendable {
    public struct Line: Sendable {
      public var name: String
      public var points: [SIMD2<Double>]
      /// Drawn faintly, behind the others.
      public var isFaint: Bool

      public init(_ name: String, points: [SIMD2<Double>], isFaint: Bool = false) {
        (self.name, self.points, self.isFaint) = (name, points, isFaint)
      }
    }
    public var lines: [Line]
    /// What the axes are, with their units.
    public var across: String
    public var upwards: String
    /// Whether equal ratios are equally far apart upwards; then all values are positive.
    public var isLogarithmic: Bool

    public init(_ lines: [Line], across: String, upwards: String, isLogarithmic: Bool = false) {
      (self.lines, self.across, self.upwards, self.isLogarithmic) = (lines, across, upwards, isLogarithmic)
    }
  }

  /// Pictures side by side, each with its name below.
  public struct Row: Sendable {
    public var title: String
    public var pictures: [(name: String, image: Image<SRGB8>)]

    public init(_ title: String, _ pictures: [(name: String, image: Image<SRGB8>)]) {
      (self.title, self.pictures) = (title, pictures)
    }
  }

  /// Counts by row and column, shaded by their share of the row.
  public struct Matrix: Sendable {
    public var rows: [String]
    public var columns: [String]
    public var counts: [[Int]]
    public var rowTitle: String
    public var columnTitle: String

    public init(rows: [String], columns: [String], counts: [[Int]], rowTitle: String, columnTitle: String) {
      (self.rows, self.columns, self.counts) = (rows, columns, counts)
      (self.rowTitle, self.columnTitle) = (rowTitle, columnTitle)
    }
  }

  /// A clip that plays, with its tracks and what was found.
  public struct Clip: Sendable {
    public var path: String
    public var title: String
    public var document: ScoreDocument
    public var tracks: [Track]

    public init(path: String, title: String, document: ScoreDocument, tracks: [Track]) {
      (self.path, self.title, self.document, self.tracks) = (path, title, document, tracks)
    }
  }

  /// Writes `report.html` into `folder`, which is there; it appears whole or not at all. Returns its path.
  ///
  /// Throws `ReportError`, `MediaError` or `FileError`.
  @discardableResult
  public func write(to folder: String) throws -> String {
    let path = folder + "/report.html"
    try write(asPage: path)
    return path
  }

  /// Writes the page under a name of its own; otherwise as `write(to:)`.
  public func write(asPage path: String) throws {
    try AtomicFile.write(Data(try EvaluationReportPage(self).html().utf8), to: path)
  }
}

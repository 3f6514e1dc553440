import WorldCore

/// Gathers what is wrong while a scene is read, so that one pass tells it all.
final class DiagnosticLog {
  /// As many as are kept; a broken generator's ten thousand more would help nobody.
  static let limit = 200

  private var sources: [String: SourceText] = [:]
  private var diagnostics: [Diagnostic] = []
  private var known: Set<String> = []
  private(set) var errorCount = 0

  /// Makes the lines of `source` known to later diagnostics.
  func add(_ source: SourceText) { sources[source.file] = source }

  func error(_ place: YAMLNode.Place, _ message: String, _ suggestion: String? = nil) {
    log(.error, place, message, suggestion)
  }

  func warning(_ place: YAMLNode.Place, _ message: String, _ suggestion: String? = nil) {
    log(.warning, place, message, suggestion)
  }

  private func log(_ severity: Diagnostic.Severity, _ place: YAMLNode.Place, _ message: String, _ suggestion: String?) {
    if severity == .error { errorCount += 1 }
    // What an alias repeats is told once.
    guard known.insert("\(place.location) \(message)").inserted, diagnostics.count < Self.limit else { return }
    let lines = sources[place.location.file]?.lines ?? []
    let line = lines.indices.contains(place.location.line - 1) ? lines[place.location.line - 1].text : nil
    diagnostics.append(
      Diagnostic(
        severity: severity, at: place.location, message, suggestion: suggestion, sourceLine: line, span: place.span))
  }

  /// In order of place: the scene file's, then those of other texts (flags, meshes) in order of first mention.
  var sorted: [Diagnostic] {
    var rank: [String: Int] = [:]
    for diagnostic in diagnostics { rank[diagnostic.location.file] = rank[diagnostic.location.file] ?? rank.count }
    return diagnostics.enumerated().sorted { a, b in
      let (x, y) = (a.element.location, b.element.location)
      return (rank[x.file]!, x.line, x.column, a.offset) < (rank[y.file]!, y.line, y.column, b.offset)
    }.map(\.element)
  }
}

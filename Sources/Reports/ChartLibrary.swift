import Foundation

/// Chart.js, which every page carries inside itself so that it opens without a network.
enum ChartLibrary {
  /// The library's text. It is a system package, like the codecs: nothing of it is kept in this project.
  static func script(environment: [String: String] = ProcessInfo.processInfo.environment) throws(ReportError) -> String {
    let places =
      (environment["MONDO_CHART_JS"].map { [$0] } ?? [])
      + ["/usr/share/javascript/chart.js/chart.min.js", "/usr/local/share/javascript/chart.js/chart.min.js"]
    for place in places {
      if let text = try? String(contentsOfFile: place, encoding: .utf8) {
        return text.replacingOccurrences(of: "</script", with: "<\\/script")
      }
    }
    throw .chartLibraryMissing(lookedAt: places)
  }
}

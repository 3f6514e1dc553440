import Foundation

/// Where a verb writes: never over what it reads.
enum OutputPath {
  /// - Throws: `UsageError` where an output is the same file as an input.
  static func check(_ outputs: [String], against inputs: [String?]) throws {
    let read = Set(inputs.compactMap(\.self).map(resolved))
    for output in outputs where read.contains(resolved(output)) {
      throw UsageError("'\(output)' is read by this command and would be overwritten", remedy: "choose another output")
    }
  }

  private static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }
}

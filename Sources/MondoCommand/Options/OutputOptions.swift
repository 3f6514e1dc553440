import ArgumentParser
import Foundation

/// How a verb tells what it did.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print machine-readable JSON on standard output, and nothing else there.")
  var json = false

  @Flag(help: "Print no progress and no summary, only errors.")
  var quiet = false

  /// Text for people: not with `--json`, not with `--quiet`.
  func summarize(_ text: @autoclosure () -> String) throws {
    if !json && !quiet { try StandardStream.output.print(text()) }
  }

  /// A value as JSON on standard output.
  func print(_ value: some Encodable) throws { try StandardStream.output.print(Self.text(value)) }

  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

import Foundation
import WorldCore

/// A small YAML file of settings, such as a suite of evaluations, read as strictly as a scene: unknown keys are errors with the
/// nearest name, and all that is wrong is told at once.
package final class SettingsFile {
  package let path: String
  private let log = DiagnosticLog()
  private var node: YAMLNode?

  /// - Throws: `SceneError` where the file can't be read or is no YAML mapping.
  package init(contentsOf path: String) throws(SceneError) {
    self.path = path
    guard let data = FileManager.default.contents(atPath: path) else {
      let exists = FileManager.default.fileExists(atPath: path)
      throw SceneError(
        [
          Diagnostic(
            at: SourceLocation(file: path, line: 1, column: 1), exists ? "the file can't be read" : "there is no such file")
        ],
        cause: exists ? .unreadable : .missing)
    }
    node = YAMLComposer.compose(SourceText(file: path, text: String(decoding: data, as: UTF8.self)), log: log)
    try check()
    guard node?.entries != nil else {
      throw SceneError([
        Diagnostic(at: SourceLocation(file: path, line: 1, column: 1), "a file of settings is a mapping of names to values")
      ])
    }
  }

  package var root: Node { Node(node: node!, log: log) }

  /// - Throws: all that was found wrong so far.
  package func check() throws(SceneError) {
    if log.errorCount > 0 { throw SceneError(log.sorted) }
  }

  /// A value of the file, with its place. What is wrong with it is remembered and reads as nil.
  package struct Node {
    fileprivate let node: YAMLNode
    fileprivate let log: DiagnosticLog

    /// The values of a mapping whose keys are among `names`.
    package func fields(_ names: [String]) -> [String: Node] {
      guard let entries = node.entries else {
        fail("here stands \(node.summary), where a mapping is expected")
        return [:]
      }
      var fields: [String: Node] = [:]
      for entry in entries {
        if names.contains(entry.key) {
          fields[entry.key] = Node(node: entry.value, log: log)
        } else {
          log.error(entry.keyPlace, "unknown key '\(entry.key)'", Suggestion.sentence(for: entry.key, among: names))
        }
      }
      return fields
    }

    /// All entries of a mapping, in order.
    package var entries: [(key: String, value: Node)] { (node.entries ?? []).map { ($0.key, Node(node: $0.value, log: log)) } }

    package var items: [Node] {
      guard let items = node.items else {
        fail("here stands \(node.summary), where a list is expected")
        return []
      }
      return items.map { Node(node: $0, log: log) }
    }

    package var text: String? {
      if case .scalar(let text, _) = node.content, !node.isNull { return text }
      fail("here stands \(node.summary), where a text is expected")
      return nil
    }

    /// The value as YAML on one line.
    package var flowText: String { node.flowText }

    package func number(in range: ClosedRange<Double>) -> Double? {
      guard case .scalar(let text, isPlain: true) = node.content, let value = Double(text), range.contains(value) else {
        fail("\(node.summary) is no number from \(Self.plain(range.lowerBound)) to \(Self.plain(range.upperBound))")
        return nil
      }
      return value
    }

    package func whole(in range: ClosedRange<Int>) -> Int? {
      guard case .scalar(let text, isPlain: true) = node.content, let value = Int(text), range.contains(value) else {
        fail("\(node.summary) is no whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
      }
      return value
    }

    /// One of these words.
    package func word(of words: [String]) -> String? {
      guard let text else { return nil }
      guard words.contains(text) else {
        fail("'\(text)' is not known here", Suggestion.sentence(for: text, among: words))
        return nil
      }
      return text
    }

    /// `256x144`, both even.
    package var size: (width: Int, height: Int)? {
      guard let text else { return nil }
      let sides = text.split(separator: "x").map { Int($0) }
      guard sides.count == 2, let width = sides[0], let height = sides[1], (16...1920).contains(width),
        (16...1920).contains(height),
        width % 2 + height % 2 == 0
      else {
        fail("'\(text)' is no size of a picture", "even sides from 16 to 1920, as in 256x144")
        return nil
      }
      return (width, height)
    }

    package func fail(_ message: String, _ suggestion: String? = nil) { log.error(node.place, message, suggestion) }

    private static func plain(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }
  }
}

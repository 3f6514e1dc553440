import WorldCore

/// A value of a YAML document, with its place.
struct YAMLNode: Sendable, Equatable {
  indirect enum Content: Sendable, Equatable {
    /// `isPlain` where it was written without quotes, so that `true` can be told from `"true"`.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([Entry])
  }
  struct Entry: Sendable, Equatable {
    var key: String
    var keyPlace: Place
    var value: YAMLNode
  }
  /// Where in the text, and how many characters of its first line it fills.
  struct Place: Sendable, Hashable {
    var location: SourceLocation
    var span: Int
  }

  var content: Content
  var place: Place
  /// How many nodes this stands for, aliases counted in full.
  var size = 1

  /// Whether it says nothing: an empty value, `~` or `null`.
  var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  var entries: [Entry]? {
    guard case .mapping(let entries) = content else { return nil }
    return entries
  }

  var items: [YAMLNode]? {
    guard case .sequence(let items) = content else { return nil }
    return items
  }

  /// As a message names it: `a list of 2`, `'abc'`.
  var summary: String {
    switch content {
    case .scalar(let text, _): isNull ? "nothing" : "'\(text.count > 60 ? text.prefix(60) + "…" : text[...])'"
    case .sequence(let items): items.isEmpty ? "an empty list" : "a list of \(items.count)"
    case .mapping(let entries): entries.isEmpty ? "an empty mapping" : "a mapping"
    }
  }

  /// The node as YAML in flow style on one line; composing it gives the same content.
  var flowText: String {
    switch content {
    case .scalar(let text, let isPlain):
      return isPlain && YAMLNode.isSafePlain(text) ? text : YAMLNode.quoted(text)
    case .sequence(let items):
      return "[" + items.map(\.flowText).joined(separator: ", ") + "]"
    case .mapping(let entries):
      let pairs = entries.map { (YAMLNode.isSafePlain($0.key) ? $0.key : YAMLNode.quoted($0.key)) + ": " + $0.value.flowText }
      return "{" + pairs.joined(separator: ", ") + "}"
    }
  }

  private static func isSafePlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else { return false }
    let inside = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./^* ()".unicodeScalars)
    return text.unicodeScalars.allSatisfy(inside.contains) && !["-", " ", "*"].contains(first) && last != " "
      || Double(text) != nil
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _
      where scalar.value < 32 || (0x7F...0x9F).contains(scalar.value) || [0x2028, 0x2029, 0xFEFF].contains(scalar.value):
        result +=
          "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count)
          + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

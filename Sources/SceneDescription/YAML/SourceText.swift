import WorldCore

/// The text of one file, cut into lines as YAML cuts them.
struct SourceText: Sendable {
  let file: String
  let bytes: [UInt8]
  let lines: [String]

  init(file: String, text: String) {
    self.file = file
    bytes = Array(text.utf8)
    // YAML 1.1's line breaks, which libyaml counts by: CR, LF, CR LF, NEL, LS, PS. Swift's own would differ.
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var afterCarriageReturn = false
    for scalar in text.unicodeScalars {
      defer { afterCarriageReturn = scalar == "\r" }
      if scalar == "\n" && afterCarriageReturn { continue }
      if ["\r", "\n", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar) {
        lines.append(String(line))
        line = String.UnicodeScalarView()
      } else {
        line.append(scalar)
      }
    }
    lines.append(String(line))
    self.lines = lines
  }

  /// The place after `scalars` Unicode scalars of line `line` (both from 0), its column counted in characters.
  func location(line: Int, scalars: Int) -> SourceLocation {
    guard lines.indices.contains(line) else { return SourceLocation(file: file, line: line + 1, column: scalars + 1) }
    let text = lines[line]
    let prefix = String(String.UnicodeScalarView(text.unicodeScalars.prefix(scalars)))
    return SourceLocation(file: file, line: line + 1, column: prefix.count + 1)
  }

  /// The place of the byte at `offset`.
  func location(byteOffset offset: Int) -> SourceLocation {
    let before = SourceText(file: file, text: String(decoding: bytes.prefix(offset), as: UTF8.self))
    return SourceLocation(file: file, line: before.lines.count, column: (before.lines.last?.count ?? 0) + 1)
  }
}

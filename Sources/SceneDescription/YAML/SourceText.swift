import WorldCore

/// The text of one file, cut into lines as YAML cuts them.
struct SourceText: Sendable {
  let file: String
  let bytes: [UInt8]
  let lines: [Line]

  struct Line: Sendable {
    var text: String
    /// Then a character is a byte, and a column needs no counting.
    var isASCII: Bool
  }

  init(file: String, text: String) {
    self.file = file
    let bytes = Array(text.utf8)
    // libyaml counts lines by the breaks of YAML 1.1: CR, LF, CR LF, NEL (C2 85), LS and PS (E2 80 A8, A9).
    var found: [Line] = []
    var start = 0
    var isASCII = true
    var i = 0
    func end(_ i: Int, _ length: Int) {
      found.append(Line(text: String(decoding: bytes[start..<i], as: UTF8.self), isASCII: isASCII))
      start = i + length
      isASCII = true
    }
    while i < bytes.count {
      let byte = bytes[i]
      var length = 1
      if byte == 0x0A || byte == 0x0D {
        length = byte == 0x0D && i + 1 < bytes.count && bytes[i + 1] == 0x0A ? 2 : 1
        end(i, length)
      } else if byte == 0xC2, i + 1 < bytes.count, bytes[i + 1] == 0x85 {
        length = 2
        end(i, length)
      } else if byte == 0xE2, i + 2 < bytes.count, bytes[i + 1] == 0x80, bytes[i + 2] | 1 == 0xA9 {
        length = 3
        end(i, length)
      } else if byte >= 0x80 {
        isASCII = false
      }
      i += length
    }
    end(bytes.count, 0)
    lines = found
    self.bytes = bytes
  }

  /// The place after `scalars` Unicode scalars of line `line` (both from 0), its column counted in characters.
  func location(line: Int, scalars: Int) -> SourceLocation {
    // At the end of a text without a last line break libyaml counts one line more.
    if line >= lines.count {
      return SourceLocation(file: file, line: lines.count, column: lines[lines.count - 1].text.count + 1)
    }
    var column = scalars + 1
    // In a line longer than any that people read, counting characters anew for each place would take for ever.
    if !lines[line].isASCII, lines[line].text.utf8.count < 10_000 {
      column = String(String.UnicodeScalarView(lines[line].text.unicodeScalars.prefix(scalars))).count + 1
    }
    return SourceLocation(file: file, line: line + 1, column: column)
  }

  /// The place of the byte at `offset`.
  func location(byteOffset offset: Int) -> SourceLocation {
    let before = SourceText(file: file, text: String(decoding: bytes.prefix(offset), as: UTF8.self))
    return SourceLocation(file: file, line: before.lines.count, column: (before.lines.last?.text.count ?? 0) + 1)
  }
}

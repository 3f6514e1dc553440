import SceneDescription
import Testing
import WorldCore

@Suite("Input that means harm, or none at all")
struct HostileInputTests {
  private func firstMessage(_ bytes: [UInt8]) -> String {
    Scene.validate(bytes: bytes, file: "x").first?.message ?? "silence"
  }

  @Test("100 MB are refused before they are read as YAML")
  func large() { #expect(firstMessage(Array(repeating: UInt8(ascii: "a"), count: 100_000_000)).contains("larger than 8 MiB")) }

  @Test(
    "8 MiB of one thing end in a message",
    arguments: ["- ", "[", "a: ", "&a ", "\"", "{a: [", "? ", "x\n", "#", "- x\n", "\u{A0}", "a: b\n"])
  func monotony(_ unit: String) {
    let count = 1 << 20
    #expect(!Scene.validate(yaml: String(repeating: unit, count: count / unit.utf8.count)).isEmpty)
  }

  @Test("A hundred thousand levels don't overflow the stack", arguments: ["[", "{a: ", "- ", "? - "])
  func deep(_ unit: String) {
    let diagnostics = Scene.validate(
      yaml: "mondo: 1\nbodies: " + (unit == "- " || unit == "? - " ? "\n  " : "") + String(repeating: unit, count: 100_000))
    #expect(diagnostics.contains { $0.message.contains("nested more than 64 levels deep") })
  }

  @Test("Aliases of aliases are counted at full size, also as keys")
  func bomb() {
    var text = "mondo: 1\nabout: x\na0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
    for i in 1...40 { text += "a\(i): &a\(i) [" + Array(repeating: "*a\(i - 1)", count: 9).joined(separator: ", ") + "]\n" }
    #expect(Scene.validate(yaml: text).contains { $0.message.contains("more than 500000 values, aliases counted in full") })
    #expect(!Scene.validate(yaml: text.replacing("a40: &a40", with: "? *a39\n: &a40")).isEmpty)
  }

  @Test(
    "Bytes that are no UTF-8 are found",
    arguments: [
      (Array("mondo: 1\nname: caf".utf8) + [0xE9, 0x0A], "the byte 0xE9 is not UTF-8 here", 2, 10),
      ([0xFF, 0xFE, 0x6D, 0x00], "UTF-16", 1, 1), ([0xC0, 0x80], "0xC0", 1, 1),
      (Array("é".utf8) + [0xED, 0xA0, 0x80], "0xED", 1, 2),
      (Array("a: \"".utf8) + [0xF0, 0x9F, 0x98], "0xF0", 1, 5),
    ] as [([UInt8], String, Int, Int)])
  func encoding(_ bytes: [UInt8], _ message: String, _ line: Int, _ column: Int) {
    let diagnostic = Scene.validate(bytes: bytes, file: "x")[0]
    #expect(diagnostic.message.contains(message))
    #expect(diagnostic.location == SourceLocation(file: "x", line: line, column: column))
  }

  @Test("A byte-order mark before UTF-8 is no mistake")
  func byteOrderMark() {
    #expect(
      firstMessage([0xEF, 0xBB, 0xBF] + Array("mondo: 1\nbodies: {a: {shape: {sphere: {radius: 1}}}}".utf8)) == "silence")
  }

  /// Mutants of every shipped scene: each is a scene, or something is said about it; and what is said has a place in the text.
  @Test("Mutants never crash the reader and are never met with silence", arguments: 0..<8)
  func mutants(_ lane: Int) throws {
    var stream = RandomStream(seed: UInt64(lane), "scene mutants")
    let texts = try ShippedScenes.paths.map { Array(try ShippedScenes.text($0).utf8) }
    let tokens = [
      "{", "}", "[", "]", ":", ",", "\n", "  ", "-", "'", "\"", "#", "&a", "*a", "!!x", "|", ">", "?", "\t", "~", "1e999",
      ".nan",
      "null", "yes", "0", "-1", "kg", "\u{0}", "é", "<<", "%", "@", "9999999999",
    ].map { Array($0.utf8) }
    var (scenes, refused) = (0, 0)
    for _ in 0..<500 {
      var bytes = texts[stream.index(below: texts.count)]
      for _ in 0...stream.index(below: 3) {
        let at = stream.index(below: bytes.count)
        switch stream.index(below: 5) {
        case 0: bytes[at] = UInt8(stream.index(below: 256))
        case 1: bytes.remove(at: at)
        case 2: bytes.insert(contentsOf: tokens[stream.index(below: tokens.count)], at: at)
        case 3: bytes.removeSubrange(at..<min(bytes.count, at + 1 + stream.index(below: 40)))
        default:
          let end = min(bytes.count, at + 1 + stream.index(below: 60))
          bytes.insert(contentsOf: bytes[at..<end], at: stream.index(below: bytes.count))
        }
        if bytes.isEmpty { bytes = [UInt8(ascii: "a")] }
      }
      let diagnostics = Scene.validate(bytes: bytes, file: "x")
      let text = String(decoding: bytes, as: UTF8.self)
      let lines = text.unicodeScalars.count { ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains($0) } + 1
      for diagnostic in diagnostics {
        #expect(
          !diagnostic.message.isEmpty && diagnostic.location.line >= 1 && diagnostic.location.line <= lines
            && diagnostic.location.column >= 1)
        _ = diagnostic.formatted()
      }
      if diagnostics.contains(where: { $0.severity == .error }) {
        refused += 1
      } else if String(validating: bytes, as: UTF8.self) != nil {
        scenes += 1
        let scene = try Scene(yaml: text)
        #expect(try Scene(yaml: text).canonicalBytes == scene.canonicalBytes)
      }
    }
    // The mutants are of both kinds, or the test has tested nothing.
    #expect(scenes > 20 && refused > 100)
  }
}

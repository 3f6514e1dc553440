import Foundation
import TarArchives
import Testing

@Suite("Tar archives") struct TarArchiveTests {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "mondo-tar-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  static let members = [
    TarReader.Member(name: "0-a.json", bytes: Array("{}".utf8)),
    TarReader.Member(name: "0-a.mp4", bytes: (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }),
    TarReader.Member(name: "empty", bytes: []),
    TarReader.Member(name: String(repeating: "n", count: TarWriter.longestName), bytes: [1]),
  ]

  func write(_ name: String, _ members: [TarReader.Member] = Self.members) throws -> String {
    let path = "\(folder)/\(name)"
    let writer = try TarWriter(path: path)
    for member in members { try writer.append(member.bytes, as: member.name) }
    try writer.finish()
    return path
  }

  @Test("hold what was put in, in its order, in the same bytes each time")
  func roundTrip() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (a, b) = (try write("a.tar"), try write("b.tar"))
    #expect(try TarReader.members(of: a) == Self.members)
    #expect(FileManager.default.contents(atPath: a) == FileManager.default.contents(atPath: b))
    // Two empty blocks close the archive, and nothing follows them.
    let blocks = Self.members.reduce(2) { $0 + 1 + ($1.bytes.count + 511) / 512 }
    #expect(FileManager.default.contents(atPath: a)?.count == blocks * 512)
    #expect(try TarReader.members(of: write("none.tar", [])) == [])
  }

  @Test("appear when they are whole")
  func atomic() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do {
      let writer = try TarWriter(path: folder + "/x.tar")
      try writer.append([1, 2, 3], as: "x")
      #expect(!FileManager.default.fileExists(atPath: folder + "/x.tar"))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  @Test("are refused where they are cut or no archives at all")
  func damage() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let whole = try #require(FileManager.default.contents(atPath: write("a.tar")))
    let cut = folder + "/cut.tar"
    try whole.prefix(20_000).write(to: URL(filePath: cut))
    #expect(throws: TarError.self) { try TarReader.members(of: cut) }
    let text = folder + "/text.tar"
    try Data("no archive, but long enough to be looked at as one".utf8).write(to: URL(filePath: text))
    let error = #expect(throws: TarError.self) { try TarReader.members(of: text) }
    #expect(error?.description == "\(text): no sound tar archive: Unrecognized archive format; make or download it again")
    let missing = #expect(throws: TarError.self) { try TarReader(path: folder + "/none.tar") }
    #expect(
      missing?.description == "\(folder)/none.tar: cannot read the archive: no such file; check the path and its permissions")
  }
}

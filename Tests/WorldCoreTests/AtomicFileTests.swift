import Foundation
import Testing
import WorldCore

@Suite final class AtomicFileTests {
  let folder = NSTemporaryDirectory() + "mondo-atomic-" + UUID().uuidString

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func text(_ name: String) -> String? { try? String(contentsOfFile: folder + "/" + name, encoding: .utf8) }
  private var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

  private func failure(_ work: () throws -> Void) -> FileError? {
    do {
      try work()
      return nil
    } catch { return error as? FileError }
  }

  @Test func theFileAppearsAtCommitOnly() throws {
    try AtomicFile.write("old", to: folder + "/a.txt")
    let file = try AtomicFile(path: folder + "/a.txt")
    try file.write(Array("new ".utf8))
    try file.write([])
    try file.write(Array("words".utf8))
    #expect(text("a.txt") == "old")
    #expect(names.count == 2)
    try file.commit()
    #expect(text("a.txt") == "new words")
    #expect(names == ["a.txt"])
  }

  @Test func anAbandonedFileLeavesNothing() throws {
    do {
      let file = try AtomicFile(path: folder + "/a.txt")
      try file.write([1, 2, 3])
    }
    #expect(names.isEmpty)
  }

  @Test func manyWritersAtOnce() async throws {
    let folder = folder
    await withTaskGroup(of: Void.self) { group in
      for k in 0..<40 {
        group.addTask { try? AtomicFile.write(String(repeating: "\(k % 10)", count: 10_000), to: folder + "/a.txt") }
      }
    }
    let result = try #require(text("a.txt"))
    #expect(result.count == 10_000 && Set(result).count == 1)
    #expect(names == ["a.txt"])
  }

  @Test func linksAreWrittenThroughAndModesKept() throws {
    try AtomicFile.write("old", to: folder + "/target.txt")
    chmod(folder + "/target.txt", 0o640)
    try FileManager.default.createSymbolicLink(atPath: folder + "/link.txt", withDestinationPath: folder + "/target.txt")
    try AtomicFile.write("new", to: folder + "/link.txt")
    #expect(text("target.txt") == "new")
    var status = stat()
    #expect(lstat(folder + "/link.txt", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(folder + "/target.txt", &status) == 0 && status.st_mode & 0o777 == 0o640)
  }

  @Test func foldersAndDevicesAreSpared() {
    let onFolder = failure { _ = try AtomicFile(path: folder) }
    #expect(onFolder?.description == "\(folder): cannot replace the file: it is a folder; give the path of a file")
    let onDevice = failure { _ = try AtomicFile(path: "/dev/null") }
    #expect(onDevice?.description == "/dev/null: cannot replace the file: it is no regular file; give the path of a file")
  }

  @Test func aMissingFolderIsNamed() {
    let path = folder + "/none/a.txt"
    let error = failure { try AtomicFile.write("x", to: path) }
    #expect(
      error?.description == "\(path): cannot create the file: No such file or directory; "
        + "create its folder first or choose another path")
  }
}

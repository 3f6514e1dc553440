import Foundation
import Mondo
import Testing

/// The README promises commands, a scene and a Swift program's calls: all of them are run here as they are printed.
@Suite("README") struct ReadmeTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let text = (try? String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)) ?? ""

  /// The lines inside fences of that language.
  static func blocks(_ language: String) -> [String] {
    text.components(separatedBy: "```\(language)\n").dropFirst().map { $0.components(separatedBy: "\n```")[0] }
  }

  @Test("every mondo command runs, in order, in one folder")
  func commands() throws {
    let workspace = try Workspace()
    try FileManager.default.createSymbolicLink(
      at: workspace.folder.appendingPathComponent("Scenes"), withDestinationURL: Self.root.appendingPathComponent("Scenes"))
    let lines = Self.blocks("sh").flatMap { $0.split(separator: "\n") }.map(String.init).filter { $0.hasPrefix("mondo ") }
    #expect(lines.count >= 8)
    for line in lines {
      var arguments = Self.words(line.components(separatedBy: " #")[0]).dropFirst().map { $0 }
      // One sample a pixel: what is tested is that the command works, not how smooth its picture is.
      if arguments.first == "render" { arguments += ["--samples", "1", "--fps", "12"] }
      let run = try CommandRun.mondo(arguments, in: workspace.folder)
      let mayBeNo = arguments.contains("--fail-under")
      #expect(run.status == 0 || (mayBeNo && run.status == 1), "\(line): \(run.error)")
    }
  }

  @Test("the make targets exist")
  func makeTargets() throws {
    let makefile = try String(contentsOf: Self.root.appendingPathComponent("Makefile"), encoding: .utf8)
    let lines = Self.blocks("sh").flatMap { $0.split(separator: "\n") }.filter { $0.hasPrefix("make ") }
    #expect(lines.count >= 2)
    for line in lines {
      let target = Self.words(line.components(separatedBy: " #")[0])[1]
      #expect(makefile.contains("\n\(target):"), "make \(target)")
    }
  }

  @Test("the scene is valid, and the Swift example's calls do what they say")
  func sceneAndSwift() throws {
    let yaml = try #require(Self.blocks("yaml").first)
    #expect(try Scene(yaml: yaml, file: "README.md").bodies.count == 2)

    let scene = try Scene(contentsOf: Self.root.appendingPathComponent("Scenes/balls/missed-shot.yaml").path)
    let trajectory = try Simulation(of: scene, seed: 7).run()
    #expect(trajectory.contacts.contains { $0.involves("ball", "board") && $0.kind == .impact })
    #expect(trajectory.contacts.contains { $0.involves("ball", "rim") && $0.kind == .impact })
  }

  /// Splits as a shell does where only single quotes are used.
  private static func words(_ line: String) -> [String] {
    var words: [String] = []
    var isQuoted = false
    var word = ""
    for character in line {
      if character == "'" {
        isQuoted.toggle()
      } else if character == " " && !isQuoted {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    return word.isEmpty ? words : words + [word]
  }
}

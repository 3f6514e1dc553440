import Foundation
import Mondo
import Testing

@Suite("mondo generate") struct GenerateTests {
  let workspace = try! Workspace()

  @Test("makes a clip with sound that says what made it, the same for the same seed")
  func makes() throws {
    let arguments = ["generate", "bounce.yaml", "--seconds", "0.5", "--steps", "2", "--seed", "3", "-o"]
    let run = try CommandRun.mondo(arguments + ["a.mp4", "--json"], in: workspace.folder)
    #expect(run.status == 0 && run.error == "", "\(run.error)")
    #expect(run.object?["frames"] as? Int == 12 && run.object?["noiseSeed"] as? Int == 3)
    let reader = try VideoReader(path: workspace.folder.appendingPathComponent("a.mp4").path)
    #expect(reader.width == 96 && reader.height == 64 && reader.info.audio != nil)
    let note = try #require(try JSONSerialization.jsonObject(with: workspace.data("a.json")) as? [String: Any])
    #expect((note["weights"] as? [String: String])?.keys.sorted() == ["sound-autoencoder", "transformer", "video-autoencoder"])
    #expect((note["fromSimulator"] as? [String])?.contains("contacts") == true)

    #expect(try CommandRun.mondo(arguments + ["b.mp4"], in: workspace.folder).status == 0)
    #expect(try workspace.data("a.mp4") == workspace.data("b.mp4"))
  }

  @Test("what can't be generated is refused before any work, and leaves nothing behind")
  func refuses() throws {
    for (arguments, part) in [
      ([], "generate takes a scene"), (["--prompt", "a ball"], "a prompt alone can't be generated yet"),
      (["bounce.yaml", "--extend", "a.mp4"], "--extend isn't there yet"),
      (["bounce.yaml", "--video", "a.mp4"], "--video isn't there yet"),
      (["bounce.yaml", "--seconds", "1000000"], "--seconds is positive and at most the scene's 1"),
      (["bounce.yaml", "--steps", "0"], "--steps is from 1 to 100"),
      (["bounce.yaml", "--size", "97x64"], "--size has even sides"),
    ] {
      let run = try CommandRun.mondo(["generate"] + arguments + ["-o", "a.mp4"], in: workspace.folder)
      #expect(run.status == 64 && run.error.contains(part), "\(run.error)")
    }
    #expect(try workspace.run("generate", "none.yaml", "-o", "a.mp4").status == 66)
    #expect(try workspace.run("generate", "bounce.yaml", "--image", "none.png", "-o", "a.mp4").status == 66)
    #expect(workspace.names == ["bounce.yaml"])
  }
}

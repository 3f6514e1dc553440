import Crypto
import Foundation
import Mondo
import Testing

@Suite("mondo train") struct TrainingTests {
  let workspace = try! Workspace()

  /// Two samples of a quarter of a second.
  func makeData() throws {
    let run = try workspace.run(
      "dataset", "bounce.yaml", "-n", "2", "-o", "data", "--samples", "1", "--set", "duration=0.25 s", "--size", "64x48")
    #expect(run.status == 0, "\(run.error)")
  }

  /// The curve that a page of training carries.
  func losses(_ page: String) throws -> [Double] {
    let text = String(decoding: try workspace.data(page), as: UTF8.self)
    let list = try #require(text.firstMatch(of: /"losses" ?: ?\[([^\]]*)\]|&quot;losses&quot; ?: ?\[([^\]]*)\]/))
    return (list.1 ?? list.2 ?? "").split { ", \n".contains($0) }.compactMap { Double($0) }
  }

  @Test("weights come with a card that says how they were made, and a page with what was measured and seen")
  func record() throws {
    // The second sample of a scene of this name is held out.
    try workspace.write(Workspace.scene.replacing("name: bounce", with: "name: hop"), to: "hop.yaml")
    let made = try workspace.run(
      "dataset", "hop.yaml", "-n", "2", "-o", "data", "--samples", "1", "--set", "duration=0.25 s", "--size", "64x48")
    #expect(made.status == 0, "\(made.error)")
    for kind in [["shader"], ["autoencoder", "--sound"]] {
      let run = try CommandRun.mondo(
        ["train"] + kind + ["data", "--steps", "2", "--seed", "5", "-o", "\(kind[0]).safetensors"], in: workspace.folder)
      #expect(run.status == 0, "\(run.error)")
      let card = String(decoding: try workspace.data("\(kind[0]).card.md"), as: UTF8.self)
      let digest = SHA256.hash(data: try workspace.data("\(kind[0]).safetensors")).map { String(format: "%02x", $0) }.joined()
      for told in [
        "mondo train \(kind.joined(separator: " ")) data --steps 2 --seed 5", "| seed | 5 |", "| steps | 2 of 2 |", digest,
        "| samples held out | 1 |",
      ] {
        #expect(card.contains(told), "\(told) in \(card)")
      }
      let page = String(decoding: try workspace.data("\(kind[0]).report.html"), as: UTF8.self)
      #expect(try losses("\(kind[0]).report.html").count == 2)
      // Pictures of the sample: plain view, shaded, render; or two spectrograms.
      #expect(page.matches(of: /<img src="data:image\/png/).count == (kind == ["shader"] ? 3 : 2))
    }
  }

  @Test("what can't be trained on is told, with the right code, and leaves nothing behind")
  func badInput() throws {
    #expect(try workspace.run("train", "autoencoder", "none", "-o", "w.safetensors").status == 66)
    #expect(try workspace.run("train", "autoencoder", ".").status == 64)
    let empty = try workspace.run("train", "autoencoder", ".", "-o", "w.safetensors")
    #expect(empty.status == 65 && empty.error.contains("there are no shards"))
    try workspace.write("no archive", to: "bad.tar")
    #expect(try workspace.run("train", "autoencoder", "bad.tar", "-o", "w.safetensors").status == 65)
    #expect(workspace.names == ["bad.tar", "bounce.yaml"])
  }

  @Test("clips are written as latents once, and into no folder that holds something else")
  func latents() throws {
    try makeData()
    func write(_ folder: String) throws -> CommandRun { try workspace.run("train", "latents", "data", "-o", folder, "--json") }
    let (made, again) = (try write("latents"), try write("latents"))
    #expect(made.status == 0 && made.object?["clips"] as? Int == 2 && made.object?["made"] as? Int == 2, "\(made.error)")
    #expect(again.status == 0 && again.object?["made"] as? Int == 0, "\(again.error)")
    #expect(workspace.names.sorted() == ["bounce.yaml", "data", "latents"])
    for (folder, problem) in [("data", "there is something in this folder"), ("bounce.yaml", "it is a file")] {
      let run = try write(folder)
      #expect(run.status == 65 && run.error.contains(problem), "\(run.error)")
    }
    #expect(try workspace.run("train", "latents", "none", "-o", "more").status == 66)
    #expect(!workspace.names.contains("more"))
  }

  @Test("killed with −9 and resumed, it comes to the weights that it would have come to")
  func killed() throws {
    try makeData()
    let arguments = ["train", "autoencoder", "data", "--steps", "6", "-o"]
    let whole = try CommandRun.mondo(arguments + ["whole.safetensors", "--json"], in: workspace.folder)
    #expect(whole.status == 0, "\(whole.error)")
    #expect((whole.object?["training"] as? [String: Any])?["steps"] as? Int == 6)

    // A command with --resume is the same before there is anything to go on from.
    let early = try CommandRun.mondo(arguments + ["early.safetensors", "--resume"], in: workspace.folder)
    #expect(early.status == 0 && early.error.contains("begins at its first step"), "\(early.error)")
    #expect(try workspace.data("early.safetensors") == workspace.data("whole.safetensors"))

    // A part of the way, put away by the clock; then killed; then the rest.
    let part = try CommandRun.mondo(arguments + ["w.safetensors", "--minutes", "0.0001"], in: workspace.folder)
    #expect(part.status == 0, "\(part.error)")
    let again = try CommandRun.mondo(arguments + ["w.safetensors"], in: workspace.folder)
    #expect(again.status == 65 && again.error.contains("go on with --resume"))
    let running = try RunningCommand(arguments + ["w.safetensors", "--resume"], in: workspace.folder)
    Thread.sleep(forTimeInterval: 0.2)
    kill(running.process.processIdentifier, SIGKILL)
    _ = try running.wait()
    let rest = try CommandRun.mondo(arguments + ["w.safetensors", "--resume"], in: workspace.folder)
    #expect(rest.status == 0, "\(rest.error)")
    #expect(try workspace.data("w.safetensors") == workspace.data("whole.safetensors"))
    // The curve is that of the whole training, too.
    let (curve, wholeCurve) = try (losses("w.report.html"), losses("whole.report.html"))
    #expect(curve == wholeCurve && curve.count == 6)

    // What was learnt can be begun with, by the same network only.
    let next = try workspace.run(
      "train", "autoencoder", "data", "--steps", "1", "--from", "w.safetensors", "-o", "next.safetensors")
    #expect(next.status == 0, "\(next.error)")
    let other = try workspace.run(
      "train", "shader", "data", "--steps", "1", "--from", "w.safetensors", "-o", "other.safetensors")
    #expect(other.status == 65 && other.error.contains("it holds a video-autoencoder"), "\(other.error)")
  }
}

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
    #expect(run.object?["frames"] as? Int == 12 && run.object?["noise_seed"] as? Int == 3)
    let reader = try VideoReader(path: workspace.folder.appendingPathComponent("a.mp4").path)
    #expect(reader.width == 96 && reader.height == 64 && reader.info.audio != nil)
    let note = try #require(try JSONSerialization.jsonObject(with: workspace.data("a.json")) as? [String: Any])
    #expect(
      (note["weights"] as? [String: String])?.keys.sorted() == [
        "neural-shader", "sound-autoencoder", "transformer", "video-autoencoder",
      ])
    #expect((note["from_simulator"] as? [String])?.contains("contacts") == true)

    #expect(try CommandRun.mondo(arguments + ["b.mp4"], in: workspace.folder).status == 0)
    #expect(try workspace.data("a.mp4") == workspace.data("b.mp4"))

    let student = try workspace.run("generate", "bounce.yaml", "--seconds", "0.5", "--student", "-o", "c.mp4", "--json")
    #expect(student.status == 0 && student.object?["student"] as? Bool == true, "\(student.error)")
    #expect((student.object?["weights"] as? [String: String])?["student"] != nil)
    #expect(try workspace.data("c.mp4") != workspace.data("a.mp4"))
  }

  @Test("a clip that goes on keeps its frames and sound, and the scene's motion")
  func extends() throws {
    let half = try CommandRun.mondo(
      ["generate", "bounce.yaml", "--seconds", "0.375", "--steps", "1", "-o", "half.mp4"], in: workspace.folder)
    #expect(half.status == 0, "\(half.error)")
    let whole = try CommandRun.mondo(
      ["generate", "bounce.yaml", "--seconds", "0.75", "--steps", "1", "--extend", "half.mp4", "-o", "whole.mp4", "--json"],
      in: workspace.folder)
    #expect(whole.status == 0, "\(whole.error)")
    #expect(whole.object?["frames"] as? Int == 18 && whole.object?["frames_given"] as? Int == 9)
    #expect(((whole.object?["given"] as? [String: String])?["extend"])?.hasPrefix("sha256:") == true)
    let long = try workspace.run("generate", "bounce.yaml", "--seconds", "0.375", "--extend", "half.mp4", "-o", "a.mp4")
    #expect(long.status == 64 && long.error.contains("lasts 0.375 s already"), "\(long.error)")
    let other = try workspace.run("generate", "bounce.yaml", "--size", "64x64", "--extend", "half.mp4", "-o", "a.mp4")
    #expect(other.status == 64 && other.error.contains("has 96×64 pixels, the clip that goes on 64×64"), "\(other.error)")

    let anime = try workspace.run(
      "generate", "--video", "half.mp4", "--style", "anime", "--steps", "1", "-o", "anime.mp4", "--json")
    #expect(anime.status == 0, "\(anime.error)")
    let weights = (anime.object?["weights"] as? [String: String])?.keys
    #expect(weights?.contains("style-shader") == true && weights?.contains("neural-shader") == false)
    let redrawn = try VideoReader(path: workspace.folder.appendingPathComponent("anime.mp4").path)
    #expect(redrawn.width == 96 && redrawn.height == 64 && redrawn.info.video?.frameCount == 9)
  }

  @Test("a first frame's digest is kept with the clip")
  func begins() throws {
    let picture = Image(width: 48, height: 32, filledWith: SRGB8(red: 90, green: 120, blue: 160))
    try PNG.write(picture, to: workspace.folder.appendingPathComponent("first.png").path)
    let run = try workspace.run(
      "generate", "--image", "first.png", "--prompt", "a ball", "--seconds", "0.25", "--steps", "1", "-o", "a.mp4", "--json")
    #expect(run.status == 0, "\(run.error)")
    #expect(((run.object?["given"] as? [String: String])?["image"])?.hasPrefix("sha256:") == true)
    #expect(run.object?["frames_given"] as? Int == 1)
  }

  @Test("pictures anywhere in a clip are kept with their times, and refused where they have no place")
  func keyframes() throws {
    func picture(_ name: String, _ width: Int, _ red: UInt8) throws {
      let image = Image(width: width, height: 32, filledWith: SRGB8(red: red, green: 120, blue: 160))
      try PNG.write(image, to: workspace.folder.appendingPathComponent(name).path)
    }
    try picture("first.png", 48, 90)
    try picture("last@2x.png", 48, 130)
    try picture("wide.png", 64, 90)
    let common = ["generate", "--prompt", "a ball", "--seconds", "0.5", "--steps", "1", "-o", "a.mp4"]
    let run = try CommandRun.mondo(
      common + ["--image", "first.png", "--image", "last@2x.png@0.5", "--json"], in: workspace.folder)
    #expect(run.status == 0, "\(run.error)")
    let told = try #require(run.object?["keyframes"] as? [[String: Any]])
    #expect(told.map { $0["seconds"] as? Double } == [0, 0.5])
    #expect(Set(told.compactMap { $0["digest"] as? String }).count == 2 && run.object?["frames_given"] as? Int == 2)
    let reader = try VideoReader(path: workspace.folder.appendingPathComponent("a.mp4").path)
    var shown: [Image<SRGB8>] = []
    while let frame = try reader.nextFrame() { shown.append(frame.image) }
    #expect(shown.count == 12)
    #expect(abs(Int(shown[0][24, 16].red) - 90) < 6 && abs(Int(shown[11][24, 16].red) - 130) < 6)

    for (images, part) in [
      (["first.png@0.6"], "first.png is given for 0.6 s, and the clip lasts 0.5 s"),
      (["first.png@-1"], "first.png is given for −1 s"),
      (["first.png", "last@2x.png@0.001"], "first.png and last@2x.png are given for the same frame"),
      (["first.png", "wide.png@0.2"], "wide.png has 64×32 pixels, the clip 48×32"),
    ] {
      let run = try CommandRun.mondo(common + images.flatMap { ["--image", $0] }, in: workspace.folder)
      #expect(run.status == 64 && run.error.contains(part), "\(images): \(run.status) \(run.error)")
    }
    let half = try workspace.run("generate", "--extend", "a.mp4", "--image", "first.png@0.2", "--seconds", "1", "-o", "b.mp4")
    #expect(half.status == 64 && half.error.contains("where a.mp4 is still shown"), "\(half.error)")
    let start = try workspace.run("generate", "--extend", "a.mp4", "--image", "first.png", "--seconds", "1", "-o", "b.mp4")
    #expect(start.status == 64 && start.error.contains("a clip that goes on begins with itself"), "\(start.error)")
    let whole = try workspace.run(
      "generate", "--extend", "a.mp4", "--image", "first.png@1", "--seconds", "1", "--steps", "1", "-o", "b.mp4", "--json")
    #expect(whole.status == 0 && whole.object?["frames_given"] as? Int == 13, "\(whole.error)")
  }

  @Test("words alone make a clip, in a size of one's own")
  func words() throws {
    let run = try CommandRun.mondo(
      [
        "generate", "--prompt", "una palla cade", "--seconds", "0.25", "--steps", "1", "--size", "48x64", "-o", "a.mp4",
        "--guidance", "words=2", "--json",
      ],
      in: workspace.folder)
    #expect(run.status == 0, "\(run.error)")
    #expect(
      run.object?["frames"] as? Int == 6 && run.object?["scene"] == nil && run.object?["caption"] as? String == "una palla cade"
    )
    #expect(run.object?["from_simulator"] as? [String] == [])
    #expect(run.object?["guidance"] as? [String: Double] == ["words": 2])
  }

  @Test("what can't be generated is refused with a sentence, and leaves nothing behind")
  func refuses() throws {
    try workspace.write("", to: "empty.mp4")
    try workspace.write("no weights", to: "transformer.safetensors")
    let swapped = workspace.folder.appendingPathComponent("swapped")
    try FileManager.default.createDirectory(at: swapped, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: TrainedWeights.geometry.path, toPath: swapped.appendingPathComponent("neural-shader.safetensors").path)
    let names = workspace.names
    for (arguments, status, part) in [
      ([], 64, "there is nothing to generate from"),
      (["--prompt", "?!"], 64, "the prompt has no words in it"),
      (["--prompt", "a ball", "--seconds", "1000000"], 64, "--seconds is positive and at most 60"),
      (["bounce.yaml", "--video", "empty.mp4"], 64, "--video draws a whole clip anew"),
      (["bounce.yaml", "--extend", "empty.mp4"], 65, "empty.mp4"),
      (["--video", "empty.mp4", "--style", "anime"], 65, "empty.mp4"),
      (["--video", "none.mp4"], 66, "none.mp4"),
      (["bounce.yaml", "--seconds", "1000000"], 64, "--seconds is positive and at most the scene's 1"),
      (["bounce.yaml", "--steps", "101"], 64, "--steps is from 0 to 100"),
      (["--prompt", "a ball", "--steps", "0"], 64, "--steps is from 1 to 100"),
      (["bounce.yaml", "--guidance", "words=2"], 64, "--guidance needs a step at least"),
      (["--prompt", "a ball", "--guidance", "colour=2"], 64, "'--guidance"),
      (["--prompt", "a ball", "--guidance", "words=2", "--guidance", "words=3"], 64, "--guidance names a condition twice"),
      (["bounce.yaml", "--student", "--steps", "5"], 64, "--student takes 1 to 4 steps, not 5"),
      (["bounce.yaml", "--student", "--guidance", "words=2"], 64, "--student was distilled without guidance"),
      (["bounce.yaml", "--size", "97x64"], 64, "--size has even sides"),
      (["bounce.yaml", "--weights", "."], 65, "these are no weights for this network"),
      (["bounce.yaml", "--weights", "nowhere"], 66, "it has none of"),
      (["bounce.yaml", "--weights", "swapped"], 65, "trained to draw over flat colours, not over a plain view"),
      (["none.yaml"], 66, "none.yaml"),
      (["bounce.yaml", "--image", "none.png"], 66, "none.png"),
    ] {
      let run = try CommandRun.mondo(["generate"] + arguments + ["-o", "a.mp4"], in: workspace.folder)
      #expect(run.status == status && run.error.contains(part), "\(arguments): \(run.status) \(run.error)")
      #expect(workspace.names == names)
    }
  }
}

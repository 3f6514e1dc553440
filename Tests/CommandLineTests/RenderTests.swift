import Foundation
import Mondo
import Testing

@Suite("mondo render and score") struct RenderTests {
  let workspace = try! Workspace()

  @Test("a clip has picture and sound of the scene's size, rate and length")
  func clip() throws {
    let run = try workspace.run("render", "bounce.yaml", "-o", "out.mp4", "--samples", "1")
    #expect(run.status == 0 && run.text.contains("out.mp4") && run.text.contains("96×64"), "\(run.error)")
    let info = try MediaInfo(path: workspace.folder.appendingPathComponent("out.mp4").path)
    #expect(info.video?.width == 96 && info.video?.height == 64 && info.video?.frameCount == 24)
    #expect(info.audio?.sampleRate == 48_000)
    #expect(workspace.names == ["bounce.yaml", "out.mp4"])
  }

  @Test("passes stand beside the clip, in float, of the documented shapes")
  func passes() throws {
    let run = try workspace.run(
      "render", "bounce.yaml", "-o", "out.mp4", "--passes", "depth,segmentation,normals,albedo,flow", "--size", "48x32",
      "--fps",
      "12", "--json")
    #expect(run.status == 0 && run.error == "")
    #expect(run.object?["frames"] as? Int == 12 && run.object?["clip"] == nil)
    let passes = try #require(run.object?["passes"] as? [String: String])
    #expect(passes["depth"] == "out.depth.safetensors" && passes.count == 5)
    #expect(!workspace.names.contains("out.mp4"))
    let shapes = [
      "depth": ["depth": [12, 32, 48], "distance": [12, 32, 48]], "segmentation": ["segmentation": [12, 32, 48]],
      "normals": ["normals": [12, 32, 48, 3]], "albedo": ["albedo": [12, 32, 48, 3]],
      "flow": [
        "forward": [12, 32, 48, 2], "backward": [12, 32, 48, 2], "forward_visibility": [12, 32, 48],
        "backward_visibility": [12, 32, 48],
      ],
    ]
    for (pass, tensors) in shapes {
      let header = try Self.header(try workspace.data("out.\(pass).safetensors"))
      for (name, shape) in tensors { #expect(header[name]?["shape"] as? [Int] == shape) }
    }
    // The camera is 4 m before the ball's plane, whose centre of mass is seen 4 m away less its radius.
    let segmentation = try Self.header(try workspace.data("out.segmentation.safetensors"))
    #expect(segmentation["__metadata__"] as? [String: String] == ["1": "floor", "2": "ball"])
  }

  static func header(_ data: Data) throws -> [String: [String: Any]] {
    let length = Int(data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    return try #require(try JSONSerialization.jsonObject(with: data[8..<8 + length]) as? [String: [String: Any]])
  }

  @Test("the same scene gives the same clip; a recording of it too")
  func deterministic() throws {
    _ = try workspace.run("render", "bounce.yaml", "-o", "a.mp4", "--samples", "1", "--quiet")
    _ = try workspace.run("simulate", "bounce.yaml", "-o", "run.safetensors", "--quiet")
    _ = try workspace.run(
      "render", "bounce.yaml", "-o", "b.mp4", "--samples", "1", "--quiet", "--trajectory", "run.safetensors")
    #expect(try workspace.data("a.mp4") == workspace.data("b.mp4"))
  }

  @Test(
    "misuse is refused and leaves nothing",
    arguments: [
      (["--size", "97x64"], 64, "odd side"), (["--size", "big"], 64, "big"), (["--fps", "0"], 64, "--fps is from 0.1 to 1000"),
      (["--fps", "-5"], 64, "--fps is from 0.1 to 1000, not -5.0"),
      (["--samples", "0"], 64, "--samples is from 1 to 1024"), (["--style", "noir"], 64, "noir"),
      (["--passes", "rgb,xray"], 64, "xray"),
      (["--size", "20000x20000"], 64, "20000×20000"), (["--trajectory", "none.json"], 66, "none.json"),
    ])
  func misuse(arguments: [String], status: Int32, message: String) throws {
    let run = try CommandRun.mondo(["render", "bounce.yaml", "-o", "out.mp4"] + arguments, in: workspace.folder)
    #expect(run.status == status && run.error.contains(message), "\(run.status): \(run.error)")
    #expect(workspace.names == ["bounce.yaml"] && run.output.isEmpty)
  }

  @Test("an unknown ending of the clip is refused")
  func ending() throws {
    let run = try workspace.run("render", "bounce.yaml", "-o", "out.xyz")
    #expect(run.status == 64 && run.error.contains("end it in .mp4, .mov or .webm"))
  }

  @Test("a recording of other bodies is refused")
  func otherBodies() throws {
    _ = try workspace.run("simulate", "bounce.yaml", "-o", "run.json", "--quiet")
    try workspace.write(Workspace.scene.replacingOccurrences(of: "  ball:", with: "  egg:"), to: "egg.yaml")
    let run = try workspace.run("render", "egg.yaml", "-o", "out.mp4", "--trajectory", "run.json")
    #expect(run.status == 65 && run.error.contains("'egg'"))
    // Of what the scene has no more, nothing would be seen.
    try workspace.write(
      Workspace.scene.replacingOccurrences(
        of: "bodies:", with: "bodies:\n  stray: {shape: {sphere: {radius: 1}}, position: [9, 9, 9]}"),
      to: "more.yaml")
    _ = try workspace.run("simulate", "more.yaml", "-o", "more.json", "--quiet")
    let surplus = try workspace.run("render", "bounce.yaml", "-o", "out.mp4", "--trajectory", "more.json")
    #expect(surplus.status == 65 && surplus.error.contains("'stray'"), "\(surplus.error)")
    #expect(!workspace.names.contains("out.mp4"))
  }

  @Test("kill −9 and Ctrl-C during a render leave nothing under the final names", arguments: [SIGKILL, SIGINT])
  func cutOff(signal: Int32) throws {
    let running = try workspace.start(
      "render", "bounce.yaml", "-o", "out.mp4", "--passes", "rgb,depth", "--size", "512x512", "--samples", "64")
    Thread.sleep(forTimeInterval: 0.8)
    #expect(running.process.isRunning)
    kill(running.process.processIdentifier, signal)
    #expect(try running.wait().signal == signal)
    #expect(workspace.names.filter { !$0.hasPrefix(".mondo-") } == ["bounce.yaml"])
    if signal == SIGINT { #expect(workspace.names == ["bounce.yaml"]) }
  }

  @Test("score: the document of a rendered clip, and --fail-under")
  func score() throws {
    _ = try workspace.run("render", "bounce.yaml", "-o", "out.mp4", "--size", "256x144", "--samples", "2", "--quiet")
    let run = try workspace.run("score", "out.mp4", "--scene", "bounce.yaml", "--json")
    #expect(run.status == 0 && run.error == "", "\(run.error)")
    let document = try JSONDecoder().decode(ScoreDocument.self, from: run.output)
    #expect(document.format == "mondo-score/1" && document.clip.frames == 24 && document.clip.size == [256, 144])
    #expect(document.verdict != .implausible, "\(run.text)")
    if !document.tracks.isEmpty { #expect(try #require(document.reference?["position_error_px"]) < 5) }
    #expect(try workspace.run("score", "out.mp4", "--fail-under", "1").status == 1)
    #expect(try workspace.run("score", "out.mp4", "--fail-under", "0").status == 0)
    #expect(try workspace.run("score", "out.mp4", "--json").output == workspace.run("score", "out.mp4", "--json").output)
  }

  @Test("score: foreign and missing files", arguments: [("bounce.yaml", 65), ("none.mp4", 66), ("empty.mp4", 65)])
  func foreign(file: String, status: Int32) throws {
    try workspace.write("", to: "empty.mp4")
    let run = try workspace.run("score", file)
    #expect(run.status == status && run.error.contains(file) && run.output.isEmpty, "\(run.status): \(run.error)")
  }

  @Test("visible: occlusion and pixel boxes")
  func visible() throws {
    let wall = "  wall: {shape: {box: {size: [1, 0.1, 1]}}, motion: fixed, position: [0, -1, 0.6]}\n"
    try workspace.write(Workspace.scene.replacingOccurrences(of: "camera:", with: wall + "camera:"), to: "wall.yaml")
    let open = try JSONDecoder().decode(
      VisibilityAnswer.self, from: workspace.run("query", "bounce.yaml", "visible", "--at", "0", "--json").output)
    #expect(open.visible.map(\.name) == ["floor", "ball"] && open.hidden == [])
    let ball = open.visible[1]
    // 1.1 m high, seen from 4 m: the box is centred above the picture's middle.
    #expect(abs(ball.center.value[0] - 48) < 1 && ball.box.value[0] < 48 && ball.box.value[2] > 48)
    let behind = try JSONDecoder().decode(
      VisibilityAnswer.self,
      from: workspace.run("query", "wall.yaml", "visible", "--at", "0.45", "--json").output)
    #expect(behind.hidden == ["ball"])
  }

  @Test("validate and schema")
  func validate() throws {
    let sound = try workspace.run("validate", "bounce.yaml")
    #expect(sound.status == 0 && sound.text == "bounce.yaml: valid  2 bodies, 0 joints, 1 s\n")
    try workspace.write(Workspace.scene.replacingOccurrences(of: "mass: 0.5", with: "mas: 0.5"), to: "bad.yaml")
    let bad = try workspace.run("validate", "bad.yaml", "bounce.yaml")
    #expect(bad.status == 65 && bad.error.contains("bad.yaml:10:") && bad.error.contains("did you mean 'mass'?"))
    let json = try workspace.run("validate", "bad.yaml", "bounce.yaml", "--json")
    let scenes = try #require(json.object?["scenes"] as? [[String: Any]])
    #expect(json.status == 65 && scenes.map { $0["valid"] as? Bool } == [false, true])
    #expect(((scenes[0]["diagnostics"] as? [[String: Any]])?.first)?["line"] as? Int == 10)
    let schema = try workspace.run("schema")
    #expect(schema.object?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect(try workspace.run("schema", "--reference").text.contains("bodies"))
  }
}

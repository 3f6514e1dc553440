import Foundation
import Mondo
import Testing

/// Whatever is handed to `mondo score`: a score, or one clear sentence with its exit code; never a crash.
@Suite("score, of any file") struct ScoreInputTests {
  let workspace = try! Workspace()

  private func path(_ name: String) -> String { workspace.folder.appendingPathComponent(name).path }

  /// A ball that crosses a plain wall.
  private func clip(_ name: String, width: Int = 96, height: Int = 64, frames: Int = 24, hasSound: Bool = false) throws {
    let writer = try ClipWriter(
      path: path(name),
      settings: ClipSettings(width: width, height: height, framesPerSecond: 24, hasSound: hasSound))
    for k in 0..<frames {
      var image = Image(width: width, height: height, filledWith: SRGB8(red: 120, green: 120, blue: 120))
      for y in 0..<height {
        for x in 0..<width where hypot(Double(x) - 12 - 3 * Double(k), Double(y) - 30) < 7 {
          image[x, y] = SRGB8(red: 220, green: 60, blue: 40)
        }
      }
      try writer.append(image)
    }
    if hasSound { try writer.append(AudioBuffer(silenceFor: Double(frames) / 24)) }
    try writer.finish()
  }

  @Test("what is no clip is told in a sentence")
  func noClip() throws {
    try Data().write(to: workspace.folder.appendingPathComponent("empty.mp4"))
    try workspace.write("not a clip", to: "text.mp4")
    var stream = RandomStream(seed: 1, "bytes")
    try Data((0..<5000).map { _ in UInt8(truncatingIfNeeded: stream.next()) }).write(
      to: workspace.folder.appendingPathComponent("noise.mp4"))
    let wave = AudioBuffer(silenceFor: 0.5).samples.count
    var header = Data("RIFF".utf8)
    func number(_ value: Int, bytes: Int) -> Data { Data((0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }) }
    header += number(36 + 2 * wave, bytes: 4) + Data("WAVEfmt ".utf8) + number(16, bytes: 4) + number(1, bytes: 2)
    header += number(1, bytes: 2) + number(48_000, bytes: 4) + number(96_000, bytes: 4) + number(2, bytes: 2)
    header += number(16, bytes: 2) + Data("data".utf8) + number(2 * wave, bytes: 4) + Data(count: 2 * wave)
    try header.write(to: workspace.folder.appendingPathComponent("sound.wav"))
    for (file, status, words) in [
      ("empty.mp4", 65, "the file is empty"), ("text.mp4", 65, "not a video"), ("noise.mp4", 65, "not a video"),
      ("sound.wav", 65, "no moving picture"), (".", 66, "it is a folder"), ("none.mp4", 66, "no such file"),
    ] {
      let run = try workspace.run("score", file, "--json")
      #expect(run.status == status && run.signal == nil && run.output.isEmpty, "\(file): \(run.status)")
      #expect(
        run.error.contains(words) && run.error.contains(file) && run.error.split(separator: "\n").count == 1, "\(run.error)")
    }
  }

  @Test("a scene and a view contradict each other")
  func sceneAndView() throws {
    let run = try workspace.run("score", "small.mp4", "--scene", "bounce.yaml", "--view", "overhead")
    #expect(run.status == 64 && run.error.contains("--view") && run.error.contains("--scene"), "\(run.error)")
  }

  @Test("what is hardly a clip has a score", arguments: [(96, 64, 1), (96, 64, 2), (640, 2, 12), (2, 2, 30)])
  func least(width: Int, height: Int, frames: Int) throws {
    try clip("small.mp4", width: width, height: height, frames: frames)
    let run = try workspace.run("score", "small.mp4", "--json")
    #expect(run.status == 0 && run.object?["verdict"] as? String == "undetermined", "\(run.error)")
  }

  @Test("a clip cut short or hit by rot is judged as far as it goes, and says so")
  func damaged() throws {
    try clip("whole.mp4", frames: 48)
    let bytes = try workspace.data("whole.mp4")
    try bytes.prefix(bytes.count * 2 / 3).write(to: workspace.folder.appendingPathComponent("cut.mp4"))
    let cut = try workspace.run("score", "cut.mp4", "--json")
    let limits = try #require(cut.object?["limits"] as? [String], "\(cut.error)")
    #expect(cut.status == 0 && limits.contains { $0.contains("the file is damaged") }, "\(limits)")
    // Wherever the rot is, there is an answer of one kind or the other.
    var stream = RandomStream(seed: 2, "rot")
    for number in 0..<4 {
      var rotten = bytes
      for _ in 0..<12 { rotten[stream.index(below: rotten.count)] ^= 0xff }
      try rotten.write(to: workspace.folder.appendingPathComponent("rot-\(number).mp4"))
      let run = try workspace.run("score", "rot-\(number).mp4", "--json")
      #expect(run.signal == nil && (run.status == 0 || run.status == 65), "\(run.status) \(run.error)")
    }
  }

  @Test("the same bytes come out twice, whatever the machine's threads")
  func determinism() throws {
    try clip("clip.mp4", hasSound: true)
    let first = try workspace.run("score", "clip.mp4", "--json")
    let again = try workspace.run(
      "score", "clip.mp4", "--json", environment: ["OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"])
    #expect(first.status == 0 && first.output == again.output)
  }
}

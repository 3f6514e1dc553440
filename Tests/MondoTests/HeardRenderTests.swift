import Foundation
import Mondo
import Testing

/// A rendered bounce with the sound that belongs to it, or another.
@Suite("Heard renders") struct HeardRenderTests {
  static let yaml = """
    mondo: 1
    name: heard
    duration: 2.8 s
    bodies:
      floor: {shape: {plane: {}}, motion: fixed, material: {like: concrete, restitution: 0.9}}
      ball: {shape: {sphere: {radius: 0.08}}, material: {like: rubber, restitution: 0.88, color: crimson}, position: [-0.85, 0, 0.75], velocity: [0.6, 0, 0]}
    light: {sky: overcast}
    sound: {ambience: room}
    camera: {position: [0, -2.8, 0.5], look_at: [0, 0, 0.4], fov: 30 deg}
    picture: {size: 256x144, fps: 30}
    """

  @Test("sound that comes with its picture passes; late or early sound, and a bounce nobody hears, don't")
  func heard() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mondo-heard-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }

    let scene = try Scene(yaml: Self.yaml)
    let trajectory = try Simulation(of: scene).run()
    let renderer = try Renderer(stage: scene.stage, options: RenderOptions(samplesPerPixel: 3))
    let frames = try (0..<renderer.frameCount(of: trajectory)).map { try renderer.frame(at: $0, of: trajectory).display! }
    let impacts = trajectory.contacts.filter { $0.kind == .impact }.map(\.time)

    func document(_ sound: AudioBuffer, _ name: String) throws -> ScoreDocument {
      let path = folder.appending(path: "\(name).mp4").path
      let clip = try ClipWriter(
        path: path,
        settings: ClipSettings(
          width: renderer.width, height: renderer.height, framesPerSecond: renderer.framesPerSecond, hasSound: true))
      for frame in frames { try clip.append(frame) }
      try clip.append(sound)
      try clip.finish()
      return try Judge().score(clip: path).document
    }
    let whole = SoundTrack(of: trajectory, on: scene.stage).render()

    let lawful = try document(whole, "lawful")
    let finding = try #require(lawful.laws.first { $0.law == "sound" && $0.applies }, "\(lawful.limits)")
    #expect(lawful.verdict == .plausible && finding.violations.isEmpty, "\(lawful.laws)")
    // From the camera to the impacts it is about 2.8 m.
    #expect(abs(finding.estimate!.value - 2.8 / 343 * 1000) < 8, "\(finding)")

    for lag in [0.16, -0.13] {
      let shift = Int(abs(lag) * 48_000)
      let silence = Array(repeating: SIMD2<Float>.zero, count: shift)
      let samples =
        lag > 0 ? Array((silence + whole.samples).prefix(whole.samples.count)) : Array(whole.samples.dropFirst(shift)) + silence
      let shifted = try document(AudioBuffer(samples: samples), "shifted")
      #expect(shifted.verdict == .implausible, "\(lag): \(shifted.laws)")
      #expect(shifted.laws.contains { $0.law == "sound" && !$0.violations.isEmpty })
    }

    var dumb = trajectory
    dumb.contacts.removeAll { $0.kind == .impact && $0.time == impacts[1] }
    let missing = try document(SoundTrack(of: dumb, on: scene.stage).render(), "missing")
    let silent = missing.laws.first { $0.law == "sound" }?.violations.contains {
      $0.from < impacts[1] + 0.05 && impacts[1] - 0.05 < $0.to
    }
    #expect(missing.verdict == .implausible && silent == true, "\(missing.laws)")
  }
}

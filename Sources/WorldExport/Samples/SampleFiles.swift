import Foundation
import MediaIO
import Rendering
import Safetensors
import SceneDescription
import SoundSynthesis
import WorldCore

/// The members of a sample, ready for a shard: clip with sound, geometry's plain view, document, tensors.
struct SampleFiles {
  /// By ending, in the order of the shard.
  var members: [(ending: String, bytes: [UInt8])]
  var frameCount: Int

  static let endings = ["mp4", "json", "preview.mp4", "safetensors"]

  /// Hardly told from the original, so that compression doesn't bound what an autoencoder can learn.
  private static let constantRateFactor = 14.0

  /// Renders and encodes everything on one thread.
  ///
  /// - Parameters:
  ///   - scratch: a folder for files in the making.
  ///   - progress: called after each frame; what it throws ends the work.
  init(_ world: SampleWorld, samplesPerPixel: Int?, scratch: String, progress: () throws -> Void = {}) throws {
    let stage = world.stage
    let picture = try Renderer(stage: stage, options: RenderOptions(samplesPerPixel: samplesPerPixel, threads: 1))
    var plain = try PlainPass(of: world, threads: 1)
    let (rate, count) = (plain.framesPerSecond, plain.frameCount)
    let sound = SoundTrack(of: world.trajectory, on: stage).render()

    let (clipPath, plainPath) = ("\(scratch)/\(world.key).clip.mp4", "\(scratch)/\(world.key).plain.mp4")
    defer { for path in [clipPath, plainPath] { try? FileManager.default.removeItem(atPath: path) } }
    func settings(sound: Bool) -> ClipSettings {
      ClipSettings(
        width: plain.width, height: plain.height, framesPerSecond: rate, hasSound: sound,
        constantRateFactor: Self.constantRateFactor)
    }
    let clip = try ClipWriter(path: clipPath, settings: settings(sound: true))
    let view = try ClipWriter(path: plainPath, settings: settings(sound: false))
    for index in 0..<count {
      try view.append(plain.next()!)
      try clip.append(picture.frame(at: index, of: world.trajectory).display!)
      let stretch = [index, index + 1].map { frame in
        min(Int((Double(frame) / rate * Double(sound.sampleRate)).rounded()), sound.samples.count)
      }
      try clip.append(AudioBuffer(samples: Array(sound.samples[stretch[0]..<stretch[1]])))
      try progress()
    }
    try clip.finish()
    try view.finish()

    let document = SampleDocument(world, frameCount: count, framesPerSecond: rate)
    members = Array(
      zip(
        Self.endings,
        [
          try Self.bytes(of: clipPath), Array(document.text.utf8), try Self.bytes(of: plainPath), try plain.tensors(),
        ]
      ).map { (ending: $0, bytes: $1) })
    frameCount = count
  }

  static func metadata(_ world: SampleWorld, _ layout: ControlLayout, _ rate: Double) -> [String: String] {
    func list(_ items: [String]) -> String { items.joined(separator: ",") }
    return [
      "format": "mondo-sample/1", "frames": "\(layout.frameCount)", "width": "\(layout.width)", "height": "\(layout.height)",
      "fps": "\(rate)", "controls": list(ControlLayout.Channel.allCases.map(\.rawValue)),
      "bodies": list(world.trajectory.bodies.map(\.name)), "bodies.states": list(MotionTensors.stateColumns),
      "bodies.pixels": list(MotionTensors.pixelColumns), "bodies.properties": list(MotionTensors.propertyColumns),
      "contacts": list(MotionTensors.contactColumns), "camera": list(MotionTensors.cameraColumns),
      "motions": list(BodyTrack.Motion.allCases.map(\.rawValue)), "shapes": list(MotionTensors.shapeNames),
      "sounds": list(Stage.SoundMaterial.allCases.map(\.rawValue)),
      "contact_kinds": list(ContactEvent.Kind.allCases.map(\.rawValue)),
    ]
  }

  private static func bytes(of path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw FileError(.read, path: path, reason: "it has gone", remedy: "leave the folder alone while it is being made")
    }
    return Array(data)
  }
}

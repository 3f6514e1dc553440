import Foundation
import Tensors
import WorldCore

/// A sample of a data set as the transformer learns from it: what the simulation tells, and the picture and sound that belong
/// to it.
struct ConditionedClip: Sendable {
  let conditions: WorldConditions
  /// [time, rows·columns, 16·latent width] and [1, sound tokens, 128].
  private let video: Tensor
  private let sound: Tensor

  /// About what it takes in memory.
  var byteCount: Int { 2 * (2 * video.count + video.shape[0] * video.shape[1] * 704) + 4 * sound.count }

  /// - Throws: what decoding and reading the members throws.
  init(_ sample: ShardSample, pictures: VideoAutoencoder, sounds: SoundAutoencoder, shader: NeuralShader?) throws {
    guard let clip = sample.members["mp4"] else {
      throw TrainingDataError.badSample(key: sample.key, problem: "its .mp4 is missing")
    }
    conditions = try Self.conditions(of: sample, encoder: pictures, shader: shader).withoutPictures()
    let shown = try Self.frames(clip)
    guard shown.count == conditions.frameCount else {
      throw TrainingDataError.badSample(key: sample.key, problem: "its clip and its plain view differ in length")
    }
    video = WorldConditions.tokens(of: shown, encoder: pictures)
    let heard = SoundTokens.tokens(sounds.encode(try SoundClip(sample).sound))
    let missing = conditions.soundTokenCount - heard.shape[1]
    sound =
      missing > 0 ? heard.padded(axis: 1, before: 0, after: missing) : heard.slice(axis: 1, 0..<conditions.soundTokenCount)
  }

  /// What is told of a sample; see `WorldConditions`.
  static func conditions(of sample: ShardSample, encoder: VideoAutoencoder?, shader: NeuralShader?) throws -> WorldConditions {
    guard let plain = sample.members["preview.mp4"], let tensors = sample.members["safetensors"] else {
      throw TrainingDataError.badSample(key: sample.key, problem: "one of its files is missing or damaged")
    }
    let story = try SampleStory(sample)
    return try WorldConditions(
      tensors: Data(tensors), plainView: frames(plain), framesPerSecond: story.framesPerSecond, captions: story.captions,
      styles: story.style.map { [$0] } ?? [], encoder: encoder, shader: shader, key: sample.key)
  }

  private static func frames(_ clip: [UInt8]) throws -> [Image<SRGB8>] {
    let decoded = try PixelClip.decode(clip)
    return decoded.frames.map { Image(width: decoded.width, height: decoded.height, bytes: $0) }
  }

  /// By how much the picture's latents differ from those of the shaded view, [time, rows·columns, 16·latent width].
  var residual: Tensor { video.converted(to: .float32) - conditions.base(0..<video.shape[0])!.converted(to: .float32) }

  /// The clean latents of a stretch of video tokens.
  func latents(_ times: Range<Int>) -> JointLatents {
    let stretch = video.slice(axis: 0, times)
    return JointLatents(
      video: stretch.reshaped([1, stretch.shape[0] * stretch.shape[1], stretch.shape[2]]).converted(to: .float32),
      sound: sound.slice(axis: 1, conditions.soundRange(times)))
  }
}

/// The looks that the network knows by number.
public enum GeneratorStyle: String, CaseIterable, Sendable {
  case realistic, cinematic, anime

  public var number: Int { Self.allCases.firstIndex(of: self)! }
}

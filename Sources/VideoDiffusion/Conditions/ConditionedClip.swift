import Foundation
package import Tensors
import WorldCore

/// A sample of a data set as the transformer learns from it: what the simulation tells, and the picture and sound that belong
/// to it.
package struct ConditionedClip: Sendable {
  package let conditions: WorldConditions
  /// [time, rows·columns, 16·latent width] and [1, sound tokens, 128].
  let video: Tensor
  let sound: Tensor
  /// Of the view that is drawn over flat colours, in the form of `video`; nil without a shader for geometry.
  let flatBase: Tensor?

  /// About what it takes in memory.
  var byteCount: Int { 2 * ((flatBase == nil ? 2 : 3) * video.count + video.shape[0] * video.shape[1] * 704) + 4 * sound.count }

  init(_ conditions: WorldConditions, video: Tensor, sound: Tensor, flatBase: Tensor?) {
    (self.conditions, self.video, self.sound, self.flatBase) = (conditions, video, sound, flatBase)
  }

  /// - Throws: what decoding and reading the members throws.
  init(
    _ sample: ShardSample, pictures: VideoAutoencoder, sounds: SoundAutoencoder, shader: NeuralShader?, geometry: NeuralShader?,
    soundShader: SoundShader?
  ) throws {
    guard let clip = sample.members["mp4"] else {
      throw TrainingDataError.badSample(key: sample.key, problem: "its .mp4 is missing")
    }
    conditions = try Self.conditions(
      of: sample, encoder: pictures, shader: shader, drawnSound: soundShader.map { DrawnSound(shader: $0, coder: sounds) }
    ).withoutPictures()
    flatBase = try geometry.flatMap {
      let flat = try Self.conditions(of: sample, isPlain: false, encoder: pictures, shader: $0)
      return flat.base(0..<flat.tokens.time)
    }
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
  ///
  /// - Parameter isPlain: whether the plain view is.
  static func conditions(
    of sample: ShardSample, isPlain: Bool = true, encoder: VideoAutoencoder?, shader: NeuralShader?,
    drawnSound: DrawnSound? = nil
  ) throws -> WorldConditions {
    guard let plain = sample.members["preview.mp4"], let tensors = sample.members["safetensors"] else {
      throw TrainingDataError.badSample(key: sample.key, problem: "one of its files is missing or damaged")
    }
    let story = try SampleStory(sample)
    return try WorldConditions(
      tensors: Data(tensors), plainView: isPlain ? frames(plain) : nil, framesPerSecond: story.framesPerSecond,
      captions: story.captions, styles: story.style.map { [$0] } ?? [], sky: story.sky, ambience: story.ambience,
      drawnSound: drawnSound, encoder: encoder, shader: shader, key: sample.key)
  }

  private static func frames(_ clip: [UInt8]) throws -> [Image<SRGB8>] {
    let decoded = try PixelClip.decode(clip)
    return decoded.frames.map { Image(width: decoded.width, height: decoded.height, bytes: $0) }
  }

  /// By how much the picture's latents differ from those of the shaded view, [time, rows·columns, 16·latent width]; nil where
  /// there is none over flat colours.
  ///
  /// - Parameter isFlat: whether that view is the one over flat colours.
  func residual(isFlat: Bool) -> Tensor? {
    let base = isFlat ? flatBase : conditions.base(0..<video.shape[0])
    return base.map { video.converted(to: .float32) - $0.converted(to: .float32) }
  }

  /// By how much the sound's latents differ from those of the drawn sound, [1, sound tokens, 128]; nil where none is drawn.
  var soundResidual: Tensor? { conditions.soundBase.map { sound - $0 } }

  /// What there is to add to in a stretch of video tokens without the plain view [1, video tokens, 16·latent width], float32.
  package func flatBase(_ times: Range<Int>) -> Tensor? {
    flatBase.map {
      let stretch = $0.slice(axis: 0, times)
      return stretch.reshaped([1, stretch.shape[0] * stretch.shape[1], stretch.shape[2]]).converted(to: .float32)
    }
  }

  /// The clean latents of a stretch of video tokens.
  package func latents(_ times: Range<Int>) -> JointLatents {
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

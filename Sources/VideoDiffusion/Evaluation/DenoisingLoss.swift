import DiffusionSchedulers
import Foundation
import Tensors
public import WorldCore

/// How little a generator expects a clip: the loss of its denoising, over noise levels and draws of noise.
///
/// A diffusion model's denoising loss bounds the negative log likelihood of what is denoised, so of two clips alike the one
/// with the lower loss is the likelier one to the model (the likelihood preference of LikePhys, Yuan et al. 2025). Twins must
/// have the same size, rate and words; they are then noised by the same noise at the same times. The number means nothing for
/// a clip by itself: texture, size and length move it more than physics does.
///
/// The clip is gone through in the stretches in which the generator makes one, each told the last frames of the stretch before,
/// words and style, but no simulation: that would be the answer.
public struct DenoisingLoss: Sendable {
  /// Times on the flow, 0 (noise) … 1 (clip), each 0 ..< 1.
  public var times = [0.1, 0.3, 0.5, 0.7, 0.9]
  /// Draws of noise at each time.
  public var draws = 2
  /// Of the noise.
  public var seed: UInt64 = 0
  /// Told to the network; nil tells nothing.
  public var caption: String?
  public var style: GeneratorStyle?

  public init() {}

  /// What the loss of a clip is made of: squared errors of the flow's velocity, per number of a latent.
  public struct Value: Sendable, Codable, Equatable {
    public var picture: Double
    public var sound: Double
    /// Of each stretch in turn, picture alone.
    public var stretches: [Double]

    /// As training weighs them.
    public var total: Double { picture + FlowMatching.Settings().soundWeight * sound }
  }

  /// - Parameters:
  ///   - frames: one at least, all of one size.
  ///   - sound: nil is silence.
  ///   - check: called before each question to the network; what it throws ends the work.
  public func value(
    of frames: [Image<SRGB8>], sound: AudioBuffer?, framesPerSecond: Double, by generator: ClipGenerator,
    check: () throws -> Void = {}
  ) throws -> Value {
    precondition(!frames.isEmpty && !times.isEmpty && draws > 0, "a loss takes a frame, a time and a draw at least")
    precondition(times.allSatisfy { (0..<1).contains($0) }, "at time 1 there is no noise to be taken out")
    let world = WorldConditions(
      frameCount: frames.count, width: frames[0].width, height: frames[0].height, framesPerSecond: framesPerSecond,
      captions: caption.map { [$0] } ?? [], style: style)
    let (network, area) = (generator.transformer, world.tokens.rows * world.tokens.columns)
    let video = WorldConditions.tokens(of: frames, encoder: generator.pictures).converted(to: .float32)
    let heard = heard(sound, in: world, by: generator)
    let numbers = network.configuration.videoTokenWidth / network.configuration.videoLatentWidth
    let significance = Tensor(
      Array(repeating: generator.pictures.significance, count: numbers).flatMap { $0 },
      shape: [1, 1, network.configuration.videoTokenWidth])

    var value = Value(picture: 0, sound: 0, stretches: [])
    let plan = Stretch.plan(tokens: world.tokens.time, made: 0, cuts: [])
    for (number, stretch) in plan.enumerated() {
      let slice = video.slice(axis: 0, stretch.times)
      let clip = JointLatents(
        video: slice.reshaped([1, slice.shape[0] * slice.shape[1], slice.shape[2]]),
        sound: heard.slice(axis: 1, world.soundRange(stretch.times)))
      var given = world.window(
        stretch.times, caption: caption == nil ? nil : 0, vocabulary: network.configuration.vocabulary)
      if stretch.kept > 0 { given.known = KnownFrames(clip.video, frames: stretch.kept * VideoTokens.frames, area: area) }
      // What is denoised is how the stretch departs from what is known of it.
      let answer = JointLatents(video: network.space(of: given).residual(of: clip.video), sound: clip.sound)
      var (picture, audible) = (0.0, 0.0)
      for (level, t) in times.enumerated() {
        for draw in 0..<draws {
          try check()
          var stream = RandomStream(seed: seed, "denoising loss").substream((number * times.count + level) * draws + draw)
          let noise = JointLatents.noise(like: answer, from: &stream)
          let predicted = network(FlowPath.mixed(data: answer, noise: noise, t: t), t: t, given)
          // What is told isn't asked. Near the end of the flow a velocity is all rounding: training bounds it, too.
          let fresh = stretch.kept * area..<answer.video.shape[1]
          let rest = max(1 - t, 0.2)
          let errors = ((predicted.video - answer.video).slice(axis: 1, fresh).squared() * significance).mean().scalar
          picture += errors / (rest * rest)
          audible += (predicted.sound - answer.sound).squared().mean().scalar / (rest * rest)
        }
      }
      let questions = Double(times.count * draws)
      value.stretches.append(picture / questions)
      value.sound += audible / questions / Double(plan.count)
    }
    value.picture = value.stretches.reduce(0, +) / Double(plan.count)
    return value
  }

  /// Sound tokens as many as the clip's.
  private func heard(_ sound: AudioBuffer?, in world: WorldConditions, by generator: ClipGenerator) -> Tensor {
    let samples = Int(Double(world.frameCount) / world.framesPerSecond * Double(AudioBuffer.standardSampleRate))
    let own = sound.map { Array($0.samples.prefix(samples)) } ?? []
    let silence = [SIMD2<Float>](repeating: .zero, count: samples - own.count)
    let tokens = SoundTokens.tokens(generator.sounds.encode(AudioBuffer(samples: own + silence)))
    let missing = world.soundTokenCount - tokens.shape[1]
    return missing > 0
      ? tokens.padded(axis: 1, before: 0, after: missing) : tokens.slice(axis: 1, 0..<world.soundTokenCount)
  }
}

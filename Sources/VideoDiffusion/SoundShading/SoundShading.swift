import Foundation
import NeuralNetworks
import Safetensors
public import Tensors
import WorldCore

/// What the sound shader learns: the spectra of a data set's clips and the latents that the sound autoencoder, which stays as
/// it is, has for them.
public final class SoundShading: TrainingObjective {
  public struct Settings: Sendable, Equatable, Codable {
    /// Stretches of a step, each from another clip, and of how many drawn from a clip the loudest is taken.
    public var stretches = 3
    public var draws = 2
    /// How much what lies within so many seconds of an onset counts besides the rest: onsets are a hundredth of all sound.
    public var onsetWeight: Float = 8
    public var onsetReach = 0.01
    /// How often the place isn't told.
    public var placeDropout = 0.1

    public init() {}
  }

  public static let schedule = TrainingSchedule(steps: 10_000, learningRate: 2e-3, lastLearningRate: 2e-5)

  public let settings: Settings
  public let configuration: SoundShader.Configuration
  private let reader: SampleReader<ShadedSound>
  private let sounds: SoundAutoencoder
  /// [1, latent width]
  private let significance: Tensor

  public init(
    on shards: SampleShards, sounds: SoundAutoencoder, _ settings: Settings = Settings(),
    network configuration: SoundShader.Configuration = .init()
  ) {
    var configuration = configuration
    configuration.latentWidth = sounds.configuration.latentWidth
    (self.settings, self.configuration, self.sounds) = (settings, configuration, sounds)
    significance = Tensor(sounds.significance, shape: [1, configuration.latentWidth])
    reader = SampleReader(shards, size: \.byteCount) { try ShadedSound($0, sounds: sounds) }
  }

  public var shards: SampleShards { reader.shards }

  public func loss(at step: TrainingStep, of network: SoundShader) throws -> (SoundShader) -> Tensor {
    let lessons = try step.samples(settings.stretches).map { try lesson($0, seed: step.seed, step) }
    return { [sounds, significance] network in
      let losses = lessons.map { lesson in
        let logarithms = network.logarithms(lesson.input)
        let latents = network.latents(of: logarithms, for: sounds)
        let heard = ((logarithms - lesson.logarithms).squared() + 1e-4).squareRoot().mean(over: [1]) * lesson.weights
        let byLatent = lesson.weights.reshaped([-1, SoundAutoencoder.spectra]).mean(over: [1])
        let coded = ((latents - lesson.latents).squared() * significance).mean(over: [1]) * byLatent
        return heard.mean() + coded.mean()
      }
      return losses.dropFirst().reduce(losses[0]) { $0 + $1 } / Double(losses.count)
    }
  }

  private struct Lesson {
    var input: SoundShaderInput
    /// [spectra, 250], [latents, width] and what each spectrum counts [spectra], of mean 1.
    var logarithms, latents, weights: Tensor
  }

  private func lesson(_ count: Int, seed: UInt64, _ step: TrainingStep) throws -> Lesson {
    let clip = try reader.item(at: shards.place(count, seed: seed))
    var stream = step.stream("sound.shading", count)
    let latents = min(SoundShaderInput.length / SoundAutoencoder.spectra, clip.latentCount)
    let starts = (0..<settings.draws).map { _ in stream.index(below: clip.latentCount - latents + 1) }
    let first = starts.max { clip.loudness($0..<$0 + latents) < clip.loudness($1..<$1 + latents) }!
    let spectra = first * SoundAutoencoder.spectra..<(first + latents) * SoundAutoencoder.spectra
    var input = SoundShaderInput(clip.sources, from: spectra.lowerBound, count: spectra.count)
    if stream.uniform() < settings.placeDropout { input.place = nil }
    let reach = settings.onsetReach * SoundSources.perSecond
    let weights = spectra.map { n in
      clip.onsets.contains { abs(Double(n) + 1 - $0) <= reach } ? 1 + settings.onsetWeight : 1
    }
    let mean = weights.reduce(0, +) / Float(weights.count)
    return Lesson(
      input: input, logarithms: clip.logarithms.slice(axis: 0, spectra).converted(to: .float32),
      latents: clip.latents.slice(axis: 0, first..<first + latents),
      weights: Tensor(weights.map { $0 / mean }, shape: [weights.count]))
  }
}

/// A sample as the sound shader learns from it.
struct ShadedSound {
  let sources: SoundSources
  /// [spectra, 250], bfloat16, and [latents, latent width], centred and of unit deviation.
  let logarithms, latents: Tensor
  /// In spectra.
  let onsets: [Double]
  let original: AudioBuffer
  /// Mean logarithm of each latent's spectra.
  private let means: [Float]

  var latentCount: Int { latents.shape[0] }
  var byteCount: Int { 2 * logarithms.count + 4 * latents.count + 8 * original.samples.count }

  /// - Throws: what decoding and reading the members throws.
  init(_ sample: ShardSample, sounds: SoundAutoencoder) throws {
    guard let tensors = sample.members["safetensors"] else {
      throw TrainingDataError.badSample(key: sample.key, problem: "its .safetensors is missing")
    }
    let story = try SampleStory(sample)
    let clip = try SoundClip(sample)
    let motion = try MotionRecord(SafetensorsFile(contents: Data(tensors), path: sample.key), key: sample.key)
    sources = SoundSources(motion, ambience: story.ambience, framesPerSecond: story.framesPerSecond)
    original = clip.sound
    onsets = clip.onsets.map { Double($0) / Double(MiddleSide.block) }
    let exact = OverlappingSpectra(of: SoundAutoencoder.blocks(of: clip.sound)).logarithms
      .reshaped([-1, MiddleSide.width])
    logarithms = exact.converted(to: .bfloat16)
    let coded = sounds.encode(clip.sound)
    latents = coded.reshaped([coded.shape[1], coded.shape[2]])
    means = exact.reshaped([-1, PrincipalSpectra.size]).mean(over: [1]).floats()
  }

  func loudness(_ latents: Range<Int>) -> Float { means[latents].reduce(0, +) }
}

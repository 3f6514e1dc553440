import Foundation
import NeuralNetworks
public import Tensors
import WorldCore

/// What the sound autoencoder learns: to give stretches of a data set's sound as they were.
public final class SoundReconstruction: TrainingObjective {
  public struct Settings: Sendable, Equatable, Codable {
    /// Stretches of a step, each from another clip.
    public var stretches = 3
    /// Samples of a stretch: a multiple of a latent's 500.
    public var samples = 32_000
    /// Of so many stretches drawn from a clip the loudest is taken: most of a clip is quiet.
    public var draws = 2
    public var latentNoise = 0.03
    /// Sounds are made louder or softer by up to so many decibels, and every other one has its sides exchanged: scenes are few.
    public var gain = 6.0

    public init() {}
  }

  public static let schedule = TrainingSchedule(steps: 10_000, learningRate: 1e-3, lastLearningRate: 1e-5)

  public let settings: Settings
  public let configuration: SoundAutoencoder.Configuration
  private let reader: SampleReader<SoundClip>
  private let penalty = SoundLoss()

  public init(
    on shards: SampleShards, _ settings: Settings = Settings(), network configuration: SoundAutoencoder.Configuration = .init()
  ) {
    (self.settings, self.configuration) = (settings, configuration)
    reader = SampleReader(shards, size: \.byteCount) { try SoundClip($0) }
  }

  public var shards: SampleShards { reader.shards }

  /// The fixed transform, where it didn't come with weights.
  public func prepare(_ network: inout SoundAutoencoder, isBegun: Bool, seed: UInt64) throws {
    guard !isBegun else { return }
    network.principal = try PrincipalSpectra(
      width: configuration.latentWidth,
      of: sounds(seed: seed).map {
        SoundAutoencoder.byLatent(OverlappingSpectra(of: SoundAutoencoder.blocks(of: $0)).logarithms)
          .reshaped([-1, PrincipalSpectra.size])
      })
  }

  public func loss(at step: TrainingStep, of network: SoundAutoencoder) throws -> (SoundAutoencoder) -> Tensor {
    let (blocks, onsets) = try batch(step)
    let stream = step.stream("sound.noise")
    let (noiseLevel, penalty) = (settings.latentNoise, penalty)
    return { network in
      let z = network.encode(blocks: blocks)
      var stream = stream
      let noise = Tensor(stream.normals(z.count).map { $0 * Float(noiseLevel) }, shape: z.shape)
      return penalty(network.decode(latents: z + noise), target: blocks, onsets: onsets)
    }
  }

  /// With the statistics of its latents.
  public func finished(_ network: SoundAutoencoder, seed: UInt64) throws -> SoundAutoencoder {
    let latents = try sounds(seed: seed).map { network.encode($0) }
    var network = network
    network.statistics = LatentStatistics(of: latents)
    return network
  }

  /// Samples that transform and statistics are measured on.
  private static let measuredSamples = 64

  private func sounds(seed: UInt64) throws -> [AudioBuffer] {
    try (0..<min(Self.measuredSamples, shards.learnedCount)).map { try reader.item(at: shards.place($0, seed: seed)).sound }
  }

  /// Blocks of sound [stretches, blocks, 250], and where in each something sets in.
  private func batch(_ step: TrainingStep) throws -> (blocks: Tensor, onsets: [[Int]]) {
    var (values, onsets): ([Float], [[Int]]) = ([], [])
    let blocks = settings.samples / MiddleSide.block
    for count in step.samples(settings.stretches) {
      let clip = try reader.item(at: shards.place(count, seed: step.seed))
      let samples = clip.sound.samples
      var stream = step.stream("sound.stretch", count)
      let starts = (0..<settings.draws).map { _ in stream.index(below: max(1, samples.count - settings.samples + 1)) }
      let loudest = starts.max {
        clip.energy(from: $0, count: settings.samples) < clip.energy(from: $1, count: settings.samples)
      }!
      let gain = Float(pow(10, stream.uniform(in: -settings.gain...settings.gain) / 20))
      let isExchanged = stream.uniform() < 0.5
      let stretch = samples[loudest..<min(loudest + settings.samples, samples.count)].map {
        gain * (isExchanged ? SIMD2($0.y, $0.x) : $0)
      }
      values += MiddleSide.blocks(stretch[...], count: blocks)
      onsets.append(clip.onsets.map { $0 - loudest }.filter { (0..<settings.samples).contains($0) })
    }
    return (Tensor(values, shape: [settings.stretches, blocks, MiddleSide.width]), onsets)
  }
}

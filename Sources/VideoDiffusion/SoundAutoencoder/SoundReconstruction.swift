import NeuralNetworks
public import Tensors
import WorldCore

/// What the sound autoencoder learns: to give stretches of a data set's sound as they were.
public final class SoundReconstruction: TrainingObjective {
  public struct Settings: Sendable, Equatable, Codable {
    /// Stretches of a step, each from another clip.
    public var stretches = 2
    /// Samples of a stretch: a multiple of a latent's 500.
    public var samples = 32_000
    /// Of so many stretches drawn from a clip the loudest is taken: most of a clip is quiet.
    public var draws = 2
    public var latentNoise = 0.03

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

  public func loss(at step: TrainingStep, of network: SoundAutoencoder) throws -> (SoundAutoencoder) -> Tensor {
    let blocks = try batch(step)
    let stream = step.stream("sound.noise")
    let (input, noiseLevel, penalty) = (blocks.converted(to: .bfloat16), settings.latentNoise, penalty)
    return { network in
      let z = network.encode(blocks: input)
      var stream = stream
      let noise = Tensor(stream.normals(z.count).map { $0 * Float(noiseLevel) }, shape: z.shape).converted(to: .bfloat16)
      return penalty(network.decode(latents: z + noise).converted(to: .float32), target: blocks)
    }
  }

  /// With the statistics of its latents.
  public func finished(_ network: SoundAutoencoder, seed: UInt64) throws -> SoundAutoencoder {
    let latents = try (0..<min(Self.measuredSamples, shards.learnedCount)).map { count in
      network.encode(try reader.item(at: shards.place(count, seed: seed)).sound)
    }
    var network = network
    network.statistics = LatentStatistics(of: latents)
    return network
  }

  private static let measuredSamples = 32

  /// Blocks of companded samples [stretches, blocks, 40].
  private func batch(_ step: TrainingStep) throws -> Tensor {
    var values: [Float] = []
    for count in step.samples(settings.stretches) {
      let clip = try reader.item(at: shards.place(count, seed: step.seed))
      var stream = step.stream("sound.stretch", count)
      let starts = (0..<settings.draws).map { _ in stream.index(below: max(1, clip.sound.samples.count - settings.samples + 1))
      }
      let loudest = starts.max {
        clip.energy(from: $0, count: settings.samples) < clip.energy(from: $1, count: settings.samples)
      }!
      values += clip.companded(from: loudest, count: settings.samples)
    }
    return Tensor(values, shape: [settings.stretches, settings.samples / SoundAutoencoder.block, SoundAutoencoder.blockWidth])
  }
}

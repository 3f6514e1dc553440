import NeuralNetworks
import Tensors
import WorldCore

/// Trains the sound autoencoder on stretches of a data set's sound; see `VideoAutoencoderTraining` for what it promises.
public final class SoundAutoencoderTraining: NetworkTraining {
  public struct Settings: Sendable, Equatable, Codable {
    public var seed: UInt64 = 0
    /// In all; the learning rate falls towards the last.
    public var steps = 10_000
    public var learningRate = 1e-3
    /// Stretches of a step, each from another clip.
    public var stretches = 2
    /// Samples of a stretch: a multiple of a latent's 500.
    public var samples = 32_000
    /// Of so many stretches drawn from a clip the loudest is taken: most of a clip is quiet.
    public var draws = 2
    public var latentNoise = 0.03

    public init() {}
  }

  public let settings: Settings
  private let reader: SampleReader<SoundClip>
  private var state: TrainingState<SoundAutoencoder>
  private let loss = SoundLoss()

  public init(
    on shards: SampleShards, _ settings: Settings = Settings(), network configuration: SoundAutoencoder.Configuration = .init()
  ) {
    self.settings = settings
    reader = SampleReader(shards, size: \.byteCount) { try SoundClip($0) }
    state = TrainingState(SoundAutoencoder(configuration, seed: settings.seed).converted(to: .bfloat16))
  }

  public var step: Int { state.step }
  public var stepCount: Int { settings.steps }

  public func advance() throws -> Double {
    let step = state.step
    let blocks = try batch(step)
    var stream = RandomStream(seed: settings.seed, "sound.noise").substream(step)
    let schedule = LearningRateSchedule(
      peak: settings.learningRate, warmup: min(200, settings.steps / 10), fall: (settings.steps, settings.learningRate / 100))
    let (input, noiseLevel, loss) = (blocks.converted(to: .bfloat16), settings.latentNoise, loss)
    return state.advance(learningRate: schedule.rate(at: step)) { network in
      let z = network.encode(blocks: input)
      let noise = Tensor(stream.normals(z.count).map { $0 * Float(noiseLevel) }, shape: z.shape).converted(to: .bfloat16)
      return loss(network.decode(latents: z + noise).converted(to: .float32), target: blocks)
    }
  }

  /// Blocks of companded samples [stretches, blocks, 40].
  private func batch(_ step: Int) throws -> Tensor {
    var values: [Float] = []
    for k in 0..<settings.stretches {
      let count = step * settings.stretches + k
      let clip = try reader.item(at: reader.shards.place(count, seed: settings.seed))
      var stream = RandomStream(seed: settings.seed, "sound.stretch").substream(count)
      let starts = (0..<settings.draws).map { _ in stream.index(below: max(1, clip.sound.samples.count - settings.samples + 1))
      }
      let loudest = starts.max {
        clip.energy(from: $0, count: settings.samples) < clip.energy(from: $1, count: settings.samples)
      }!
      values += clip.companded(from: loudest, count: settings.samples)
    }
    return Tensor(values, shape: [settings.stretches, settings.samples / SoundAutoencoder.block, SoundAutoencoder.blockWidth])
  }

  // MARK: the result

  /// The averaged network, with the statistics of its latents over a number of samples.
  public func trained(over samples: Int = 32) throws -> SoundAutoencoder {
    var network = state.averaged
    let latents = try (0..<min(samples, reader.shards.learnedCount)).map { count in
      network.encode(try reader.item(at: reader.shards.place(count, seed: settings.seed)).sound)
    }
    network.statistics = LatentStatistics(of: latents)
    return network
  }

  // MARK: files

  public func begin(from path: String) throws(WeightsError) { try state.begin(from: path) }
  public func resume(from path: String) throws(WeightsError) { try state.resume(from: path, settings: settings) }
  public func writeState(to path: String) throws { try state.write(to: path, settings: settings) }

  public func writeWeights(to path: String) throws {
    try state.write(try trained(), to: path, settings: settings, samples: reader.shards)
  }
}

import DiffusionSchedulers
import Foundation
import NeuralNetworks
import Tensors
import WorldCore

/// Trains the joint transformer by flow matching on stretches of a data set's clips; see `VideoAutoencoderTraining` for what it
/// promises.
///
/// The network predicts the clean latents; the error counts 1/(1 − t)² with 1 − t ≥ 0.2, as much as the velocity's would.
public final class TransformerTraining: NetworkTraining {
  public struct Settings: Sendable, Equatable, Codable {
    public var seed: UInt64 = 0
    /// In all; the learning rate falls towards the last.
    public var steps = 10_000
    public var learningRate = 6e-4
    /// Stretches of a step, each from another clip, and video tokens of each along time.
    public var stretches = 2
    public var times = 4
    /// How often each condition is left out, so that the network can do without; the base more often, as it tells nearly all.
    public var dropout = 0.1
    public var baseDropout = 0.25
    /// How often nothing is told but words, and how often a beginning then.
    public var wordsAlone = 0.5
    public var begunWords = 0.4
    /// Where there is a base: how often the question is the one that generation begins with, the base noised to
    /// `ClipGenerator.baseStart`, and how often one of those that follow.
    public var fromBase = 0.4
    public var afterBase = 0.3
    /// How much more a moving thing's tokens count than the ground's.
    public var movingWeight = 4.0
    public var soundWeight = 0.5

    public init() {}
  }

  public let settings: Settings
  private let reader: SampleReader<ConditionedClip>
  private var state: TrainingState<JointTransformer>
  /// [1, 1, token width]: what each number of a token counts, of mean 1.
  private let significance: Tensor

  /// - Parameters:
  ///   - pictures, sounds: whose latents are learnt; they stay as they are.
  ///   - shader: gives the pictures that the network adds to; nil adds to the plain view.
  public convenience init(
    on shards: SampleShards, pictures: VideoAutoencoder, sounds: SoundAutoencoder, shader: NeuralShader?,
    _ settings: Settings = Settings()
  ) {
    self.init(on: shards, pictures: pictures, sounds: sounds, shader: shader, settings, network: nil)
  }

  package init(
    on shards: SampleShards, pictures: VideoAutoencoder, sounds: SoundAutoencoder, shader: NeuralShader?, _ settings: Settings,
    network configuration: JointTransformer.Configuration?
  ) {
    self.settings = settings
    reader = SampleReader(shards, size: \.byteCount) {
      try ConditionedClip($0, pictures: pictures, sounds: sounds, shader: shader)
    }
    var network = configuration ?? JointTransformer.Configuration()
    network.videoLatentWidth = pictures.configuration.latentWidth
    network.soundLatentWidth = sounds.configuration.latentWidth
    let numbers = Array(repeating: pictures.significance, count: network.videoTokenWidth / network.videoLatentWidth)
    significance = Tensor(numbers.flatMap { $0 }, shape: [1, 1, network.videoTokenWidth])
    state = TrainingState(JointTransformer(network, seed: settings.seed).converted(to: .bfloat16))
  }

  public var step: Int { state.step }
  public var stepCount: Int { settings.steps }

  public func advance() throws -> Double {
    let step = state.step
    let questions = try (0..<settings.stretches).map { try question(step * settings.stretches + $0) }
    let schedule = LearningRateSchedule(
      peak: settings.learningRate, warmup: min(200, settings.steps / 10), fall: (settings.steps, settings.learningRate / 50))
    let soundWeight = settings.soundWeight
    return state.advance(learningRate: schedule.rate(at: step)) { network in
      let losses = questions.map { $0.loss(network, soundWeight: soundWeight) }
      return losses.dropFirst().reduce(losses[0]) { $0 + $1 } / Double(losses.count)
    }
  }

  /// A point of the flow of one stretch, and its answer.
  private struct Question {
    var given: WindowConditions
    var noised: JointLatents
    var answer: JointLatents
    /// [1, tokens, token width], of mean 1.
    var weights: Tensor
    var t: Double

    func loss(_ network: JointTransformer, soundWeight: Double) -> Tensor {
      let predicted = network(noised, t: t, given)
      let video = ((predicted.video - answer.video).squared() * weights).mean()
      let sound = (predicted.sound - answer.sound).squared().mean()
      let rest = max(1 - t, 0.2)
      return (video + sound * soundWeight) / (rest * rest)
    }
  }

  private func question(_ count: Int) throws -> Question {
    let clip = try reader.item(at: reader.shards.place(count, seed: settings.seed))
    var stream = RandomStream(seed: settings.seed, "transformer.question").substream(count)
    let conditions = clip.conditions
    let length = min(settings.times, conditions.tokens.time)
    let start = stream.index(below: conditions.tokens.time - length + 1)
    let answer = clip.latents(start..<start + length)

    let caption = stream.index(below: max(1, conditions.captions.count))
    var given = conditions.window(
      start..<start + length, caption: caption, vocabulary: state.network.configuration.vocabulary)
    let weights = Self.weights(given.controls, movingWeight: settings.movingWeight) * significance
    var dropped = Set(
      WindowConditions.Part.allCases.filter { stream.uniform() < ($0 == .base ? settings.baseDropout : settings.dropout) })
    let isTold = stream.uniform() >= settings.wordsAlone
    if !isTold { dropped.formUnion([.base, .controls, .bodies, .contacts]) }
    // The end of the stretch before, a first frame, or a clip that ends within a token.
    let draw = isTold || stream.uniform() < settings.begunWords ? stream.uniform(in: 0...(isTold ? 1 : 0.7)) : 1
    let known =
      draw < 0.5 ? VideoTokens.frames : draw < 0.62 ? 1 : draw < 0.7 ? VideoTokens.frames + 1 + stream.index(below: 3) : 0
    if known > 0 {
      given.known = KnownFrames(
        answer.video, frames: known, area: conditions.tokens.rows * conditions.tokens.columns)
    }
    given = given.without(dropped)

    // Towards the middle of the flow, where most is decided; one time in ten pure noise, with which sampling begins. With a
    // base it begins later, and with the base's picture.
    let noise = JointLatents.noise(like: answer, from: &stream)
    let kind = given.base == nil ? 1 : stream.uniform()
    var (t, picture) = (stream.uniform() < 0.1 ? 0 : 1 / (1 + exp(-stream.normal())), answer.video)
    if kind < settings.fromBase {
      (t, picture) = (ClipGenerator.baseStart, given.base!)
    } else if kind < settings.fromBase + settings.afterBase {
      t = stream.uniform(in: ClipGenerator.baseStart...1)
    }
    let source = JointLatents(video: picture, sound: answer.sound)
    return Question(
      given: given, noised: FlowPath.mixed(data: source, noise: noise, t: t), answer: answer, weights: weights, t: t)
  }

  /// 1 and more by each token's share of moving cells, divided by their mean.
  private static func weights(_ controls: Tensor?, movingWeight: Double) -> Tensor {
    let controls = controls!
    let (tokens, channels) = (controls.shape[1], controls.shape[2] / 64)
    let moving = controls.reshaped([tokens, 64, channels]).slice(axis: 2, 4..<5).converted(to: .float32).mean(over: [1])
    let weights = moving.reshaped([1, tokens, 1]) * movingWeight + 1
    return weights / weights.mean().scalar
  }

  // MARK: files

  public func begin(from path: String) throws(WeightsError) { try state.begin(from: path) }
  public func resume(from path: String) throws(WeightsError) { try state.resume(from: path, settings: settings) }
  public func writeState(to path: String) throws { try state.write(to: path, settings: settings) }

  public func writeWeights(to path: String) throws {
    try state.write(state.averaged, to: path, settings: settings, samples: reader.shards)
  }
}

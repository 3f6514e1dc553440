import Foundation
import NeuralNetworks
import Tensors
import WorldCore

/// Trains the neural shader on parts of frames of a data set's clips; see `VideoAutoencoderTraining` for what it promises.
///
/// Half of the parts are mirrored, and colours change their places now and then: light falls on a mirrored or repainted world
/// by the same laws, and scenes are few.
public final class NeuralShaderTraining: NetworkTraining {
  public struct Settings: Sendable, Equatable, Codable {
    public var seed: UInt64 = 0
    /// In all; the learning rate falls towards the last.
    public var steps = 20_000
    public var learningRate = 1.5e-3
    /// Clips of a step, and frames of each.
    public var clips = 4
    public var framesPerClip = 2
    /// Cells of 4 pixels along a part's side: a multiple of 4.
    public var side = 32
    /// How often the controls are left out, so that a camera's clip can be shaded too.
    public var dropout = 0.1
    /// How often red, green and blue change places, in the plain view and the picture alike.
    public var repainting = 0.3

    public init() {}
  }

  public let settings: Settings
  private let reader: SampleReader<ShadedClip>
  private var state: TrainingState<NeuralShader>
  private let loss = ReconstructionLoss()

  public init(
    on shards: SampleShards, _ settings: Settings = Settings(), network configuration: NeuralShader.Configuration = .init()
  ) {
    self.settings = settings
    reader = SampleReader(shards, capacity: 4 << 30, size: \.byteCount) { try ShadedClip($0) }
    state = TrainingState(NeuralShader(configuration, seed: settings.seed).converted(to: .bfloat16))
  }

  public var step: Int { state.step }
  public var stepCount: Int { settings.steps }

  public func advance() throws -> Double {
    let step = state.step
    let (input, styles, target, moving) = try batch(step)
    let schedule = LearningRateSchedule(
      peak: settings.learningRate, warmup: min(200, settings.steps / 10), fall: (settings.steps, settings.learningRate / 100))
    let loss = loss
    return state.advance(learningRate: schedule.rate(at: step)) { network in
      loss(network(input, styles: styles).converted(to: .float32), target: target, moving: moving)
    }
  }

  /// Parts of frames [frames, side, side, …]: what the network sees, each frame's style, what it should give, and where things
  /// move.
  private func batch(_ step: Int) throws -> (input: Tensor, styles: [Int], target: Tensor, moving: Tensor) {
    let side = settings.side
    var (inputs, targets, moving): ([Float], [Float], [Float]) = ([], [], [])
    var styles: [Int] = []
    for k in 0..<settings.clips {
      let count = step * settings.clips + k
      let clip = try reader.item(at: reader.shards.place(count, seed: settings.seed))
      var stream = RandomStream(seed: settings.seed, "shader.part").substream(count)
      var seen = clip.input
      if stream.uniform() < settings.dropout { seen.controls = nil }
      for _ in 0..<settings.framesPerClip {
        let frame = stream.index(below: clip.picture.frameCount)
        let (rows, columns) = (clip.input.rows, clip.input.columns)
        let (row, column) = (stream.index(below: max(1, rows - side + 1)), stream.index(below: max(1, columns - side + 1)))
        let (down, across) = (row..<row + side, column..<column + side)
        let change = PartChange(
          isMirrored: stream.uniform() < 0.5, order: stream.uniform() < settings.repainting ? stream.index(below: 6) : 0)
        inputs += change.applied(
          to: seen.values(frames: [frame], rows: down, columns: across), columns: side, blocks: 1,
          signed: ShaderInput.sidewaysChannels)
        targets += change.applied(
          to: PixelBlocks.values(
            clip.picture.pixels, size: (clip.picture.width, clip.picture.height), frames: [frame], rows: down, columns: across),
          columns: side, blocks: 1, signed: [])
        moving += change.applied(
          to: clip.picture.movingShares(frame: frame, rows: down, columns: across), columns: side, blocks: 0, signed: [])
        styles.append(clip.style)
      }
    }
    let shape = [settings.clips * settings.framesPerClip, side, side]
    return (
      Tensor(inputs, shape: shape + [state.network.configuration.inputWidth]).converted(to: .bfloat16), styles,
      Tensor(targets, shape: shape + [PixelBlocks.width]), Tensor(moving, shape: shape + [1])
    )
  }

  // MARK: files

  public func begin(from path: String) throws(WeightsError) { try state.begin(from: path) }
  public func resume(from path: String) throws(WeightsError) { try state.resume(from: path, settings: settings) }
  public func writeState(to path: String) throws { try state.write(to: path, settings: settings) }

  public func writeWeights(to path: String) throws {
    try state.write(state.averaged, to: path, settings: settings, samples: reader.shards)
  }
}

/// A sample as the shader learns from it.
struct ShadedClip: Sendable {
  let input: ShaderInput
  let picture: PixelClip
  let style: Int

  var byteCount: Int { input.plain.count + 2 * (input.controls?.count ?? 0) + picture.byteCount }

  /// - Throws: what decoding and reading the members throws.
  init(_ sample: ShardSample) throws {
    guard let plain = sample.members["preview.mp4"], let tensors = sample.members["safetensors"],
      let style = try SampleStory(sample).style
    else { throw TrainingDataError.badSample(key: sample.key, problem: "one of its files is missing or damaged") }
    picture = try PixelClip(sample)
    self.style = style.number
    let decoded = try PixelClip.decode(plain)
    guard decoded.width == picture.width, decoded.height == picture.height, decoded.frames.count == picture.frameCount else {
      throw TrainingDataError.badSample(key: sample.key, problem: "its clip and its plain view differ in size or length")
    }
    let controls = try ControlTensor(Data(tensors), key: sample.key)
    input = ShaderInput(
      width: picture.width, height: picture.height, plain: decoded.frames.flatMap { $0 }, controls: controls.planes(),
      rows: controls.tokens.rows * ControlTensor.cellsPerSide, columns: controls.tokens.columns * ControlTensor.cellsPerSide)
  }
}

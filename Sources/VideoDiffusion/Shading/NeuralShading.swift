import Foundation
import NeuralNetworks
import Safetensors
public import Tensors
import WorldCore

/// What the neural shader learns: to give parts of a data set's frames as the path tracer does.
///
/// Half of the parts are mirrored, and colours change their places now and then: light falls on a mirrored or repainted world
/// by the same laws, and scenes are few.
public final class NeuralShading: TrainingObjective {
  public struct Settings: Sendable, Equatable, Codable {
    /// Clips of a step, and frames of each.
    public var clips = 4
    public var framesPerClip = 2
    /// Cells of 4 pixels along a part's side: a multiple of 4.
    public var side = 32
    /// How often the controls are left out, so that a camera's clip can be shaded too.
    public var dropout = 0.1
    /// How often red, green and blue change places, in the plain view and the picture alike.
    public var repainting = 0.3
    /// How often the sky isn't told to a network that would be.
    public var skyDropout = 0.2

    public init() {}

    /// Of the network that draws over flat colours: without controls it would see nothing, and the colours of skies are its own
    /// to know.
    public static var geometry: Settings {
      var settings = Settings()
      (settings.dropout, settings.repainting) = (0, 0)
      return settings
    }
  }

  public static let schedule = TrainingSchedule(steps: 20_000, learningRate: 1.5e-3, lastLearningRate: 1.5e-5)

  public let settings: Settings
  public let configuration: NeuralShader.Configuration
  private let reader: SampleReader<ShadedClip>
  private var penalty = ReconstructionLoss()

  public init(
    on shards: SampleShards, _ settings: Settings = Settings(), network configuration: NeuralShader.Configuration = .init()
  ) {
    (self.settings, self.configuration) = (settings, configuration)
    reader = SampleReader(shards, capacity: 4 << 30, size: \.byteCount) {
      try ShadedClip($0, isFlat: configuration.drawsFlatColors)
    }
    // Where much is open, such as where the light comes from, the base is the mean of what may be, not its middle.
    if configuration.drawsFlatColors { penalty.epsilon = 0.1 }
  }

  public var shards: SampleShards { reader.shards }

  public func loss(at step: TrainingStep, of network: NeuralShader) throws -> (NeuralShader) -> Tensor {
    let (input, styles, target, moving) = try batch(step)
    let penalty = penalty
    return { penalty($0(input, styles: styles).converted(to: .float32), target: target, moving: moving) }
  }

  /// Parts of frames [frames, side, side, …]: what the network sees, each frame's style, what it should give, and where things
  /// move.
  private func batch(_ step: TrainingStep) throws -> (input: Tensor, styles: [Int], target: Tensor, moving: Tensor) {
    let side = settings.side
    var (inputs, targets, moving): ([Float], [Float], [Float]) = ([], [], [])
    var styles: [Int] = []
    for count in step.samples(settings.clips) {
      let clip = try reader.item(at: shards.place(count, seed: step.seed))
      var stream = step.stream("shader.part", count)
      var seen = clip.input
      if stream.uniform() < settings.dropout { seen.controls = nil }
      var look = clip.look
      if configuration.drawsFlatColors, stream.uniform() < settings.skyDropout { look.sky = nil }
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
        styles.append(configuration.number(of: look))
      }
    }
    let shape = [settings.clips * settings.framesPerClip, side, side]
    return (
      Tensor(inputs, shape: shape + [configuration.inputWidth]).converted(to: .bfloat16), styles,
      Tensor(targets, shape: shape + [PixelBlocks.width]), Tensor(moving, shape: shape + [1])
    )
  }
}

/// A sample as the shader learns from it.
struct ShadedClip: Sendable {
  let input: ShaderInput
  let picture: PixelClip
  let look: ShaderLook

  var byteCount: Int { input.plain.count + 2 * (input.controls?.count ?? 0) + picture.byteCount }

  /// - Parameter isFlat: whether flat colours stand in the plain view's place.
  /// - Throws: what decoding and reading the members throws.
  init(_ sample: ShardSample, isFlat: Bool) throws {
    let story = try SampleStory(sample)
    guard let plain = sample.members["preview.mp4"], let tensors = sample.members["safetensors"], let style = story.style
    else { throw TrainingDataError.badSample(key: sample.key, problem: "one of its files is missing or damaged") }
    picture = try PixelClip(sample)
    look = ShaderLook(style, sky: story.sky)
    let controls = try ControlTensor(Data(tensors), key: sample.key)
    if isFlat {
      let file = try SafetensorsFile(contents: Data(tensors), path: sample.key)
      input = ShaderInput(flat: controls, try MotionRecord(file, key: sample.key))
      return
    }
    let decoded = try PixelClip.decode(plain)
    guard decoded.width == picture.width, decoded.height == picture.height, decoded.frames.count == picture.frameCount else {
      throw TrainingDataError.badSample(key: sample.key, problem: "its clip and its plain view differ in size or length")
    }
    input = ShaderInput(
      width: picture.width, height: picture.height, plain: decoded.frames.flatMap { $0 }, controls: controls.planes(),
      rows: controls.tokens.rows * ControlTensor.cellsPerSide, columns: controls.tokens.columns * ControlTensor.cellsPerSide)
  }
}

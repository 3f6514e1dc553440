public import Foundation
import NeuralNetworks
import Safetensors
package import Tensors
public import WorldCore

/// All that the generator is told of a clip: the plain view, controls, motion, captions and style. Where there is no
/// simulation, less.
///
/// Made of what `mondo dataset` writes of a sample, of the same of a scene that is to be generated, of another clip, or of
/// words alone.
public struct WorldConditions: Sendable {
  public let frameCount: Int
  public let width: Int
  public let height: Int
  public let framesPerSecond: Double
  /// Video tokens along time, down and across.
  package let tokens: (time: Int, rows: Int, columns: Int)
  /// [time, rows·columns, 704], bfloat16, where they are kept without their source; see `controls(_:)`.
  private var keptControls: Tensor?
  /// What the network adds to, where that is kept without the pictures; see `base(_:)`.
  private var keptBase: Tensor?
  /// As the sample has them; nil where there is no simulation.
  private(set) var controlTensor: ControlTensor?
  /// The same as pictures; nil where there is nothing to add to.
  private(set) var view: ShadedView?
  /// nil where there is no simulation, or nothing in it moves.
  let bodies: BodyFeatures?
  let contacts: ContactFeatures?
  /// Video tokens in which another shot begins.
  let cuts: [Int]
  private var drawnSound: WorkBeside<Tensor>?
  package let captions: [CaptionWords]
  /// Each frame's look; empty where none is told.
  let styles: [Int]

  /// - Parameters:
  ///   - tensors: a sample's `.safetensors`.
  ///   - plainView: frames of the plain view; nil leaves it out.
  ///   - styles: each frame's look; one is all frames'.
  ///   - sky: the scene's, told where there is no plain view to show it.
  ///   - ambience: the scene's; nil where it isn't told.
  ///   - drawnSound: draws what contacts sound like; nil draws nothing.
  ///   - encoder: of the latents that base and picture are given in; nil where nothing will be added to the view, which then is
  ///     what is seen.
  ///   - shader: draws light over the plain view, which nil leaves as it is; without that view the one that draws over flat
  ///     colours: nil then gives nothing to add to.
  /// - Throws: `SafetensorsError`, `TrainingDataError`.
  public init(
    tensors: Data, plainView: [Image<SRGB8>]?, framesPerSecond: Double, captions: [String], styles: [GeneratorStyle],
    sky: Stage.Light.Sky? = nil, ambience: Stage.Ambience? = nil, drawnSound: DrawnSound? = nil,
    encoder: VideoAutoencoder?, shader: NeuralShader?, key: String
  ) throws {
    let controls = try ControlTensor(tensors, key: key)
    if let plainView,
      controls.frameCount != plainView.count
        || !plainView.allSatisfy({ $0.width == controls.width && $0.height == controls.height })
    {
      throw TrainingDataError.badSample(key: key, problem: "its plain view doesn't fit its controls")
    }
    (width, height, frameCount) = (controls.width, controls.height, controls.frameCount)
    tokens = controls.tokens
    self.framesPerSecond = framesPerSecond
    self.captions = captions.map { CaptionWords($0) }
    self.styles = Self.byFrame(styles, count: frameCount)
    controlTensor = controls
    let motion = try MotionRecord(SafetensorsFile(contents: tensors, path: key), key: key)
    bodies = BodyFeatures(motion, timeCount: tokens.time, width: width, height: height)
    contacts = ContactFeatures(motion, width: width, height: height, framesPerSecond: framesPerSecond)
    cuts = motion.cuts.map { $0 / VideoTokens.frames }
    if let drawnSound {
      let sources = SoundSources(motion, ambience: ambience, framesPerSecond: framesPerSecond)
      self.drawnSound = WorkBeside { [count = soundTokenCount] in drawnSound.tokens(of: sources, count: count) }
    }
    let looks = self.styles.map { ShaderLook(GeneratorStyle.allCases[$0], sky: plainView == nil ? sky : nil) }
    if let plainView {
      let input = ShaderInput(plainView, controls: controls.planes(), tokens: tokens)
      view = ShadedView(input, looks: looks, shader: shader, encoder: encoder)
    } else if let shader {
      precondition(shader.configuration.drawsFlatColors, "without a plain view it takes the shader for geometry")
      view = ShadedView(ShaderInput(flat: controls, motion), looks: looks, shader: shader, encoder: encoder)
    }
  }

  /// Of words alone: no simulation and no picture.
  public init(
    frameCount: Int, width: Int, height: Int, framesPerSecond: Double, captions: [String], style: GeneratorStyle?
  ) {
    precondition(frameCount > 0 && width > 0 && height > 0, "a clip has at least one pixel of one frame")
    (self.width, self.height, self.frameCount) = (width, height, frameCount)
    tokens = VideoTokens.extent(frames: frameCount, width: width, height: height)
    self.framesPerSecond = framesPerSecond
    self.captions = captions.map { CaptionWords($0) }
    styles = style.map { Self.byFrame([$0], count: frameCount) } ?? []
    (view, controlTensor, bodies, contacts, cuts) = (nil, nil, nil, nil, [])
  }

  /// Of another clip, at least a frame long, whose motion is kept: it stands where a simulation's plain view does.
  public init(
    source: [Image<SRGB8>], framesPerSecond: Double, captions: [String], style: GeneratorStyle?, encoder: VideoAutoencoder?,
    shader: NeuralShader?
  ) {
    (width, height, frameCount) = (source[0].width, source[0].height, source.count)
    tokens = VideoTokens.extent(frames: frameCount, width: width, height: height)
    self.framesPerSecond = framesPerSecond
    self.captions = captions.map { CaptionWords($0) }
    styles = style.map { Self.byFrame([$0], count: source.count) } ?? []
    view = ShadedView(
      ShaderInput(source, controls: nil, tokens: tokens), looks: styles.map { ShaderLook(GeneratorStyle.allCases[$0]) },
      shader: shader, encoder: encoder)
    (controlTensor, bodies, contacts, cuts) = (nil, nil, nil, [])
  }

  /// As they were kept: what is learnt from.
  ///
  /// - Parameters:
  ///   - tokens: of the video, along time, down and across.
  ///   - base, controls: of the whole clip, as `base(_:)` and `controls(_:)` give them.
  ///   - soundBase: [1, sound tokens, 128].
  init(
    frameCount: Int, width: Int, height: Int, tokens: (time: Int, rows: Int, columns: Int), framesPerSecond: Double,
    base: Tensor?, controls: Tensor?, soundBase: Tensor?, bodies: BodyFeatures?, contacts: ContactFeatures?,
    captions: [CaptionWords], styles: [Int]
  ) {
    (self.width, self.height, self.frameCount, self.tokens) = (width, height, frameCount, tokens)
    (self.framesPerSecond, keptBase, keptControls) = (framesPerSecond, base, controls)
    drawnSound = soundBase.map { sound in WorkBeside { sound } }
    (self.bodies, self.contacts, self.captions, self.styles) = (bodies, contacts, captions, styles)
    (view, controlTensor, cuts) = (nil, nil, [])
  }

  private static func byFrame(_ styles: [GeneratorStyle], count: Int) -> [Int] {
    precondition(styles.count <= 1 || styles.count == count, "there is one look, or one for each frame")
    return styles.count == 1 ? Array(repeating: styles[0].number, count: count) : styles.map(\.number)
  }

  /// [time, rows·columns, 256] of pictures, the last of which goes on to fill a token, bfloat16.
  static func tokens(of frames: [Image<SRGB8>], encoder: VideoAutoencoder) -> Tensor {
    tokens(of: encoder.encode(frames, multiple: VideoTokens.side))
  }

  private static func tokens(of latents: Tensor) -> Tensor {
    let missing = (VideoTokens.frames - latents.shape[0] % VideoTokens.frames) % VideoTokens.frames
    let last = latents.slice(axis: 0, latents.shape[0] - 1..<latents.shape[0])
    let filled = missing > 0 ? Tensor.concatenated([latents] + Array(repeating: last, count: missing), axis: 0) : latents
    let flat = VideoTokens.tokens(filled)
    let time = filled.shape[0] / VideoTokens.frames
    return flat.reshaped([time, flat.shape[1] / time, flat.shape[2]]).converted(to: .bfloat16)
  }

  /// Depth, normals, parts, flow and impulses of a stretch of video tokens, [time, rows·columns, 704], bfloat16; nil where
  /// there is no simulation.
  func controls(_ times: Range<Int>) -> Tensor? {
    if let keptControls { return keptControls.slice(axis: 0, times) }
    return controlTensor.map {
      Tensor($0.scaled(times), shape: [times.count, tokens.rows * tokens.columns, 64 * $0.channels.count])
        .converted(to: .bfloat16)
    }
  }

  /// Without what only pictures are drawn from: what is learnt is all latents.
  func withoutPictures() -> WorldConditions {
    var result = self
    (result.keptBase, result.keptControls) = (base(0..<tokens.time), controls(0..<tokens.time))
    (result.view, result.controlTensor) = (nil, nil)
    return result
  }

  /// With a view that passes through given pictures.
  func passing(_ keyframes: Keyframes) -> WorldConditions {
    var result = self
    result.view = view?.passing(keyframes, framesPerSecond: framesPerSecond)
    return result
  }

  /// What the network adds to in a stretch of video tokens, [time, rows·columns, 16·latent width], bfloat16; nil where there is
  /// nothing to add to. Where it is being made still, it is waited for.
  func base(_ times: Range<Int>) -> Tensor? {
    if let keptBase { return keptBase.slice(axis: 0, times) }
    let frames = times.lowerBound * VideoTokens.frames..<min(times.upperBound * VideoTokens.frames, frameCount)
    return view?.latents(frames).map { Self.tokens(of: $0) }
  }

  /// Samples of the clip's sound.
  public var sampleCount: Int {
    Int((Double(frameCount) / framesPerSecond * Double(AudioBuffer.standardSampleRate)).rounded())
  }

  /// What the network adds to of the sound [1, sound tokens, 128]; nil where there is nothing. Where it is being drawn still, it
  /// is waited for.
  package var soundBase: Tensor? { drawnSound?() }

  /// Whether there is something, drawn or not yet.
  var hasSoundBase: Bool { drawnSound != nil }

  var soundTokenCount: Int { SoundTokens.range(frames: 0..<frameCount, framesPerSecond: framesPerSecond).upperBound }

  /// The sound tokens of a stretch of video tokens.
  func soundRange(_ times: Range<Int>) -> Range<Int> {
    let frames = times.lowerBound * VideoTokens.frames..<times.upperBound * VideoTokens.frames
    let range = SoundTokens.range(frames: frames, framesPerSecond: framesPerSecond)
    return min(range.lowerBound, soundTokenCount - 1)..<min(range.upperBound, soundTokenCount)
  }

  /// Whether what the network adds to is drawn over flat colours.
  var isFlat: Bool { view?.isFlat ?? false }

  /// What is known of a stretch of video tokens, the picture of its beginning left out.
  ///
  /// - Parameter caption: which of the captions; nil for none.
  package func window(_ times: Range<Int>, caption: Int?, vocabulary: Int) -> WindowConditions {
    let area = tokens.rows * tokens.columns
    let seconds = Double(VideoTokens.frames) / framesPerSecond
    let frames = times.lowerBound * VideoTokens.frames..<times.upperBound * VideoTokens.frames
    let positions = times.flatMap { time in
      (0..<area).map { k in
        TokenPosition(
          time: (Double(time) + 0.5) * seconds * TokenPosition.unitsPerSecond, row: Double(k / tokens.columns) + 0.5,
          column: Double(k % tokens.columns) + 0.5)
      }
    }
    let heard = soundRange(times).map {
      TokenPosition(time: (Double($0) + 0.5) / SoundTokens.perSecond * TokenPosition.unitsPerSecond)
    }
    func stretch(_ tensor: Tensor) -> Tensor { tensor.reshaped([1, times.count * area, tensor.shape[2]]) }
    var given = WindowConditions(
      videoPositions: positions, soundPositions: heard, rows: tokens.rows, columns: tokens.columns,
      framesPerSecond: framesPerSecond)
    given.base = base(times).map { stretch($0).converted(to: .float32) }
    given.isBaseFlat = isFlat
    given.soundBase = soundBase.map { $0.slice(axis: 1, soundRange(times)) }
    given.controls = controls(times).map(stretch)
    given.bodies = bodies?.rows(times, framesPerSecond: framesPerSecond)
    given.contacts = contacts?.rows(frames: frames, framesPerSecond: framesPerSecond)
    if let caption, !captions.isEmpty {
      given.words = captions[caption % captions.count].numbers(vocabulary: vocabulary)
    }
    // The look of the stretch's end: a stretch begins with the shot before at most.
    if !styles.isEmpty { given.style = styles[min(frames.upperBound, frameCount) - 1] }
    return given
  }
}

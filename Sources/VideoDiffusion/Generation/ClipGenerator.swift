import DiffusionSchedulers
import Foundation
import Tensors
public import WorldCore

/// The trained networks together: from what is told of a clip to pictures and sound.
///
/// A clip is made stretch after stretch, each beginning with the last token of the one before as given: memory doesn't grow
/// with the clip, and what was made is never changed. At a cut nothing is handed on.
public struct ClipGenerator: Sendable {
  public let pictures: VideoAutoencoder
  public let sounds: SoundAutoencoder
  /// nil: the network adds to the plain view itself.
  public let shader: NeuralShader?
  /// Draws over flat colours where the plain view is left out; nil: then there is nothing to add to.
  public let geometry: NeuralShader?
  /// Draws what contacts sound like; nil: the network's sound has nothing to add to.
  public let soundShader: SoundShader?
  package let transformer: JointTransformer
  /// Whether the transformer was distilled to jump to the end in a few steps.
  public let isStudent: Bool

  /// Reads the networks from their files.
  ///
  /// - Parameter teacher: of a `transformer` that was distilled; nil where it wasn't.
  /// - Throws: `WeightsError`.
  public init(
    pictures: String, sounds: String, shader: String, geometry: String, soundShader: String, transformer: String,
    teacher: String? = nil
  ) throws(WeightsError) {
    self.pictures = try VideoAutoencoder(contentsOf: pictures)
    self.sounds = try SoundAutoencoder(contentsOf: sounds)
    self.shader = try NeuralShader(contentsOf: shader)
    self.geometry = try NeuralShader(contentsOf: geometry)
    guard !self.shader!.configuration.drawsFlatColors else {
      throw .foreign(path: shader, problem: "they were trained to draw over flat colours, not over a plain view")
    }
    guard self.geometry!.configuration.drawsFlatColors else {
      throw .foreign(path: geometry, problem: "they were trained to draw over a plain view, not over flat colours")
    }
    self.soundShader = try SoundShader(contentsOf: soundShader)
    guard self.soundShader!.configuration.latentWidth == self.sounds.configuration.latentWidth else {
      throw .foreign(path: soundShader, problem: "it was trained with another sound autoencoder than the one beside it")
    }
    var network = try JointTransformer(contentsOf: transformer)
    if network.configuration.borrowsWords == true {
      guard let teacher else { throw .foreign(path: transformer, problem: "a student is asked beside its teacher") }
      network.words = try JointTransformer(contentsOf: teacher).words
    }
    (self.transformer, isStudent) = (network, teacher != nil)
    let widths = (self.pictures.configuration.latentWidth, self.sounds.configuration.latentWidth)
    guard widths == (network.configuration.videoLatentWidth, network.configuration.soundLatentWidth) else {
      throw .foreign(path: transformer, problem: "it was trained with other autoencoders than the ones beside it")
    }
  }

  package init(
    pictures: VideoAutoencoder, sounds: SoundAutoencoder, shader: NeuralShader? = nil, geometry: NeuralShader? = nil,
    soundShader: SoundShader? = nil, transformer: JointTransformer, isStudent: Bool = false
  ) {
    (self.pictures, self.sounds, self.transformer) = (pictures, sounds, transformer)
    (self.shader, self.geometry, self.soundShader) = (shader, geometry, soundShader)
    self.isStudent = isStudent
  }

  /// More steps than this are taken by a method of high order; fewer by Euler's.
  static let mostEulerSteps = 4

  /// Makes a clip and hands out its frames as they are ready.
  ///
  /// - Parameters:
  ///   - show: each frame in order, those that were given as well; what it throws ends the work.
  ///   - progress: called after each step and each stretch; what it throws ends the work.
  /// - Returns: the sound, as long as the frames.
  public func generate(
    _ world: WorldConditions, options: Options = Options(), show: (Image<SRGB8>) throws -> Void,
    progress: (Progress) throws -> Void = { _ in }
  ) throws -> AudioBuffer {
    precondition(options.given.count <= world.frameCount, "more frames are given than the clip has")
    precondition(
      options.keyframes.keys.allSatisfy { (options.given.count..<world.frameCount).contains($0) },
      "a keyframe lies in the clip, behind those that it begins with")
    precondition(
      options.guidance.allSatisfy { $0.condition != .plainView }, "the plain view is added to, and is no matter of strength")
    let keyframes = Keyframes(
      options.keyframes, behind: options.given, cuts: world.cuts.map { $0 * VideoTokens.frames }, encoder: pictures)
    let world = keyframes.isEmpty ? world : world.passing(keyframes)
    if options.steps == 0, let view = view(of: world, options.without) {
      return try film(view, world, options, show: show, progress: progress)
    }
    precondition(options.steps > 0, "where there is no picture to show, something has to be denoised")
    precondition(world.view == nil || world.base(0..<1) != nil, "for steps the conditions are made with an encoder")
    let plan = Stretch.plan(tokens: world.tokens.time, made: options.given.count / VideoTokens.frames, cuts: world.cuts)
    var made = begun(options, in: world)
    for frame in options.given { try show(frame) }
    var shown = options.given.count
    // Few steps take no longer than shading what they add to and drawing what they give: each goes on a core of its own, a stretch
    // apart. Of many steps every core takes its share.
    let threads = TensorRuntime.threadCount
    if options.steps <= Self.mostEulerSteps {
      TensorRuntime.threadCount = max(1, threads - 1)
    } else {
      _ = world.view?.pictures(0..<world.frameCount)
    }
    defer { TensorRuntime.threadCount = threads }
    var drawing: WorkBeside<[Image<SRGB8>]>?
    for (number, stretch) in plan.enumerated() {
      let fresh = try extend(&made, over: stretch, in: world, options, keyframes) { step, steps, video in
        try progress(
          Progress(stretch: number, stretches: plan.count, step: step, steps: steps) {
            preview(of: video, in: world)
          })
      }
      // Of a token that is given in part, the given frames are known already; the last one may reach past the clip.
      let first = stretch.fresh.lowerBound * VideoTokens.frames
      let frames = shown..<min(stretch.fresh.upperBound * VideoTokens.frames, world.frameCount)
      // Those that are given may be all of them.
      guard !frames.isEmpty else { continue }
      let latents = VideoTokens.latents(fresh, rows: world.tokens.rows, columns: world.tokens.columns)
        .slice(axis: 0, frames.lowerBound - first..<frames.upperBound - first)
      for frame in drawing?() ?? [] { try show(frame) }
      let isLast = number == plan.count - 1
      drawing = WorkBeside {
        // The number is the thread's own, on which others may work afterwards.
        let usual = TensorRuntime.threadCount
        TensorRuntime.threadCount = isLast ? max(1, threads - 1) : 1
        defer { TensorRuntime.threadCount = usual }
        return drawn(latents, frames, keyframes, in: world, without: options.without)
      }
      shown = frames.upperBound
    }
    // Sound is decoded beside the last pictures.
    let heard = sound(of: made.sound!, in: world)
    for frame in drawing?() ?? [] { try show(frame) }
    return heard
  }

  private func sound(of tokens: Tensor, in world: WorldConditions) -> AudioBuffer {
    let latents = SoundTokens.latents(tokens)
    return sounds.sound(of: latents, samples: min(world.sampleCount, latents.shape[1] * SoundAutoencoder.hop))
  }

  /// Draws what contacts sound like; nil where there is nothing that does.
  public var drawnSound: DrawnSound? { soundShader.map { DrawnSound(shader: $0, coder: sounds) } }

  /// The pictures of latents: of all of them, or of how they change the shaded view or the mixture of given pictures.
  private func drawn(
    _ latents: Tensor, _ frames: Range<Int>, _ keyframes: Keyframes, in world: WorldConditions, without: Set<Condition>
  ) -> [Image<SRGB8>] {
    guard let view = view(of: world, without) else {
      let mixtures = Array(frames.map { keyframes.mixture($0) }.prefix { $0 != nil }.map { $0! })
      let changed =
        mixtures.isEmpty
        ? []
        : pictures.frames(
          of: latents.slice(axis: 0, 0..<mixtures.count),
          changing: Tensor.concatenated(mixtures.map(\.latents), axis: 0), of: mixtures.map(\.image))
      guard mixtures.count < frames.count else { return changed }
      let rest = latents.slice(axis: 0, mixtures.count..<frames.count)
      return changed + pictures.frames(of: rest, width: world.width, height: world.height)
    }
    let times = frames.lowerBound / VideoTokens.frames..<(frames.upperBound - 1) / VideoTokens.frames + 1
    let base = world.base(times)!.converted(to: .float32)
    let first = times.lowerBound * VideoTokens.frames
    let before = VideoTokens.latents(
      base.reshaped([1, base.shape[0] * base.shape[1], base.shape[2]]), rows: world.tokens.rows, columns: world.tokens.columns
    ).slice(axis: 0, frames.lowerBound - first..<frames.upperBound - first)
    return pictures.frames(of: latents, changing: before, of: view.pictures(frames))
  }

  /// Shows the shaded view as it is, with the sound that is drawn; silence where none is.
  private func film(
    _ view: ShadedView, _ world: WorldConditions, _ options: Options, show: (Image<SRGB8>) throws -> Void,
    progress: (Progress) throws -> Void
  ) throws -> AudioBuffer {
    for frame in options.given { try show(frame) }
    let heard = options.without.contains(.motion) ? nil : soundBeside(world)
    let length = Stretch.length * VideoTokens.frames
    for start in stride(from: options.given.count, to: view.frameCount, by: length) {
      let pictures = view.pictures(start..<min(start + length, view.frameCount))
      for picture in pictures { try show(picture) }
      try progress(
        Progress(stretch: start / length + 1, stretches: (view.frameCount + length - 1) / length, step: 0, steps: 0) {
          pictures[0]
        })
    }
    return heard?() ?? AudioBuffer(samples: Array(repeating: .zero, count: world.sampleCount))
  }

  /// The drawn sound, decoded on a thread of its own.
  private func soundBeside(_ world: WorldConditions) -> WorkBeside<AudioBuffer>? {
    guard world.hasSoundBase else { return nil }
    return WorkBeside {
      let threads = TensorRuntime.threadCount
      TensorRuntime.threadCount = 1
      defer { TensorRuntime.threadCount = threads }
      return sound(of: world.soundBase!, in: world)
    }
  }

  private func preview(of video: Tensor, in world: WorldConditions) -> Image<SRGB8> {
    let latents = VideoTokens.latents(video, rows: world.tokens.rows, columns: world.tokens.columns)
    let middle = latents.shape[0] / 2
    return pictures.frames(
      of: latents.slice(axis: 0, middle..<middle + 1), width: world.width, height: world.height)[0]
  }

  /// What is added to: over flat colours it goes with the controls that these are made of.
  func view(of world: WorldConditions, _ without: Set<Condition>) -> ShadedView? {
    without.contains(world.isFlat ? .controls : .plainView) ? nil : world.view
  }

  func parts(_ conditions: Set<Condition>) -> Set<WindowConditions.Part> {
    var parts: Set<WindowConditions.Part> = []
    if conditions.contains(.controls) { parts.insert(.controls) }
    if conditions.contains(.motion) { parts.formUnion([.bodies, .contacts]) }
    if conditions.contains(.words) { parts.insert(.words) }
    return parts
  }
}

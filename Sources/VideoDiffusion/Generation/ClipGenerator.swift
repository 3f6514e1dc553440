import DiffusionSchedulers
import Foundation
import Tensors
public import WorldCore

/// The trained networks together: from what a simulation tells to pictures and sound.
///
/// A clip is made stretch after stretch, each beginning with the last token of the one before as given: memory doesn't grow with the clip,
/// and what was made is never changed.
public struct ClipGenerator: Sendable {
  public let pictures: VideoAutoencoder
  public let sounds: SoundAutoencoder
  let transformer: JointTransformer
  /// Video tokens of a stretch along time.
  static let stretch = 4

  /// Reads the networks from their files.
  ///
  /// - Throws: `WeightsError`.
  public init(pictures: String, sounds: String, transformer: String) throws(WeightsError) {
    self.pictures = try VideoAutoencoder(contentsOf: pictures)
    self.sounds = try SoundAutoencoder(contentsOf: sounds)
    self.transformer = try JointTransformer(contentsOf: transformer)
  }

  package init(pictures: VideoAutoencoder, sounds: SoundAutoencoder, transformer: JointTransformer) {
    (self.pictures, self.sounds, self.transformer) = (pictures, sounds, transformer)
  }

  public struct Options: Sendable {
    /// Questions to the network for each stretch of time.
    public var steps = 4
    public var seed: UInt64 = 0
    /// Picture that the clip begins with, of the conditions' size.
    public var firstFrame: Image<SRGB8>?
    /// Conditions that are left out.
    public var without: Set<Condition> = []

    public init() {}
  }

  public enum Condition: String, CaseIterable, Sendable { case plainView, controls, motion, words }

  /// Makes a clip and hands out its frames as they are ready.
  ///
  /// - Parameters:
  ///   - show: each frame in order; what it throws ends the work.
  ///   - progress: stretches done and in all.
  /// - Returns: the sound, as long as the frames.
  public func generate(
    _ world: WorldConditions, options: Options = Options(), show: (Image<SRGB8>) throws -> Void,
    progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws -> AudioBuffer {
    // Each stretch but the first begins with the last token of the one before.
    let starts = Array(stride(from: 0, to: max(1, world.tokens.time - 1), by: Self.stretch - 1))
    var made = Made()
    var shown = 0
    for (number, start) in starts.enumerated() {
      try progress(number, starts.count)
      let times = start..<min(start + Self.stretch, world.tokens.time)
      let fresh = extend(&made, over: times, number: number, in: world, options)
      let latents = VideoTokens.latents(fresh, rows: world.tokens.rows, columns: world.tokens.columns)
      for frame in pictures.frames(of: latents, width: world.width, height: world.height) where shown < world.frameCount {
        try show(frame)
        shown += 1
      }
    }
    try progress(starts.count, starts.count)
    let seconds = Double(world.frameCount) / world.framesPerSecond
    let latents = SoundTokens.latents(made.sound!)
    let samples = min(Int((seconds * Double(AudioBuffer.standardSampleRate)).rounded()), latents.shape[1] * SoundAutoencoder.hop)
    return sounds.sound(of: latents, samples: samples)
  }

  /// What a clip's next stretch goes on from.
  private struct Made {
    /// The last video token of each place [1, rows·columns, 256]; nil before the beginning.
    var picture: Tensor?
    /// All sound tokens so far [1, tokens, 128].
    var sound: Tensor?
  }

  /// Denoises a stretch of video tokens and the sound that goes with it; returns the video tokens that are new.
  private func extend(
    _ made: inout Made, over times: Range<Int>, number: Int, in world: WorldConditions, _ options: Options
  ) -> Tensor {
    let (area, heard) = (world.tokens.rows * world.tokens.columns, world.soundRange(times))
    let (tokens, configuration) = (times.count * area, transformer.configuration)
    var given = world.window(times, caption: 0, vocabulary: configuration.vocabulary).without(options.dropped)
    given.known = known(made, tokens: tokens, area: area, options)

    // What was made before stays, whatever the network thinks of it now.
    let picture = made.picture
    let overlap = max(0, min(heard.count, (made.sound?.shape[1] ?? 0) - heard.lowerBound))
    let sound = overlap > 0 ? made.sound!.slice(axis: 1, heard.lowerBound..<heard.lowerBound + overlap) : nil
    var stream = RandomStream(seed: options.seed, "generate").substream(number)
    let form = JointLatents(
      video: .zeros([1, tokens, configuration.videoTokenWidth]), sound: .zeros([1, heard.count, configuration.soundTokenWidth]))
    let noise = JointLatents.noise(like: form, from: &stream)
    let result = Denoising(noise, scheduler: EulerScheduler(TimeGrid(steps: options.steps))) { [transformer] sample, t in
      let data = transformer(sample, t: t, given)
      return .data(JointLatents(video: Self.keeping(picture, in: data.video), sound: Self.keeping(sound, in: data.sound)))
    }.result()

    let fresh = picture == nil ? result.video : result.video.slice(axis: 1, area..<tokens)
    made.picture = result.video.slice(axis: 1, tokens - area..<tokens)
    if overlap < heard.count {
      let news = result.sound.slice(axis: 1, overlap..<heard.count)
      made.sound = made.sound.map { Tensor.concatenated([$0, news], axis: 1) } ?? news
    }
    return fresh
  }

  /// The pictures that a stretch begins with: the end of the one before, or a first frame.
  private func known(_ made: Made, tokens: Int, area: Int, _ options: Options) -> (latents: Tensor, frames: Tensor)? {
    let width = transformer.configuration.videoTokenWidth
    func filled(_ first: Tensor) -> Tensor {
      tokens > area ? Tensor.concatenated([first, .zeros([1, tokens - area, width])], axis: 1) : first
    }
    if let picture = made.picture { return KnownFrames.condition(filled(picture), frames: VideoTokens.frames, area: area) }
    guard let picture = options.firstFrame else { return nil }
    let first = WorldConditions.tokens(of: [picture], encoder: pictures).converted(to: .float32).reshaped([1, area, width])
    return KnownFrames.condition(filled(first), frames: 1, area: area)
  }

  /// The plain view as the autoencoder gives it back: what is seen where the network adds nothing.
  func plainView(of world: WorldConditions) -> DecodedFrames {
    pictures.frames(of: world.plainLatents.slice(axis: 0, 0..<world.frameCount), width: world.width, height: world.height)
  }

  /// The tensor with its first tokens replaced by these.
  private static func keeping(_ part: Tensor?, in tensor: Tensor) -> Tensor {
    guard let part else { return tensor }
    guard part.shape[1] < tensor.shape[1] else { return part }
    return Tensor.concatenated([part, tensor.slice(axis: 1, part.shape[1]..<tensor.shape[1])], axis: 1)
  }
}

extension ClipGenerator.Options {
  var dropped: Set<WindowConditions.Part> {
    var parts: Set<WindowConditions.Part> = []
    if without.contains(.plainView) { parts.insert(.base) }
    if without.contains(.controls) { parts.insert(.controls) }
    if without.contains(.motion) { parts.formUnion([.bodies, .contacts]) }
    if without.contains(.words) { parts.insert(.words) }
    return parts
  }
}

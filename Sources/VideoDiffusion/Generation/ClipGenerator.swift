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

  /// A stretch that is finished.
  public struct Stretch: Sendable {
    public var frames: [Image<SRGB8>]
    public var sound: AudioBuffer
  }

  /// Makes a clip and hands out its frames and, at the end, its sound.
  ///
  /// - Parameters:
  ///   - show: each frame in order; what it throws ends the work.
  ///   - progress: stretches done and in all.
  /// - Returns: the sound, as long as the frames.
  public func generate(
    _ world: WorldConditions, options: Options = Options(), show: (Image<SRGB8>) throws -> Void,
    progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws -> AudioBuffer {
    let (time, area) = (world.tokens.time, world.tokens.rows * world.tokens.columns)
    let starts = Array(stride(from: 0, to: max(1, time - 1), by: Self.stretch - 1))
    var heard: Tensor?
    var last: Tensor?
    var shown = 0
    let scheduler = EulerScheduler(TimeGrid(steps: options.steps))
    for (number, start) in starts.enumerated() {
      try progress(number, starts.count)
      let times = start..<min(start + Self.stretch, time)
      var given = world.window(times, caption: 0, vocabulary: transformer.configuration.vocabulary).without(options.dropped)

      // What is given: the end of the stretch before, or a first frame.
      let tokens = times.count * area
      let width = transformer.configuration.videoTokenWidth
      let soundRange = world.soundRange(times)
      let done = heard.map { $0.shape[1] - soundRange.lowerBound } ?? 0
      let kept = last
      if let last {
        let rest = Tensor.zeros([1, tokens - area, width])
        given.known = KnownFrames.condition(Tensor.concatenated([last, rest], axis: 1), frames: VideoTokens.frames, area: area)
      } else if let picture = options.firstFrame {
        let first = WorldConditions.tokens(of: [picture], encoder: pictures).converted(to: .float32).reshaped([1, area, width])
        let all = tokens > area ? Tensor.concatenated([first, .zeros([1, tokens - area, width])], axis: 1) : first
        given.known = KnownFrames.condition(all, frames: 1, area: area)
      }
      let soundKept = done > 0 ? heard!.slice(axis: 1, soundRange.lowerBound..<soundRange.lowerBound + min(done, soundRange.count)) : nil

      var stream = RandomStream(seed: options.seed, "generate").substream(number)
      let shape = JointLatents(
        video: .zeros([1, tokens, width]), sound: .zeros([1, soundRange.count, transformer.configuration.soundTokenWidth]))
      let noise = JointLatents.noise(like: shape, from: &stream)
      let network = transformer
      let result = Denoising(noise, scheduler: scheduler) { sample, t in
        var data = network(sample, t: t, given)
        if let kept { data.video = Self.beginning(data.video, with: kept) }
        if let soundKept { data.sound = Self.beginning(data.sound, with: soundKept) }
        return .data(data)
      }.result()

      // The first token was shown before, unless this is the beginning.
      let fresh = last == nil ? result.video : result.video.slice(axis: 1, area..<tokens)
      last = result.video.slice(axis: 1, tokens - area..<tokens)
      let latents = VideoTokens.latents(fresh, rows: world.tokens.rows, columns: world.tokens.columns)
      for frame in pictures.frames(of: latents, width: world.width, height: world.height) where shown < world.frameCount {
        try show(frame)
        shown += 1
      }
      let news = done > 0 ? (done < soundRange.count ? result.sound.slice(axis: 1, done..<soundRange.count) : nil) : result.sound
      heard = [heard, news].compactMap { $0 }.reduce(nil as Tensor?) { sum, part in sum.map { Tensor.concatenated([$0, part], axis: 1) } ?? part }
    }
    try progress(starts.count, starts.count)
    let samples = Int((Double(world.frameCount) / world.framesPerSecond * Double(AudioBuffer.standardSampleRate)).rounded())
    let latents = SoundTokens.latents(heard!)
    return sounds.sound(of: latents, samples: min(samples, latents.shape[1] * SoundAutoencoder.hop))
  }

  /// The plain view as the autoencoder gives it back: what is seen where the network adds nothing.
  func plainView(of world: WorldConditions) -> DecodedFrames {
    pictures.frames(of: world.plainLatents.slice(axis: 0, 0..<world.frameCount), width: world.width, height: world.height)
  }

  private static func beginning(_ tensor: Tensor, with part: Tensor) -> Tensor {
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

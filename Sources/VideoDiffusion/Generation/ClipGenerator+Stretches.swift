import DiffusionSchedulers
import Foundation
import Tensors
import WorldCore

/// A clip is made stretch after stretch.
extension ClipGenerator {
  /// What a clip's next stretch goes on from.
  struct Made {
    /// The last video token of each place that is whole [1, rows·columns, width]; nil at the beginning and at a cut.
    var picture: Tensor?
    /// Frames behind it that are given too, fewer than a token's, as a token of each place.
    var rest: (tokens: Tensor, frames: Int)?
    /// How the shot's first pictures are, or its last keyframe, where nothing else keeps the later ones like them.
    var anchor: LatentAnchor?
    /// All sound tokens so far [1, tokens, 128]; nil before the first.
    var sound: Tensor?

    var soundCount: Int { sound?.shape[1] ?? 0 }

    /// By their frame, counted from the last whole token's first.
    func pictures(area: Int) -> [Int: Tensor] {
      let whole = picture.map { [($0, VideoTokens.frames)] } ?? []
      let frames = (whole + (rest.map { [$0] } ?? [])).flatMap { tokens, count in
        (0..<count).map { KnownFrames.picture($0, of: tokens, area: area) }
      }
      return Dictionary(uniqueKeysWithValues: zip(0..., frames))
    }
  }

  /// The beginning that is given.
  func begun(_ options: Options, in world: WorldConditions) -> Made {
    var made = Made()
    let count = options.given.count
    guard count > 0 else { return made }
    let (whole, rest) = count.quotientAndRemainder(dividingBy: VideoTokens.frames)
    func tokens(_ frames: ArraySlice<Image<SRGB8>>) -> Tensor {
      let tokens = WorldConditions.tokens(of: Array(frames), encoder: pictures).converted(to: .float32)
      return tokens.reshaped([1, tokens.shape[1], tokens.shape[2]])
    }
    if whole > 0 { made.picture = tokens(options.given[(whole - 1) * VideoTokens.frames..<whole * VideoTokens.frames]) }
    if rest > 0 { made.rest = (tokens(options.given[(count - rest)...]), rest) }
    // Sound is told up to the last given frame; without it, silence is.
    let heard = Int(Double(count) / world.framesPerSecond * SoundTokens.perSecond)
    if whole > 0, heard > 0 {
      let silence = SoundTokens.tokens(sounds.encode(AudioBuffer(silenceFor: Double(heard) / SoundTokens.perSecond)))
      guard let sound = options.givenSound, !sound.samples.isEmpty else {
        made.sound = silence
        return made
      }
      let told = SoundTokens.tokens(sounds.encode(sound))
      made.sound =
        told.shape[1] >= heard
        ? told.slice(axis: 1, 0..<heard)
        : Tensor.concatenated([told, silence.slice(axis: 1, told.shape[1]..<heard)], axis: 1)
    }
    return made
  }

  /// Denoises a stretch of video tokens and the sound that goes with it; returns the video tokens that are new.
  func extend(
    _ made: inout Made, over stretch: Stretch, in world: WorldConditions, _ options: Options, _ keyframes: Keyframes,
    progress: (_ step: Int, _ steps: Int, _ video: Tensor) throws -> Void
  ) throws -> Tensor {
    if stretch.kept == 0 { (made.picture, made.anchor) = (nil, nil) }
    let times = stretch.times
    let (area, heard) = (world.tokens.rows * world.tokens.columns, world.soundRange(times))
    let (tokens, configuration) = (times.count * area, transformer.configuration)
    var given = world.window(times, caption: 0, vocabulary: configuration.vocabulary).without(parts(options.without))
    if view(of: world, options.without) == nil { given.base = nil }
    if options.without.contains(.motion) { given.soundBase = nil }
    let frames = times.lowerBound * VideoTokens.frames..<times.upperBound * VideoTokens.frames
    let told = keyframes.told(frames).merging(made.pictures(area: area)) { $1 }
    given.known = told.isEmpty ? nil : KnownFrames(told, frames: frames.count)
    made.rest = nil

    // What was made before or is given stays, whatever the network thinks of it now.
    let space = transformer.space(of: given)
    let kept = given.known.map { (known: $0, residual: space.residual(of: $0.latents)) }
    let soundBefore = min(heard.upperBound, made.soundCount)
    let soundSpace = transformer.soundSpace(of: given)
    let sound: Tensor? =
      soundBefore > heard.lowerBound
      ? soundSpace.residual(
        of: made.sound!.slice(axis: 1, heard.lowerBound..<soundBefore)
          .padded(axis: 1, before: 0, after: heard.upperBound - soundBefore)
      ).slice(axis: 1, 0..<soundBefore - heard.lowerBound) : nil
    let form = JointLatents(
      video: .zeros([1, tokens, configuration.videoTokenWidth]),
      sound: .zeros([1, heard.count, configuration.soundTokenWidth]))
    var stream = RandomStream(seed: options.seed, "generate").substream(times.lowerBound)
    let drawn = JointLatents.noise(like: form, from: &stream)
    func temperature(_ isKnown: Bool) -> Double { options.temperature ?? (isKnown ? Self.baseTemperature : 1) }
    let noise = JointLatents(
      video: drawn.video * temperature(given.base != nil || given.known != nil),
      sound: drawn.sound * temperature(given.soundBase != nil))
    let guidance = Guidance(options.guidance)
    let named = Set(options.guidance.map(\.condition))
    let views = guidance.passes.map { given.without(parts(named.subtracting($0.conditions))) }
    let model = { [transformer] (sample: JointLatents, t: Double) -> Prediction<JointLatents> in
      let data = guidance.combined(views.map { transformer(sample, t: t, $0) })
      return .data(
        JointLatents(
          video: kept.map { $0.known.keeping($0.residual, in: data.video) } ?? data.video,
          sound: Self.keeping(sound, in: data.sound)))
    }
    var result = noise
    func denoise(by scheduler: some DiffusionScheduler) throws {
      for (step, point) in Denoising(noise, scheduler: scheduler, model: model).enumerated() {
        result = point.sample
        try progress(step + 1, scheduler.evaluationCount, space.data(of: result.video))
      }
    }
    try denoise(by: scheduler(steps: options.steps))

    var video = space.data(of: result.video)
    if given.base == nil {
      if let known = given.known, let say = keyframes.say(frames, shape: video.shape) {
        video = known.still + (video - known.still) * say
      }
      let anchor =
        made.anchor
        ?? LatentAnchor(
          given.known?.still.slice(axis: 1, 0..<area) ?? video.slice(axis: 1, tokens - area..<tokens),
          width: configuration.videoLatentWidth, frame: frames.lowerBound)
      // Between keyframes of its own a stretch has hold enough; the next has the last of them.
      let (own, next) = keyframes.anchors(stretch.fresh.lowerBound * VideoTokens.frames..<frames.upperBound)
      if own == nil { video = anchor.held(video, from: frames.lowerBound, towards: next) }
      made.anchor = own ?? anchor
      if let known = given.known { video = known.keeping(known.latents, in: video) }
    }
    made.picture = video.slice(axis: 1, tokens - area..<tokens)
    if soundBefore < heard.upperBound {
      let news = soundSpace.data(of: result.sound).slice(axis: 1, max(0, made.soundCount - heard.lowerBound)..<heard.count)
      made.sound = made.sound.map { Tensor.concatenated([$0, news], axis: 1) } ?? news
    }
    return video.slice(axis: 1, stretch.kept * area..<tokens)
  }

  /// What a picture lacks of its plain view, or of the picture before, is mostly known: drawn at full strength, the rest would double the squared error.
  /// At a third it adds a tenth.
  public static let baseTemperature = 0.3

  private func scheduler(steps: Int) -> any DiffusionScheduler {
    let grid = TimeGrid(steps: steps)
    if isStudent { return FewStepScheduler(grid) }
    return steps > Self.mostEulerSteps ? MultistepScheduler(grid) : EulerScheduler(grid)
  }

  /// The tensor with its first tokens replaced by these.
  private static func keeping(_ part: Tensor?, in tensor: Tensor) -> Tensor {
    guard let part else { return tensor }
    guard part.shape[1] < tensor.shape[1] else { return part }
    return Tensor.concatenated([part, tensor.slice(axis: 1, part.shape[1]..<tensor.shape[1])], axis: 1)
  }
}

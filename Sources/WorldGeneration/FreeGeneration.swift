import Foundation
import MediaIO
import VideoDiffusion
import WorldCore

/// A clip without a simulation: from words, from a picture, from another clip. What moves how is then the network's guess.
public struct FreeGeneration: Sendable {
  public var settings: GenerationSettings
  public var size: (width: Int, height: Int)
  public var framesPerSecond: Double
  public var frameCount: Int
  /// Clip that is drawn anew, its motion kept; it sets size, rate and length.
  public var source: SourceClip?

  /// Frames a second where nothing else says so.
  public static let usualRate = 24.0

  /// From words, pictures or a clip to go on from.
  public init(
    _ settings: GenerationSettings, size: (width: Int, height: Int) = (256, 144), framesPerSecond: Double = usualRate,
    seconds: Double = 4
  ) {
    precondition(seconds > 0 && framesPerSecond > 0, "a clip lasts, at some rate")
    self.settings = settings
    self.size = size
    self.framesPerSecond = framesPerSecond
    frameCount = max(1, Int((seconds * framesPerSecond).rounded()))
  }

  /// From another clip, in another look.
  public init(_ settings: GenerationSettings, drawing source: SourceClip) {
    self.settings = settings
    self.source = source
    size = (source.frames[0].width, source.frames[0].height)
    (framesPerSecond, frameCount) = (source.framesPerSecond, source.frames.count)
  }

  /// Of words alone. With the weights at hand, noise at full strength makes each token a picture of its own; chosen by eye on
  /// seven clips.
  static let temperatureOfWords = 0.3

  /// Generates the clip and writes it, and `OUT.json` beside it.
  ///
  /// - Throws: `WeightsError`, `MediaError`, `FileError`.
  public func write(
    to path: String, progress: (GenerationOutcome.Progress) throws -> Void = { _ in }
  ) throws -> GenerationOutcome {
    var outcome = GenerationOutcome()
    settings.noted(in: &outcome, shader: source == nil || settings.style == nil ? nil : .styleShader)
    let begin = ContinuousClock.now
    let generator = try settings.weights.generator(isStudent: settings.isStudent, restyles: source != nil)
    outcome.secondsLoading = seconds(since: begin)

    let generating = ContinuousClock.now
    let captions = settings.prompt.map { [$0] } ?? []
    let world: WorldConditions
    if let source {
      world = WorldConditions(
        source: source.frames, framesPerSecond: framesPerSecond, captions: captions, style: settings.style,
        encoder: settings.steps > 0 ? generator.pictures : nil, shader: settings.style == nil ? nil : generator.shader)
      outcome.given["video"] = source.digest
    } else {
      world = WorldConditions(
        frameCount: frameCount, width: size.width, height: size.height, framesPerSecond: framesPerSecond, captions: captions,
        style: settings.style)
    }
    let clip = try PassingClip(
      path: path, width: size.width, height: size.height, framesPerSecond: framesPerSecond)
    defer { clip.settle() }
    var asked = settings.asked(framesPerSecond: framesPerSecond, frameCount: frameCount)
    if source == nil, asked.given.isEmpty, asked.keyframes.isEmpty { asked.temperature = Self.temperatureOfWords }
    outcome.temperature = asked.temperature ?? (source == nil ? 1 : ClipGenerator.baseTemperature)
    let made = try generator.generate(
      world, options: asked, show: { try clip.append($0) },
      progress: { try progress(.generating($0.stretch * max($0.steps, 1) + $0.step, of: $0.stretches * max($0.steps, 1))) })
    // Where there was sound it stays.
    let sound = made.beginning(with: (source?.sound ?? settings.extended?.sound)?.samples ?? [])
    clip.append { sound }
    try clip.finish()
    outcome.secondsGenerating = seconds(since: generating)

    (outcome.clip, outcome.caption) = (path, captions.first ?? "")
    outcome.styles = settings.style.map { [$0.rawValue] } ?? []
    (outcome.width, outcome.height, outcome.fps) = (size.width, size.height, framesPerSecond)
    (outcome.frames, outcome.duration) = (frameCount, Double(frameCount) / framesPerSecond)
    outcome.fromNetwork = source == nil ? ["motion", "picture", "sound"] : ["light, texture, style"]
    try outcome.write()
    return outcome
  }
}

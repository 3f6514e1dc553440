public import VideoDiffusion
import WorldCore

/// What generation is asked for, with a scene or without.
public struct GenerationSettings: Sendable {
  /// nil is the scene's shots'; without a scene, none is told.
  public var style: GeneratorStyle?
  /// Said to the network; with a scene, instead of what the simulation tells.
  public var prompt: String?
  /// Pictures that the clip shows at their times, of its size: at 0 s it begins with one. Behind `extended`, and no two for one
  /// frame.
  public var keyframes: [Keyframe] = []
  /// Clip that the new one begins with and goes on from, of the clip's size and rate.
  public var extended: SourceClip?
  /// Questions to the transformer for each stretch of time; none shows the shaded view alone, which is best with the weights at
  /// hand.
  public var steps = 0
  /// Whether the distilled student is asked, which takes up to four steps.
  public var isStudent = false
  public var guidance: [(condition: ClipGenerator.Condition, scale: Double)] = []
  public var without: Set<ClipGenerator.Condition> = []
  /// Of the noise.
  public var seed: UInt64 = 0
  public var weights = GeneratorWeights()
  /// Of a scene's clip: pixels, and seconds from the beginning; nil is the scene's.
  public var size: (width: Int, height: Int)?
  public var seconds: Double?
  /// Of a scene's clip.
  public var sound = SceneGeneration.SoundSource.simulator

  public init() {}

  /// For a clip of a rate and length.
  func asked(framesPerSecond: Double, frameCount: Int) -> ClipGenerator.Options {
    var options = ClipGenerator.Options()
    (options.steps, options.seed, options.guidance, options.without) = (steps, seed, guidance, without)
    options.keyframes = Dictionary(
      uniqueKeysWithValues: keyframes.map {
        (Keyframe.frame(at: $0.seconds, framesPerSecond: framesPerSecond, frameCount: frameCount), $0.picture.image)
      })
    options.given = extended?.frames ?? options.keyframes.removeValue(forKey: 0).map { [$0] } ?? []
    options.givenSound = extended?.sound
    return options
  }

  /// The outcome's part that the settings tell.
  ///
  /// - Parameters:
  ///   - shader: the one that draws; nil is none.
  ///   - drawsSound: whether what contacts sound like is drawn.
  func noted(in outcome: inout GenerationOutcome, shader: TrainedWeights?, drawsSound: Bool = false) {
    (outcome.noiseSeed, outcome.steps, outcome.student) = (seed, steps, isStudent)
    outcome.guidance = Dictionary(uniqueKeysWithValues: guidance.map { ($0.condition.rawValue, $0.scale) })
    outcome.without = without.map(\.rawValue).sorted()
    outcome.weights = weights.digests(isStudent: isStudent, shader: shader, drawsSound: drawsSound)
    outcome.framesGiven = (extended?.frames.count ?? 0) + keyframes.count
    if let first = keyframes.first(where: { $0.seconds == 0 }) { outcome.given["image"] = first.picture.digest }
    if keyframes.contains(where: { $0.seconds > 0 }) {
      outcome.keyframes = keyframes.map { GenerationOutcome.Given(digest: $0.picture.digest, seconds: $0.seconds) }
    }
    if let extended { outcome.given["extend"] = extended.digest }
  }
}

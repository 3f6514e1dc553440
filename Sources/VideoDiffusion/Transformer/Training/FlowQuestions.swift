import DiffusionSchedulers
import Foundation
import NeuralNetworks
import Tensors
import WorldCore

/// A point of the flow of one stretch of a clip, what is told of the stretch, and the data that the point stems from.
package struct FlowQuestion {
  /// Of the clip: video tokens along time, and which of its captions.
  package var times: Range<Int>
  package var caption: Int
  /// Frames that are given, counted from the stretch's first, one behind it perhaps; not told where that condition is left out.
  package var known: [Int]
  package var given: WindowConditions
  package var t: Double
  /// The clean latents, as residuals where those are denoised, and the noise that they are mixed with.
  var answer: JointLatents
  package var noise: JointLatents
  /// What each number of the pictures counts [1, tokens, token width], of mean about 1.
  var weights: Tensor
  /// The same of sound [1, 1, sound token width].
  var soundWeights: Tensor

  var noised: JointLatents { FlowPath.mixed(data: answer, noise: noise, t: t) }

  /// Squared error of the data, pictures and sound.
  func loss(of predicted: JointLatents, to target: JointLatents, soundWeight: Double) -> Tensor {
    let video = ((predicted.video - target.video).squared() * weights).mean()
    return video + ((predicted.sound - target.sound).squared() * soundWeights).mean() * soundWeight
  }
}

/// Draws questions from a data set's clips: number n is a function of the seed and n.
package struct FlowQuestions {
  package struct Settings: Sendable, Equatable, Codable {
    /// Video tokens of a stretch along time.
    package var times = 4
    /// How often each condition is left out, so that the network can do without. Where the plain view is given there is little
    /// to learn, and more where flat colours take its place.
    var dropout = 0.1
    var baseDropout = 0.5
    /// How often nothing is told but words, and how often a beginning then.
    var wordsAlone = 0.2
    var begunWords = 0.4
    /// How often frames are given besides a beginning: the last, one anywhere, scattered ones, or one ahead in the clip.
    var keyframes = 0.35
    /// How often each frame is, where they are scattered.
    var scattered = 0.125
    /// How often the question is the one that all sampling begins with, pure noise: with a base, which nearly all clips have
    /// and whose picture one step decides, and without.
    var noiseWithBase = 0.4
    var noise = 0.2
    /// How much more a moving thing's tokens count than the ground's.
    var movingWeight = 4.0
  }

  let clips: ConditionedClips
  let settings: Settings

  package init(_ clips: ConditionedClips, _ settings: Settings) { (self.clips, self.settings) = (clips, settings) }

  package func question(_ count: Int, seed: UInt64, for network: JointTransformer) throws -> FlowQuestion {
    let clip = try clips.clip(count, seed: seed)
    var stream = RandomStream(seed: seed, "transformer.question").substream(count)
    let conditions = clip.conditions
    let length = min(settings.times, conditions.tokens.time)
    let start = stream.index(below: conditions.tokens.time - length + 1)
    let latents = clip.latents(start..<start + length)

    let caption = stream.index(below: max(1, conditions.captions.count))
    var given = conditions.window(start..<start + length, caption: caption, vocabulary: network.configuration.vocabulary)
    let moving = Self.weights(given.controls!, movingWeight: settings.movingWeight)
    var dropped = Set(
      WindowConditions.Part.allCases.filter {
        $0 != .soundBase && stream.uniform() < ($0 == .base ? settings.baseDropout : settings.dropout)
      })
    let isTold = stream.uniform() >= settings.wordsAlone
    if !isTold { dropped.formUnion([.base, .controls, .bodies, .contacts]) }
    // The sound that is drawn goes with the contacts that it is drawn from.
    if dropped.contains(.contacts) { dropped.insert(.soundBase) }
    // The end of the stretch before, a first frame, or a clip that ends within a token.
    let draw = isTold || stream.uniform() < settings.begunWords ? stream.uniform(in: 0...(isTold ? 1 : 0.7)) : 1
    let beginning =
      draw < 0.5 ? VideoTokens.frames : draw < 0.62 ? 1 : draw < 0.7 ? VideoTokens.frames + 1 + stream.index(below: 3) : 0
    let frames = length * VideoTokens.frames
    let ahead = (conditions.tokens.time - start - length) * VideoTokens.frames
    let known = Set(0..<min(beginning, frames)).union(keyframes(in: frames, ahead: ahead, &stream))
    if !known.isEmpty {
      let area = conditions.tokens.rows * conditions.tokens.columns
      func picture(_ frame: Int) -> Tensor {
        guard frame >= frames else { return KnownFrames.picture(frame, of: latents.video, area: area) }
        let time = start + frame / VideoTokens.frames
        return KnownFrames.picture(frame % VideoTokens.frames, of: clip.latents(time..<time + 1).video, area: area)
      }
      given.known = KnownFrames(Dictionary(uniqueKeysWithValues: known.map { ($0, picture($0)) }), frames: frames)
    }
    // Without the plain view there are flat colours to add to, which the controls are needed for.
    if dropped.contains(.base), !dropped.contains(.controls), let base = clip.flatBase(start..<start + length) {
      (given.base, given.isBaseFlat) = (base, true)
      dropped.remove(.base)
    }
    given = given.without(dropped)

    // Errors count as they show in the picture, and in both spaces as much in all.
    let space = network.space(of: given)
    let shown = space.deviation.map { clips.significance * $0 * $0 } ?? clips.significance
    let weights = moving * (shown / shown.mean().scalar)

    let soundSpace = network.soundSpace(of: given)
    let heard = soundSpace.deviation.map { clips.soundSignificance * $0 * $0 } ?? clips.soundSignificance
    let soundWeights = heard / heard.mean().scalar

    let answer = JointLatents(
      video: space.residual(of: latents.video), sound: soundSpace.residual(of: latents.sound))
    let noise = JointLatents.noise(like: answer, from: &stream)
    // Else towards the middle of the flow, where most is decided.
    let isNoise = stream.uniform() < (given.base == nil ? settings.noise : settings.noiseWithBase)
    let t = isNoise ? 0 : 1 / (1 + exp(-stream.normal()))
    return FlowQuestion(
      times: start..<start + length, caption: caption, known: known.sorted(), given: given, t: t, answer: answer, noise: noise,
      weights: weights, soundWeights: soundWeights)
  }

  /// Frames that are given besides a beginning, counted from the stretch's first; often none.
  ///
  /// - Parameters:
  ///   - frames: the stretch's.
  ///   - ahead: how many the clip has behind it.
  private func keyframes(in frames: Int, ahead: Int, _ stream: inout RandomStream) -> [Int] {
    guard stream.uniform() < settings.keyframes else { return [] }
    switch stream.index(below: 4) {
    case 0: return [frames - 1]
    case 1: return [stream.index(below: frames)]
    case 2: return (0..<frames).filter { _ in stream.uniform() < settings.scattered }
    default: return [ahead > 0 ? frames + stream.index(below: ahead) : frames - 1]
    }
  }

  /// 1 and more by each token's share of moving cells, divided by their mean.
  private static func weights(_ controls: Tensor, movingWeight: Double) -> Tensor {
    let (tokens, channels) = (controls.shape[1], controls.shape[2] / 64)
    let moving = controls.reshaped([tokens, 64, channels]).slice(axis: 2, 4..<5).converted(to: .float32).mean(over: [1])
    let weights = moving.reshaped([1, tokens, 1]) * movingWeight + 1
    return weights / weights.mean().scalar
  }
}

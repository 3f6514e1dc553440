public import Foundation
public import NeuralNetworks
import Safetensors
public import Tensors
public import WorldCore

/// All that a simulation tells the generator of a clip: the plain view, controls, motion, captions and style.
///
/// Made of what `mondo dataset` writes of a sample, or of the same of a scene that is to be generated.
public struct WorldConditions: Sendable {
  let frameCount: Int
  let width: Int
  let height: Int
  let framesPerSecond: Double
  /// Video tokens along time, down and across.
  let tokens: (time: Int, rows: Int, columns: Int)
  /// [time, rows·columns, 256] and [time, rows·columns, 704], bfloat16.
  private let base: Tensor
  private let controls: Tensor
  private let motion: MotionRecord
  let captions: [String]
  let style: Int?

  /// What each of the 11 control channels is multiplied by to be about 1.
  private static let controlScales: [Float] = [1, 1, 1, 1, 1, 1, 1, 1, 0.125, 0.125, 0.125]

  /// - Parameters:
  ///   - tensors: a sample's `.safetensors`.
  ///   - plainView: frames of the plain view.
  ///   - style: a look's number.
  ///   - encoder: of the latents that base and picture are given in.
  /// - Throws: `SafetensorsError`, `TrainingDataError`.
  public init(
    tensors: Data, plainView: [Image<SRGB8>], framesPerSecond: Double, captions: [String], style: Int?, encoder: VideoAutoencoder,
    key: String
  ) throws {
    let controls = try ControlTensor(tensors, key: key)
    guard controls.channels.count == Self.controlScales.count, controls.frameCount == plainView.count,
      plainView.allSatisfy({ $0.width == controls.width && $0.height == controls.height })
    else { throw TrainingDataError.badSample(key: key, problem: "its plain view doesn't fit its controls") }
    (width, height, frameCount) = (controls.width, controls.height, controls.frameCount)
    tokens = controls.tokens
    self.framesPerSecond = framesPerSecond
    self.captions = captions
    self.style = style
    let channels = Self.controlScales.count
    let values = controls.values.withUnsafeBufferPointer { values in
      values.indices.map { max(-8, min(8, Float(values[$0]) * Self.controlScales[$0 % channels])) }
    }
    self.controls = Tensor(values, shape: [tokens.time, tokens.rows * tokens.columns, 64 * channels]).converted(to: .bfloat16)
    base = Self.tokens(of: plainView, encoder: encoder)
    motion = try MotionRecord(SafetensorsFile(contents: tensors, path: key), key: key)
  }

  /// [time, rows·columns, 256] of pictures, the last of which goes on to fill a token, bfloat16.
  static func tokens(of frames: [Image<SRGB8>], encoder: VideoAutoencoder) -> Tensor {
    let missing = (VideoTokens.frames - frames.count % VideoTokens.frames) % VideoTokens.frames
    let latents = encoder.encode(frames, multiple: VideoTokens.side)
    let last = latents.slice(axis: 0, latents.shape[0] - 1..<latents.shape[0])
    let filled = missing > 0 ? Tensor.concatenated([latents] + Array(repeating: last, count: missing), axis: 0) : latents
    let flat = VideoTokens.tokens(filled)
    let time = filled.shape[0] / VideoTokens.frames
    return flat.reshaped([time, flat.shape[1] / time, flat.shape[2]]).converted(to: .bfloat16)
  }

  /// Latents of the plain view, padded to whole tokens: [4·time, rows, columns, width].
  var plainLatents: Tensor {
    VideoTokens.latents(
      base.reshaped([1, tokens.time * tokens.rows * tokens.columns, base.shape[2]]).converted(to: .float32), rows: tokens.rows,
      columns: tokens.columns)
  }

  var soundTokenCount: Int { SoundTokens.range(frames: 0..<frameCount, framesPerSecond: framesPerSecond).upperBound }

  /// The sound tokens of a stretch of video tokens.
  func soundRange(_ times: Range<Int>) -> Range<Int> {
    let frames = times.lowerBound * VideoTokens.frames..<times.upperBound * VideoTokens.frames
    let range = SoundTokens.range(frames: frames, framesPerSecond: framesPerSecond)
    return min(range.lowerBound, soundTokenCount - 1)..<min(range.upperBound, soundTokenCount)
  }

  /// What is known of a stretch of video tokens, the picture of its beginning left out.
  ///
  /// - Parameter caption: which of the captions; nil for none.
  func window(_ times: Range<Int>, caption: Int?, vocabulary: Int) -> WindowConditions {
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
    func stretch(_ tensor: Tensor) -> Tensor { tensor.slice(axis: 0, times).reshaped([1, times.count * area, tensor.shape[2]]) }
    var given = WindowConditions(videoPositions: positions, soundPositions: heard, framesPerSecond: framesPerSecond)
    given.base = stretch(base).converted(to: .float32)
    given.controls = stretch(controls)
    given.bodies = BodyFeatures.rows(motion, times: times, width: width, height: height, framesPerSecond: framesPerSecond)
    given.contacts = ContactFeatures.rows(motion, frames: frames, width: width, height: height, framesPerSecond: framesPerSecond)
    if let caption, !captions.isEmpty {
      given.words = CaptionWords.numbers(of: captions[caption % captions.count], vocabulary: vocabulary)
    }
    given.style = style
    return given
  }
}

import Foundation
import WorldCore

/// A held-out clip: its frames, and where things move in them.
struct MeasuredClip {
  let key: String
  let width: Int
  let height: Int
  let frames: [Image<SRGB8>]
  let moving: MovingParts

  init(_ sample: ShardSample) throws {
    guard let clip = sample.members["mp4"], let tensors = sample.members["safetensors"] else {
      throw TrainingDataError.badSample(key: sample.key, problem: "its .mp4 or its .safetensors is missing")
    }
    key = sample.key
    let decoded = try PixelClip.decode(clip)
    (width, height) = (decoded.width, decoded.height)
    frames = decoded.frames.map { Image(width: decoded.width, height: decoded.height, bytes: $0) }
    moving = MovingParts(try ControlTensor(Data(tensors), key: sample.key))
  }

  /// By how many pixels each moving part of a frame is displaced in its reproduction, where that can be told.
  func displacements(of picture: Image<SRGB8>, frame: Int) -> [Double] {
    let byPart = moving.displacements(of: picture, from: frames[frame], frame: frame)
    return byPart.sorted { $0.key < $1.key }.map { _, shift in (shift * shift).sum().squareRoot() }
  }
}

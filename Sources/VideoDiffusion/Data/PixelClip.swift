import Foundation
import MediaIO
import Safetensors
import WorldCore

/// A decoded clip as the video autoencoder learns from it: bytes of pixels, and where things move.
struct PixelClip: Sendable {
  let width: Int
  let height: Int
  let frameCount: Int
  /// [frames, height, width, 3], sRGB.
  let pixels: [UInt8]
  /// [frames, rows, columns] of cells of 4 × 4 pixels: the share that shows a moving thing, in 255ths.
  let moving: [UInt8]
  /// Which parts those are.
  let movers: MovingParts

  static let cell = PixelBlocks.side

  var rows: Int { (height + Self.cell - 1) / Self.cell }
  var columns: Int { (width + Self.cell - 1) / Self.cell }
  var byteCount: Int { pixels.count + 7 * moving.count }

  /// [rows.count, columns.count] of one frame, 0 … 1; what lies past the picture repeats its last row and column.
  func movingShares(frame: Int, rows stretch: Range<Int>, columns across: Range<Int>) -> [Float] {
    stretch.flatMap { y in
      across.map { x in Float(moving[(frame * rows + min(y, rows - 1)) * columns + min(x, columns - 1)]) / 255 }
    }
  }

  /// Decodes a sample's `mp4` and reads its controls.
  ///
  /// - Throws: `MediaError`, `FileError`, `SafetensorsError`, `TrainingDataError`.
  init(_ sample: ShardSample) throws {
    guard let clip = sample.members["mp4"], let tensors = sample.members["safetensors"] else {
      throw TrainingDataError.badSample(key: sample.key, problem: "its .mp4 or its .safetensors is missing")
    }
    let (width, height, frames) = try Self.decode(clip)
    self.width = width
    self.height = height
    frameCount = frames.count
    pixels = frames.flatMap { $0 }
    let controls = try ControlTensor(Data(tensors), key: sample.key)
    guard controls.frameCount == frameCount, controls.width == width, controls.height == height else {
      throw TrainingDataError.badSample(
        key: sample.key,
        problem: "its controls are of \(controls.frameCount) frames of \(controls.width)×\(controls.height), its clip has "
          + "\(frameCount) of \(width)×\(height)")
    }
    moving = controls.plane(.moving) { UInt8(max(0, min(1, $0)) * 255) }
    movers = MovingParts(controls)
  }

  /// Throws where the sample has no frames.
  static func decode(_ clip: [UInt8]) throws -> (width: Int, height: Int, frames: [[UInt8]]) {
    try PassingFile(clip).withPath { path in
      let reader = try VideoReader(path: path)
      var frames: [[UInt8]] = []
      while let frame = try reader.nextFrame() { frames.append(frame.image.bytes) }
      return (reader.width, reader.height, frames)
    }
  }
}

extension Image<SRGB8> {
  /// Red, green, blue of each pixel; alpha is left out.
  var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 3 * pixels.count) { buffer, initialized in
      for (k, pixel) in pixels.enumerated() {
        (buffer[3 * k], buffer[3 * k + 1], buffer[3 * k + 2]) = (pixel.red, pixel.green, pixel.blue)
      }
      initialized = 3 * pixels.count
    }
  }

  /// From red, green and blue of each pixel.
  init(width: Int, height: Int, bytes: [UInt8]) {
    self.init(
      width: width, height: height,
      pixels: (0..<width * height).map { SRGB8(red: bytes[3 * $0], green: bytes[3 * $0 + 1], blue: bytes[3 * $0 + 2]) })
  }
}

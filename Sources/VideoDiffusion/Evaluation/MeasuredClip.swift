import Foundation
import WorldCore

/// A held-out clip: its frames, and which pixels show which moving part.
struct MeasuredClip {
  let width: Int
  let height: Int
  let frames: [Image<SRGB8>]
  private let moving: [Float]
  private let parts: [UInt16]

  init(_ sample: ShardSample) throws {
    guard let clip = sample.members["mp4"], let tensors = sample.members["safetensors"] else {
      throw TrainingDataError.badSample(key: sample.key, problem: "its .mp4 or its .safetensors is missing")
    }
    let decoded = try PixelClip.decode(clip)
    (width, height) = (decoded.width, decoded.height)
    frames = decoded.frames.map { Image(width: decoded.width, height: decoded.height, bytes: $0) }
    let controls = try ControlTensor(Data(tensors), key: sample.key)
    moving = controls.plane(.moving) { $0 }
    parts = controls.partPlane()
  }

  /// For each moving part that fills at least six cells, the pixels of its cells; those at the picture's edge are left out.
  func movers(inFrame frame: Int) -> [[Int]] {
    let cell = PixelClip.cell
    let (rows, columns) = ((height + cell - 1) / cell, (width + cell - 1) / cell)
    var cells: [UInt16: [Int]] = [:]
    for k in 0..<rows * columns where moving[frame * rows * columns + k] > 0.25 {
      cells[parts[frame * rows * columns + k], default: []].append(k)
    }
    return cells.sorted { $0.key < $1.key }.compactMap { part, cells in
      guard part > 0, cells.count >= 6 else { return nil }
      return cells.flatMap { k in
        (0..<cell * cell).compactMap { p in
          let (y, x) = (k / columns * cell + p / cell, k % columns * cell + p % cell)
          return y > 0 && x > 0 && y < height - 1 && x < width - 1 ? y * width + x : nil
        }
      }
    }
  }

  /// By how many pixels each moving part of a frame is displaced in its reproduction, where that can be told.
  func displacements(of picture: Image<SRGB8>, frame: Int) -> [Double] {
    movers(inFrame: frame).compactMap { pixels in
      PictureQuality.displacement(picture, from: frames[frame], of: pixels).map { ($0.x * $0.x + $0.y * $0.y).squareRoot() }
    }
  }
}

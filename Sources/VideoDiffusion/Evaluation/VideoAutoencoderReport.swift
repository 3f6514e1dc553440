import Foundation
import Tensors
public import WorldCore

/// What an autoencoder keeps of clips it was not trained on.
public struct VideoAutoencoderReport: Sendable, Codable, Equatable {
  public var clips = 0
  public var frames = 0
  /// Means over the frames: dB, and 0 … 1.
  public var psnr = 0.0
  public var ssim = 0.0
  /// Pixels by which moving bodies are displaced, mean and 90th percentile over bodies and frames; nil where none could be measured.
  public var moverError: Double?
  public var moverErrorP90: Double?
  /// Milliseconds to decode a frame of 256 × 144, the pictures' bytes included: the median of several runs on this machine as it was.
  public var decodeMilliseconds = 0.0

  /// Codes and decodes frames of the held-out samples.
  ///
  /// - Parameters:
  ///   - stride: every how many frames are looked at.
  ///   - progress: clips done and in all; what it throws ends the work.
  /// - Throws: `TrainingDataError.tooFew` where nothing is held out, and what reading samples throws.
  public init(
    of network: VideoAutoencoder, on shards: SampleShards, stride: Int = 6, progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws {
    let places = try shards.heldOutOrThrow()
    let reader = SampleReader(shards, capacity: 0, size: { (_: MeasuredClip) in 0 }, make: MeasuredClip.init)
    var displacements: [Double] = []
    for (index, place) in places.enumerated() {
      try progress(index, places.count)
      let clip = try reader.item(at: place)
      let indices = Array(Swift.stride(from: 0, to: clip.frames.count, by: stride))
      let originals = indices.map { clip.frames[$0] }
      let decoded = network.frames(of: network.encode(originals), width: clip.width, height: clip.height)
      for (k, picture) in zip(indices, decoded) {
        psnr += PictureQuality.peakSignalToNoise(picture, clip.frames[k])
        ssim += PictureQuality.structuralSimilarity(picture, clip.frames[k])
        frames += 1
        for pixels in clip.movers(inFrame: k) {
          if let shift = PictureQuality.displacement(picture, from: clip.frames[k], of: pixels) {
            displacements.append((shift.x * shift.x + shift.y * shift.y).squareRoot())
          }
        }
      }
    }
    clips = places.count
    psnr /= Double(frames)
    ssim /= Double(frames)
    if !displacements.isEmpty {
      displacements.sort()
      moverError = displacements.reduce(0, +) / Double(displacements.count)
      moverErrorP90 = displacements[Int(0.9 * Double(displacements.count - 1))]
    }
    decodeMilliseconds = Self.decodingTime(of: network)
  }

  private static func decodingTime(of network: VideoAutoencoder) -> Double {
    let latents = Tensor.zeros([24, 18, 32, network.configuration.latentWidth])
    let times = (0..<5).map { _ -> Double in
      let start = ContinuousClock.now
      for _ in network.frames(of: latents, width: 256, height: 144) {}
      let taken = ContinuousClock.now - start
      return (Double(taken.components.seconds) + Double(taken.components.attoseconds) * 1e-18) / 24 * 1e3
    }
    return times.sorted()[2]
  }
}

/// A held-out clip: its frames, and which pixels show which moving part.
private struct MeasuredClip {
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
}

extension Image<SRGB8> {
  /// From red, green and blue of each pixel.
  init(width: Int, height: Int, bytes: [UInt8]) {
    self.init(
      width: width, height: height,
      pixels: (0..<width * height).map { SRGB8(red: bytes[3 * $0], green: bytes[3 * $0 + 1], blue: bytes[3 * $0 + 2]) })
  }
}

import Foundation
import Tensors
import WorldCore

/// What an autoencoder keeps of clips it was not trained on.
public struct VideoAutoencoderReport: Sendable, Codable, Equatable {
  public var clips = 0
  public var frames = 0
  /// Means over the frames: dB, and 0 … 1.
  public var psnr = 0.0
  public var ssim = 0.0
  /// Pixels by which moving bodies are displaced, mean and 90th percentile over bodies and frames; nil where none could be
  /// measured.
  public var moverError: Double?
  public var moverErrorP90: Double?
  /// Milliseconds to decode a frame of 256 × 144, the pictures' bytes included: the median of several runs on this machine as
  /// it was.
  public var decodeMilliseconds = 0.0

  /// Codes and decodes frames of the held-out samples.
  ///
  /// - Parameters:
  ///   - stride: every how many frames are looked at.
  ///   - gallery: takes pictures of the first clips.
  ///   - progress: clips done and in all; what it throws ends the work.
  /// - Throws: `TrainingDataError.tooFew` where nothing is held out, and what reading samples throws.
  public init(
    of network: VideoAutoencoder, on shards: SampleShards, stride: Int = 6, gallery: HeldOutGallery = { _ in },
    progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws {
    let places = try shards.heldOutOrThrow()
    let reader = SampleReader(shards, capacity: 0, size: { (_: MeasuredClip) in 1 }, make: MeasuredClip.init)
    var displacements: [Double] = []
    for (index, place) in places.enumerated() {
      try progress(index, places.count)
      let clip = try reader.item(at: place)
      func keep(_ label: String, _ image: Image<SRGB8>) {
        if index < galleryClips { gallery(HeldOutPicture(clip: clip.key, label: label, image: image)) }
      }
      let indices = Array(Swift.stride(from: 0, to: clip.frames.count, by: stride))
      let originals = indices.map { clip.frames[$0] }
      let decoded = network.frames(of: network.encode(originals), width: clip.width, height: clip.height)
      keep("render", originals[originals.count / 2])
      keep("decoded", decoded[originals.count / 2])
      for (k, picture) in zip(indices, decoded) {
        psnr += PictureQuality.peakSignalToNoise(picture, clip.frames[k])
        ssim += PictureQuality.structuralSimilarity(picture, clip.frames[k])
        frames += 1
        displacements += clip.displacements(of: picture, frame: k)
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

import Foundation
import Tensors
import WorldCore

/// How near the shader's pictures come to renders that training never saw, and how near what it drew over was before.
public struct NeuralShaderReport: Sendable, Codable, Equatable {
  /// A look, or `all`.
  public var style: String
  public var clips = 0
  public var frames = 0
  /// Means over the frames: dB, and 0 … 1.
  public var plainPSNR = 0.0
  public var psnr = 0.0
  public var plainSSIM = 0.0
  public var ssim = 0.0

  /// One report for each look that is held out, and one for all.
  ///
  /// - Parameters:
  ///   - stride: every how many frames are looked at.
  ///   - gallery: takes pictures of the first clips.
  ///   - progress: clips done and in all; what it throws ends the work.
  /// - Throws: `TrainingDataError.tooFew` where nothing is held out, and what reading samples throws.
  public static func byStyle(
    of network: NeuralShader, on shards: SampleShards, stride: Int = 6, gallery: HeldOutGallery = { _ in },
    progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws -> [NeuralShaderReport] {
    let places = try shards.heldOutOrThrow()
    let isFlat = network.configuration.drawsFlatColors
    let reader = SampleReader(shards, capacity: 0, size: { (_: (String, ShadedClip)) in 1 }) {
      ($0.key, try ShadedClip($0, isFlat: isFlat))
    }
    var reports: [Int: NeuralShaderReport] = [:]
    for (index, place) in places.enumerated() {
      try progress(index, places.count)
      let (key, clip) = try reader.item(at: place)
      let (width, height) = (clip.picture.width, clip.picture.height)
      let style = clip.look.style
      var report = reports[style.number] ?? NeuralShaderReport(style: style.rawValue)
      func frame(_ bytes: [UInt8], _ k: Int) -> Image<SRGB8> {
        Image(width: width, height: height, bytes: Array(bytes[3 * width * height * k..<3 * width * height * (k + 1)]))
      }
      let shown = Array(Swift.stride(from: 0, to: clip.picture.frameCount, by: stride))
      for k in shown {
        let (truth, plain) = (frame(clip.picture.pixels, k), frame(clip.input.plain, k))
        let blocks = network.shaded(clip.input, frame: k, look: clip.look)
        let picture = blocks.floats().withUnsafeBufferPointer {
          PixelBlocks.image($0, columns: blocks.shape[2], width: width, height: height)
        }
        if index < galleryClips, k == shown[shown.count / 2] {
          for (label, image) in [(isFlat ? "flat colours" : "plain view", plain), ("shaded", picture), ("render", truth)] {
            gallery(HeldOutPicture(clip: key, label: label, image: image))
          }
        }
        report.plainPSNR += PictureQuality.peakSignalToNoise(plain, truth)
        report.psnr += PictureQuality.peakSignalToNoise(picture, truth)
        report.plainSSIM += PictureQuality.structuralSimilarity(plain, truth)
        report.ssim += PictureQuality.structuralSimilarity(picture, truth)
        report.frames += 1
      }
      report.clips += 1
      reports[style.number] = report
    }
    var all = NeuralShaderReport(style: "all")
    for report in reports.values {
      all.clips += report.clips
      all.frames += report.frames
      for key in [\Self.plainPSNR, \.psnr, \.plainSSIM, \.ssim] { all[keyPath: key] += report[keyPath: key] }
    }
    return (reports.sorted { $0.key < $1.key }.map(\.value) + [all]).map { sums in
      var means = sums
      for key in [\Self.plainPSNR, \.psnr, \.plainSSIM, \.ssim] { means[keyPath: key] /= Double(sums.frames) }
      return means
    }
  }
}

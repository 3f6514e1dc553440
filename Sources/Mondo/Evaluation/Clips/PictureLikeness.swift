import Foundation

/// How near a clip's pictures are to the scene's own render, frame by frame.
struct PictureLikeness {
  /// Means over the frames that both have: peak signal to noise ratio, dB, and structural similarity.
  let psnr: Double
  let ssim: Double
  /// Energy of the luma's gradients, as a share of the render's: less is blurred, more is noise.
  let sharpness: Double

  /// nil where the clip has another size or rate than the scene, so that pixels can't be laid over each other.
  ///
  /// - Throws: `MediaError`, `RenderingError`, or what `check` throws.
  init?(of path: String, to request: ClipRequest, check: () throws -> Void) throws {
    let renderer = try Renderer(
      stage: request.stage, options: RenderOptions(samplesPerPixel: request.samples, threads: 1))
    let reader = try VideoReader(path: path)
    let rate = reader.info.video?.framesPerSecond ?? 0
    guard reader.width == request.scene.picture.width, reader.height == request.scene.picture.height,
      abs(rate / renderer.framesPerSecond - 1) < 0.001
    else { return nil }
    var (noise, similarity, energy, trueEnergy, count) = (0.0, 0.0, 0.0, 0.0, 0)
    while count < renderer.frameCount(of: request.trajectory), let frame = try reader.nextFrame() {
      try check()
      guard let truth = try renderer.frame(at: count, of: request.trajectory).display else { return nil }
      noise += PictureQuality.peakSignalToNoise(frame.image, truth)
      similarity += PictureQuality.structuralSimilarity(frame.image, truth)
      energy += PictureQuality.gradientEnergy(frame.image)
      trueEnergy += PictureQuality.gradientEnergy(truth)
      count += 1
    }
    guard count > 0, trueEnergy > 0 else { return nil }
    (psnr, ssim) = (noise / Double(count), similarity / Double(count))
    sharpness = energy / trueEnergy
  }
}

package import Tensors

/// Sound latents as tokens: four of them, a 24th of a second, so that a clip of 24 frames a second has one for each frame.
package enum SoundTokens {
  static let latents = 4
  static let perSecond = 24.0

  /// [1, latents, width] to [1, ⌈latents / 4⌉, 4·width]; zeros fill the last one.
  package static func tokens(_ latents: Tensor) -> Tensor {
    let (count, width) = (latents.shape[1], latents.shape[2])
    let missing = (Self.latents - count % Self.latents) % Self.latents
    let filled = missing > 0 ? latents.padded(axis: 1, before: 0, after: missing) : latents
    return filled.reshaped([1, filled.shape[1] / Self.latents, Self.latents * width])
  }

  /// The way back.
  package static func latents(_ tokens: Tensor) -> Tensor {
    tokens.reshaped([1, tokens.shape[1] * latents, tokens.shape[2] / latents])
  }

  /// The tokens that sound in a stretch of frames, those cut by its ends included.
  package static func range(frames: Range<Int>, framesPerSecond: Double) -> Range<Int> {
    let start = (Double(frames.lowerBound) / framesPerSecond * perSecond + 1e-6).rounded(.down)
    let end = (Double(frames.upperBound) / framesPerSecond * perSecond - 1e-6).rounded(.up)
    return Int(start)..<Int(end)
  }
}

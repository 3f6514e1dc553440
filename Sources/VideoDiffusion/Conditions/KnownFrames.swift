package import Tensors

/// Pictures that are given beforehand at the beginning of a stretch: the network sees which, and keeps them.
package enum KnownFrames {
  /// - Parameters:
  ///   - latents: [1, tokens, 256] that are true where they are given.
  ///   - count: how many frames are given, from the first on.
  ///   - area: tokens of one time.
  package static func condition(_ latents: Tensor, frames count: Int, area: Int) -> (latents: Tensor, frames: Tensor) {
    let (tokens, width) = (latents.shape[1], latents.shape[2])
    let perFrame = width / VideoTokens.frames
    let flags = (0..<tokens).flatMap { token in
      (0..<VideoTokens.frames).map { frame -> Float in token / area * VideoTokens.frames + frame < count ? 1 : 0 }
    }
    let frames = Tensor(flags, shape: [1, tokens, VideoTokens.frames])
    let mask = frames.reshaped([1, tokens, VideoTokens.frames, 1]).broadcast(to: [1, tokens, VideoTokens.frames, perFrame])
    return (latents * mask.reshaped([1, tokens, width]), frames)
  }
}

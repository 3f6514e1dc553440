package import Tensors

/// Pictures that are given beforehand at the beginning of a stretch: the network sees which, and keeps them.
package struct KnownFrames: Sendable {
  /// [1, tokens, 16·latent width], zero where nothing is given, and which of a token's frames are given [1, tokens, 4].
  package let latents: Tensor
  package let frames: Tensor
  /// What is given, and its last frame standing still from then on, in the form of `latents`: what the network adds to where
  /// nothing better is known.
  package let still: Tensor

  package init(latents: Tensor, frames: Tensor, still: Tensor) {
    (self.latents, self.frames, self.still) = (latents, frames, still)
  }

  /// - Parameters:
  ///   - latents: [1, tokens, 16·latent width] that are true where they are given.
  ///   - count: how many frames are given, from the first on; at least one.
  ///   - area: tokens of one time.
  package init(_ latents: Tensor, frames count: Int, area: Int) {
    precondition(count > 0, "a beginning has a frame at least")
    let (tokens, width) = (latents.shape[1], latents.shape[2])
    let perFrame = width / VideoTokens.frames
    let flags = (0..<tokens).flatMap { token in
      (0..<VideoTokens.frames).map { frame -> Float in token / area * VideoTokens.frames + frame < count ? 1 : 0 }
    }
    frames = Tensor(flags, shape: [1, tokens, VideoTokens.frames])
    let byFrame = [1, tokens, VideoTokens.frames, perFrame]
    let mask = frames.reshaped([1, tokens, VideoTokens.frames, 1]).broadcast(to: byFrame).reshaped([1, tokens, width])
    self.latents = latents * mask

    let (time, frame) = (count - 1).quotientAndRemainder(dividingBy: VideoTokens.frames)
    let last = latents.slice(axis: 1, time * area..<(time + 1) * area).slice(
      axis: 2, frame * perFrame..<(frame + 1) * perFrame)
    let token = Tensor.concatenated(Array(repeating: last, count: VideoTokens.frames), axis: 2)
    let standing = Tensor.concatenated(Array(repeating: token, count: tokens / area), axis: 1)
    still = self.latents + standing * (1 - mask)
  }
}

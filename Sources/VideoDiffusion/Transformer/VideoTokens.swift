package import Tensors

/// Latents of frames as tokens, 2 × 2 latents of 4 frames each, and back.
package enum VideoTokens {
  /// Frames of a token, and latents along its side.
  static let frames = 4
  static let side = 2
  /// Latents of a token.
  static let latentCount = frames * side * side

  /// Tokens along time, down and across that cover a clip.
  static func extent(frames count: Int, width: Int, height: Int) -> (time: Int, rows: Int, columns: Int) {
    let pixels = side * VideoAutoencoder.side
    return ((count + frames - 1) / frames, (height + pixels - 1) / pixels, (width + pixels - 1) / pixels)
  }

  /// [frames, rows, columns, width], frames a multiple of 4 and sides of 2, to [1, tokens, 16·width]: time, then rows, then
  /// columns.
  package static func tokens(_ latents: Tensor) -> Tensor {
    let (time, rows, columns, width) = (
      latents.shape[0] / frames, latents.shape[1] / side, latents.shape[2] / side, latents.shape[3]
    )
    return latents.reshaped([time, frames, rows, side, columns, side, width]).permuted([0, 2, 4, 1, 3, 5, 6])
      .reshaped([1, time * rows * columns, frames * side * side * width])
  }

  /// The way back.
  package static func latents(_ tokens: Tensor, rows: Int, columns: Int) -> Tensor {
    let (time, width) = (tokens.shape[1] / (rows * columns), tokens.shape[2] / (frames * side * side))
    return tokens.reshaped([time, rows, columns, frames, side, side, width]).permuted([0, 3, 1, 4, 2, 5, 6])
      .reshaped([time * frames, rows * side, columns * side, width])
  }
}

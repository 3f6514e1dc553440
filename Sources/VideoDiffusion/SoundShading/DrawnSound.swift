import Tensors

/// What contacts sound like, in the tokens of the transformer.
public struct DrawnSound: Sendable {
  let shader: SoundShader
  let coder: SoundAutoencoder

  /// - Parameter coder: the one that the shader was trained for.
  public init(shader: SoundShader, coder: SoundAutoencoder) { (self.shader, self.coder) = (shader, coder) }

  /// [1, count, 128] of a whole clip, on one thread: the others are the pictures'.
  func tokens(of sources: SoundSources, count: Int) -> Tensor {
    let threads = TensorRuntime.threadCount
    TensorRuntime.threadCount = 1
    defer { TensorRuntime.threadCount = threads }
    return SoundTokens.tokens(shader.latents(of: sources, count: count * SoundTokens.latents, for: coder))
  }
}

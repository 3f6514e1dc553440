import NeuralNetworks
import Tensors
import WorldCore

/// A clip's plain view, or its flat colours, with light drawn over it: what is seen where the transformer adds nothing.
struct ShadedView: Sendable {
  private let input: ShaderInput
  /// Each frame's; empty where none is told.
  private let looks: [ShaderLook]
  private let shader: NeuralShader?
  let frameCount: Int
  /// nil where the pictures are only shown.
  private var encoded: EncodedFrames?
  /// What makes it pass through given pictures.
  private var differences: KeyframeDifferences?

  /// Whether there is no plain view behind it.
  var isFlat: Bool { input.isFlat }

  /// - Parameters:
  ///   - shader: nil leaves the pictures as they are.
  ///   - encoder: of the latents that are added to; nil where the pictures are only shown.
  init(_ input: ShaderInput, looks: [ShaderLook], shader: NeuralShader?, encoder: VideoAutoencoder?) {
    (self.input, self.looks, self.shader, frameCount) = (input, looks, shader, input.frameCount)
    encoded = encoder.map { [self] encoder in
      EncodedFrames(frameCount) { frame in
        let blocks = blocks(frame)
        return .init(
          picture: picture(of: blocks),
          latents: encoder.normalizedLatents(of: blocks.converted(to: encoder.entry.weight.elementType)))
      }
    }
  }

  /// The view that shows given pictures at their frames, and near them what they differ by.
  func passing(_ keyframes: Keyframes, framesPerSecond: Double) -> ShadedView {
    var result = self
    result.differences = KeyframeDifferences(keyframes, from: self, framesPerSecond: framesPerSecond)
    return result
  }

  func pictures(_ frames: Range<Int>) -> [Image<SRGB8>] {
    let pictures =
      encoded.map { $0[frames].map(\.picture) }
      ?? FrameCrew.results(frames.count) { picture(of: blocks(frames.lowerBound + $0)) }
    guard let differences else { return pictures }
    return zip(frames, pictures).map { differences.corrected($1, frame: $0) }
  }

  /// Latents [frames, rows, columns, latent width], padded to whole tokens; nil without an encoder.
  func latents(_ frames: Range<Int>) -> Tensor? {
    encoded.map { encoded in
      let latents = zip(frames, encoded[frames]).map { differences?.corrected($1.latents, frame: $0) ?? $1.latents }
      return Tensor.concatenated(latents, axis: 0)
    }
  }

  private func picture(of blocks: Tensor) -> Image<SRGB8> {
    blocks.floats().withUnsafeBufferPointer {
      PixelBlocks.image($0, columns: input.columns, width: input.width, height: input.height)
    }
  }

  /// Blocks of a frame's pixels [1, rows, columns, 48].
  private func blocks(_ frame: Int) -> Tensor {
    guard let shader else { return input.plainBlocks(frame: frame) }
    return shader.shaded(input, frame: frame, look: looks.isEmpty ? ShaderLook(.realistic) : looks[frame])
  }
}

import NeuralNetworks
import Tensors
import WorldCore

/// A clip's plain view with light drawn over it: what is seen where the transformer adds nothing.
struct ShadedView: Sendable {
  private let input: ShaderInput
  /// Each frame's look; empty where none is told.
  private let styles: [Int]
  private let shader: NeuralShader?
  let frameCount: Int
  /// Drawn already, since they were encoded.
  private var drawn: [Image<SRGB8>] = []

  /// - Parameters:
  ///   - controls: [frames, rows, columns, channels]; nil where nothing is known but the pictures.
  ///   - tokens: the extent of the clip in video tokens.
  ///   - shader: nil leaves the pictures as they are.
  init(
    _ pictures: [Image<SRGB8>], controls: [Float16]?, tokens: (time: Int, rows: Int, columns: Int), styles: [Int],
    shader: NeuralShader?
  ) {
    input = ShaderInput(
      width: pictures[0].width, height: pictures[0].height, plain: pictures.flatMap(\.bytes), controls: controls,
      rows: tokens.rows * ControlTensor.cellsPerSide, columns: tokens.columns * ControlTensor.cellsPerSide)
    (self.styles, self.shader, frameCount) = (styles, shader, pictures.count)
  }

  func pictures(_ frames: Range<Int>) -> [Image<SRGB8>] {
    drawn.isEmpty ? draw(frames) : Array(drawn[frames])
  }

  private func draw(_ frames: Range<Int>) -> [Image<SRGB8>] {
    FrameCrew.results(frames.count) { picture(of: blocks(frames.lowerBound + $0)) }
  }

  /// Latents [frames, rows, columns, latent width], padded to whole tokens; the pictures are kept as well.
  mutating func encoded(by encoder: VideoAutoencoder) -> Tensor {
    let parts = FrameCrew.results(frameCount) { [self] k in
      let blocks = blocks(k)
      return (
        picture: picture(of: blocks),
        latents: encoder.normalizedLatents(of: blocks.converted(to: encoder.entry.weight.elementType))
      )
    }
    drawn = parts.map(\.picture)
    return Tensor.concatenated(parts.map(\.latents), axis: 0)
  }

  private func picture(of blocks: Tensor) -> Image<SRGB8> {
    blocks.floats().withUnsafeBufferPointer {
      PixelBlocks.image($0, columns: input.columns, width: input.width, height: input.height)
    }
  }

  /// Blocks of a frame's pixels [1, rows, columns, 48].
  private func blocks(_ frame: Int) -> Tensor {
    guard let shader else { return input.plainBlocks(frame: frame) }
    return shader.shaded(input, frame: frame, style: styles.isEmpty ? GeneratorStyle.realistic.number : styles[frame])
  }
}

import NeuralNetworks
public import Tensors
public import WorldCore

extension VideoAutoencoder {
  /// The latents of pictures of one size, centred and of unit deviation: [frames, ⌈height / 8⌉, ⌈width / 8⌉, latentWidth].
  ///
  /// Where the size is no multiple of 8 the last row and column go on. `multiple` pads to more: a transformer's token has 2 × 2
  /// latents.
  public func encode(_ frames: [Image<SRGB8>], multiple: Int = 1) -> Tensor {
    let (width, height) = (frames[0].width, frames[0].height)
    let side = Self.side * multiple
    let (rows, columns) = ((height + side - 1) / side * multiple, (width + side - 1) / side * multiple)
    let parts = FrameCrew.results(frames.count) { k in
      let values = PixelBlocks.values(
        frames[k].bytes, size: (width, height), frames: [0], rows: 0..<2 * rows, columns: 0..<2 * columns)
      return normalizedLatents(of: input(values, [1, 2 * rows, 2 * columns, PixelBlocks.width]))
    }
    return Tensor.concatenated(parts, axis: 0)
  }

  /// The pictures of latents [frames, rows, columns, latentWidth].
  ///
  /// A frame's picture depends on its own latents alone: a clip decoded in parts is the clip decoded whole.
  public func frames(of latents: Tensor, width: Int, height: Int) -> [Image<SRGB8>] {
    precondition(
      latents.rank == 4 && latents.shape[1] * Self.side >= height && latents.shape[2] * Self.side >= width,
      "latents of shape \(latents.shape) don't cover a picture of \(width)×\(height)")
    return FrameCrew.results(latents.shape[0]) { k in
      let z = statistics.restored(latents.slice(axis: 0, k..<k + 1)).converted(to: entry.weight.elementType)
      let blocks = decode(latents: z)
      return blocks.floats().withUnsafeBufferPointer {
        PixelBlocks.image($0, columns: blocks.shape[2], width: width, height: height)
      }
    }
  }

  /// Pictures with what changes between two clips' latents: the autoencoder's own errors, the same in both, stay out of it.
  ///
  /// The change goes through the fixed transform alone. Small as it is, what the convolutions would make of it is hardly more
  /// than rounding, and decoding both clips would cost as much as drawing them.
  ///
  /// - Parameters:
  ///   - latents, base: [frames, rows, columns, latentWidth].
  ///   - pictures: that `base` are the latents of.
  func frames(of latents: Tensor, changing base: Tensor, of pictures: [Image<SRGB8>]) -> [Image<SRGB8>] {
    precondition(latents.shape == base.shape && latents.shape[0] == pictures.count, "each picture has its latents twice")
    let change = (latents.converted(to: .float32) - base.converted(to: .float32)) * statistics.deviation
    return FrameCrew.results(pictures.count) { k in
      let size = (width: pictures[k].width, height: pictures[k].height)
      let (columns, rows) = (2 * latents.shape[2], 2 * latents.shape[1])
      var blocks = PixelBlocks.values(
        pictures[k].bytes, size: size, frames: [0], rows: 0..<rows, columns: 0..<columns)
      let changed = principal.blocks(of: change.slice(axis: 0, k..<k + 1)).floats()
      for place in blocks.indices { blocks[place] += changed[place] }
      return blocks.withUnsafeBufferPointer {
        PixelBlocks.image($0, columns: columns, width: size.width, height: size.height)
      }
    }
  }

  /// Blocks of pixels [frames, 2·rows, 2·columns, 48] to centred latents of unit deviation.
  func normalizedLatents(of blocks: Tensor) -> Tensor { statistics.normalized(encode(blocks: blocks)) }

  func input(_ values: [Float], _ shape: [Int]) -> Tensor {
    Tensor(values, shape: shape).converted(to: entry.weight.elementType)
  }
}

import Tensors

/// How far a picture is from its reconstruction: Charbonnier's penalty on pixels and on the differences of neighbours.
///
/// √(d² + ε²) is quadratic below ε, where only rounding is left, and linear above, so that few large errors don't rule.
struct ReconstructionLoss {
  /// In units of the pixels' range −1 … 1: two or three steps of a byte.
  var epsilon = 0.02
  var gradientWeight = 0.1
  /// How much more a moving thing's pixels count than the ground's: it is small, and what clips are about.
  var movingWeight = 4.0

  /// - Parameters:
  ///   - blocks, target: [frames, rows, columns, 48].
  ///   - moving: [frames, rows, columns, 1], 0 … 1.
  func callAsFunction(_ blocks: Tensor, target: Tensor, moving: Tensor) -> Tensor {
    let difference = blocks - target
    let weights = moving * movingWeight + 1
    let pixels = (penalty(difference) * weights).sum() / (weights.sum().scalar * Double(PixelBlocks.width))

    // Differences of neighbours are those of the difference.
    let picture = PixelBlocks.pictures(difference)
    let (height, width) = (picture.shape[1], picture.shape[2])
    let across = picture.slice(axis: 2, 1..<width) - picture.slice(axis: 2, 0..<width - 1)
    let down = picture.slice(axis: 1, 1..<height) - picture.slice(axis: 1, 0..<height - 1)
    return pixels + (penalty(across).mean() + penalty(down).mean()) * gradientWeight
  }

  private func penalty(_ difference: Tensor) -> Tensor { (difference.squared() + epsilon * epsilon).squareRoot() }
}

public import NeuralNetworks
public import Tensors

/// Mean and deviation of each number of a latent, so that what is denoised is centred and of unit deviation.
public struct LatentStatistics: Module {
  /// [width], float32
  public var mean, deviation: Tensor

  init(width: Int) {
    mean = .zeros([width])
    deviation = .ones([width])
  }

  /// Of latents [..., width].
  init(of latents: [Tensor]) {
    let width = latents[0].shape.last!
    var (sums, squares) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
    var count = 0.0
    for values in latents.map({ $0.floats() }) {
      count += Double(values.count / width)
      for (k, value) in values.enumerated() {
        sums[k % width] += Double(value)
        squares[k % width] += Double(value) * Double(value)
      }
    }
    let means = sums.map { $0 / count }
    mean = Tensor(means.map(Float.init), shape: [width])
    // A channel that says nothing keeps a deviation that can be divided by.
    deviation = Tensor(
      zip(squares, means).map { Float(max($0 / count - $1 * $1, 1e-4).squareRoot()) }, shape: [width])
  }

  func normalized(_ z: Tensor) -> Tensor { (z.converted(to: .float32) - mean) / deviation }
  func restored(_ z: Tensor) -> Tensor { z.converted(to: .float32) * deviation + mean }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try body((path / "latents.mean").name, &mean)
    try body((path / "latents.deviation").name, &deviation)
  }
}

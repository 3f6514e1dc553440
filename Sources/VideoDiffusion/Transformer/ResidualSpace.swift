package import NeuralNetworks
package import Tensors

/// What is denoised in place of latents: what they differ by from what is known beforehand, in units of its usual size.
///
/// A plain view tells nearly all, and what it lacks is small: noise as large as pictures would hide that, and whatever of it
/// were left at the end would show. So input and target are of unit deviation (Karras et al. 2022, section 5), and a network
/// that answers zero changes nothing, in one step or in twenty.
package struct ResidualSpace {
  /// What the network adds to, [1, tokens, width]; nil is zero.
  package let offset: Tensor?
  /// [width]; nil is one.
  package let deviation: Tensor?

  package func residual(of data: Tensor) -> Tensor {
    let rest = offset.map { data - $0 } ?? data
    return deviation.map { rest / $0 } ?? rest
  }

  package func data(of residual: Tensor) -> Tensor {
    let rest = deviation.map { residual * $0 } ?? residual
    return offset.map { $0 + rest } ?? rest
  }
}

/// The deviation of each number of a latent from the shaded view's, and from the drawn sound's, measured on training data before the first step.
package struct ResidualDeviations: Module {
  /// Of the plain view's shading, and of that over flat colours: [width], float32.
  package var plain, flat: Tensor
  /// Of the sound that is drawn from contacts: [sound latents' width], float32.
  package var sound: Tensor

  init(width: Int, soundWidth: Int) { (plain, flat, sound) = (.ones([width]), .ones([width]), .ones([soundWidth])) }

  /// Root mean squares [width] of differences [..., width].
  static func rootMeanSquares(of differences: [Tensor]) -> Tensor {
    let width = differences[0].shape.last!
    var squares = [Double](repeating: 0, count: width)
    var count = 0
    for tensor in differences {
      for (k, value) in tensor.floats().enumerated() { squares[k % width] += Double(value) * Double(value) }
      count += tensor.count / width
    }
    // Where nothing differs there is nothing to learn either: a hundredth of the latents' own deviation can be divided by.
    return Tensor(squares.map { Float(max(($0 / Double(count)).squareRoot(), 0.01)) }, shape: [width])
  }

  package mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try body((path / "residual.deviation").name, &plain)
    try body((path / "residual.flat_deviation").name, &flat)
    try body((path / "residual.sound_deviation").name, &sound)
  }
}

import Foundation
package import Tensors

/// Spectra of 250 samples every 125 samples, and back: a fixed transform that needs no learning, as the pictures' principal blocks
/// don't.
///
/// A sine window before and after, whose squares add up to 1 where two overlap, makes the way back exact (Princen & Bradley
/// 1986). The frequencies lie at odd multiples of 96 Hz, so that none is real.
package struct OverlappingSpectra {
  static let hop = MiddleSide.block
  static let window = 2 * hop
  /// Complex numbers of a spectrum.
  static let bins = hop
  /// Magnitudes below this are as good as silence: −100 dB of a full-scale tone.
  static let floor = 1e-4

  /// [2·bins, window]: cosines, then sines, of unit length, windowed.
  private static let analysis: Tensor = matrix()
  private static let synthesis: Tensor = analysis.transposed()

  private static func matrix() -> Tensor {
    var rows = [Float](repeating: 0, count: window * window)
    for bin in 0..<bins {
      for n in 0..<window {
        let weight = sin(Double.pi * (Double(n) + 0.5) / Double(window)) * (2 / Double(window)).squareRoot()
        // Twice the angle in half turns, within one turn, keeps its precision.
        let angle = Double.pi * Double(((2 * bin + 1) * n) % (2 * window)) / Double(window)
        rows[bin * window + n] = Float(weight * cos(angle))
        rows[(bins + bin) * window + n] = Float(-weight * sin(angle))
      }
    }
    return Tensor(rows, shape: [window, window])
  }

  /// Real and imaginary parts, [batch, blocks, 2, bins], middle and side.
  package let real, imaginary: Tensor

  init(real: Tensor, imaginary: Tensor) { (self.real, self.imaginary) = (real, imaginary) }

  /// Of blocks [batch, blocks, 250], float32; behind the last there is silence.
  package init(of blocks: Tensor) {
    let (batch, count) = (blocks.shape[0], blocks.shape[1])
    let next = blocks.slice(axis: 1, 1..<count).padded(axis: 1, before: 0, after: 1)
    let shape = [batch, count, 2, Self.hop]
    let frames = Tensor.concatenated([blocks.reshaped(shape), next.reshaped(shape)], axis: 3)
    let values = frames.linear(weight: Self.analysis, bias: nil)
    (real, imaginary) = (values.slice(axis: 3, 0..<Self.bins), values.slice(axis: 3, Self.bins..<2 * Self.bins))
  }

  /// The blocks again [batch, blocks, 250]; of the first one only what the first spectrum knows of it.
  package var blocks: Tensor {
    let (batch, count) = (real.shape[0], real.shape[1])
    let frames = Tensor.concatenated([real, imaginary], axis: 3).linear(weight: Self.synthesis, bias: nil)
    let (begin, end) = (frames.slice(axis: 3, 0..<Self.hop), frames.slice(axis: 3, Self.hop..<Self.window))
    let before = end.slice(axis: 1, 0..<count - 1).padded(axis: 1, before: 1, after: 0)
    return (begin + before).reshaped([batch, count, 2 * Self.hop])
  }

  /// ln of the magnitudes, not below the floor's.
  var logarithms: Tensor {
    (real.squared() + imaginary.squared() + Self.floor * Self.floor).logarithm() * 0.5
  }

  /// Real and imaginary parts with magnitudes' cube roots, as ears weigh loudness.
  func companded(_ logarithms: Tensor) -> (real: Tensor, imaginary: Tensor) {
    let factor = (logarithms * (-2.0 / 3)).exponential()
    return (real * factor, imaginary * factor)
  }
}

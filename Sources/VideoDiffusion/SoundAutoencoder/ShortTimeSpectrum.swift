import Foundation
import Tensors

/// Energies of frequencies in windows that overlap by three quarters, as one product of a matrix.
struct ShortTimeSpectrum {
  let window: Int
  /// [window, window]: cosines, then sines, weighted by Hann's window.
  private let transform: Tensor

  init(window: Int) {
    self.window = window
    let bins = window / 2
    var rows = [Float](repeating: 0, count: window * window)
    for bin in 0..<bins {
      for n in 0..<window {
        let weight = (0.5 - 0.5 * cos(2 * Double.pi * Double(n) / Double(window))) / (Double(window) * 0.375).squareRoot()
        // The angle within one turn keeps its precision.
        let angle = 2 * Double.pi * Double((bin * n) % window) / Double(window)
        rows[bin * window + n] = Float(weight * cos(angle))
        rows[(bins + bin) * window + n] = Float(weight * sin(angle))
      }
    }
    transform = Tensor(rows, shape: [window, window])
  }

  /// ln(energy + floor) of [batch, samples]: [batch, frames, window / 2].
  func logarithms(_ x: Tensor, floor: Double = 1e-6) -> Tensor {
    let (batch, hop) = (x.shape[0], window / 4)
    let hops = x.shape[1] / hop
    let parts = x.slice(axis: 1, 0..<hops * hop).reshaped([batch, hops, hop])
    let frames = Tensor.concatenated((0..<4).map { parts.slice(axis: 1, $0..<hops - 3 + $0) }, axis: 2)
    let energy = frames.linear(weight: transform, bias: nil).squared()
    let bins = window / 2
    return (energy.slice(axis: 2, 0..<bins) + energy.slice(axis: 2, bins..<window) + floor).logarithm()
  }
}

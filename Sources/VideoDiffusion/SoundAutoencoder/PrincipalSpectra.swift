import LinearAlgebra
public import NeuralNetworks
public import Tensors

/// The principal components of the magnitudes' logarithms over a latent's spectra (Karhunen and Loève's transform), measured on
/// data: what sound is coded by before anything is learnt.
///
/// Loudness, pitch and the moment at which something sets in are in them; what is left to learn is phases, and what the
/// components miss.
public struct PrincipalSpectra: Module {
  /// [size], of the logarithms.
  package internal(set) var mean: Tensor
  /// [width, size] and [size, width]: components of unit deviation, and the logarithms of each.
  package internal(set) var analysis, synthesis: Tensor

  /// Logarithms of a latent.
  package static let size = SoundAutoencoder.spectra * MiddleSide.width

  /// Of nothing yet: all components are zero.
  package init(width: Int) {
    mean = .zeros([Self.size])
    analysis = .zeros([width, Self.size])
    synthesis = .zeros([Self.size, width])
  }

  /// - Parameter logarithms: samples [latents, size], float32, of one latent at least.
  package init(width: Int, of logarithms: [Tensor]) throws {
    let (size, count) = (Self.size, Double(logarithms.reduce(0) { $0 + $1.shape[0] }))
    var (sums, moments) = ([Double](repeating: 0, count: size), [Double](repeating: 0, count: size * size))
    for tensor in logarithms {
      for (k, value) in tensor.sum(over: [0]).floats().enumerated() { sums[k] += Double(value) }
      for (k, value) in tensor.transposed().multiplied(tensor).floats().enumerated() { moments[k] += Double(value) }
    }
    let means = sums.map { $0 / count }
    var matrix = Matrix(rows: size, columns: size)
    matrix.elements = moments.indices.map { moments[$0] / count - means[$0 / size] * means[$0 % size] }
    let (energies, vectors) = try matrix.symmetricEigensystem()

    // The largest first; each with its greatest element positive, as the sign is free.
    var analysis: [Float] = []
    var synthesis = [Float](repeating: 0, count: size * width)
    for k in 0..<width {
      let component = size - 1 - k
      let vector = (0..<size).map { vectors[$0, component] }
      let sign = vector.max { abs($0) < abs($1) }! < 0 ? -1.0 : 1.0
      // What hardly varies is not blown up: a tenth of a decibel.
      let deviation = max(energies[component], 1e-4).squareRoot()
      analysis += vector.map { Float(sign * $0 / deviation) }
      for row in 0..<size { synthesis[row * width + k] = Float(sign * vector[row] * deviation) }
    }
    mean = Tensor(means.map(Float.init), shape: [size])
    self.analysis = Tensor(analysis, shape: [width, size])
    self.synthesis = Tensor(synthesis, shape: [size, width])
  }

  /// [..., size] to [..., width]
  package func components(of logarithms: Tensor) -> Tensor { (logarithms - mean).linear(weight: analysis, bias: nil) }

  /// The way back.
  package func logarithms(of components: Tensor) -> Tensor { components.linear(weight: synthesis, bias: nil) + mean }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try body((path / "principal.mean").name, &mean)
    try body((path / "principal.analysis").name, &analysis)
    try body((path / "principal.synthesis").name, &synthesis)
  }
}

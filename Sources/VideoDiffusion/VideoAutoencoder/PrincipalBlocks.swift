import LinearAlgebra
public import NeuralNetworks
public import Tensors

/// The principal components of blocks of 8 × 8 pixels (Karhunen and Loève's transform), measured on data: what the autoencoder
/// codes by before it learns anything.
///
/// A fixed orthogonal transform keeps most of a picture's energy; what is learnt is the rest. The blocks' mean is no case of
/// its own: it is near the middle of the pixels' range, and the first component holds it.
public struct PrincipalBlocks: Module {
  /// [width, 2, 2, 48]: components of unit mean square from four blocks of 4 × 4 pixels, and the pixels of each component.
  public internal(set) var analysis, synthesis: Tensor

  /// Of nothing yet: all components are zero.
  package init(width: Int) {
    analysis = .zeros([width, 2, 2, PixelBlocks.width])
    synthesis = analysis
  }

  /// - Parameter blocks: samples [frames, 2·rows, 2·columns, 48], at least one.
  package init(width: Int, of blocks: [Tensor]) throws {
    let size = 4 * PixelBlocks.width
    precondition(width <= size, "a block of 8 × 8 pixels has \(size) components, not \(width)")
    // Second moments over all blocks of 2 × 2.
    var (moments, count) = ([Double](repeating: 0, count: size * size), 0)
    for tensor in blocks {
      let (frames, rows, columns) = (tensor.shape[0], tensor.shape[1] / 2, tensor.shape[2] / 2)
      let flat = tensor.converted(to: .float32).reshaped([frames, rows, 2, columns, 2, PixelBlocks.width])
        .permuted([0, 1, 3, 2, 4, 5]).reshaped([frames * rows * columns, size])
      for (k, value) in flat.transposed().multiplied(flat).floats().enumerated() { moments[k] += Double(value) }
      count += frames * rows * columns
    }
    var matrix = Matrix(rows: size, columns: size)
    matrix.elements = moments.map { $0 / Double(count) }
    let (energies, vectors) = try matrix.symmetricEigensystem()

    // The largest first; each with its greatest element positive, as the sign is free.
    var (analysis, synthesis): ([Float], [Float]) = ([], [])
    for component in (size - width..<size).reversed() {
      let vector = (0..<size).map { vectors[$0, component] }
      let sign = vector.max { abs($0) < abs($1) }! < 0 ? -1.0 : 1.0
      // What hardly varies is not blown up: a hundredth of a byte's step.
      let deviation = max(energies[component].squareRoot(), 1e-4)
      analysis += vector.map { Float(sign * $0 / deviation) }
      synthesis += vector.map { Float(sign * $0 * deviation) }
    }
    self.analysis = Tensor(analysis, shape: [width, 2, 2, PixelBlocks.width])
    self.synthesis = Tensor(synthesis, shape: [width, 2, 2, PixelBlocks.width])
  }

  private static let geometry = ConvolutionGeometry(stride: [2, 2], paddingBefore: [0, 0], paddingAfter: [0, 0])

  /// [frames, 2·rows, 2·columns, 48] to [frames, rows, columns, width]
  package func components(of blocks: Tensor) -> Tensor {
    blocks.convolved(weight: analysis.converted(to: blocks.elementType), bias: nil, Self.geometry)
  }

  /// The way back.
  package func blocks(of components: Tensor) -> Tensor {
    components.convolvedTransposed(weight: synthesis.converted(to: components.elementType), bias: nil, Self.geometry)
  }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try body((path / "principal.analysis").name, &analysis)
    try body((path / "principal.synthesis").name, &synthesis)
  }
}

public import Tensors
public import WorldCore

/// How a parameter starts.
public enum Initialization: Sendable {
  case zeros
  case ones
  case normal(standardDeviation: Double)
  /// Uniform in ±√(6 / (fanIn + fanOut)) (Glorot & Bengio 2010).
  case glorotUniform
  /// Uniform in ±1/√fanIn, the usual start of linear and convolution layers.
  case fanInUniform

  /// Whether parameters are zeros, whatever they should be: to be read from a file they needn't be drawn first.
  @TaskLocal package static var isIdle = false

  /// A float32 tensor drawn from `random`; the first axis counts outputs, the others what each output sums over.
  public func tensor(_ shape: [Int], random: inout RandomStream) -> Tensor {
    guard !Self.isIdle else { return .zeros(shape) }
    let fanIn = shape.dropFirst().reduce(1, *)
    let receptive = shape.count > 2 ? shape[1..<shape.count - 1].reduce(1, *) : 1
    switch self {
    case .zeros: return .zeros(shape)
    case .ones: return .ones(shape)
    case .normal(let deviation): return draw(shape) { Float(random.normal(standardDeviation: deviation)) }
    case .glorotUniform:
      let bound = (6 / Double(fanIn + (shape.first ?? 1) * receptive)).squareRoot()
      return draw(shape) { Float(random.uniform(in: -bound...bound)) }
    case .fanInUniform:
      let bound = 1 / Double(fanIn).squareRoot()
      return draw(shape) { Float(random.uniform(in: -bound...bound)) }
    }
  }

  private func draw(_ shape: [Int], _ next: () -> Float) -> Tensor {
    Tensor((0..<shape.reduce(1, *)).map { _ in next() }, shape: shape)
  }
}

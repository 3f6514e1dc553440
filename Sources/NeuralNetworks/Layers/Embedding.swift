public import Tensors
public import WorldCore

/// A learnt vector for each of a number of symbols.
public struct Embedding: Module {
  /// [symbols, width]
  public var weight: Tensor

  public init(
    symbols: Int, width: Int, initialization: Initialization = .normal(standardDeviation: 0.02), random: inout RandomStream
  ) {
    weight = initialization.tensor([symbols, width], random: &random)
  }

  /// [symbols.count, width]
  public func callAsFunction(_ symbols: [Int]) -> Tensor { weight.rows(symbols) }

  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    try body((path / "weight").name, &weight)
  }
}

internal import CTensorKernels

/// A function of each element.
struct UnaryOperation: DifferentiableOperation {
  enum Function: UInt32, CaseIterable { case gelu = 0, silu, sigmoid, tanh, exponential, logarithm, square, squareRoot }
  let function: Function

  static let kind = OperationKind.unary

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    let x = inputs[0].contiguous()
    saved.tensors = [x]
    let result = Tensor.uninitialized(x.shape, x.elementType)
    kernels.unary(x.elementType.kernel, TKUnary(rawValue: function.rawValue), Int64(x.count), x.pointer, result.pointer)
    return result
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let x = saved[0]
    let dy = gradient.contiguous()
    let result = Tensor.uninitialized(x.shape, x.elementType)
    kernels.unaryBackward(
      x.elementType.kernel, TKUnary(rawValue: function.rawValue), Int64(x.count), x.pointer, dy.pointer, result.pointer)
    return [result]
  }

  static var examples: [OperationExample] {
    Function.allCases.map { function in
      let positive = function == .logarithm || function == .squareRoot
      return OperationExample("\(function)", [[3, 19]], in: positive ? 0.3...3 : -3...3) {
        UnaryOperation(function: function)($0[0])
      }
    }
  }
}

extension Tensor {
  /// GELU in its tanh form (Hendrycks & Gimpel 2016).
  public func gelu() -> Tensor { UnaryOperation(function: .gelu)(self) }
  /// x·σ(x)
  public func silu() -> Tensor { UnaryOperation(function: .silu)(self) }
  public func sigmoid() -> Tensor { UnaryOperation(function: .sigmoid)(self) }
  public func tanh() -> Tensor { UnaryOperation(function: .tanh)(self) }
  public func exponential() -> Tensor { UnaryOperation(function: .exponential)(self) }
  public func logarithm() -> Tensor { UnaryOperation(function: .logarithm)(self) }
  public func squared() -> Tensor { UnaryOperation(function: .square)(self) }
  public func squareRoot() -> Tensor { UnaryOperation(function: .squareRoot)(self) }
}

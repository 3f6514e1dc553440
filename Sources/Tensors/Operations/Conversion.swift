/// The same values in another element type; a gradient is converted back.
struct ConversionOperation: DifferentiableOperation {
  let elementType: ElementType

  static let kind = OperationKind.convert

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    saved.tensors = [Tensor.uninitialized([1], inputs[0].elementType)]
    return Self.convert(inputs[0], elementType)
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    [Self.convert(gradient, saved[0].elementType)]
  }

  private static func convert(_ x: Tensor, _ elementType: ElementType) -> Tensor {
    let result = Tensor.uninitialized(x.shape, elementType)
    result.write(x)
    return result
  }

  static var examples: [OperationExample] {
    // To float64 and back: exact, so that finite differences see the identity.
    [OperationExample("to float64", [[2, 9]]) { ConversionOperation(elementType: .float64)($0[0]) }]
  }
}

extension Tensor {
  public func converted(to type: ElementType) -> Tensor {
    type == elementType ? self : ConversionOperation(elementType: type)(self)
  }
}

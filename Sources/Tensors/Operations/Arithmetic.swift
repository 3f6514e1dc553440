internal import CTensorKernels

/// a ∘ b, either operand broadcast along axes where it has extent 1 or which it lacks in front.
struct BinaryOperation: DifferentiableOperation {
  enum Function: UInt32, CaseIterable { case add = 0, subtract, multiply, divide }
  let function: Function

  static let kind = OperationKind.binary

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    // Sums need nothing but the shapes.
    saved.tensors = function == .add || function == .subtract ? inputs.map { $0.withoutValues } : inputs
    return Self.compute(function, inputs[0], inputs[1])
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let (a, b) = (saved[0], saved[1])
    func at(_ index: Int, _ value: () -> Tensor) -> Tensor? { wanted[index] ? value().summed(to: saved[index].shape) : nil }
    switch function {
    case .add: return [at(0) { gradient }, at(1) { gradient }]
    case .subtract: return [at(0) { gradient }, at(1) { -gradient }]
    case .multiply: return [at(0) { gradient * b }, at(1) { gradient * a }]
    case .divide: return [at(0) { gradient / b }, at(1) { -(gradient * a / (b * b)) }]
    }
  }

  static func compute(_ function: Function, _ a: Tensor, _ b: Tensor) -> Tensor {
    let shape = broadcastShape(a.shape, b.shape)
    let result = Tensor.uninitialized(shape, a.elementType)
    var walk = Walk(shape, a.broadcastStrides(shape), b.broadcastStrides(shape)).kernel
    kernels.binary(a.elementType.kernel, TKBinary(rawValue: function.rawValue), &walk, a.pointer, b.pointer, result.pointer)
    return result
  }

  static var examples: [OperationExample] {
    Function.allCases.flatMap { function in
      [
        OperationExample("\(function)", [[3, 5], [3, 5]], in: 0.5...2) { BinaryOperation(function: function)($0[0], $0[1]) },
        OperationExample("\(function) of [2, 1, 3] and [4, 1]", [[2, 1, 3], [4, 1]], in: 0.5...2) {
          BinaryOperation(function: function)($0[0], $0[1])
        },
      ]
    }
  }
}

/// The shape two operands broadcast to.
func broadcastShape(_ a: [Int], _ b: [Int]) -> [Int] {
  let rank = max(a.count, b.count)
  let left = [Int](repeating: 1, count: rank - a.count) + a
  let right = [Int](repeating: 1, count: rank - b.count) + b
  return zip(left, right).map { m, n in
    require(m == n || m == 1 || n == 1, "shapes \(a) and \(b) do not broadcast: extents \(m) and \(n) differ and neither is 1")
    return max(m, n)
  }
}

extension Tensor {
  func broadcastStrides(_ target: [Int]) -> [Int] {
    let missing = target.count - rank
    return target.indices.map { $0 < missing || shape[$0 - missing] == 1 ? 0 : strides[$0 - missing] }
  }

  /// The shape alone: one element, broadcast.
  var withoutValues: Tensor {
    Tensor(
      shape: shape, elementType: elementType, strides: shape.map { _ in 0 }, offset: 0,
      storage: TensorStorage(bytes: elementType.size))
  }

  /// Summed over the axes along which `target` was broadcast to this shape.
  func summed(to target: [Int]) -> Tensor {
    guard shape != target else { return self }
    let missing = rank - target.count
    let axes = shape.indices.filter { $0 < missing || (target[$0 - missing] == 1 && shape[$0] != 1) }
    return sum(over: axes).reshaped(target)
  }

  /// self += other, of the same shape; the memory is kept when nobody shares it.
  mutating func add(inPlace other: Tensor) {
    require(shape == other.shape, "a gradient of shape \(other.shape) cannot be added to one of shape \(shape)")
    guard isContiguous, isKnownUniquelyReferenced(&storage) else {
      self = BinaryOperation.compute(.add, self, other.detached)
      return
    }
    var walk = Walk(shape, strides, other.strides).kernel
    kernels.binary(elementType.kernel, TKAdd, &walk, pointer, other.pointer, pointer)
  }

  public static func + (a: Tensor, b: Tensor) -> Tensor { BinaryOperation(function: .add)(a, b) }
  public static func - (a: Tensor, b: Tensor) -> Tensor { BinaryOperation(function: .subtract)(a, b) }
  public static func * (a: Tensor, b: Tensor) -> Tensor { BinaryOperation(function: .multiply)(a, b) }
  public static func / (a: Tensor, b: Tensor) -> Tensor { BinaryOperation(function: .divide)(a, b) }
}

/// x × scale + offset.
struct AffineOperation: DifferentiableOperation {
  let scale: Double
  let offset: Double

  static let kind = OperationKind.affine

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor { compute(inputs[0], offset: offset) }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    [scale == 1 ? gradient : compute(gradient, offset: 0)]
  }

  private func compute(_ x: Tensor, offset: Double) -> Tensor {
    let source = x.contiguous()
    let result = Tensor.uninitialized(x.shape, x.elementType)
    kernels.affine(x.elementType.kernel, Int64(x.count), scale, offset, source.pointer, result.pointer)
    return result
  }

  static var examples: [OperationExample] {
    [OperationExample("2.5 x − 0.5", [[2, 17]]) { 2.5 * $0[0] - 0.5 }, OperationExample("1 − x", [[3]]) { 1 - $0[0] }]
  }
}

extension Tensor {
  public static func * (x: Tensor, scale: Double) -> Tensor { AffineOperation(scale: scale, offset: 0)(x) }
  public static func * (scale: Double, x: Tensor) -> Tensor { AffineOperation(scale: scale, offset: 0)(x) }
  public static func / (x: Tensor, divisor: Double) -> Tensor { AffineOperation(scale: 1 / divisor, offset: 0)(x) }
  public static func + (x: Tensor, offset: Double) -> Tensor { AffineOperation(scale: 1, offset: offset)(x) }
  public static func - (x: Tensor, offset: Double) -> Tensor { AffineOperation(scale: 1, offset: -offset)(x) }
  public static func + (offset: Double, x: Tensor) -> Tensor { AffineOperation(scale: 1, offset: offset)(x) }
  public static func - (offset: Double, x: Tensor) -> Tensor { AffineOperation(scale: -1, offset: offset)(x) }
  public static prefix func - (x: Tensor) -> Tensor { AffineOperation(scale: -1, offset: 0)(x) }
}

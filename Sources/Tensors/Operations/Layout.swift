/// The same elements under another shape.
struct ReshapeOperation: DifferentiableOperation {
  let shape: [Int]

  static let kind = OperationKind.reshape

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    saved.tensors = [inputs[0].withoutValues]
    return Self.reshape(inputs[0], shape)
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    [Self.reshape(gradient, saved[0].shape)]
  }

  private static func reshape(_ x: Tensor, _ shape: [Int]) -> Tensor {
    let source = x.contiguous()
    return Tensor(
      shape: shape, elementType: x.elementType, strides: Tensor.contiguousStrides(shape), offset: source.offset,
      storage: source.storage)
  }

  static var examples: [OperationExample] {
    [
      OperationExample("[2, 6] to [3, 4]", [[2, 6]]) { $0[0].reshaped([3, 4]) },
      OperationExample("a permuted [2, 3] to [6]", [[2, 3]]) { $0[0].permuted([1, 0]).reshaped([6]) },
    ]
  }
}

/// The axes in another order.
struct PermuteOperation: DifferentiableOperation {
  let axes: [Int]

  static let kind = OperationKind.permute

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor { Self.permute(inputs[0], axes) }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    var inverse = axes
    for (place, axis) in axes.enumerated() { inverse[axis] = place }
    return [Self.permute(gradient, inverse)]
  }

  private static func permute(_ x: Tensor, _ axes: [Int]) -> Tensor {
    Tensor(
      shape: axes.map { x.shape[$0] }, elementType: x.elementType, strides: axes.map { x.strides[$0] }, offset: x.offset,
      storage: x.storage)
  }

  static var examples: [OperationExample] {
    [OperationExample("[2, 3, 4] to [4, 2, 3]", [[2, 3, 4]]) { $0[0].permuted([2, 0, 1]) }]
  }
}

/// A range along one axis.
struct SliceOperation: DifferentiableOperation {
  let axis: Int
  let range: Range<Int>

  static let kind = OperationKind.slice

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    saved.tensors = [inputs[0].withoutValues]
    return Self.slice(inputs[0], axis, range)
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let result = Tensor.zeros(saved[0].shape, elementType: gradient.elementType)
    Self.slice(result, axis, range).write(gradient)
    return [result]
  }

  static func slice(_ x: Tensor, _ axis: Int, _ range: Range<Int>) -> Tensor {
    var shape = x.shape
    shape[axis] = range.count
    return Tensor(
      shape: shape, elementType: x.elementType, strides: x.strides, offset: x.offset + range.lowerBound * x.strides[axis],
      storage: x.storage)
  }

  static var examples: [OperationExample] {
    [OperationExample("1 ..< 3 of axis 1 of [2, 4, 3]", [[2, 4, 3]]) { $0[0].slice(axis: 1, 1..<3) }]
  }
}

/// Repeated along axes of extent 1, or along new axes in front.
struct BroadcastOperation: DifferentiableOperation {
  let shape: [Int]

  static let kind = OperationKind.broadcast

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    let x = inputs[0]
    saved.tensors = [x.withoutValues]
    return Tensor(
      shape: shape, elementType: x.elementType, strides: x.broadcastStrides(shape), offset: x.offset, storage: x.storage)
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    [gradient.summed(to: saved[0].shape)]
  }

  static var examples: [OperationExample] {
    [OperationExample("[3, 1] to [2, 3, 4]", [[3, 1]]) { $0[0].broadcast(to: [2, 3, 4]) }]
  }
}

/// Tensors one after the other along an axis.
struct ConcatenateOperation: DifferentiableOperation {
  let axis: Int

  static let kind = OperationKind.concatenate

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    saved.tensors = inputs.map(\.withoutValues)
    var shape = inputs[0].shape
    shape[axis] = inputs.reduce(0) { $0 + $1.shape[axis] }
    let result = Tensor.uninitialized(shape, inputs[0].elementType)
    var start = 0
    for input in inputs {
      SliceOperation.slice(result, axis, start..<start + input.shape[axis]).write(input)
      start += input.shape[axis]
    }
    return result
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    var start = 0
    return zip(saved.tensors, wanted).map { input, wanted in
      defer { start += input.shape[axis] }
      return wanted ? SliceOperation.slice(gradient, axis, start..<start + input.shape[axis]) : nil
    }
  }

  static var examples: [OperationExample] {
    [
      OperationExample("three along axis 1", [[2, 1, 3], [2, 2, 3], [2, 4, 3]]) { Tensor.concatenated($0, axis: 1) },
      OperationExample("padding", [[2, 3]]) { $0[0].padded(axis: 0, before: 2, after: 1) },
    ]
  }
}

extension Tensor {
  /// The same elements in order under another shape; one extent may be −1, to be found from the others.
  public func reshaped(_ shape: [Int]) -> Tensor {
    var shape = shape
    if let unknown = shape.firstIndex(of: -1) {
      let known = shape.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
      require(known > 0 && count % known == 0, "the shape \(self.shape) does not divide into \(shape)")
      shape[unknown] = count / known
    }
    require(shape.reduce(1, *) == count, "the shape \(self.shape) has \(count) elements and \(shape) has \(shape.reduce(1, *))")
    return shape == self.shape ? self : ReshapeOperation(shape: shape)(self)
  }

  /// Axis i of the result is axis axes[i] of this tensor.
  public func permuted(_ axes: [Int]) -> Tensor {
    require(axes.sorted() == Array(shape.indices), "\(axes) is not an order of the \(rank) axes of the shape \(shape)")
    return PermuteOperation(axes: axes)(self)
  }

  /// The matrices of the last two axes transposed.
  public func transposed() -> Tensor { permuted(Array(0..<rank - 2) + [rank - 1, rank - 2]) }

  public func slice(axis: Int, _ range: Range<Int>) -> Tensor {
    require(
      shape.indices.contains(axis) && range.lowerBound >= 0 && range.upperBound <= shape[axis] && !range.isEmpty,
      "the range \(range) of axis \(axis) lies outside the shape \(shape)")
    return SliceOperation(axis: axis, range: range)(self)
  }

  /// Equal parts along an axis.
  public func split(axis: Int, into parts: Int) -> [Tensor] {
    require(
      shape.indices.contains(axis) && parts > 0 && shape[axis] % parts == 0,
      "axis \(axis) of the shape \(shape) does not divide into \(parts) parts")
    let extent = shape[axis] / parts
    return (0..<parts).map { slice(axis: axis, $0 * extent..<($0 + 1) * extent) }
  }

  public func broadcast(to target: [Int]) -> Tensor {
    require(broadcastShape(shape, target) == target, "the shape \(shape) does not broadcast to \(target)")
    return shape == target ? self : BroadcastOperation(shape: target)(self)
  }

  public static func concatenated(_ tensors: [Tensor], axis: Int) -> Tensor {
    require(
      tensors.first?.shape.indices.contains(axis) ?? false,
      "there is no axis \(axis) along which shapes \(tensors.map(\.shape)) could continue each other")
    for tensor in tensors {
      let fits =
        tensor.rank == tensors[0].rank
        && tensor.shape.indices.allSatisfy { $0 == axis || tensor.shape[$0] == tensors[0].shape[$0] }
      require(fits, "shapes \(tensors[0].shape) and \(tensor.shape) do not continue each other along axis \(axis)")
    }
    return ConcatenateOperation(axis: axis).apply(tensors)
  }

  /// Zeros before and after, along one axis.
  public func padded(axis: Int, before: Int, after: Int) -> Tensor {
    require(
      shape.indices.contains(axis) && before >= 0 && after >= 0,
      "axis \(axis) of the shape \(shape) cannot be padded with \(before) and \(after) zeros")
    func zeros(_ extent: Int) -> [Tensor] {
      var shape = shape
      shape[axis] = extent
      return extent > 0 ? [Tensor.zeros(shape, elementType: elementType)] : []
    }
    return Tensor.concatenated(zeros(before) + [self] + zeros(after), axis: axis)
  }
}

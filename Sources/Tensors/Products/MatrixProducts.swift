internal import COneDNN
internal import CTensorKernels

/// Whether a product's right operand is rearranged first as the product likes it best, and for how long that is kept.
enum WeightPacking {
  case never
  /// For one product: in training a weight changes before it is used the same way again, and keeping it would only cost memory.
  case once
  /// With the weight's storage, until the weight changes.
  case kept
}

/// Products of matrices, [rows, inner] · [inner, columns], or of as many pairs of them as the leading axis counts.
enum MatrixProducts {
  private struct Key: Hashable {
    let shape: [Int]  // batch (0: none), rows, columns, inner
    let leftStrides, rightStrides: [Int]
    let elementType, outputType: ElementType
    let biased, packed: Bool
  }

  /// left · right (+ bias along the columns), summed in float32 at least.
  static func multiply(
    _ left: Tensor, _ right: Tensor, bias: Tensor? = nil, packing: WeightPacking = .never, outputType: ElementType? = nil
  ) -> Tensor {
    let left = plain(left)
    let right = plain(right)
    let outputType = outputType ?? left.elementType
    let (rows, inner, columns) = (left.shape[left.rank - 2], left.shape[left.rank - 1], right.shape[right.rank - 1])
    if outputType == .float32, let product = SplitProducts.multiply(left, right, bias: bias, packing: packing) {
      return product
    }
    let batch = left.rank == 3 ? [left.shape[0]] : []
    let output = Tensor.uninitialized(batch + [rows, columns], outputType)
    if left.elementType == .float64 {
      direct(left, right, output)
      guard let bias else { return output }
      return BinaryOperation.compute(.add, output, bias)
    }

    let key = Key(
      shape: [batch.first ?? 0, rows, columns, inner], leftStrides: left.strides, rightStrides: right.strides,
      elementType: left.elementType, outputType: outputType, biased: bias != nil, packed: packing != .never)
    let leftLayout = MemoryLayoutDescription(left)
    let rightLayout = MemoryLayoutDescription(right)
    let outputLayout = MemoryLayoutDescription(output)
    let biasLayout = bias.map {
      MemoryLayoutDescription(
        shape: batch.map { _ in 1 } + [1, columns], strides: batch.map { _ in columns } + [columns, 1], $0.elementType)
    }
    let primitive = OneDNN.shared.primitive(for: key) {
      var description = dnnl_matmul_desc_t()
      var (left, output) = (leftLayout.descriptor, outputLayout.descriptor)
      var right =
        packing != .never ? MemoryLayoutDescription(any: right.shape, right.elementType).descriptor : rightLayout.descriptor
      if var bias = biasLayout?.descriptor {
        guard dnnl_matmul_desc_init(&description, &left, &right, &bias, &output) == dnnl_success else { return nil }
      } else {
        guard dnnl_matmul_desc_init(&description, &left, &right, nil, &output) == dnnl_success else { return nil }
      }
      return Primitive(operation: &description)
    }
    guard let primitive else {
      // A processor without bfloat16 products: the same in float32, rounded at the end.
      require(left.elementType != .float32, "oneDNN has no float32 product for the shapes \(left.shape) and \(right.shape)")
      return multiply(left.converted(to: .float32), right.converted(to: .float32), bias: bias?.converted(to: .float32))
        .converted(to: outputType)
    }

    var arguments = [
      Primitive.Argument(DNNL_ARG_SRC, leftLayout, left.pointer), .init(DNNL_ARG_DST, outputLayout, output.pointer),
    ]
    if let bias, let biasLayout { arguments.append(.init(DNNL_ARG_BIAS, biasLayout, bias.pointer)) }
    let wanted = packing != .never ? primitive.layout(dnnl_query_weights_md) : rightLayout
    if wanted == rightLayout {
      arguments.append(.init(DNNL_ARG_WEIGHTS, rightLayout, right.pointer))
      primitive.run(arguments)
    } else {
      let offset = right.offset * right.elementType.size
      let packed =
        packing == .kept
        ? right.storage.packed(wanted, from: rightLayout, at: offset)
        : right.storage.rearranged(wanted, from: rightLayout, at: offset)
      arguments.append(.init(DNNL_ARG_WEIGHTS, wanted, packed.pointer))
      withExtendedLifetime(packed) { primitive.run(arguments) }
    }
    return withExtendedLifetime((left, right, bias)) { output }
  }

  /// A view that oneDNN can read: one of the two matrix axes has consecutive elements.
  private static func plain(_ x: Tensor) -> Tensor {
    let (row, column) = (x.strides[x.rank - 2], x.strides[x.rank - 1])
    let (rows, columns) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
    if (column == 1 || columns == 1) && row >= columns { return x }
    if (row == 1 || rows == 1) && column >= rows { return x }
    return x.contiguous()
  }

  private static func direct(_ left: Tensor, _ right: Tensor, _ output: Tensor) {
    let rank = left.rank
    func stride(_ x: Tensor, _ axis: Int) -> Int64 { axis < 0 ? 0 : Int64(x.strides[axis]) }
    kernels.product(
      Int64(rank == 3 ? left.shape[0] : 1), Int64(left.shape[rank - 2]), Int64(right.shape[rank - 1]),
      Int64(left.shape[rank - 1]),
      left.pointer.assumingMemoryBound(to: Double.self), stride(left, rank - 3), stride(left, rank - 2), stride(left, rank - 1),
      right.pointer.assumingMemoryBound(to: Double.self), stride(right, rank - 3), stride(right, rank - 2),
      stride(right, rank - 1),
      output.pointer.assumingMemoryBound(to: Double.self))
  }
}

extension MemoryLayoutDescription {
  init(_ tensor: Tensor) { self.init(shape: tensor.shape, strides: tensor.strides, tensor.elementType) }
}

internal import CTensorKernels

/// softmax(q·kᵀ·scale)·v for each head, in blocks, so that memory grows with the number of tokens and not with its square.
///
/// All are views [batch, tokens, heads, headWidth]; scale is 1/√headWidth.
enum ScaledDotProductAttention {
  static func forward(_ q: Tensor, _ k: Tensor, _ v: Tensor) -> (output: Tensor, logSumExp: Tensor) {
    let output = Tensor.uninitialized(q.shape, q.elementType)
    let logSumExp = Tensor.uninitialized([q.shape[0], q.shape[2], q.shape[1]], q.elementType == .float64 ? .float64 : .float32)
    var plan = plan(q, k, v, output)
    withScratch(bytes: Int(kernels.attentionScratch(q.elementType.kernel, &plan, false))) {
      kernels.attention(q.elementType.kernel, &plan, q.pointer, k.pointer, v.pointer, output.pointer, logSumExp.pointer, $0)
    }
    return (output, logSumExp)
  }

  /// Writes the gradients into views dq, dk and dv.
  static func backward(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, output: Tensor, logSumExp: Tensor, gradient dy: Tensor, into dq: Tensor,
    _ dk: Tensor,
    _ dv: Tensor
  ) {
    var plan = plan(q, k, v, output)
    var strides = TKAttentionGradients(
      outputGradient: headStrides(dy), queryGradient: headStrides(dq), keyGradient: headStrides(dk),
      valueGradient: headStrides(dv))
    withScratch(bytes: Int(kernels.attentionScratch(q.elementType.kernel, &plan, true))) {
      kernels.attentionBackward(
        q.elementType.kernel, &plan, &strides, q.pointer, k.pointer, v.pointer, output.pointer, logSumExp.pointer, dy.pointer,
        dq.pointer, dk.pointer, dv.pointer, $0)
    }
  }

  private static func plan(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ y: Tensor) -> TKAttention {
    TKAttention(
      batch: Int64(q.shape[0]), heads: Int64(q.shape[2]), queries: Int64(q.shape[1]), keys: Int64(k.shape[1]),
      headWidth: Int64(q.shape[3]), scale: 1 / Double(q.shape[3]).squareRoot(), query: headStrides(q), key: headStrides(k),
      value: headStrides(v), output: headStrides(y))
  }

  private static func headStrides(_ x: Tensor) -> TKHeadStrides {
    TKHeadStrides(batch: Int64(x.strides[0]), token: Int64(x.strides[1]), head: Int64(x.strides[2]))
  }
}

/// Attention of queries on keys and values given apart.
struct AttentionOperation: DifferentiableOperation {
  static let kind = OperationKind.attention

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    let (q, k, v) = (inputs[0].withConsecutiveRows(), inputs[1].withConsecutiveRows(), inputs[2].withConsecutiveRows())
    let (output, logSumExp) = ScaledDotProductAttention.forward(q, k, v)
    saved.tensors = [q, k, v, output, logSumExp]
    return output
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let gradients = (0..<3).map { Tensor.uninitialized(saved[$0].shape, saved[$0].elementType) }
    ScaledDotProductAttention.backward(
      saved[0], saved[1], saved[2], output: saved[3], logSumExp: saved[4], gradient: gradient.withConsecutiveRows(),
      into: gradients[0], gradients[1], gradients[2])
    return gradients
  }

  static var examples: [OperationExample] {
    [
      OperationExample("5 queries on 7 keys", [[2, 5, 2, 3], [2, 7, 2, 3], [2, 7, 2, 3]]) {
        Tensor.attention(query: $0[0], key: $0[1], value: $0[2])
      },
      // More than one block of either.
      OperationExample("70 queries on 67 keys", [[1, 70, 1, 2], [1, 67, 1, 2], [1, 67, 1, 2]]) {
        Tensor.attention(query: $0[0], key: $0[1], value: $0[2])
      },
    ]
  }
}

/// Attention among tokens whose queries, keys and values lie side by side, [batch, tokens, 3, heads, headWidth]: as one linear
/// layer leaves them, so that neither they nor their gradients are ever rearranged.
struct SelfAttentionOperation: DifferentiableOperation {
  static let kind = OperationKind.selfAttention

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor {
    let packed = inputs[0].withConsecutiveRows()
    let (q, k, v) = Self.parts(packed)
    let (output, logSumExp) = ScaledDotProductAttention.forward(q, k, v)
    saved.tensors = [packed, output, logSumExp]
    return output
  }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    let result = Tensor.uninitialized(saved[0].shape, saved[0].elementType)
    let (q, k, v) = Self.parts(saved[0])
    let (dq, dk, dv) = Self.parts(result)
    ScaledDotProductAttention.backward(
      q, k, v, output: saved[1], logSumExp: saved[2], gradient: gradient.withConsecutiveRows(), into: dq, dk, dv)
    return [result]
  }

  private static func parts(_ packed: Tensor) -> (Tensor, Tensor, Tensor) {
    func part(_ index: Int) -> Tensor {
      Tensor(
        shape: [packed.shape[0], packed.shape[1], packed.shape[3], packed.shape[4]], elementType: packed.elementType,
        strides: [packed.strides[0], packed.strides[1], packed.strides[3], 1],
        offset: packed.offset + index * packed.strides[2],
        storage: packed.storage)
    }
    return (part(0), part(1), part(2))
  }

  static var examples: [OperationExample] {
    [OperationExample("9 tokens, 2 heads of 5", [[2, 9, 3, 2, 5]]) { Tensor.selfAttention($0[0]) }]
  }
}

extension Tensor {
  /// softmax(q·kᵀ/√headWidth)·v for each head: query [batch, queries, heads, headWidth], key and value [batch, keys, heads,
  /// headWidth].
  public static func attention(query: Tensor, key: Tensor, value: Tensor) -> Tensor {
    require(
      query.rank == 4 && key.shape == value.shape && key.rank == 4 && query.shape[0] == key.shape[0]
        && query.shape[2...] == key.shape[2...],
      "attention of queries \(query.shape) on keys \(key.shape) and values \(value.shape): batch, heads and head width must agree"
    )
    require(query.shape[3] <= 256, "heads of width \(query.shape[3]) are wider than the 256 that attention takes")
    return AttentionOperation()(query, key, value)
  }

  /// Attention among the tokens of [batch, tokens, 3, heads, headWidth] (queries, keys, values); the result is [batch, tokens,
  /// heads, headWidth].
  public static func selfAttention(_ packed: Tensor) -> Tensor {
    require(
      packed.rank == 5 && packed.shape[2] == 3 && packed.shape[4] <= 256,
      "self-attention takes [batch, tokens, 3, heads, headWidth up to 256], and the input has shape \(packed.shape)")
    return SelfAttentionOperation()(packed)
  }
}

internal import CTensorKernels

/// A sparse matrix along one axis of [outer, extent, inner]: each new element is a weighted sum of a few old ones.
struct ResampleOperation: DifferentiableOperation {
  let weights: ResamplingWeights

  static let kind = OperationKind.resample

  func forward(_ inputs: [Tensor], saving saved: inout SavedTensors) -> Tensor { Self.apply(weights, inputs[0]) }

  func backward(_ gradient: Tensor, _ saved: SavedTensors, wanted: [Bool]) -> [Tensor?] {
    [Self.apply(weights.transposed(), gradient)]
  }

  private static func apply(_ weights: ResamplingWeights, _ x: Tensor) -> Tensor {
    let source = x.contiguous()
    let result = Tensor.uninitialized([x.shape[0], weights.to, x.shape[2]], x.elementType)
    kernels.resample(
      x.elementType.kernel, Int64(x.shape[0]), Int64(weights.from), Int64(weights.to), Int64(x.shape[2]), weights.starts,
      weights.columns,
      weights.weights, source.pointer, result.pointer)
    return result
  }

  static var examples: [OperationExample] {
    [
      OperationExample("nearest, 3 to 6", [[2, 3, 5]]) { $0[0].resampled(axis: 1, to: 6, by: .nearest) },
      OperationExample("linear, 4 to 7", [[4, 5]]) { $0[0].resampled(axis: 0, to: 7, by: .linear) },
      OperationExample("area, 7 to 3", [[2, 7]]) { $0[0].resampled(axis: 1, to: 3, by: .area) },
    ]
  }
}

/// Rows of a sparse matrix [to, from]: row j has weights[t] in columns[t] for t in starts[j] ..< starts[j + 1].
struct ResamplingWeights: Sendable {
  let from, to: Int
  private(set) var starts: [Int32] = [0]
  private(set) var columns: [Int32] = []
  private(set) var weights: [Double] = []

  private init(from: Int, rows: [[(column: Int, weight: Double)]]) {
    self.from = from
    to = rows.count
    for row in rows {
      columns += row.map { Int32($0.column) }
      weights += row.map(\.weight)
      starts.append(Int32(columns.count))
    }
  }

  /// Element k is the mean over [k, k + 1) of a line; the new elements divide the same line anew.
  init(from: Int, to: Int, _ method: ResamplingMethod) {
    let ratio = Double(from) / Double(to)
    let rows = (0..<to).map { j -> [(column: Int, weight: Double)] in
      let center = (Double(j) + 0.5) * ratio
      switch method {
      case .nearest: return [(min(from - 1, Int(center)), 1)]
      case .linear:
        let position = min(max(center - 0.5, 0), Double(from - 1))
        let lower = min(Int(position), max(0, from - 2))
        let weight = position - Double(lower)
        return [(lower, 1 - weight), (min(lower + 1, from - 1), weight)].filter { $0.1 != 0 }
      case .area:
        let (begin, end) = (Double(j) * ratio, Double(j + 1) * ratio)
        return (Int(begin)..<min(from, Int(end.rounded(.up)))).compactMap { column in
          let overlap = min(end, Double(column + 1)) - max(begin, Double(column))
          return overlap > 0 ? (column, overlap / ratio) : nil
        }
      }
    }
    self.init(from: from, rows: rows)
  }

  func transposed() -> ResamplingWeights {
    var rows = [[(column: Int, weight: Double)]](repeating: [], count: from)
    for j in 0..<to {
      for t in Int(starts[j])..<Int(starts[j + 1]) { rows[Int(columns[t])].append((j, weights[t])) }
    }
    return ResamplingWeights(from: to, rows: rows)
  }
}

/// How values between samples are found.
public enum ResamplingMethod: Sendable {
  case nearest
  /// Between the centres of neighbours; the ends continue flat.
  case linear
  /// The mean over what a new element covers: for making smaller.
  case area
}

extension Tensor {
  /// The extent of one axis changed to `extent`.
  public func resampled(axis: Int, to extent: Int, by method: ResamplingMethod) -> Tensor {
    require(shape.indices.contains(axis) && extent > 0, "axis \(axis) of the shape \(shape) cannot be resampled to \(extent)")
    guard extent != shape[axis] else { return self }
    let outer = shape[..<axis].reduce(1, *)
    let operation = ResampleOperation(weights: ResamplingWeights(from: shape[axis], to: extent, method))
    return operation(reshaped([outer, shape[axis], count / outer / shape[axis]]))
      .reshaped(shape[..<axis] + [extent] + shape[(axis + 1)...])
  }
}

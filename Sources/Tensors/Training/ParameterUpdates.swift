internal import CTensorKernels

/// One pass over a parameter's memory: what optimisers and averages do to it.
extension Tensor {
  /// AdamW (Loshchilov & Hutter 2019) on float32 master weights, of which this parameter is the rounding.
  ///
  /// `decay` is the fraction of the weight taken off; `step` counts from 1 and corrects the moments' start from zero.
  package mutating func adamStep(
    gradient: Tensor, master: inout Tensor, first: inout Tensor, second: inout Tensor, learningRate: Double, beta1: Double,
    beta2: Double,
    epsilon: Double, decay: Double, step: Int, gradientScale: Double
  ) {
    require(
      gradient.shape == shape && gradient.elementType == elementType && elementType != .float64,
      "a gradient of shape \(gradient.shape) and \(gradient.elementType) does not update a parameter of shape \(shape) and \(elementType)"
    )
    var plan = TKAdam(
      stepSize: Float(learningRate / (1 - Self.power(beta1, step))), beta1: Float(beta1), beta2: Float(beta2),
      epsilon: Float(epsilon),
      secondCorrection: Float(1 / (1 - Self.power(beta2, step))), decay: Float(decay), gradientScale: Float(gradientScale))
    let (dy, type, count) = (gradient.contiguous(), elementType.kernel, Int64(count))
    withMutableBytes { parameter in
      master.withMutableFloats { master in
        first.withMutableFloats { first in
          second.withMutableFloats { second in
            kernels.adam(type, count, &plan, dy.pointer, master, first, second, parameter.baseAddress!)
          }
        }
      }
    }
  }

  /// self += (1 − decay)·(x − self); self is float32.
  package mutating func moveAverage(towards x: Tensor, decay: Double) {
    require(x.shape == shape && elementType == .float32, "an average of shape \(shape) does not follow the shape \(x.shape)")
    let source = x.contiguous()
    withMutableFloats {
      kernels.movingAverage(source.elementType.kernel, Int64(source.count), Float(decay), source.pointer, $0)
    }
  }

  /// Σx², summed in float64 over pieces that do not depend on the number of threads.
  package var sumOfSquares: Double {
    let source = contiguous()
    return kernels.sumOfSquares(elementType.kernel, Int64(count), source.pointer)
  }

  private mutating func withMutableFloats(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    withMutableBytes { body($0.baseAddress!.assumingMemoryBound(to: Float.self)) }
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest % 2 == 1 { result *= square }
      square *= square
      rest /= 2
    }
    return result
  }
}

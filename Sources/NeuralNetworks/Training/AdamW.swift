internal import Tensors

/// AdamW (Loshchilov & Hutter 2019): moments and master weights in float32, one pass over each parameter.
///
/// Parameters may be bfloat16: each is the rounding of its master weight, so steps smaller than bfloat16 resolves still add up.
/// Weight decay acts on parameters of two and more axes: not on biases and norms.
public struct AdamW: Sendable {
  public var beta1 = 0.9
  public var beta2 = 0.999
  public var epsilon = 1e-8
  public var weightDecay = 0.01
  /// Gradients are scaled down together when their norm exceeds this.
  public var clipping: Double?
  /// Steps taken.
  public internal(set) var step = 0

  struct Slot: Sendable { var master, first, second: Tensor }
  var slots: [String: Slot] = [:]

  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01, clipping: Double? = nil
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.clipping = clipping
  }

  /// Moves the module's parameters one step down the gradients; returns the gradients' norm before clipping.
  @discardableResult
  public mutating func update(_ module: inout some Module, along gradients: Gradients, learningRate: Double) -> Double {
    step += 1
    let norm = clipping == nil ? 0 : gradients.norm
    let scale = clipping.map { norm > $0 ? $0 / norm : 1 } ?? 1
    var index = 0
    module.forEachParameter { name, parameter in
      require(
        index < gradients.tensors.count && gradients.tensors[index].name == name,
        "there is no gradient for the parameter \(name)")
      let gradient = gradients.tensors[index].tensor
      index += 1
      var slot =
        slots.removeValue(forKey: name)
        ?? Slot(master: parameter.copied(as: .float32), first: .zeros(parameter.shape), second: .zeros(parameter.shape))
      parameter.adamStep(
        gradient: gradient, master: &slot.master, first: &slot.first, second: &slot.second, learningRate: learningRate,
        beta1: beta1,
        beta2: beta2, epsilon: epsilon, decay: parameter.rank >= 2 ? learningRate * weightDecay : 0, step: step,
        gradientScale: scale)
      slots[name] = slot
    }
    return norm
  }
}

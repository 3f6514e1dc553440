internal import Tensors

/// A float32 average of a module's parameters over its recent steps, which generates better than the last of them.
public struct ExponentialMovingAverage: Sendable {
  public let decay: Double
  public internal(set) var steps = 0
  var averages: [String: Tensor] = [:]

  /// `decay` per step: 0.999 averages over about a thousand.
  public init(decay: Double) { self.decay = decay }

  /// Takes the module's present parameters in. Early on the average is over what there has been, (1 + n)/(10 + n).
  public mutating func update(with module: some Module) {
    let decay = min(decay, Double(1 + steps) / Double(10 + steps))
    steps += 1
    for (name, parameter) in module.parameters {
      guard var average = averages.removeValue(forKey: name) else {
        averages[name] = parameter.copied(as: .float32)
        continue
      }
      average.moveAverage(towards: parameter, decay: decay)
      averages[name] = average
    }
  }

  /// The module with averaged parameters, in its own element types.
  public func applied<M: Module>(to module: M) -> M {
    var result = module
    result.forEachParameter { name, parameter in
      if let average = averages[name] { parameter = average.converted(to: parameter.elementType) }
    }
    return result
  }
}

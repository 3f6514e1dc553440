/// Records what is computed from watched tensors, and runs it backwards for their gradients (reverse-mode differentiation).
///
/// One tape serves one evaluation on one thread: `gradients` uses it up.
public final class GradientTape {
  private var nodes: [TapeNode] = []
  private(set) var isPaused = false

  public init() {}

  /// The same value, whose gradient this tape can tell.
  public func watch(_ tensor: Tensor) -> Tensor {
    var watched = tensor
    watched.node = TapeNode(tape: self, inputs: [])
    return watched
  }

  func append(_ node: TapeNode) { nodes.append(node) }

  /// The gradients of a one-element tensor at watched ones, zero where it does not depend on them.
  public func gradients(of value: Tensor, at watched: [Tensor]) -> [Tensor] {
    require(value.count == 1, "gradients are of one number, and the value has shape \(value.shape)")
    return gradients(of: value, seed: Tensor.ones(value.shape, elementType: value.elementType), at: watched)
  }

  /// The gradients of Σ seed·value.
  public func gradients(of value: Tensor, seed: Tensor, at watched: [Tensor]) -> [Tensor] {
    require(seed.shape == value.shape, "a seed of shape \(seed.shape) does not fit the value's shape \(value.shape)")
    if let node = value.node {
      require(node.tape === self, "the value was recorded by another tape")
      node.accumulate(seed)
      walkBack(to: 0)
    }
    return watched.map { tensor in
      let node = tensor.node
      defer { node?.gradient = nil }
      return node?.gradient ?? Tensor.zeros(tensor.shape, elementType: tensor.elementType)
    }
  }

  /// Takes recorded nodes off the end, newest first, down to `start`.
  private func walkBack(to start: Int) {
    while nodes.count > start {
      let node = nodes.removeLast()
      guard let gradient = node.gradient else { continue }
      node.gradient = nil
      if let rerun = node.rerun {
        rerun(gradient)
      } else if let backward = node.backward {
        node.backward = nil
        let contributions = backward(gradient, node.inputs.map { $0 != nil })
        for (input, contribution) in zip(node.inputs, contributions) {
          if let input, let contribution { input.accumulate(contribution) }
        }
      }
    }
  }

  /// Runs `block` keeping only its inputs; what it computes in between is computed again when the gradient passes.
  ///
  /// Tensors that the block captures, a layer's parameters, get their gradients as usual. The block must compute the same
  /// when it is run again.
  public static func checkpoint(_ inputs: [Tensor], _ block: @escaping ([Tensor]) -> Tensor) -> Tensor {
    guard let tape = inputs.lazy.compactMap({ $0.node?.tape }).first, !tape.isPaused else { return block(inputs) }
    tape.isPaused = true
    var output = block(inputs)
    tape.isPaused = false
    let kept = inputs.map(\.detached)
    let node = TapeNode(tape: tape, inputs: inputs.map(\.node))
    node.rerun = { [unowned tape, unowned node] gradient in
      let start = tape.nodes.count
      let fresh = zip(kept, node.inputs).map { input, source in source == nil ? input : tape.watch(input) }
      let output = block(fresh)
      guard let outputNode = output.node else { return }
      outputNode.accumulate(gradient)
      tape.walkBack(to: start)
      for (input, source) in zip(fresh, node.inputs) {
        if let source, let gradient = input.node?.gradient { source.accumulate(gradient) }
      }
    }
    tape.append(node)
    output.node = node
    return output
  }
}

/// The value of a function of tensors and its gradient at each of them.
public func valueAndGradients(at inputs: [Tensor], _ function: ([Tensor]) -> Tensor) -> (value: Tensor, gradients: [Tensor]) {
  let tape = GradientTape()
  let watched = inputs.map(tape.watch)
  let value = function(watched)
  return (value.detached, tape.gradients(of: value, at: watched))
}

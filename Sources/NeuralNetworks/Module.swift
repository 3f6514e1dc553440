public import Tensors

/// A layer or a network: a value that owns its parameters and can name them.
///
/// Names are those of checkpoints, dot-separated from the outermost module inwards ("blocks.3.attention.qkv.weight"), and need
/// not be the Swift properties' names.
public protocol Module: Sendable {
  /// Calls `body` with each parameter's full name, in a fixed order, for reading or replacing it.
  mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows
}

/// The name of a module inside those around it.
public struct ParameterPath: Sendable {
  public let name: String

  public init(_ name: String = "") { self.name = name }

  /// The path of a part of this one.
  public static func / (path: ParameterPath, part: String) -> ParameterPath {
    ParameterPath(path.name.isEmpty ? part : path.name + "." + part)
  }
}

extension Module {
  public mutating func forEachParameter(_ body: (String, inout Tensor) throws -> Void) rethrows {
    try forEachParameter(under: ParameterPath(), body)
  }

  /// All parameters by name, in order.
  public var parameters: [(name: String, tensor: Tensor)] {
    var copy = self
    var result: [(String, Tensor)] = []
    copy.forEachParameter { result.append(($0, $1)) }
    return result
  }

  /// How many numbers the parameters hold.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.tensor.count } }

  /// The same module with parameters of another element type.
  public func converted(to elementType: ElementType) -> Self {
    var copy = self
    copy.forEachParameter { $1 = $1.converted(to: elementType) }
    return copy
  }
}

extension Array where Element: Module {
  public mutating func forEachParameter(under path: ParameterPath, _ body: (String, inout Tensor) throws -> Void) rethrows {
    for index in indices { try self[index].forEachParameter(under: path / "\(index)", body) }
  }
}

/// The gradients of a module's parameters, in the order of its `forEachParameter`.
public struct Gradients: Sendable {
  public internal(set) var tensors: [(name: String, tensor: Tensor)]

  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name }?.tensor }

  /// √Σg² over all of them.
  public var norm: Double { tensors.reduce(0) { $0 + $1.tensor.sumOfSquares }.squareRoot() }

  /// Adds another evaluation's gradients, for batches too large to hold at once.
  public static func += (sum: inout Gradients, other: Gradients) {
    require(sum.tensors.count == other.tensors.count, "gradients of different modules cannot be added")
    for index in sum.tensors.indices { sum.tensors[index].tensor = sum.tensors[index].tensor + other.tensors[index].tensor }
  }
}

/// A loss of a module and its gradient at every parameter.
public func valueAndGradients<M: Module>(of module: M, _ loss: (M) throws -> Tensor) rethrows -> (
  value: Tensor, gradients: Gradients
) {
  let tape = GradientTape()
  var watched = module
  var parameters: [(name: String, tensor: Tensor)] = []
  watched.forEachParameter { name, parameter in
    parameter = tape.watch(parameter.detached)
    parameters.append((name, parameter))
  }
  let value = try loss(watched)
  let gradients = tape.gradients(of: value, at: parameters.map(\.tensor))
  return (value.detached, Gradients(tensors: zip(parameters, gradients).map { ($0.name, $1) }))
}

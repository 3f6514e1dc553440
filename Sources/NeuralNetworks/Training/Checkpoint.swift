internal import Safetensors
public import Tensors

/// Parameters and a training's state in one safetensors file.
///
/// Parameters have their own names; the optimiser's and the average's tensors are named after them
/// ("adam.first/blocks.0.qkv.weight"), so that other tools read the weights and pass over the rest.
public struct Checkpoint: Sendable {
  public private(set) var tensors: [String: Tensor] = [:]
  /// Text to keep with them: the step, the configuration.
  public var metadata: [String: String] = [:]

  public init() {}

  public mutating func add(_ module: some Module) {
    for (name, tensor) in module.parameters { tensors[name] = tensor.detached }
  }

  /// What is no parameter, under a name that none has.
  public mutating func add(_ tensor: Tensor, named name: String) { tensors[name] = tensor }

  public mutating func add(_ optimizer: AdamW) {
    metadata["adam.step"] = String(optimizer.step)
    for (name, slot) in optimizer.slots {
      tensors["adam.master/" + name] = slot.master
      tensors["adam.first/" + name] = slot.first
      tensors["adam.second/" + name] = slot.second
    }
  }

  public mutating func add(_ average: ExponentialMovingAverage) {
    metadata["average.steps"] = String(average.steps)
    for (name, tensor) in average.averages { tensors["average/" + name] = tensor }
  }

  // MARK: taking out

  /// Replaces a module's parameters, keeping the module's element types.
  public func load<M: Module>(into module: inout M) throws(CheckpointError) {
    // Through a copy, so that a failure leaves the module as it was.
    var loaded = module
    var failure: CheckpointError?
    loaded.forEachParameter { name, parameter in
      do throws(CheckpointError) {
        parameter = try tensor(name, shape: parameter.shape).converted(to: parameter.elementType)
      } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
    module = loaded
  }

  /// The optimiser's state, as it was added, for the parameters of `module`.
  public func load(into optimizer: inout AdamW, for module: some Module) throws(CheckpointError) {
    guard let step = metadata["adam.step"].flatMap({ Int($0) }) else { throw .missing(name: "adam.step") }
    var slots: [String: AdamW.Slot] = [:]
    for (name, parameter) in module.parameters {
      let shape = parameter.shape
      slots[name] = AdamW.Slot(
        master: try tensor("adam.master/" + name, shape: shape), first: try tensor("adam.first/" + name, shape: shape),
        second: try tensor("adam.second/" + name, shape: shape))
    }
    optimizer.step = step
    optimizer.slots = slots
  }

  public func load(into average: inout ExponentialMovingAverage, for module: some Module) throws(CheckpointError) {
    guard let steps = metadata["average.steps"].flatMap({ Int($0) }) else { throw .missing(name: "average.steps") }
    var averages: [String: Tensor] = [:]
    for (name, parameter) in module.parameters { averages[name] = try tensor("average/" + name, shape: parameter.shape) }
    average.steps = steps
    average.averages = averages
  }

  private func tensor(_ name: String, shape: [Int]) throws(CheckpointError) -> Tensor {
    guard let tensor = tensors[name] else { throw .missing(name: name) }
    guard tensor.shape == shape else { throw .otherShape(name: name, stored: tensor.shape, expected: shape) }
    return tensor
  }
}

// MARK: files

extension Checkpoint {
  /// Reads a checkpoint; the file is mapped, each tensor's bytes copied once.
  public init(contentsOf path: String) throws {
    let file = try SafetensorsFile(path: path)
    metadata = file.metadata
    for description in file.tensors {
      guard let type = Tensors.ElementType(description.element) else {
        throw CheckpointError.unsupported(name: description.name, elementType: description.element.rawValue)
      }
      tensors[description.name] = try file.withBytes(of: description.name) { bytes in
        Tensor(bytes: bytes, shape: description.shape, elementType: type)
      }
    }
  }

  /// Writes the file beside its place and moves it there when whole.
  public func write(to path: String) throws {
    let named = tensors.map { name, tensor in
      NamedTensor(name, element: tensor.elementType.stored, shape: tensor.shape, bytes: tensor.withBytes { Array($0) })
    }
    try SafetensorsFile.write(named, metadata: metadata, to: path)
  }
}

extension Tensors.ElementType {
  fileprivate init?(_ stored: Safetensors.ElementType) {
    switch stored {
    case .float32: self = .float32
    case .bfloat16: self = .bfloat16
    case .float64: self = .float64
    default: return nil
    }
  }

  fileprivate var stored: Safetensors.ElementType {
    switch self {
    case .float32: .float32
    case .bfloat16: .bfloat16
    case .float64: .float64
    }
  }
}

/// Why a checkpoint does not fit.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  case missing(name: String)
  case otherShape(name: String, stored: [Int], expected: [Int])
  case unsupported(name: String, elementType: String)

  public var description: String {
    switch self {
    case .missing(let name): "the checkpoint has no \"\(name)\"; it was written by another network or an older version"
    case .otherShape(let name, let stored, let expected):
      "\"\(name)\" has shape \(stored) in the checkpoint and \(expected) in the network; load it into the network it was trained in"
    case .unsupported(let name, let elementType):
      "\"\(name)\" is of type \(elementType), and networks take F32, BF16 and F64; convert it first"
    }
  }
}

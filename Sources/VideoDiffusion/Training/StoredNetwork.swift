public import NeuralNetworks
public import Tensors

/// A network that is kept in a file of its kind: parameters in bfloat16, its configuration in the header.
public protocol StoredNetwork: Module {
  associatedtype Configuration: Codable & Equatable & Sendable

  static var kind: NetworkKind { get }
  var configuration: Configuration { get }

  /// A network with random parameters.
  init(_ configuration: Configuration, seed: UInt64)

  /// Puts in what the network has besides its parameters: what is measured, not learnt. Default: nothing.
  func addMeasured(to checkpoint: inout Checkpoint)

  /// Takes that out again.
  mutating func loadMeasured(from checkpoint: Checkpoint) throws(CheckpointError)
}

/// What a file of weights says that it holds.
public enum NetworkKind: String, Sendable {
  case videoAutoencoder = "video-autoencoder"
  case soundAutoencoder = "sound-autoencoder"
  case neuralShader = "neural-shader"
  case transformer
  case soundShader = "sound-shader"
}

extension StoredNetwork {
  public func addMeasured(to checkpoint: inout Checkpoint) {}
  public mutating func loadMeasured(from checkpoint: Checkpoint) throws(CheckpointError) {}

  /// Reads trained weights; computes in `elementType`.
  ///
  /// - Throws: `WeightsError`.
  public init(contentsOf path: String, elementType: ElementType = .bfloat16) throws(WeightsError) {
    let (checkpoint, configuration) = try WeightsFile.read(path, Self.self)
    var network = Initialization.$isIdle.withValue(true) { Self(configuration, seed: 0) }.converted(to: elementType)
    do throws(CheckpointError) {
      try checkpoint.load(into: &network)
      try network.loadMeasured(from: checkpoint)
    } catch { throw .foreign(path: path, problem: "\(error)") }
    self = network
  }

  /// Writes the weights in bfloat16.
  ///
  /// - Parameter card: how they were made, for the header.
  package func write(to path: String, card: [String: String]) throws {
    var checkpoint = Checkpoint()
    checkpoint.metadata = try WeightsFile.header(of: self).merging(card) { $1 }
    checkpoint.add(converted(to: .bfloat16))
    addMeasured(to: &checkpoint)
    try checkpoint.write(to: path)
  }
}

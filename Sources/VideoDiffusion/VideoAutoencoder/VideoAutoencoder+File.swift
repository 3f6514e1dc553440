import NeuralNetworks
public import Tensors

extension VideoAutoencoder {
  /// Reads trained weights; computes in `elementType`.
  ///
  /// - Throws: `WeightsError`.
  public init(contentsOf path: String, elementType: ElementType = .bfloat16) throws(WeightsError) {
    let (checkpoint, configuration) = try WeightsFile.read(path, .videoAutoencoder, configuration: Configuration.self)
    var network = VideoAutoencoder(configuration).converted(to: elementType)
    do throws(CheckpointError) {
      try checkpoint.load(into: &network)
      try checkpoint.load(into: &network.principal)
      try checkpoint.load(into: &network.statistics)
    } catch { throw .foreign(path: path, problem: "\(error)") }
    self = network
  }

  /// Writes the weights in bfloat16.
  ///
  /// - Parameter card: how they were made, for the header.
  func write(to path: String, card: [String: String]) throws {
    var checkpoint = Checkpoint()
    checkpoint.metadata = try WeightsFile.header(.videoAutoencoder, configuration: configuration).merging(card) { $1 }
    checkpoint.add(converted(to: .bfloat16))
    checkpoint.add(principal)
    checkpoint.add(statistics)
    try checkpoint.write(to: path)
  }
}

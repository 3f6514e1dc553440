import NeuralNetworks
import Tensors

extension JointTransformer {
  /// - Throws: `WeightsError`.
  init(contentsOf path: String, elementType: ElementType = .bfloat16) throws(WeightsError) {
    let (checkpoint, configuration) = try WeightsFile.read(path, .transformer, configuration: Configuration.self)
    var network = JointTransformer(configuration).converted(to: elementType)
    do throws(CheckpointError) { try checkpoint.load(into: &network) } catch { throw .foreign(path: path, problem: "\(error)") }
    self = network
  }

  /// Writes the weights in bfloat16.
  func write(to path: String, card: [String: String]) throws {
    var checkpoint = Checkpoint()
    checkpoint.metadata = try WeightsFile.header(.transformer, configuration: configuration).merging(card) { $1 }
    checkpoint.add(converted(to: .bfloat16))
    try checkpoint.write(to: path)
  }
}

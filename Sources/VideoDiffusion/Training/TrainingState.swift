import NeuralNetworks
import Tensors

/// A network on its way: parameters, the optimiser's moments, the average over the latest steps, and how many steps there were.
///
/// What comes of the next steps depends on this alone, bit for bit; data and noise are drawn from seed and step.
struct TrainingState<Network: StoredNetwork> {
  private(set) var network: Network
  private var optimizer = AdamW(weightDecay: 0.01, clipping: 1)
  private var average: ExponentialMovingAverage
  private(set) var step = 0
  /// Of every step.
  private(set) var losses: [Float] = []

  /// - Parameter decay: of the average, per step.
  init(_ network: Network, averageDecay decay: Double = 0.999) {
    self.network = network
    average = ExponentialMovingAverage(decay: decay)
  }

  /// Changes what of the network isn't learnt, before the next step.
  mutating func prepare(_ change: (inout Network) throws -> Void) rethrows { try change(&network) }

  /// Takes what a network that was trained before has, instead of random parameters.
  mutating func begin(from path: String) throws(WeightsError) {
    precondition(step == 0, "a training under way goes on from its state")
    let (checkpoint, stored) = try WeightsFile.read(path, Network.self)
    guard stored == network.configuration else {
      throw .foreign(path: path, problem: "their network has another configuration")
    }
    do throws(CheckpointError) {
      try checkpoint.load(into: &network)
      try network.loadMeasured(from: checkpoint)
    } catch { throw .foreign(path: path, problem: "\(error)") }
  }

  /// Takes a step down the gradients of `loss`, and returns its value before.
  mutating func advance(learningRate: Double, _ loss: (Network) throws -> Tensor) rethrows -> Double {
    let (value, gradients) = try valueAndGradients(of: network, loss)
    optimizer.update(&network, along: gradients, learningRate: learningRate)
    average.update(with: network)
    step += 1
    losses.append(Float(value.scalar))
    return value.scalar
  }

  /// The network that generates: its parameters averaged over the latest steps.
  var averaged: Network { average.applied(to: network) }

  // MARK: files

  /// Writes the network that was learnt, for use: `averaged`, or what was made of it.
  ///
  /// - Parameter samples: what was learnt from, for the header.
  func write(_ network: Network, to path: String, settings: some Encodable, samples: SampleShards) throws {
    let card = [
      "training": try WeightsFile.text(settings), "steps": String(step), "samples": String(samples.learnedCount),
    ]
    try network.write(to: path, card: card)
  }

  /// Writes all that is needed to go on; an earlier file stays until this one is whole.
  func write(to path: String, settings: some Encodable) throws {
    var checkpoint = Checkpoint()
    checkpoint.metadata = try WeightsFile.header(of: network)
    checkpoint.metadata["training"] = try WeightsFile.text(settings)
    checkpoint.metadata["step"] = String(step)
    checkpoint.add(network)
    checkpoint.add(optimizer)
    checkpoint.add(average)
    if !losses.isEmpty { checkpoint.add(Tensor(losses, shape: [losses.count]), named: Self.lossesName) }
    network.addMeasured(to: &checkpoint)
    try checkpoint.write(to: path)
  }

  private static var lossesName: String { "losses" }

  /// Goes on from a file that was written by a training of the same settings.
  mutating func resume(from path: String, settings: some Encodable) throws(WeightsError) {
    let (checkpoint, stored) = try WeightsFile.read(path, Network.self)
    guard stored == network.configuration else { throw .otherTraining(path: path, difference: "another network") }
    guard let text = try? WeightsFile.text(settings), checkpoint.metadata["training"] == text else {
      throw .otherTraining(path: path, difference: "settings \(checkpoint.metadata["training"] ?? "unknown")")
    }
    do throws(CheckpointError) {
      guard let step = checkpoint.metadata["step"].flatMap({ Int($0) }) else { throw .missing(name: "step") }
      try checkpoint.load(into: &network)
      try checkpoint.load(into: &optimizer, for: network)
      try checkpoint.load(into: &average, for: network)
      try network.loadMeasured(from: checkpoint)
      losses = checkpoint.tensors[Self.lossesName]?.floats() ?? []
      self.step = step
    } catch { throw .foreign(path: path, problem: "\(error)") }
  }
}

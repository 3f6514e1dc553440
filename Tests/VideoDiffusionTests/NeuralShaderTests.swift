import Foundation
import NeuralNetworks
import Tensors
import Testing
import VideoDiffusion
import WorldCore

@Suite struct NeuralShaderTests {
  /// Small enough to be quick, with every kind of layer.
  static let small: NeuralShader.Configuration = {
    var configuration = NeuralShader.Configuration()
    (configuration.widths, configuration.down, configuration.up) = ([8, 8, 16], [1, 1, 2], [1, 1])
    return configuration
  }()

  /// The same over flat colours.
  static let smallGeometry: NeuralShader.Configuration = {
    var configuration = NeuralShader.Configuration.geometry
    (configuration.widths, configuration.down, configuration.up) = (small.widths, small.down, small.up)
    return configuration
  }()

  /// What starts at zero would hide what is behind it.
  static func awake(_ configuration: NeuralShader.Configuration = small) -> NeuralShader {
    var network = NeuralShader(configuration)
    var random = RandomStream(seed: 5, "awake")
    network.forEachParameter { _, tensor in
      tensor = tensor + Initialization.normal(standardDeviation: 0.05).tensor(tensor.shape, random: &random)
    }
    return network
  }

  private static let input: Tensor = {
    var random = RandomStream(seed: 3, "input")
    return Initialization.normal(standardDeviation: 0.5).tensor([2, 8, 12, small.inputWidth], random: &random)
  }()

  @Test("a fresh network gives the plain view as it is")
  func fresh() {
    let shaded = NeuralShader(Self.small)(Self.input, styles: [0, 1])
    #expect(shaded.floats() == Self.input.slice(axis: 3, 0..<48).floats())
  }

  @Test("gradients reach every parameter")
  func gradients() {
    let (_, gradients) = valueAndGradients(of: Self.awake()) { $0(Self.input, styles: [0, 2]).squared().mean() }
    for (name, gradient) in gradients.tensors { #expect(gradient.sumOfSquares > 0, "\(name)") }
  }

  @Test("each frame is shaded by itself, in its own style")
  func frames() {
    let network = Self.awake()
    let both = network(Self.input, styles: [0, 2]).floats()
    let apart = [0, 2].enumerated().flatMap { network(Self.input.slice(axis: 0, $0..<$0 + 1), styles: [$1]).floats() }
    // Batches may be convolved in another order of sums.
    #expect(zip(both, apart).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(network(Self.input, styles: [0, 1]).floats() != both)
  }

  private static func training(
    steps: Int, learningRate: Double = 1.5e-3, network: NeuralShader.Configuration = small,
    _ change: (inout NeuralShading.Settings) -> Void = { _ in }
  ) -> Training<NeuralShading> {
    var settings = network.drawsFlatColors ? NeuralShading.Settings.geometry : NeuralShading.Settings()
    (settings.clips, settings.framesPerClip, settings.side) = (2, 1, 8)
    change(&settings)
    return Training(
      NeuralShading(on: TestData.shards, settings, network: network),
      TrainingSchedule(steps: steps, learningRate: learningRate, lastLearningRate: learningRate / 100))
  }

  @Test("pictures come nearer to the renders as it learns")
  func learning() throws {
    // Without what makes the same picture different each time.
    let training = Self.training(steps: 320, learningRate: 6e-3) { ($0.dropout, $0.repainting) = (0, 0) }
    let losses = try (0..<320).map { _ in try training.advance() }
    let (first, last) = (losses[..<60].reduce(0, +), losses[260...].reduce(0, +))
    #expect(last < 0.9 * first, "\(first / 60) to \(last / 60)")
  }

  @Test("flat colours come nearer to the renders as it learns")
  func learningGeometry() throws {
    let training = Self.training(steps: 160, learningRate: 6e-3, network: Self.smallGeometry)
    let losses = try (0..<160).map { _ in try training.advance() }
    let (first, last) = (losses[..<20].reduce(0, +), losses[140...].reduce(0, +))
    #expect(last < 0.8 * first, "\(first / 20) to \(last / 20)")
  }

  @Test("a training that begins with weights begins where those ended")
  func beginning() throws {
    let weights = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: weights) }
    let first = Self.training(steps: 40)
    for _ in 0..<40 { _ = try first.advance() }
    try first.writeWeights(to: weights)
    let (fresh, begun) = (Self.training(steps: 1), Self.training(steps: 1))
    try begun.begin(from: weights)
    #expect(try begun.advance() < fresh.advance())
  }

  @Test("training resumed from its state is training that never stopped, bit for bit; weights come back from their file")
  func resuming() throws {
    try expectResumable({ Self.training(steps: 6) }) { weights in
      let network = try NeuralShader(contentsOf: weights)
      #expect(network.configuration == Self.small)
      let foreign = #expect(throws: WeightsError.self) { try VideoAutoencoder(contentsOf: weights) }
      #expect(foreign?.description.contains("it holds a neural-shader, and a video-autoencoder is needed") == true)
    }
  }
}

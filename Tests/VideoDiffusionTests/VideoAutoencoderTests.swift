import Foundation
import NeuralNetworks
import Tensors
import Testing
import VideoDiffusion
import WorldCore

@Suite struct VideoAutoencoderTests {
  /// Small enough to be quick, with every kind of layer.
  static let small: VideoAutoencoder.Configuration = {
    var configuration = VideoAutoencoder.Configuration()
    (configuration.latentWidth, configuration.outerWidth, configuration.innerWidth) = (8, 16, 32)
    (configuration.encoderBlocks, configuration.decoderBlocks) = ([1, 1], [1, 1])
    return configuration
  }()

  /// What starts at zero would hide what is behind it.
  static func awake() -> VideoAutoencoder {
    var network = VideoAutoencoder(small)
    var random = RandomStream(seed: 5, "awake")
    func shake(_ name: String, _ tensor: inout Tensor) {
      tensor = tensor + Initialization.normal(standardDeviation: 0.05).tensor(tensor.shape, random: &random)
    }
    network.forEachParameter(shake)
    network.principal.forEachParameter(shake)
    return network
  }

  static func picture(_ width: Int, _ height: Int, _ number: Int) -> Image<SRGB8> {
    var stream = RandomStream(seed: UInt64(number), "picture")
    return Image(
      width: width, height: height,
      pixels: (0..<width * height).map { k in
        let byte = UInt8(truncatingIfNeeded: k * 3 + number * 40)
        return SRGB8(red: byte, green: UInt8(k / width), blue: UInt8(stream.index(below: 256)))
      })
  }

  @Test("gradients reach every parameter")
  func gradients() {
    let network = Self.awake()
    var random = RandomStream(seed: 2, "gradients")
    let blocks = Initialization.normal(standardDeviation: 0.5).tensor([1, 6, 8, 48], random: &random)
    let (_, gradients) = valueAndGradients(of: network) {
      ($0.decode(latents: $0.encode(blocks: blocks)) - blocks).squared().mean()
    }
    #expect(gradients.tensors.count == network.parameters.count)
    for (name, gradient) in gradients.tensors { #expect(gradient.sumOfSquares > 0, "\(name)") }
  }

  @Test("any size is coded and comes back in its size", arguments: [(64, 48), (33, 57), (8, 8), (1, 1), (90, 16)])
  func sizes(width: Int, height: Int) {
    let network = VideoAutoencoder(Self.small)
    let pictures = (0..<2).map { Self.picture(width, height, $0) }
    let latents = network.encode(pictures)
    #expect(latents.shape == [2, (height + 7) / 8, (width + 7) / 8, 8])
    let padded = network.encode(pictures, multiple: 2)
    #expect(padded.shape[1].isMultiple(of: 2) && padded.shape[2].isMultiple(of: 2))
    for picture in network.frames(of: latents, width: width, height: height) {
      #expect(picture.width == width && picture.height == height)
    }
  }

  @Test("a clip decoded in parts is the clip decoded whole, and the same each time")
  func streaming() {
    let network = Self.awake().converted(to: .bfloat16)
    let pictures = (0..<5).map { Self.picture(40, 32, $0) }
    let latents = network.encode(pictures)
    let whole = network.frames(of: latents, width: 40, height: 32)
    let parts = [0..<2, 2..<5].flatMap { network.frames(of: latents.slice(axis: 0, $0), width: 40, height: 32) }
    #expect(whole == parts && whole.count == 5)
    #expect(network.encode(Array(pictures[2...3])).floats() == latents.slice(axis: 0, 2..<4).floats())
  }

  // MARK: training

  private static func training(steps: Int, learningRate: Double = 1.5e-3) -> Training<VideoReconstruction> {
    var settings = VideoReconstruction.Settings()
    (settings.clips, settings.framesPerClip, settings.side) = (2, 1, 8)
    return Training(
      VideoReconstruction(on: TestData.shards, settings, network: small),
      TrainingSchedule(steps: steps, learningRate: learningRate, lastLearningRate: learningRate / 100))
  }

  private func bits(_ network: some Module) -> [[Float]] { network.parameters.map { $0.tensor.floats() } }

  @Test("what is learnt from a few clips shows in them")
  func learning() throws {
    let training = Self.training(steps: 240, learningRate: 6e-3)
    let losses = try (0..<240).map { _ in try training.advance() }
    // The first steps have the transform alone, which is much already: a grey picture loses 0.6 of the pixels' range.
    #expect(losses[0] < 0.3)
    let (first, last) = (losses[..<60].reduce(0, +), losses[180...].reduce(0, +))
    #expect(last < 0.9 * first, "\(first / 60) to \(last / 60)")
    let network = try training.trained()
    let mean = network.statistics.mean.floats()
    #expect(mean.contains { $0 != 0 } && network.statistics.deviation.floats().allSatisfy { $0 > 0 && $0 < 3 })
  }

  @Test("the way back learns alone, and shows bodies where they were; latents stay what they are, bit for bit")
  func decoder() throws {
    var settings = VideoReconstruction.Settings.decoder
    (settings.clips, settings.framesPerClip, settings.side) = (2, 1, 10)
    let coder = Self.awake().converted(to: .bfloat16)
    let training = Training(
      VideoReconstruction(on: TestData.shards, decoding: coder, settings),
      TrainingSchedule(steps: 120, learningRate: 6e-3, lastLearningRate: 6e-5))
    let losses = try (0..<120).map { _ in try training.advance() }
    let (first, last) = (losses[..<30].reduce(0, +), losses[90...].reduce(0, +))
    #expect(last < 0.8 * first, "\(first / 30) to \(last / 30)")
    let network = try training.trained()
    let pictures = (0..<2).map { Self.picture(40, 32, $0) }
    #expect(network.encode(pictures).floats() == coder.encode(pictures).floats())
    #expect(network.statistics.mean.floats() == coder.statistics.mean.floats())
    let latents = coder.encode(pictures)
    #expect(network.frames(of: latents, width: 40, height: 32) != coder.frames(of: latents, width: 40, height: 32))
    try expectResumable {
      Training(
        VideoReconstruction(on: TestData.shards, decoding: coder, settings),
        TrainingSchedule(steps: 4, learningRate: 1e-3, lastLearningRate: 1e-5))
    }
  }

  @Test(
    "a displaced body is told as it is measured, one that only got lighter is not",
    arguments: [(0.25, 0.0), (0, 0.25), (-0.15, 0.2)])
  func displacement(x: Double, y: Double) throws {
    // A soft spot in 40 × 40 pixels, 48 numbers for each block of 4 × 4.
    func blocks(_ dx: Double, _ dy: Double, _ light: Double = 0) -> [Float] {
      (0..<4800).map { k in
        let (block, place) = (k / 48, k % 48)
        let (row, column) = (block / 10 * 4 + place / 12, block % 10 * 4 + place / 3 % 4)
        let (u, v) = (Double(column) - 19.5 - dx, Double(row) - 19.5 - dy)
        return Float(0.8 * exp(-(u * u + v * v) / 50) - 0.4 + light)
      }
    }
    let spot = (8..<32).flatMap { row in (8..<32).map { (row: row, column: $0) } }
    let original = blocks(0, 0)
    let kernel = DisplacementPenalty.kernel(original[...], columns: 10, bodies: [spot])
    #expect(kernel.count == 2)
    let penalty = DisplacementPenalty([kernel], numbers: 4800)
    func told(_ other: [Float]) -> Double {
      penalty(Tensor(zip(other, original).map { $0 - $1 }, shape: [1, 10, 10, 48])).scalar
    }
    let expected = ((x * x + y * y) + 1e-4).squareRoot() - 0.01
    #expect(abs(told(blocks(x, y)) - expected) < 0.02, "\(told(blocks(x, y))) of \(expected)")
    #expect(told(blocks(0, 0, 0.1)) < 1e-3)
    // Nothing to see is nothing to be told by.
    #expect(DisplacementPenalty.kernel(original.map { $0 * 0.001 }[...], columns: 10, bodies: [spot]).isEmpty)
  }

  @Test("training resumed from its state is training that never stopped, bit for bit")
  func resuming() throws {
    let (state, weights, others) = (temporaryPath(), temporaryPath(), temporaryPath())
    defer { for path in [state, weights, others] { try? FileManager.default.removeItem(atPath: path) } }
    let whole = Self.training(steps: 8)
    for _ in 0..<4 { _ = try whole.advance() }
    try whole.writeState(to: state)
    let losses = try (0..<4).map { _ in try whole.advance() }
    try whole.writeWeights(to: weights)

    let resumed = Self.training(steps: 8)
    try resumed.resume(from: state)
    #expect(resumed.step == 4)
    #expect(try (0..<4).map { _ in try resumed.advance() } == losses)
    try resumed.writeWeights(to: others)
    #expect(try Data(contentsOf: URL(filePath: weights)) == Data(contentsOf: URL(filePath: others)))

    let other = #expect(throws: WeightsError.self) { try Self.training(steps: 9).resume(from: state) }
    #expect(other?.description.contains("is another one") == true)
  }

  @Test("weights come back from their file as they were; other files are refused with a sentence")
  func files() throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let training = Self.training(steps: 2)
    _ = try training.advance()
    try training.writeWeights(to: path)
    let network = try VideoAutoencoder(contentsOf: path)
    #expect(network.configuration == Self.small)
    #expect(bits(network) == bits(try training.trained()))

    #expect(throws: WeightsError.missing(path: "none", reason: "no such file")) { try VideoAutoencoder(contentsOf: "none") }
    try Data(contentsOf: URL(filePath: path)).prefix(5000).write(to: URL(filePath: path))
    let cut = #expect(throws: WeightsError.self) { try VideoAutoencoder(contentsOf: path) }
    #expect(cut?.description.contains("these are no weights for this network") == true)
    var checkpoint = Checkpoint()
    checkpoint.add(network)
    try checkpoint.write(to: path)
    #expect(throws: WeightsError.self) { try VideoAutoencoder(contentsOf: path) }
  }
}

import Foundation
import NeuralNetworks
import Tensors
import Testing
import VideoDiffusion
import WorldCore

@Suite struct SoundShaderTests {
  /// Small enough to be quick, with every kind of layer.
  static let small: SoundShader.Configuration = {
    var configuration = SoundShader.Configuration()
    (configuration.blowWidth, configuration.strokeWidth, configuration.width) = (12, 8, 16)
    (configuration.pairs, configuration.latentWidth) = (1, 8)
    return configuration
  }()

  /// What starts at zero would hide what is behind it.
  static func awake() -> SoundShader {
    var network = SoundShader(small)
    var random = RandomStream(seed: 5, "awake")
    network.forEachParameter { _, tensor in
      tensor = tensor + Initialization.normal(standardDeviation: 0.05).tensor(tensor.shape, random: &random)
    }
    return network
  }

  @Test("an energy is shared among the spectra that see it, wherever between them it sets in", arguments: [4, 4.3, 4.999])
  func shares(onset: Double) {
    // The squares of the windows that overlap add up to one: all spectra together have what there is, τ.
    let (count, times) = (4000, FadingEnvelopes.times)
    let values = FadingEnvelopes.values(of: [onset], from: 0, count: count)
    for (j, time) in times.enumerated() {
      let shares = (0..<count).map { Double(values[$0 * times.count + j]) }
      #expect(abs(shares.reduce(0, +) / time - 1) < 1e-3, "τ = \(time)")
      #expect(shares[..<3].allSatisfy { $0 == 0 } && shares[4] > 0)
      // Each sees what its window does (a sum over a thousand points).
      for n in 2..<8 {
        let seen = (0..<2000).reduce(0.0) { sum, k in
          let s = (Double(k) + 0.5) / 1000
          let age = Double(n) + s - onset
          return age < 0 ? sum : sum + pow(sin(Double.pi * s / 2), 2) * exp(-age / time) / 1000
        }
        #expect(abs(shares[n] - seen) < 2e-3, "spectrum \(n), τ = \(time): \(shares[n]), \(seen)")
      }
    }
    // A stretch that begins later has the same numbers.
    let later = FadingEnvelopes.values(of: [onset], from: 7, count: 50)
    for (a, b) in zip(later, values[(7 * times.count)...]) { #expect(abs(a - b) < 1e-6) }
  }

  @Test("gradients reach every parameter")
  func gradients() {
    var random = RandomStream(seed: 3, "input")
    func sources(_ width: Int, _ columns: Int) -> SoundShaderInput.Sources {
      .init(
        features: Initialization.normal(standardDeviation: 1).tensor([2, width], random: &random),
        levels: Initialization.normal(standardDeviation: 1).tensor([2, 2], random: &random),
        envelopes: .ones([8, columns]))
    }
    let given = SoundShaderInput(count: 8, blows: sources(58, 12), strokes: sources(30, 2), place: 3)
    let (_, gradients) = valueAndGradients(of: Self.awake()) { network in
      let logarithms = network.logarithms(given)
      return logarithms.squared().mean() + network.correction(logarithms.reshaped([2, 1000])).squared().mean()
    }
    for (name, gradient) in gradients.tensors { #expect(gradient.sumOfSquares > 0, "\(name)") }
  }

  private static func training(steps: Int, learningRate: Double = 2e-3) -> Training<SoundShading> {
    var settings = SoundShading.Settings()
    (settings.stretches, settings.draws) = (1, 1)
    var schedule = SoundShading.schedule
    (schedule.steps, schedule.learningRate) = (steps, learningRate)
    return Training(
      SoundShading(
        on: TestData.shards, sounds: SoundAutoencoder(SoundAutoencoderTests.small), settings, network: small), schedule)
  }

  @Test("sounds come nearer to those of the clips as it learns")
  func learning() throws {
    let training = Self.training(steps: 120, learningRate: 4e-2)
    let losses = try (0..<120).map { _ in try training.advance() }
    let (first, last) = (losses[..<12].reduce(0, +), losses[108...].reduce(0, +))
    #expect(last < 0.7 * first, "\(first / 12) to \(last / 12)")
  }

  @Test("training resumed from its state is training that never stopped, bit for bit; weights come back from their file")
  func resuming() throws {
    try expectResumable({ Self.training(steps: 6) }) { weights in
      let network = try SoundShader(contentsOf: weights)
      #expect(network.configuration == Self.small)
    }
  }

  @Test("a blow is heard when the simulation says, the later the farther the camera is")
  func arrival() throws {
    // Components that tell spectra apart, and a network whose blows are loud, whatever is struck.
    var coder = SoundAutoencoder(SoundAutoencoderTests.small)
    var random = RandomStream(seed: 2, "spectra")
    coder.principal = try PrincipalSpectra(
      width: 8, of: [Initialization.normal(standardDeviation: 1).tensor([40, 1000], random: &random)])
    var network = SoundShader(Self.small)
    network.forEachParameter { name, tensor in
      if name == "blow.2.bias" { tensor = .filled(6, shape: tensor.shape) }
    }
    func firstHeard(distance: Int) throws -> Int {
      let yaml = TestData.scene.replacingOccurrences(of: "[0, -3, 1]", with: "[0, -\(distance), 1]")
      let world = try ClipGeneratorTests().world(
        yaml: yaml, isBase: false, drawnSound: DrawnSound(shader: network, coder: coder))
      let base = world.soundBase!
      let latents = base.reshaped([base.shape[1] * 4, 8]).floats()
      return try #require(
        (1..<latents.count / 8).first { k in (0..<8).contains { abs(latents[8 * k + $0] - latents[$0]) > 0.01 } })
    }
    // 40 cm of fall are 0.286 s, 27.4 latents; 3 m on the way are 0.8 more, 23 m 6.4.
    #expect(try firstHeard(distance: 3) == 28)
    #expect([33, 34].contains(try firstHeard(distance: 23)))
  }

  @Test("no steps give the sound that is drawn, and a network that adds nothing just that; without motion there is none")
  func generating() throws {
    let yaml = TestData.scene.replacingOccurrences(of: "0.25 s", with: "2 s")
    let drawn = DrawnSound(shader: Self.awake(), coder: ClipGeneratorTests.generator.sounds)
    let world = try ClipGeneratorTests().world(frames: 40, yaml: yaml, drawnSound: drawn)
    let bare = try ClipGeneratorTests().world(frames: 40, yaml: yaml, isBase: false, drawnSound: drawn)
    let idle = ClipGenerator(
      pictures: ClipGeneratorTests.generator.pictures, sounds: ClipGeneratorTests.generator.sounds,
      shader: ClipGeneratorTests.generator.shader, soundShader: Self.awake(),
      transformer: JointTransformer(ClipGeneratorTests.generator.transformer.configuration))
    func sound(_ world: WorldConditions, steps: Int, without: Set<ClipGenerator.Condition> = []) throws -> [Float] {
      var options = ClipGenerator.Options()
      (options.steps, options.without) = (steps, without)
      return try idle.generate(world, options: options, show: { _ in }).samples.flatMap { [$0.x, $0.y] }
    }
    let base = try sound(bare, steps: 0)
    #expect(base.count == 2 * 80_000 && base.contains { $0 != 0 })
    for steps in [1, 5] {
      for (a, b) in zip(try sound(world, steps: steps), base) where abs(a - b) > 1e-4 {
        Issue.record("\(steps) steps: \(a) in place of \(b)")
        break
      }
    }
    #expect(try sound(bare, steps: 0, without: [.motion]).allSatisfy { $0 == 0 })
    #expect(try sound(world, steps: 1, without: [.motion]) != base)
  }
}

import Foundation
import NeuralNetworks
import Tensors
import Testing
import WorldCore

/// What PyTorch computed with the same layers (Evaluation/Twin writes the files): values, every gradient, loss curves.
@Suite struct TwinTests {
  /// A fixture's tensors by name.
  struct Fixture {
    let tensors: [String: Tensor]

    init(_ name: String) throws {
      let folder = Bundle.module.resourceURL!.appendingPathComponent("Fixtures")
      tensors = try Checkpoint(contentsOf: folder.appendingPathComponent(name + ".safetensors").path).tensors
    }

    subscript(name: String) -> Tensor { tensors[name]! }

    /// Gives a module the parameters of the file.
    func load<M: Module>(_ module: M) -> M {
      var module = module
      module.forEachParameter { name, parameter in
        let stored = self["parameters/" + name]
        #expect(stored.shape == parameter.shape, "\(name)")
        parameter = stored
      }
      return module
    }
  }

  static let precisions: [(ElementType, Double)] = [(.float32, 1e-5), (.bfloat16, 1e-2)]

  /// Compares value, input gradients and parameter gradients with the file's.
  func compare<M: Module>(
    _ name: String, _ module: M, inputs: [String] = ["x"], _ precision: (type: ElementType, tolerance: Double),
    _ call: (M, [Tensor]) -> Tensor
  ) throws {
    let fixture = try Fixture(name)
    let tape = GradientTape()
    var watched = fixture.load(module).converted(to: precision.type)
    var parameters: [(String, Tensor)] = []
    watched.forEachParameter { name, parameter in
      parameter = tape.watch(parameter)
      parameters.append((name, parameter))
    }
    let given = inputs.map { tape.watch(fixture["inputs/" + $0].converted(to: precision.type)) }
    let value = call(watched, given)
    let gradients = tape.gradients(
      of: value, seed: fixture["seed"].converted(to: precision.type), at: given + parameters.map(\.1))

    expect(value, fixture["output"], precision.tolerance, "output")
    for (index, input) in inputs.enumerated() {
      expect(gradients[index], fixture["input gradients/" + input], precision.tolerance, "gradient of \(input)")
    }
    for (index, parameter) in parameters.enumerated() {
      expect(
        gradients[inputs.count + index], fixture["gradients/" + parameter.0], precision.tolerance, "gradient of \(parameter.0)")
    }
  }

  private func expect(_ computed: Tensor, _ reference: Tensor, _ tolerance: Double, _ what: String) {
    #expect(computed.shape == reference.shape, "\(what)")
    let error = relativeError(computed, to: reference)
    #expect(error <= tolerance, "\(what): relative error \(error)")
  }

  @Test(arguments: precisions) func linear(_ precision: (ElementType, Double)) throws {
    var random = RandomStream(seed: 1, "twin")
    try compare("linear", Linear(24, 40, random: &random), precision) { $0($1[0]) }
  }

  @Test(arguments: precisions) func layerNorm(_ precision: (ElementType, Double)) throws {
    try compare("layer-norm", LayerNorm(40), precision) { $0($1[0]) }
  }

  @Test(arguments: precisions) func rmsNorm(_ precision: (ElementType, Double)) throws {
    try compare("rms-norm", RMSNorm(40), precision) { $0($1[0]) }
  }

  @Test(arguments: precisions) func groupNorm(_ precision: (ElementType, Double)) throws {
    try compare("group-norm", GroupNorm(groups: 4, channels: 24), precision) { $0($1[0]) }
  }

  @Test(arguments: precisions) func convolutions(_ precision: (ElementType, Double)) throws {
    var random = RandomStream(seed: 1, "twin")
    let strided = ConvolutionGeometry(stride: [2], paddingBefore: [2], paddingAfter: [2])
    try compare("convolution-1d", Convolution(12, 20, kernel: [5], strided, random: &random), precision) { $0($1[0]) }
    try compare("convolution-2d", Convolution(12, 20, kernel: [3, 3], random: &random), precision) { $0($1[0]) }
    let enlarging = ConvolutionGeometry(stride: [2, 2], paddingBefore: [1, 1], paddingAfter: [1, 1])
    try compare("transposed-2d", TransposedConvolution(12, 20, kernel: [4, 4], enlarging, random: &random), precision) {
      $0($1[0])
    }
  }

  @Test(arguments: precisions) func causalBlock(_ precision: (ElementType, Double)) throws {
    var random = RandomStream(seed: 1, "twin")
    try compare("causal-block", CausalResidualBlock(channels: 16, groups: 4, random: &random), precision) { $0($1[0]) }
  }

  @Test(arguments: precisions) func adaptiveBlock(_ precision: (ElementType, Double)) throws {
    var random = RandomStream(seed: 1, "twin")
    let block = AdaptiveTransformerBlock(width: 64, heads: 2, random: &random)
    try compare("adaptive-block", block, inputs: ["x", "condition"], precision) { $0($1[0], condition: $1[1]) }
  }

  // MARK: ten steps of training

  private func expectCurve<M: Module>(
    _ module: M, _ losses: [Double], _ precision: (type: ElementType, tolerance: Double), _ loss: (M) -> Tensor
  ) {
    var module = module.converted(to: precision.type)
    var optimizer = AdamW(clipping: 1)
    for reference in losses {
      let (value, gradients) = valueAndGradients(of: module, loss)
      optimizer.update(&module, along: gradients, learningRate: 3e-3)
      #expect(abs(value.scalar - reference) <= precision.tolerance * reference, "\(value.scalar) against \(reference)")
    }
  }

  @Test(arguments: precisions) func transformerCurve(_ precision: (ElementType, Double)) throws {
    let fixture = try Fixture("tiny-transformer")
    let symbols = fixture["symbols"].floats().map { Int($0) }
    let (condition, targets) = (fixture["condition"].converted(to: precision.0), fixture["targets"])
    expectCurve(fixture.load(TinyTransformer()), fixture["losses"].doubles(), precision) { network in
      let scores = network(symbols, condition: condition).converted(to: .float32)
      return -(scores.softmax().logarithm() * targets).sum() / Double(symbols.count)
    }
  }

  @Test(arguments: precisions) func autoencoderCurve(_ precision: (ElementType, Double)) throws {
    let fixture = try Fixture("tiny-autoencoder")
    let clip = fixture["clip"]
    expectCurve(fixture.load(TinyAutoencoder()), fixture["losses"].doubles(), precision) { network in
      (network(clip.converted(to: precision.0)).converted(to: .float32) - clip).squared().mean()
    }
  }
}

func relativeError(_ a: Tensor, to b: Tensor) -> Double {
  let difference = zip(a.doubles(), b.doubles()).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  return (difference / b.doubles().reduce(1e-30) { $0 + $1 * $1 }).squareRoot()
}

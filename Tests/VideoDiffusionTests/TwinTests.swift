import Foundation
import NeuralNetworks
import Tensors
import Testing
import VideoDiffusion

/// What PyTorch computed with the same networks (Evaluation/Twin/make_generator_fixtures.py writes the files): outputs and
/// gradients.
@Suite struct TwinTests {
  static let precisions: [(ElementType, Double)] = [(.float32, 1e-4), (.bfloat16, 3e-2)]

  /// Runs a network with the file's parameters and compares what comes out, and the gradient at every parameter.
  private func compare<M: Module>(
    _ name: String, _ module: M, _ precision: (type: ElementType, tolerance: Double),
    _ call: (M, (String) -> Tensor) -> [String: Tensor]
  ) throws {
    let path = Bundle.module.resourceURL!.appendingPathComponent("Fixtures/\(name).safetensors").path
    let stored = try Checkpoint(contentsOf: path).tensors
    var loaded = module
    loaded.forEachParameter { name, parameter in
      #expect(stored["parameters/" + name]?.shape == parameter.shape, "\(name)")
      parameter = stored["parameters/" + name]!.converted(to: precision.type)
    }
    var outputs: [String: Tensor] = [:]
    let (_, gradients) = valueAndGradients(of: loaded) { network in
      outputs = call(network) { stored["inputs/" + $0]! }
      let terms = outputs.sorted { $0.key < $1.key }.map {
        ($0.value.converted(to: .float32) * stored["seeds/" + $0.key]!).sum()
      }
      return terms.dropFirst().reduce(terms[0]) { $0 + $1 }
    }
    for (key, value) in outputs { expect(value, stored["outputs/" + key]!, precision.tolerance, key) }
    for (key, value) in gradients.tensors {
      expect(value, stored["gradients/" + key]!, precision.tolerance, "gradient of \(key)")
    }
  }

  private func expect(_ computed: Tensor, _ reference: Tensor, _ tolerance: Double, _ what: String) {
    #expect(computed.shape == reference.shape, "\(what)")
    let (a, b) = (computed.detached.doubles(), reference.doubles())
    let difference = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let error = (difference / b.reduce(1e-30) { $0 + $1 * $1 }).squareRoot()
    #expect(error <= tolerance, "\(what): relative error \(error)")
  }

  @Test(arguments: precisions) func videoAutoencoder(_ precision: (ElementType, Double)) throws {
    try compare("video-autoencoder", VideoAutoencoder(VideoAutoencoderTests.small), precision) { network, input in
      var network = network
      network.principal.forEachParameter { name, tensor in tensor = input(name.replacingOccurrences(of: "principal.", with: ""))
      }
      return ["x": network.decode(latents: network.encode(blocks: input("x").converted(to: precision.0)))]
    }
  }

  @Test(arguments: precisions) func neuralShader(_ precision: (ElementType, Double)) throws {
    try compare("neural-shader", NeuralShader(NeuralShaderTests.small), precision) { network, input in
      ["x": network(input("x").converted(to: precision.0), styles: [0, 2])]
    }
  }

  @Test(arguments: precisions) func soundAutoencoder(_ precision: (ElementType, Double)) throws {
    try compare("sound-autoencoder", SoundAutoencoder(SoundAutoencoderTests.small), precision) { network, input in
      var network = network
      network.principal.forEachParameter { name, tensor in tensor = input(name.replacingOccurrences(of: "principal.", with: ""))
      }
      // Sound goes in and comes out in float32, whatever the network computes in.
      return ["x": network.decode(latents: network.encode(blocks: input("x")))]
    }
  }

  @Test(arguments: precisions) func soundShader(_ precision: (ElementType, Double)) throws {
    try compare("sound-shader", SoundShader(SoundShaderTests.small), precision) { network, input in
      func sources(_ kind: String) -> SoundShaderInput.Sources {
        .init(features: input(kind + ".features"), levels: input(kind + ".levels"), envelopes: input(kind + ".envelopes"))
      }
      let given = SoundShaderInput(count: 8, blows: sources("blows"), strokes: sources("strokes"), place: 4)
      return ["logarithms": network.logarithms(given), "correction": network.correction(input("differences"))]
    }
  }

  @Test(arguments: precisions) func jointTransformer(_ precision: (ElementType, Double)) throws {
    var configuration = JointTransformerTests.small
    configuration.vocabulary = 16
    var given = JointTransformerTests.question().given
    given.framesPerSecond = 30
    (given.words, given.style) = ([3, 9, 15], 2)
    try compare("joint-transformer", JointTransformer(configuration), precision) { [given] network, input in
      var given = given
      (given.base, given.controls, given.places) = (input("base"), input("controls"), input("places"))
      let known = input("known")
      given.known = KnownFrames(
        latents: known.slice(axis: 2, 0..<32), frames: known.slice(axis: 2, 32..<36), still: .zeros([1, 12, 32]))
      given.bodies!.rows = input("bodies")
      given.contacts!.rows = input("contacts")
      let x = JointLatents(video: input("video"), sound: input("sound"))
      let y = network(x, t: 0.4, given)
      let begun = network(x, t: 0.4, given.without([.base])).video
      given.isBaseFlat = true
      let flat = network(x, t: 0.4, given).video
      (given.isBaseFlat, given.soundBase) = (false, input("sound_base"))
      let change = network(x, t: 0.4, given).sound
      return ["video": y.video, "sound": y.sound, "begun": begun, "flat": flat, "change": change]
    }
  }
}

import ArgumentParser
import Mondo

/// The networks that a clip becomes latents by, which stay as they are.
struct LatentNetworks: ParsableArguments {
  @Option(help: ArgumentHelp("Weights of the pictures' autoencoder. Default: Mondo's own.", valueName: "file"))
  var pictures = TrainedWeights.pictures.path

  @Option(help: ArgumentHelp("Weights of the sound's autoencoder. Default: Mondo's own.", valueName: "file"))
  var sounds = TrainedWeights.sounds.path

  @Option(help: ArgumentHelp("Weights of the shader. Default: Mondo's own.", valueName: "file"))
  var shader = TrainedWeights.shader.path

  @Option(help: ArgumentHelp("Weights of the shader for geometry. Default: Mondo's own.", valueName: "file"))
  var geometry = TrainedWeights.geometry.path

  @Option(help: ArgumentHelp("Weights of the shader for sound. Default: Mondo's own.", valueName: "file"))
  var soundShader = TrainedWeights.soundShader.path

  func clips(of shards: SampleShards) throws -> ConditionedClips {
    try ConditionedClips(
      shards, pictures: VideoAutoencoder(contentsOf: pictures), sounds: SoundAutoencoder(contentsOf: sounds),
      shader: NeuralShader(contentsOf: shader), geometry: NeuralShader(contentsOf: geometry),
      soundShader: SoundShader(contentsOf: soundShader))
  }

  /// By what they do.
  var digests: [String: String] {
    [
      "autoencoder of pictures": pictures, "autoencoder of sound": sounds, "shader": shader, "shader for geometry": geometry,
      "shader for sound": soundShader,
    ].mapValues { Digests.ofFile($0) }
  }
}

import ArgumentParser
import Mondo

/// `SceneGeneration.SoundSource` as it is typed.
enum SoundSourceName: String, ExpressibleByArgument, CaseIterable {
  case simulator, network

  var source: SceneGeneration.SoundSource { SceneGeneration.SoundSource(rawValue: rawValue)! }
}

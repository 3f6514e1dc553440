import Foundation

/// The weights that come with Mondo.
public enum TrainedWeights: String, CaseIterable, Sendable {
  case pictures = "video-autoencoder"
  case sounds = "sound-autoencoder"
  /// Draws light over a simulation's plain view.
  case shader = "neural-shader"
  /// A shader as well, which draws light over a scene's flat colours where the plain view is left out.
  case geometry = "geometry-shader"
  /// Another, which draws a camera's clip in another style.
  case styleShader = "style-shader"
  /// Draws what contacts sound like.
  case soundShader = "sound-shader"
  case transformer
  /// The transformer, distilled to a few steps.
  case student

  /// Of the file, mapped when it is read.
  public var path: String { Bundle.module.resourcePath! + "/Weights/\(rawValue).safetensors" }
}

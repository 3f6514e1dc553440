import Tensors
import WorldCore

/// By how much given pictures differ from a shaded view: added to it in the measure of their nearness, they make it pass through
/// them without a jump.
struct KeyframeDifferences: Sendable {
  private let keyframes: Keyframes
  /// Frames from a single one at which it counts nothing.
  private let reach: Double
  /// By their frame: of the pixels, and of the latents where the view has some.
  private let pixels: [Int: [SIMD3<Float>]]
  private let latents: [Int: Tensor]

  /// Seconds over which a picture fades that no other follows.
  private static let fading = 1.0

  init(_ keyframes: Keyframes, from view: ShadedView, framesPerSecond: Double) {
    (self.keyframes, reach) = (keyframes, Self.fading * framesPerSecond)
    let frames = keyframes.pictures.map { ($0, $0.frame..<$0.frame + 1) }
    pixels = Dictionary(
      uniqueKeysWithValues: frames.map { ($0.frame, Keyframes.difference($0.image, view.pictures($1)[0])) })
    latents = Dictionary(
      uniqueKeysWithValues: frames.compactMap { picture, frame in
        view.latents(frame).map { (picture.frame, picture.latents - $0) }
      })
  }

  func corrected(_ image: Image<SRGB8>, frame: Int) -> Image<SRGB8> {
    image.adding(keyframes.shares(of: frame, reach: reach).map { (pixels[$0.picture.frame]!, $0.share) })
  }

  /// - Parameter latents: of one frame.
  func corrected(_ latents: Tensor, frame: Int) -> Tensor {
    keyframes.shares(of: frame, reach: reach).reduce(latents) { $0 + self.latents[$1.picture.frame]! * $1.share }
  }
}

public import DiffusionSchedulers
public import Tensors
public import WorldCore

/// What is denoised: picture and sound of one stretch of time, together.
public struct JointLatents: LatentVector, Sendable {
  /// [1, tokens, 256]: 2 × 2 latents of 4 frames each.
  public var video: Tensor
  /// [1, tokens, 128]: 4 latents each, a 24th of a second.
  public var sound: Tensor

  public init(video: Tensor, sound: Tensor) {
    self.video = video
    self.sound = sound
  }

  public static func combined(_ terms: [(weight: Double, vector: JointLatents)]) -> JointLatents {
    JointLatents(
      video: Tensor.combined(terms.map { ($0.weight, $0.vector.video) }),
      sound: Tensor.combined(terms.map { ($0.weight, $0.vector.sound) }))
  }

  public static func noise(like other: JointLatents, from stream: inout RandomStream) -> JointLatents {
    let video = Tensor.noise(like: other.video, from: &stream)
    return JointLatents(video: video, sound: Tensor.noise(like: other.sound, from: &stream))
  }
}

public import DiffusionSchedulers
public import Tensors
public import WorldCore

/// Latents are denoised as tensors, in float32.
extension Tensor: LatentVector {
  public static func combined(_ terms: [(weight: Double, vector: Tensor)]) -> Tensor {
    terms.dropFirst().reduce(terms[0].vector * terms[0].weight) { $0 + $1.vector * $1.weight }
  }

  public static func noise(like other: Tensor, from stream: inout RandomStream) -> Tensor {
    Tensor(stream.normals(other.count), shape: other.shape).converted(to: other.elementType)
  }
}

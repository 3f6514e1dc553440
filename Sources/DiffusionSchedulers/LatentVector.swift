public import WorldCore

/// What is denoised: an element of a vector space, such as an array of numbers or a tensor.
public protocol LatentVector {
  /// Σ weight · vector over at least one term; all vectors have one shape.
  static func combined(_ terms: [(weight: Double, vector: Self)]) -> Self
  /// Independent draws from the standard normal distribution in the shape of `other`.
  static func noise(like other: Self, from stream: inout RandomStream) -> Self
}

extension Array: LatentVector where Element: BinaryFloatingPoint {
  /// Summed in double precision.
  public static func combined(_ terms: [(weight: Double, vector: [Element])]) -> [Element] {
    precondition(terms.allSatisfy { $0.vector.count == terms[0].vector.count }, "vectors of one length are combined")
    return terms[0].vector.indices.map { k in Element(terms.reduce(0) { $0 + $1.weight * Double($1.vector[k]) }) }
  }

  public static func noise(like other: [Element], from stream: inout RandomStream) -> [Element] {
    other.map { _ in Element(stream.normal()) }
  }
}

import WorldCore

/// Single precision is what rays are traced in; positions of the world stay in double until they are placed in a scene.
typealias Float3 = SIMD3<Float>

extension SIMD3 where Scalar == Float {
  @inline(__always) func dot(_ other: Float3) -> Float { x * other.x + y * other.y + z * other.z }

  @inline(__always) func cross(_ other: Float3) -> Float3 {
    Float3(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  @inline(__always) var lengthSquared: Float { dot(self) }
  @inline(__always) var length: Float { dot(self).squareRoot() }
  @inline(__always) var normalized: Float3 { self * (1 / dot(self).squareRoot()) }
  @inline(__always) var largest: Float { Swift.max(x, Swift.max(y, z)) }

  /// Relative luminance of linear sRGB (Rec. 709 primaries).
  @inline(__always) var luminance: Float { dot(Float3(0.2126, 0.7152, 0.0722)) }

  /// Two unit vectors that complete this one to a right-handed frame (Duff et al. 2017).
  @inline(__always) var frame: (tangent: Float3, bitangent: Float3) {
    let sign: Float = z >= 0 ? 1 : -1
    let a = -1 / (sign + z)
    let b = x * y * a
    return (Float3(1 + sign * x * x * a, sign * b, -sign * x), Float3(b, sign + y * y * a, -y))
  }

  /// Mirrored at a surface of this unit normal; points to the same side as `outgoing`.
  @inline(__always) func mirror(_ outgoing: Float3) -> Float3 { self * (2 * dot(outgoing)) - outgoing }
}

@inline(__always) func mix(_ a: Float3, _ b: Float3, _ t: Float) -> Float3 { a + (b - a) * t }
@inline(__always) func mix(_ a: Float, _ b: Float, _ t: Float) -> Float { a + (b - a) * t }

@inline(__always) func clamp(_ x: Float, _ low: Float, _ high: Float) -> Float { max(low, min(high, x)) }

@inline(__always) func smoothstep(_ low: Float, _ high: Float, _ x: Float) -> Float {
  let t = clamp((x - low) / (high - low), 0, 1)
  return t * t * (3 - 2 * t)
}

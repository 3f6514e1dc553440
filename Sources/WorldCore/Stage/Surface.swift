/// How a material looks: a layered reflectance in linear colour.
public struct Surface: Sendable, Equatable {
  /// Linear RGB reflectance, 0…1.
  public var color: SIMD3<Float>
  /// 0 mirror-smooth … 1 matt (the GGX roughness; its width is the square).
  public var roughness: Float
  /// 0 dielectric … 1 metal, whose colour is then that of its reflection.
  public var metallic: Float
  /// 0 opaque … 1 clear glass or water.
  public var transmission: Float
  /// Index of refraction of a dielectric.
  public var refractiveIndex: Float
  /// Of a clear medium, m: along this way through it white light takes on `color` (Beer–Lambert). Nil where `color` is what
  /// passes through the whole body, however thick.
  public var attenuationDistance: Float?
  /// Light given off, in linear RGB radiance.
  public var emission: SIMD3<Float>
  public var pattern: Pattern?

  public init(
    color: SIMD3<Float> = SIMD3(repeating: 0.5), roughness: Float = 0.5, metallic: Float = 0, transmission: Float = 0,
    refractiveIndex: Float = 1.5, attenuationDistance: Float? = nil, emission: SIMD3<Float> = .zero, pattern: Pattern? = nil
  ) {
    self.color = color
    self.roughness = roughness
    self.metallic = metallic
    self.transmission = transmission
    self.refractiveIndex = refractiveIndex
    self.attenuationDistance = attenuationDistance
    self.emission = emission
    self.pattern = pattern
  }

  /// A procedural texture, fixed to the shape frame so that spin can be seen.
  public struct Pattern: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
      case checker, stripes, gingham, wood, marble, bricks, tiles, speckle, basketball, football, billiard, parquet
    }
    public var kind: Kind
    /// The second colour, linear RGB; the first is the surface's own.
    public var color: SIMD3<Float>
    /// The size of one repeat, m.
    public var scale: Float
    /// Painted on a billiard ball; 9 and above are striped.
    public var number: Int

    public init(kind: Kind, color: SIMD3<Float>, scale: Float, number: Int = 0) {
      self.kind = kind
      self.color = color
      self.scale = scale
      self.number = number
    }
  }
}

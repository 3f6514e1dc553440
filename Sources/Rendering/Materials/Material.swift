import Foundation
import WorldCore

/// A surface compiled for shading: plain data.
struct Material {
  enum Kind: UInt8 { case opaque, glass }

  var kind: Kind
  var color: Float3
  var roughness: Float
  var alpha: Float
  var metallic: Float
  /// Reflectance at normal incidence of the clear coat (or of the glass).
  var dielectricReflectance: Float
  var refractiveIndex: Float
  /// Of light on its way through a clear medium, 1/m.
  var absorption: Float3
  /// Of light at each of the two faces of a clear body that has no absorption of its own.
  var faceTint: Float3
  /// Gives way to solids where it overlaps them.
  var isLiquid: Bool
  var emission: Float3
  var pattern: Surface.Pattern.Kind?
  var patternColor: Float3
  var patternScale: Float
  var number: Int32

  init(_ surface: Surface, isLiquid: Bool = false) {
    kind = surface.transmission > 0.5 ? .glass : .opaque
    color = surface.color
    roughness = clamp(surface.roughness, 0.02, 1)
    alpha = roughness * roughness
    metallic = clamp(surface.metallic, 0, 1)
    refractiveIndex = max(surface.refractiveIndex, 1.0001)
    self.isLiquid = isLiquid
    if let distance = surface.attenuationDistance {
      let kept = pointwiseMax(color, Float3(repeating: 1e-3))
      absorption = Float3(-log(kept.x), -log(kept.y), -log(kept.z)) / max(distance, 1e-6)
      faceTint = Float3(repeating: 1)
    } else {
      absorption = .zero
      faceTint = color.squareRoot()
    }
    let r = (refractiveIndex - 1) / (refractiveIndex + 1)
    dielectricReflectance = r * r
    emission = surface.emission
    pattern = surface.pattern?.kind
    patternColor = surface.pattern?.color ?? .zero
    patternScale = max(surface.pattern?.scale ?? 1, 1e-6)
    number = Int32(clamping: surface.pattern?.number ?? 0)
  }

  /// The material at one point: the pattern looked up, the layers' shares worked out.
  struct Appearance {
    /// Before the coat takes its share.
    var albedo: Float3
    /// Of the diffuse layer alone, after it.
    var diffuse: Float3
    /// Reflectance of the facets at normal incidence.
    var f0: Float3
    /// Makes up for light lost between facets.
    var compensation: Float3
    /// What the facets throw back of an even sky.
    var share: Float3
  }

  /// `cosine` between the normal and the direction to the eye; `tint` is the pattern's colour here.
  @inline(__always)
  func appearance(tint: Float3, cosine: Float, shares: UnsafePointer<SIMD2<Float>>) -> Appearance {
    let f0 = mix(Float3(repeating: dielectricReflectance), tint, metallic)
    let split = ReflectedShare.lookUp(shares, cosine: cosine, roughness: roughness)
    let compensation = 1 + f0 * (1 / max(split.x + split.y, 0.05) - 1)
    let share = (f0 * split.x + split.y) * compensation
    let diffuse = tint * ((1 - metallic) * max(0, 1 - share.largest))
    return Appearance(albedo: tint, diffuse: diffuse, f0: f0, compensation: compensation, share: share)
  }
}

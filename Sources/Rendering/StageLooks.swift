import WorldCore

/// A stage's materials and light as tables that rays read; fixed for the life of a renderer.
///
/// `@unchecked Sendable`: nothing changes after `init`.
final class StageLooks: @unchecked Sendable {
  private let materials: UnsafeMutablePointer<Material>
  private let meanColors: UnsafeMutablePointer<Float3>
  private let glossyTexels: UnsafeMutablePointer<UnsafePointer<SIMD4<Float>>>
  private let skyLight: SkyLight
  private let hasGlass: Bool

  init(surfaces: [Surface], sky: Sky) {
    let compiled = surfaces.map(Material.init)
    materials = .allocate(capacity: max(compiled.count, 1))
    meanColors = .allocate(capacity: max(compiled.count, 1))
    for (k, material) in compiled.enumerated() {
      (materials + k).initialize(to: material)
      (meanColors + k).initialize(to: PatternPainter.mean(material))
    }
    hasGlass = compiled.contains { $0.kind == .glass }
    skyLight = SkyLight(sky)
    glossyTexels = .allocate(capacity: skyLight.glossy.count)
    for (k, map) in skyLight.glossy.enumerated() { (glossyTexels + k).initialize(to: UnsafePointer(map.texels)) }
  }

  deinit {
    materials.deallocate()
    meanColors.deallocate()
    glossyTexels.deallocate()
  }

  func lighting(_ caster: RayCaster, sky: Sky, pixelAngle: Float, seam: Double) -> Lighting {
    Lighting(
      caster: caster, sky: sky, materials: UnsafePointer(materials), meanColors: UnsafePointer(meanColors), hasGlass: hasGlass,
      irradianceTexels: UnsafePointer(skyLight.irradiance.texels), glossyTexels: UnsafePointer(glossyTexels),
      shares: UnsafePointer(ReflectedShare.shared.table), pixelAngle: pixelAngle, seam: Float(seam))
  }
}

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

  /// - Parameter liquids: which of the surfaces are those of liquids.
  init(surfaces: [Surface], liquids: Range<Int>, sky: Sky) {
    let compiled = surfaces.enumerated().map { Material($1, isLiquid: liquids.contains($0)) }
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

  func lighting(_ caster: RayCaster, sky: Sky, pixelAngle: Float) -> Lighting {
    Lighting(
      caster: caster, sky: sky, materials: UnsafePointer(materials), meanColors: UnsafePointer(meanColors), hasGlass: hasGlass,
      irradianceTexels: UnsafePointer(skyLight.irradiance.texels), glossyTexels: UnsafePointer(glossyTexels),
      shares: UnsafePointer(ReflectedShare.shared.table), pixelAngle: pixelAngle)
  }
}

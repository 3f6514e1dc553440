import Rendering
import Testing
import WorldCore

/// In a furnace of even radiance 1 a body that absorbs nothing can't be told from its surroundings.
@Suite("White furnace") struct FurnaceTests {
  static let surfaces: [(String, Surface)] = [
    ("matt", Surface(color: SIMD3(repeating: 1), roughness: 1)),
    ("satin", Surface(color: SIMD3(repeating: 1), roughness: 0.5)),
    ("lacquer", Surface(color: SIMD3(repeating: 1), roughness: 0.1)),
    ("mirror", Surface(color: SIMD3(repeating: 1), roughness: 0.05, metallic: 1)),
    ("brushed", Surface(color: SIMD3(repeating: 1), roughness: 0.4, metallic: 1)),
    ("rough metal", Surface(color: SIMD3(repeating: 1), roughness: 1, metallic: 1)),
    ("glass", Surface(color: SIMD3(repeating: 1), roughness: 0.02, transmission: 1)),
  ]

  private func sphere(_ surface: Surface, filtered: Bool) throws -> (mean: SIMD3<Float>, peak: Float) {
    let scene = TestScene(
      [.init(name: "ball", shape: .sphere(radius: 1), surface: surface)], camera: TestScene.lookingAlongY, width: 32, height: 32
    )
    var options = RenderOptions(samplesPerPixel: 16, passes: [.color, .segmentation], isFiltered: filtered)
    options.furnace = 1
    let frame = try scene.frame(0, options)
    let color = try #require(frame.color), ids = try #require(frame.segmentation)
    let peak = zip(color.pixels, ids.pixels).reduce(Float(0)) { $1.1 == 1 ? max($0, $1.0.max()) : $0 }
    return (color.mean { ids[$0, $1] == 1 }, peak)
  }

  @Test("white surfaces give back all light and no more", arguments: surfaces.indices)
  func white(index: Int) throws {
    let (mean, peak) = try sphere(Self.surfaces[index].1, filtered: false)
    // Tables of 24 entries a side and 16 samples a pixel: one per cent on average, more at single pixels of the silhouette.
    #expect(abs(mean.x - 1) < 0.01, "\(Self.surfaces[index].0): \(mean.x)")
    #expect(peak < 1.12, "\(Self.surfaces[index].0): \(peak)")
  }

  @Test("a grey matt ball gives back its albedo, apart from its coat's sheen", arguments: [Float(0.2), 0.5, 0.8])
  func grey(albedo: Float) throws {
    let surface = Surface(color: SIMD3(repeating: albedo), roughness: 1, refractiveIndex: 1.0001)
    let mean = try sphere(surface, filtered: true).mean.x
    // Grazing reflection remains at any index: Schlick's formula rises to 1 at the silhouette.
    #expect(mean > albedo - 0.003 && mean < albedo + 0.08, "\(mean)")
  }
}

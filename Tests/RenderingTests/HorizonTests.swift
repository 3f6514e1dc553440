import Rendering
import Testing
import WorldCore

@Suite("The horizon") struct HorizonTests {
  @Test("is met by rays that graze an endless floor, whatever its pattern", arguments: Surface.Pattern.Kind.allCases)
  func grazing(kind: Surface.Pattern.Kind) throws {
    let pattern = Surface.Pattern(kind: kind, color: SIMD3(0.1, 0.2, 0.3), scale: 0.05)
    // The middle row looks down by a billionth of a radian and less: at the floor 10⁹ m away and farther.
    for slope in [1e-8, 1e-9, 1e-10, 1e-12] {
      let camera = Camera(position: .fixed(Vector3(0, -4, 1)), target: .point(Vector3(0, 0, 1 - 4 * slope)), fieldOfView: 0.6)
      let floor = TestScene.Thing(name: "floor", shape: .plane(normal: .unitZ), surface: Surface(pattern: pattern))
      let scene = TestScene([floor], camera: camera, light: Stage.Light(sky: .day), width: 9, height: 9)
      for samples in [1, 4] {
        let color = try #require(try scene.frame(0, RenderOptions(samplesPerPixel: samples, passes: .color)).color)
        #expect(color.pixels.allSatisfy { $0.x.isFinite && $0.y.isFinite && $0.z.isFinite })
      }
    }
  }
}

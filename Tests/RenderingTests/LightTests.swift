import Foundation
import Rendering
import Testing
import WorldCore

@Suite("Light") struct LightTests {
  @Test("a penumbra is as wide as the light's disc seen from the edge", arguments: [0.1, 0.3])
  func penumbra(diameter: Double) throws {
    // A roof's straight edge at x = 0, 1 m above the floor and below a light in the zenith; the camera looks down from under it
    // at 1.1 m of floor.
    let camera = Camera(position: .fixed(Vector3(0, 0, 0.9)), target: .point(.zero), fieldOfView: 0.0407)
    let light = Stage.Light(sky: .studio, direction: .unitZ, angularDiameter: diameter)
    let matt = Surface(color: SIMD3(repeating: 0.5), roughness: 1)
    let scene = TestScene(
      [
        .init(name: "floor", shape: .plane(normal: .unitZ), surface: matt),
        .init(
          name: "roof", shape: .box(size: Vector3(4, 4, 0.001)), surface: Surface(color: .zero, roughness: 1),
          position: Vector3(-2, 0, 1)),
      ], camera: camera, light: light, width: 240, height: 8)
    let lit = try scene.frame(0, RenderOptions(samplesPerPixel: 64, passes: [.color, .depth], isFiltered: false))
    let dark = try TestScene(
      scene.stage.items.enumerated().map {
        .init(name: $1.name, shape: $1.shape, surface: $1.surface, position: scene.trajectory.bodies[$0].states[0].position)
      }, camera: camera, light: Stage.Light(sky: .studio, direction: .unitZ, intensity: 0), width: 240, height: 8
    ).frame(0, RenderOptions(samplesPerPixel: 64, passes: .color, isFiltered: false))
    let (with, without) = (try #require(lit.color), try #require(dark.color))
    // What the key adds, averaged over the rows, which all lie across the edge.
    let profile = (0..<240).map { x in (0..<8).map { with[x, $0].y - without[x, $0].y }.reduce(0, +) / 8 }
    let full = profile.max() ?? 0
    // The share of a disc that an edge leaves free, t radii from its centre: the disc's segment.
    func segment(_ t: Double) -> Double { t <= -1 ? 0 : t >= 1 ? 1 : 0.5 + (t * (1 - t * t).squareRoot() + asin(t)) / .pi }
    let radius = tan(diameter / 2)
    for x in stride(from: 20, to: 220, by: 4) {
      let edge = lit.viewpoint.unproject(SIMD2(Double(x) + 0.5, 4), depth: 0.9).x
      let expected = segment(edge / radius)
      #expect(abs(Double(profile[x] / full) - expected) < 0.06, "\(edge): \(profile[x] / full) \(expected)")
    }
  }

  @Test("a glass ball bends a ray by Snell's law at both faces", arguments: [0.1, 0.25, 0.4, 0.6], [1.33, 1.5])
  func snell(height: Double, index: Double) throws {
    // A ray along y, `height` off the axis, is turned towards the axis at each face by the same angle.
    let turn = 2 * (asin(height) - asin(height / index))
    // It leaves the unit ball where it has swept the angle π − 2·refracted about the centre.
    let entry = Vector3(0, -(1 - height * height).squareRoot(), height)
    let sweep = Double.pi - 2 * asin(height / index)
    let entryAngle = atan2(entry.z, entry.y)
    let exit = Vector3(0, cos(entryAngle - sweep), sin(entryAngle - sweep))
    let direction = Vector3(0, cos(turn), -sin(turn))
    // A small lamp 1 m on must fill the pixel that looks along that ray, and the straight ray must miss it.
    let lamp = exit + direction * 1.0
    let glass = Surface(color: SIMD3(repeating: 1), roughness: 0.02, transmission: 1, refractiveIndex: Float(index))
    let eye = Vector3(0, -3, height)
    let camera = Camera(position: .fixed(eye), target: .point(entry), fieldOfView: 0.002)
    let scene = TestScene(
      [
        .init(name: "ball", shape: .sphere(radius: 1), surface: glass),
        .init(
          name: "lamp", shape: .sphere(radius: 0.02), surface: Surface(color: .zero, emission: SIMD3(repeating: 50)),
          position: lamp),
      ], camera: camera, width: 3, height: 3)
    let color = try #require(try scene.frame(0, RenderOptions(samplesPerPixel: 4, isFiltered: false)).color)
    #expect(color[1, 1].y > 15)
    #expect(abs(lamp.z - height) > 0.03)
  }

  @Test("shade holds less light than sun, glass shade more than stone's")
  func shadows() throws {
    func floorLight(_ ball: Surface?) throws -> Float {
      var things = [TestScene.Thing(name: "floor", shape: .plane(normal: .unitZ))]
      if let ball {
        things.append(.init(name: "ball", shape: .sphere(radius: 0.3), surface: ball, position: Vector3(0, 0, 0.6)))
      }
      let camera = Camera(position: .fixed(Vector3(0, -0.6, 0.25)), target: .point(.zero), fieldOfView: 0.05)
      let scene = TestScene(things, camera: camera, light: .init(sky: .day, direction: .unitZ), width: 8, height: 8)
      return try #require(try scene.frame(0, RenderOptions()).color).mean { _, _ in true }.y
    }
    let sun = try floorLight(nil)
    let glass = try floorLight(Surface(color: SIMD3(repeating: 1), roughness: 0.02, transmission: 1))
    let stone = try floorLight(Surface(color: SIMD3(repeating: 0.5)))
    #expect(stone < 0.5 * sun)
    #expect(glass > 1.5 * stone && glass < sun)
  }
}

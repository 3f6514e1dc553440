import Foundation
import Rendering
import Testing
import WorldCore

@Suite("Surfaces from heights")
struct HeightFieldSurfaceTests {
  /// The skin is closed, points outward, and holds what the heights say.
  @Test("a basin's skin is closed and holds the water under its heights")
  func closed() throws {
    let grid = FluidTrack.Grid(columns: 12, rows: 7, x: -1, y: 2, width: 0.2, depth: 0.3, floor: -0.5)
    let heights = (0..<grid.count).map { Float(0.05 * sin(Double($0))) }
    let mesh = HeightFieldSurface.mesh(of: heights, grid: grid)
    #expect(mesh.isClosed)
    let flat = HeightFieldSurface.mesh(of: [Float](repeating: 0.25, count: grid.count), grid: grid)
    let volume = try #require(Shape.mesh(flat).massProperties(density: 1)).mass
    #expect(abs(volume - 12 * 0.2 * 7 * 0.3 * 0.75) < 1e-9)
  }

  /// Water and bed share a plane; rounding must not choose, from pixel to pixel, which of the two light meets first.
  @Test("a pond on its bed looks like one that reaches a little into it", arguments: [0.3, 0.7])
  func bed(height: Double) throws {
    func picture(bedAt z: Double) throws -> Image<SIMD3<Float>> {
      let grid = FluidTrack.Grid(columns: 60, rows: 50, x: -9, y: -5.5, width: 0.3, depth: 0.3, floor: -2)
      let bed = TestScene.Thing(
        name: "bed", shape: .plane(normal: Vector3(0, 0, 1)), surface: Surface(color: SIMD3(0.5, 0.45, 0.3)),
        position: Vector3(0, 0, z))
      let camera = Camera(
        position: .fixed(Vector3(1, -5, 3.2 * height)), target: .point(Vector3(0.2, 1, 0)), fieldOfView: 0.9)
      var scene = TestScene([bed], camera: camera, width: 48, height: 32)
      var track = FluidTrack(name: "pond", mass: 1, count: 0, spacing: grid.width)
      track.grid = grid
      for _ in scene.trajectory.times { track.append(heights: [Float](repeating: 0, count: grid.count), mass: 1) }
      scene.trajectory.fluids = [track]
      scene.stage.liquids = [
        Stage.Liquid(
          name: "pond",
          surface: Surface(
            color: SIMD3(0.4, 0.7, 0.95), roughness: 0.02, transmission: 1, refractiveIndex: 1.333, attenuationDistance: 4),
          frothLifetime: 0.8)
      ]
      return try #require(try scene.frame(0, RenderOptions(samplesPerPixel: 8, isFiltered: false)).color)
    }
    let (flush, sunk) = (try picture(bedAt: -2), try picture(bedAt: -1.998))
    let apart = zip(flush.pixels, sunk.pixels).map { max(($0 - $1).max(), ($1 - $0).max()) }
    #expect(apart.filter { $0 > 0.03 }.count < apart.count / 50)
  }
}

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
}

import Foundation
import Rendering
import Testing
import WorldCore

/// A block of particles on a lattice as the only liquid of a stage.
private struct Pool {
  var size: Vector3
  var center = Vector3.zero
  var spacing = 0.05
  var velocity = SIMD3<Float>.zero
  var surface = Surface(
    color: SIMD3(repeating: 1), roughness: 0.02, transmission: 1, refractiveIndex: 1.333, attenuationDistance: 1)

  /// Whether the right half comes towards the left one.
  var collides = false
  /// Drops that have left the block.
  var strays: [SIMD3<Float>] = []

  func particles(at time: Double) -> [SIMD3<Float>] {
    let counts = size / spacing
    var particles: [SIMD3<Float>] = []
    for z in 0..<Int(counts.z.rounded()) {
      for y in 0..<Int(counts.y.rounded()) {
        for x in 0..<Int(counts.x.rounded()) {
          let place = Vector3(Double(x) + 0.5, Double(y) + 0.5, Double(z) + 0.5) * spacing - size / 2 + center
          let sign: Float = collides && place.x > center.x ? -1 : 1
          particles.append(SIMD3<Float>(place) + velocity * Float(time) * sign)
        }
      }
    }
    return particles + strays
  }

  func added(to scene: TestScene) -> TestScene {
    var scene = scene
    let count = particles(at: 0).count
    var track = FluidTrack(name: "water", mass: 1, count: count, spacing: spacing)
    for time in scene.trajectory.times { track.append(particles(at: time)) }
    scene.trajectory.fluids = [track]
    scene.stage.liquids = [Stage.Liquid(name: "water", surface: surface, frothLifetime: 0.8)]
    return scene
  }
}

@Suite("Liquids seen") struct LiquidTests {
  private static let clear = Surface(color: SIMD3(repeating: 1), roughness: 0.02, transmission: 1, refractiveIndex: 1.5)

  /// In a furnace of even radiance what absorbs nothing can't be told from its surroundings, however the light is led: neither
  /// total reflection between water and glass nor overlapping panes may lose any.
  @Test("an aquarium vanishes in a white furnace", arguments: [0.0, 0.4, 0.9])
  func furnace(tilt: Double) throws {
    let pane = { (name: String, size: Vector3, position: Vector3) in
      TestScene.Thing(name: name, shape: .box(size: size), surface: Self.clear, position: position)
    }
    let things = [
      pane("bottom", Vector3(1.1, 0.9, 0.06), Vector3(0, 0, -0.53)),
      pane("left", Vector3(0.06, 0.9, 1.1), Vector3(-0.53, 0, 0)),
      pane("right", Vector3(0.06, 0.9, 1.1), Vector3(0.53, 0, 0)), pane("front", Vector3(1.1, 0.06, 1.1), Vector3(0, -0.43, 0)),
      pane("back", Vector3(1.1, 0.06, 1.1), Vector3(0, 0.43, 0)),
    ]
    let camera = Camera(position: .fixed(Vector3(1.5 * tilt, -3.5, 2.5 * tilt)), target: .point(.zero), fieldOfView: 0.5)
    let scene = Pool(size: Vector3(1, 0.8, 0.7), center: Vector3(0, 0, -0.15)).added(
      to: TestScene(things, camera: camera, width: 48, height: 48))
    var options = RenderOptions(samplesPerPixel: 4, passes: [.color, .segmentation], isFiltered: false)
    options.furnace = 1
    let frame = try scene.frame(0, options)
    let color = try #require(frame.color), ids = try #require(frame.segmentation)
    #expect(ids.pixels.contains { $0 > 0 })
    let darkest = color.pixels.map { $0.min() }.min() ?? 0
    #expect(darkest > 0.97, "\(darkest)")
    #expect(abs(color.mean { ids[$0, $1] > 0 }.x - 1) < 0.01)
  }

  /// Beer–Lambert: twice the way squares what is left.
  @Test("a liquid swallows light by the way through it")
  func absorption() throws {
    func passed(thickness: Double) throws -> Float {
      var pool = Pool(size: Vector3(1.2, thickness, 1.2))
      pool.surface.color = SIMD3(0.4, 0.7, 0.95)
      let scene = pool.added(to: TestScene([], camera: TestScene.lookingAlongY, width: 24, height: 24))
      var options = RenderOptions(samplesPerPixel: 4, isFiltered: false)
      options.furnace = 1
      let color = try #require(try scene.frame(0, options).color)
      // Of the light in the middle two per cent are mirrored at each face; those come from the bright room.
      let mean = color.mean { abs($0 - 12) < 4 && abs($1 - 12) < 4 }.x
      return (mean - 0.02) / 0.98
    }
    let (thin, thick) = (try passed(thickness: 0.4), try passed(thickness: 0.8))
    // The surface stands a few millimetres off the nominal faces.
    #expect(abs(thin - 0.6931) < 0.02, "\(thin)")
    #expect(abs(thick - thin * thin) < 0.02, "\(thick) \(thin * thin)")
  }

  /// Light can't tell where in a block of glass another of the same glass begins, whole or in part.
  @Test("glass in the same glass isn't seen", arguments: [0.0, 0.3])
  func overlap(offset: Double) throws {
    func picture(_ things: [TestScene.Thing]) throws -> Image<SIMD3<Float>> {
      let camera = Camera(position: .fixed(Vector3(2, -3, 1.5)), target: .point(.zero), fieldOfView: 0.5)
      let floor = TestScene.Thing(name: "floor", shape: .plane(normal: .unitZ), position: Vector3(0, 0, -0.6))
      let options = RenderOptions(samplesPerPixel: 4, isFiltered: false)
      return try #require(try TestScene(things + [floor], camera: camera, width: 40, height: 40).frame(0, options).color)
    }
    func box(_ name: String, _ side: Double, _ x: Double) -> TestScene.Thing {
      .init(name: name, shape: .box(size: Vector3(side, side, side)), surface: Self.clear, position: Vector3(x, 0, 0))
    }
    // Two blocks that overlap lengthwise, and both with a third one inside them.
    let without = try picture([box("a", 1, 0), box("b", 0.9, offset)])
    let with = try picture([box("a", 1, 0), box("b", 0.9, offset), box("c", 0.5, offset / 2)])
    // Single paths at edges may go either way.
    let differing = zip(without.pixels, with.pixels).count { ($0 - $1).max() > 0.02 || ($1 - $0).max() > 0.02 }
    #expect(differing < 1600 / 40, "\(differing) of 1600 pixels")
  }

  @Test("a liquid's flow is that of its particles")
  func flow() throws {
    let velocity = SIMD3<Float>(1.2, 0, 0.6)
    let pool = Pool(size: Vector3(1, 0.5, 1), velocity: velocity)
    let scene = pool.added(to: TestScene([], camera: TestScene.lookingAlongY, width: 64, height: 48))
    let frame = try scene.frame(2, RenderOptions(passes: [.flow, .segmentation, .depth]))
    let flow = try #require(frame.forwardFlow), ids = try #require(frame.segmentation), depth = try #require(frame.depth)
    var seen = 0
    for y in 0..<48 {
      for x in 0..<64 where ids[x, y] == 1 {
        let focal = Float(frame.viewpoint.projection.focalLength)
        let expected = SIMD2(velocity.x, -velocity.z) / Float(TestScene.framesPerSecond) * focal / depth[x, y]
        let error = flow.vectors[x, y] - expected
        #expect(max(abs(error.x), abs(error.y)) < 0.03, "at \(x), \(y): \(flow.vectors[x, y]) for \(expected)")
        if flow.visibility[x, y] == .visible { seen += 1 }
      }
    }
    #expect(seen > 200, "\(seen) pixels of water are seen again")
  }

  @Test("where streams meet the liquid turns white; in an even flow it doesn't")
  func froth() throws {
    func middle(collides: Bool, lifetime: Double) throws -> SIMD3<Float> {
      var pool = Pool(size: Vector3(1, 0.5, 1), velocity: SIMD3(1.5, 0, 0))
      pool.surface.color = SIMD3(0.02, 0.02, 0.02)
      pool.surface.attenuationDistance = 0.05
      pool.collides = collides
      var scene = pool.added(to: TestScene([], camera: TestScene.lookingAlongY, width: 24, height: 24))
      scene.stage.liquids[0].frothLifetime = lifetime
      let color = try #require(try scene.frame(3, RenderOptions(samplesPerPixel: 4, isFiltered: false)).color)
      return color.mean { abs($0 - 12) < 2 && abs($1 - 12) < 4 }
    }
    // Ink is dark, but for its froth.
    #expect(try middle(collides: false, lifetime: 0.8) == middle(collides: false, lifetime: 0))
    let (white, dark) = (try middle(collides: true, lifetime: 0.8), try middle(collides: true, lifetime: 0))
    #expect(white.y > dark.y + 0.2, "\(white) \(dark)")
  }

  /// Between the water and its wall stands no film of air: seen through the glass, all of the wetted wall is water.
  @Test("water reaches its walls, also thin ones", arguments: [0.12, 0.004])
  func wetting(wall: Double) throws {
    let glass = TestScene.Thing(
      name: "pane", shape: .box(size: Vector3(1.2, wall, 1.2)), surface: Self.clear, position: Vector3(0, -0.25 - wall / 2, 0))
    var pool = Pool(size: Vector3(1, 0.5, 1))
    // What is swallowed on the way tells how far the light went in water: all of it, straight ahead, with no mirror in between.
    pool.surface.color = SIMD3(repeating: 0.3)
    let scene = pool.added(to: TestScene([glass], camera: TestScene.lookingAlongY, width: 24, height: 24))
    var options = RenderOptions(samplesPerPixel: 4, isFiltered: false)
    options.furnace = 1
    let color = try #require(try scene.frame(0, options).color)
    // Mirrored: 4 % at the glass, 0.36 % between glass and water (a film of air would mirror 4 + 2 % more).
    let middle = color.mean { abs($0 - 12) < 4 && abs($1 - 12) < 4 }.x
    let mirrored: Float = 0.04
    let swallowed = (middle - mirrored) / (1 - mirrored)
    #expect(abs(swallowed - 0.5477) < 0.02, "\(swallowed)")
  }

  /// Through the side of the water the floor is seen at 60°, beyond the angle of total reflection: over a film of air it would
  /// be a mirror.
  @Test("no film of air lies between water and what it stands on", arguments: [0.2, 0.004])
  func film(thickness: Double) throws {
    let black = Surface(color: .zero, roughness: 1, refractiveIndex: 1.0001)
    let floor = TestScene.Thing(
      name: "floor", shape: .box(size: Vector3(2, 2, thickness)), surface: black, position: Vector3(0, 0, -0.25 - thickness / 2)
    )
    let camera = Camera(position: .fixed(Vector3(0, -4, 2.95)), target: .point(Vector3(0, -0.5, -0.18)), fieldOfView: 0.05)
    // Particles in motion stand off a wall by more than half a spacing.
    let scene = Pool(size: Vector3(1, 1, 0.5), center: Vector3(0, 0, 0.012)).added(
      to: TestScene([floor], camera: camera, width: 16, height: 16))
    var options = RenderOptions(samplesPerPixel: 4, isFiltered: false)
    options.furnace = 1
    let color = try #require(try scene.frame(0, options).color)
    let seen = color.mean { abs($0 - 8) < 3 && abs($1 - 8) < 3 }.x
    #expect(seen < 0.4, "\(seen)")
  }

  /// Water that has run over the edge of a table falls as long as the clip lasts; the rest is drawn all the same.
  /// A particle is a ball of a spacing cubed, a row of them a thread, a layer a sheet: each is seen, as large as it is.
  @Test("drops, threads and sheets of one particle are seen", arguments: [(1, 1), (12, 1), (12, 12)])
  func thin(columns: Int, rows: Int) throws {
    let spacing = 0.05
    let milk = Surface(color: SIMD3(repeating: 1), roughness: 0.5)
    let size = Vector3(Double(columns), 1, Double(rows)) * spacing
    let scene = Pool(size: size, spacing: spacing, surface: milk).added(
      to: TestScene([], camera: TestScene.lookingAlongY, width: 96, height: 96))
    let ids = try #require(try scene.frame(0, RenderOptions(passes: [.segmentation])).segmentation)
    let pixel = 2 * 4 * tan(0.3) / 96
    let seen = Double(ids.pixels.count { $0 > 0 }) * pixel * pixel
    // A ball's disc is π (3/4π)^(2/3) = 1.21 spacings squared; its edge lies within a cell, half a spacing.
    let (wide, high) = ((Double(columns) - 1 + 1.24) * spacing, (Double(rows) - 1 + 1.24) * spacing)
    let expected = columns == 1 ? 1.21 * spacing * spacing : wide * high
    #expect((0.6...1.3).contains(seen / expected), "\(seen / expected)")
  }

  @Test("drops that fly far off take nothing of the rest away")
  func strays() throws {
    func middle(_ strays: [SIMD3<Float>]) throws -> SIMD3<Float> {
      var pool = Pool(size: Vector3(0.5, 0.5, 0.5))
      pool.surface.color = SIMD3(repeating: 0.1)
      pool.strays = strays
      let scene = pool.added(to: TestScene([], camera: TestScene.lookingAlongY, width: 16, height: 16))
      var options = RenderOptions(samplesPerPixel: 4, isFiltered: false)
      options.furnace = 1
      return try #require(try scene.frame(0, options).color).mean { abs($0 - 8) < 2 && abs($1 - 8) < 2 }
    }
    let (alone, beside) = (try middle([]), try middle([SIMD3(60, 70, -3000), SIMD3(0, 0, 4)]))
    #expect(alone.x < 0.6)
    #expect(abs(beside.x - alone.x) < 0.01, "\(beside) \(alone)")
  }
}

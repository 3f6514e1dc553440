import Foundation
import ParticleFluids
import Testing
import WorldCore

@Suite("Inlets and outlets")
struct FlowTests {
  private static let spacing = 0.01

  private func world(_ inlets: [FluidInlet], outlets: [FluidOutlet] = [], workers: Int = 2) throws -> FluidWorld {
    var options = FluidOptions(spacing: Self.spacing)
    options.workers = workers
    return try FluidWorld([FluidDefinition(name: "jet", region: nil, inlets: inlets, outlets: outlets)], options: options)
  }

  @Test("what has come in is flow times time, whatever the nozzle's width", arguments: [0.003, 0.011, 0.024])
  func flowIsExact(radius: Double) throws {
    let inlet = FluidInlet(mouth: .nozzle(radius: radius), position: .zero, speed: 1.5, from: 0.05, to: 0.25)
    let world = try world([inlet])
    for _ in 0..<72 { _ = try world.step(1.0 / 240) }
    let layer = max(1, (.pi * radius * radius / (Self.spacing * Self.spacing)).rounded())
    let volume = world.mass(of: 0) / 998.2
    let expected = Double.pi * radius * radius * 1.5 * 0.2
    #expect(abs(volume - expected) <= layer * 1e-6 * (1 + 1e-9), "\(volume) m³, not \(expected)")
    // Nothing comes once it is closed, and everything has fallen freely.
    #expect(world.positions(of: 0).allSatisfy { $0.z < -0.05 })
  }

  @Test("a jet falls as a thrown stone does")
  func jetsAreBallistic() throws {
    let direction = Vector3(1, 0, 1).normalized
    let inlet = FluidInlet(mouth: .nozzle(radius: 0.012), position: .zero, direction: direction, speed: 2, to: 0.011)
    let world = try world([inlet])
    var options = FluidOptions(spacing: Self.spacing)
    options.workers = 1
    for _ in 0..<60 { _ = try world.step(1.0 / 240) }
    let p = world.positions(of: 0)
    let middle = p.reduce(SIMD3<Float>.zero, +) / Float(p.count)
    // The layers came in at 0, 6.7 ms: on average 3.3 ms later than the clock began.
    let t = 0.25 - 0.0033
    #expect(abs(Double(middle.x) - direction.x * 2 * t) < 0.01)
    #expect(abs(Double(middle.z) - (direction.z * 2 * t - 9.81 * t * t / 2)) < 0.02)
  }

  @Test("rain brings its intensity times area and time, over the whole area, the same on any number of workers")
  func rainCovers() throws {
    let inlet = FluidInlet(mouth: .rain(size: SIMD2(0.6, 0.4), intensity: 2e-3), position: Vector3(0, 0, 1), speed: 2, seed: 4)
    let (one, two) = (try world([inlet], workers: 1), try world([inlet], workers: 2))
    for _ in 0..<60 { (_, _) = (try one.step(1.0 / 240), try two.step(1.0 / 240)) }
    let p = one.positions(of: 0)
    #expect(p == two.positions(of: 0))
    let (volume, expected) = (Double(p.count) * 1e-6, 0.6 * 0.4 * 2e-3 * 0.25)
    #expect(abs(volume - expected) < 2e-6)
    for (x, y) in [(-1, -1), (-1, 1), (1, -1), (1, 1)] as [(Float, Float)] {
      #expect(p.count { $0.x * x > 0 && $0.y * y > 0 } > p.count / 8)
    }
    #expect(p.allSatisfy { abs($0.x) <= 0.31 && abs($0.y) <= 0.21 })
  }

  @Test("what reaches an outlet is gone, its number never given again, and the mass says so")
  func outletsTake() throws {
    let inlet = FluidInlet(mouth: .nozzle(radius: 0.015), position: .zero, speed: 1, to: 0.3)
    let outlet = FluidOutlet(
      region: .box(size: Vector3(1, 1, 0.2)), worldFromRegion: RigidTransform(translation: Vector3(0, 0, -0.4)), from: 0.1)
    let world = try world([inlet], outlets: [outlet])
    var most = 0
    for _ in 0..<120 {
      _ = try world.step(1.0 / 240)
      most = max(most, world.particleCount(of: 0))
      let numbers = world.numbers(of: 0)
      #expect(numbers == numbers.sorted() && numbers.count == world.particleCount(of: 0))
      if world.time > 0.11 { #expect(world.positions(of: 0).allSatisfy { $0.z > -0.31 }) }
    }
    #expect(world.particleCount(of: 0) == 0 && world.mass(of: 0) == 0)
    #expect(most > 100 && world.issuedCount(of: 0) > most)
    #expect(world.isOpen(0))
  }
}

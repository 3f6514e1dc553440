import Foundation
import RigidBodies
import Testing
import WorldCore

/// Closed loops of hinges, which hold their bars several times over, in impacts and contacts with friction.
@Suite struct LoopTests {
  /// A four-bar parallelogram of two cranks of 1 m and a coupler, moving at `rate`, whose hinges turn about y.
  ///
  /// - Parameter depth: how far the second crank is behind the first, m: with it the loop isn't in a plane.
  private func loop(width: Double, depth: Double, rate: Double, friction: Double, obstacle: RigidBodyDefinition?) throws
    -> RigidWorld
  {
    func bar(_ name: String, _ size: Vector3, at position: Vector3, speed: Double, spin: Double) -> RigidBodyDefinition {
      solid(
        name, .box(size: size), at: position, velocity: Vector3(speed, 0, 0), spin: Vector3(0, spin, 0), friction: friction)
    }
    let crank = Vector3(0.02, 0.02, 1)
    var bodies = [
      bar("a", crank, at: Vector3(0, 0, 0.5), speed: rate / 2, spin: rate),
      bar("b", Vector3(width, 0.02, 0.02), at: Vector3(width / 2, depth / 2, 1), speed: rate, spin: 0),
      bar("c", crank, at: Vector3(width, depth, 0.5), speed: rate / 2, spin: rate),
    ]
    if let obstacle { bodies.append(obstacle) }
    func hinge(_ name: String, _ first: String, _ second: String?, _ anchor: Vector3) -> JointDefinition {
      JointDefinition(name: name, .hinge(.init()), between: first, and: second, anchor: anchor, axis: .unitY)
    }
    let joints = [
      hinge("1", "a", nil, .zero), hinge("2", "a", "b", Vector3(0, 0, 1)), hinge("3", "b", "c", Vector3(width, depth, 1)),
      hinge("4", "c", nil, Vector3(width, depth, 0)),
    ]
    return try RigidWorld(RigidWorldDefinition(gravity: .zero, bodies: bodies, joints: joints))
  }

  /// How far the ends of the coupler are from those of the cranks, m.
  private func gap(_ world: borrowing RigidWorld, width: Double, depth: Double) -> Double {
    func end(_ body: Int, _ local: Vector3) -> Vector3 {
      let state = world.state(of: body)
      return state.position + state.orientation.rotate(local)
    }
    let left = end(0, Vector3(0, 0, 0.5)) - end(1, Vector3(-width / 2, -depth / 2, 0))
    let right = end(2, Vector3(0, 0, 0.5)) - end(1, Vector3(width / 2, depth / 2, 0))
    return max(left.length, right.length)
  }

  /// A crank strikes a ball that stands in its way: with e = ½ it goes back at half the rate, as a loop of one freedom must;
  /// friction has only half the bar's thickness for a lever.
  @Test(arguments: [0, 1e-6, 0.01, 0.2, 0.3, 0.4, 0.5, 1], [0, 0.3])
  func struckLoopGoesBack(friction: Double, depth: Double) throws {
    let ball = fixed("o", .sphere(radius: 0.05), at: Vector3(0.6081, 0, 0.5233), friction: friction)
    var world = try loop(width: 1, depth: depth, rate: 2, friction: friction, obstacle: ball)
    let start = world.energy.kinetic
    var last = start
    for k in 1...200 {
      try world.advance(to: Double(k) / 240)
      let energy = world.energy.kinetic
      #expect(energy < last * (1 + 1e-6))
      last = energy
      #expect(gap(world, width: 1, depth: depth) < 1e-9)
    }
    #expect(abs(last / start - 0.25) < 1e-4 + 0.05 * friction)
    #expect(abs(world.state(of: 0).angularVelocity.y + 1) < 1e-4 + 0.05 * friction)
  }

  /// Bars of one plane that fold onto each other never gain energy, however they rub.
  @Test(arguments: [0, 0.1, 0.2, 0.3, 0.5, 1])
  func foldingLoopLosesEnergy(friction: Double) throws {
    var world = try loop(width: 0.6, depth: 0, rate: 4, friction: friction, obstacle: nil)
    let start = world.energy.kinetic
    for k in 1...168 {
      try world.advance(to: Double(k) / 240)
      #expect(world.energy.kinetic < start * (1 + 1e-4))
      #expect(gap(world, width: 0.6, depth: 0) < 1e-6)
    }
  }
}

import ParticleFluids
import RigidBodies
import SceneDescription
import WorldCore

// The bodies of the rigid world as liquids meet them.

extension FluidSolid {
  /// All bodies of a scene, in its order.
  static func all(_ scene: Scene, _ definition: RigidWorldDefinition) -> [FluidSolid] {
    zip(scene.bodies, definition.bodies).map { body, rigid in
      FluidSolid(
        name: body.name, shape: body.shape,
        massProperties: rigid.motion != .dynamic
          ? nil
          : MassProperties(
            mass: rigid.mass, centerOfMass: rigid.centerOfMass,
            inertia: SymmetricMatrix3(diagonal: rigid.inertia).rotated(by: rigid.inertiaAxes)))
    }
  }
}

extension FluidBody {
  /// At the start, when pieces aren't there yet.
  init(starting body: RigidBodyDefinition) {
    let place = body.pieceOf == nil ? body.initialState.worldFromBody : Self.nowhere
    self.init(worldFromShape: place * RigidTransform(translation: -body.centerOfMass))
  }

  /// - Parameter centerOfMass: in the shape frame.
  init(_ body: MovingBody, centerOfMass: Vector3, isDynamic: Bool) {
    let state = body.state
    let place = body.isPresent ? state.worldFromBody : Self.nowhere
    let worldFromShape = place * RigidTransform(translation: -centerOfMass)
    // The velocity of an immovable body is that of its shape frame's origin.
    let arm = isDynamic || !body.isPresent ? Vector3.zero : worldFromShape.translation - state.position
    self.init(
      worldFromShape: worldFromShape, velocity: state.velocity + state.angularVelocity.cross(arm),
      angularVelocity: state.angularVelocity, acceleration: body.acceleration)
  }

  /// What isn't there is where no liquid is.
  private static let nowhere = RigidTransform(translation: Vector3(0, 0, -1e6))
}

extension FluidStepReport {
  /// What the bodies that can be moved were given.
  func impulses(_ isDynamic: [Bool]) -> [WorldSimulation.BodyImpulse] {
    bodies.enumerated().compactMap { index, given in
      let isMoved = isDynamic[index] && (given.linear != .zero || given.angular != .zero)
      return isMoved ? WorldSimulation.BodyImpulse(body: index, linear: given.linear, angular: given.angular) : nil
    }
  }
}

import RigidBodies
import SceneDescription
import WorldCore

/// Collects a run's samples into a trajectory.
struct Recorder {
  private var trajectory: Trajectory

  init(scene: Scene, seed: UInt64, definition: RigidWorldDefinition) {
    let identity = Trajectory.SceneIdentity(
      name: scene.name, seed: seed, duration: scene.duration, digest: SceneDigest.of(scene))
    let bodies = zip(scene.bodies, definition.bodies).map { body, rigid in
      BodyTrack(
        name: body.name, motion: body.motion, mass: rigid.mass, inertia: rigid.inertia, inertiaAxes: rigid.inertiaAxes,
        centerOfMass: rigid.centerOfMass, pieceOf: rigid.pieceOf)
    }
    trajectory = Trajectory(scene: identity, times: [], bodies: bodies, contacts: [])
  }

  mutating func record(_ world: inout CoupledWorld, at time: Double) {
    trajectory.times.append(time)
    for (i, state) in world.rigid.states.enumerated() { trajectory.bodies[i].states.append(state) }
    world.record(into: &trajectory)
    let (energy, momentum) = (world.energy, world.momentum)
    trajectory.energy.kinetic.append(energy.kinetic)
    trajectory.energy.potential.append(energy.potential)
    trajectory.momentum.linear.append(momentum.linear)
    trajectory.momentum.angular.append(momentum.angular)
  }

  /// The whole trajectory, with what the engine noted along the way. A contact's end is told only once it has lasted, so the
  /// order of time is made here; equal times keep theirs.
  consuming func finish(_ world: inout CoupledWorld) -> Trajectory {
    trajectory.contacts = world.drainContacts()
    trajectory.breaks = world.rigid.drainBreaks().map {
      let joint = world.rigid.definition.joints[$0.joint]
      return Trajectory.Break(
        time: $0.time, joint: joint.name, bodies: [joint.first, joint.second].compactMap { $0 }, force: $0.force,
        point: $0.point)
    }
    for body in trajectory.bodies.indices where trajectory.bodies[body].pieceOf != nil {
      trajectory.bodies[body].appears = .infinity
    }
    for fracture in world.rigid.drainFractures() {
      trajectory.bodies[fracture.body].vanishes = fracture.time
      for piece in fracture.pieces { trajectory.bodies[piece].appears = fracture.time }
    }
    let ordered = trajectory.contacts.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
    trajectory.contacts = ordered.map(\.element)
    return trajectory
  }
}

import RigidBodies
import SceneDescription
import WorldCore

extension SimulationPlan {
  /// Something done to the rigid world at an instant.
  struct Effect {
    /// Seconds.
    var time: Double
    private var action: Action

    private enum Action {
      case impulse(body: Int, vector: Vector3, bodyPoint: Vector3?)
      case angularImpulse(body: Int, vector: Vector3)
      case push(Push)
      case setVelocity(body: Int, velocity: Vector3?, spin: Vector3?)
      case release(joint: Int)
      case setMotor(joint: Int, speed: Double)
    }

    /// Names are those of the scene, checked when it was read.
    init(
      time: Double, action: Event.Action, bodies: [String: Int], joints: [String: Int], definition: RigidWorldDefinition
    ) {
      self.time = time
      func bodyPoint(_ shapePoint: Vector3?, _ body: Int) -> Vector3? {
        shapePoint.map { $0 - definition.bodies[body].centerOfMass }
      }
      switch action {
      case .impulse(let name, let vector, let point):
        let body = bodies[name]!
        self.action = .impulse(body: body, vector: vector, bodyPoint: bodyPoint(point, body))
      case .angularImpulse(let name, let vector):
        self.action = .angularImpulse(body: bodies[name]!, vector: vector)
      case .force(let name, let vector, let point, let duration):
        let body = bodies[name]!
        self.action = .push(Push(body: body, force: vector, bodyPoint: bodyPoint(point, body), end: time + duration))
      case .torque(let name, let vector, let duration):
        self.action = .push(Push(body: bodies[name]!, torque: vector, end: time + duration))
      case .setVelocity(let name, let velocity, let spin):
        self.action = .setVelocity(body: bodies[name]!, velocity: velocity, spin: spin)
      case .release(let name):
        self.action = .release(joint: joints[name]!)
      case .setMotor(let name, let speed):
        self.action = .setMotor(joint: joints[name]!, speed: speed)
      }
    }

    func apply(to world: inout RigidWorld, pushes: inout [Push]) {
      switch action {
      case .impulse(let body, let vector, let bodyPoint):
        let worldPoint = bodyPoint.map { world.state(of: body).worldFromBody.point($0) }
        world.apply(impulse: vector, to: body, at: worldPoint)
      case .angularImpulse(let body, let vector):
        world.apply(angularImpulse: vector, to: body)
      case .push(let push):
        pushes.append(push)
      case .setVelocity(let body, let velocity, let spin):
        let state = world.state(of: body)
        world.setVelocity(velocity ?? state.velocity, angularVelocity: spin ?? state.angularVelocity, of: body)
      case .release(let joint):
        world.release(joint: joint)
      case .setMotor(let joint, let speed):
        world.setMotorSpeed(speed, of: joint)
      }
    }
  }

  /// A force or torque that lasts, in the world's directions, held at a point of the body.
  struct Push {
    var body: Int
    /// N
    var force = Vector3.zero
    /// N·m
    var torque = Vector3.zero
    /// Body frame; nil is the centre of mass.
    var bodyPoint: Vector3?
    /// Seconds.
    var end: Double

    /// The lever turns with the body, so the moment is taken anew for each stretch of time.
    func act(on world: inout RigidWorld, until time: Double) {
      let lever = bodyPoint.map { world.state(of: body).orientation.rotate($0) } ?? .zero
      world.apply(force: force, torque: torque + lever.cross(force), to: body, until: time)
    }
  }
}

import RigidBodies
import SceneDescription
import WorldCore

extension JointDefinition {
  init(_ joint: Joint) {
    let (kind, axis): (Kind, Vector3) =
      switch joint.kind {
      case .hinge(let freedom): (.hinge(HingeOptions(freedom)), freedom.axis)
      case .slider(let freedom): (.slider(HingeOptions(freedom)), freedom.axis)
      case .ball(let friction, let damping): (.ball(friction: friction, swingLimit: nil, damping: damping), .unitZ)
      case .fixed: (.fixed, .unitZ)
      case .spring(let stiffness, let damping, let length):
        (.spring(stiffness: stiffness, damping: damping, restLength: length), .unitZ)
      case .rope(let length): (.rope(length: length), .unitZ)
      }
    self.init(
      name: joint.name, kind, between: joint.first, and: joint.second, anchor: joint.anchors.first,
      secondAnchor: joint.anchors.second, axis: axis,
      breaksAt: joint.breakingForce, collides: joint.collides)
  }
}

extension JointDefinition.HingeOptions {
  fileprivate init(_ freedom: Joint.Freedom) {
    self.init(
      limits: freedom.limits, friction: freedom.friction,
      motor: freedom.motor.map { JointDefinition.Motor(speed: $0.speed, limit: $0.maximumEffort) },
      damping: freedom.damping, stiffness: freedom.stiffness, restitution: freedom.restitution)
  }
}

/// The scene language: every mapping, every key, as one table.
public enum Schema {}

extension ObjectType {
  /// Every kind of mapping, in the order of the reference page.
  enum ID: String, CaseIterable, Sendable {
    case scene, air, contact
    case material, pattern, emission
    case body, shape, sphere, box, cylinder, capsule, cone, torus, plane, tank, mesh, compound, part
    case turn, keyframe
    case `repeat`, line, grid, rack
    case joint, hinge, ball, slider, fixed, spring, rope, motor, push
    case fluid, fill, filledBox = "filled-box", filledSphere = "filled-sphere", filledCylinder = "filled-cylinder"
    case filledVessel = "filled-vessel", emitter, nozzle, rain, drain, liquid
    case cloth, pin, fabric
    case figure, cue
    case event, impulse, angularImpulse = "angular-impulse", force, torque
    case setVelocity = "set-velocity", release, setMotor = "set-motor"
    case sound, dialogue
    case light, camera, cameraKey = "camera-key", shot, picture
    case variation, normal

    var type: ObjectType {
      switch self {
      case .scene: Schema.scene
      case .air: Schema.air
      case .contact: Schema.contact
      case .material: Schema.material
      case .pattern: Schema.pattern
      case .emission: Schema.emission
      case .body: Schema.body
      case .shape: Schema.shape
      case .sphere: Schema.sphere
      case .box: Schema.box
      case .cylinder: Schema.cylinder
      case .capsule: Schema.capsule
      case .cone: Schema.cone
      case .torus: Schema.torus
      case .plane: Schema.plane
      case .tank: Schema.tank
      case .mesh: Schema.mesh
      case .compound: Schema.compound
      case .part: Schema.part
      case .turn: Schema.turn
      case .keyframe: Schema.keyframe
      case .repeat: Schema.repetition
      case .line: Schema.line
      case .grid: Schema.grid
      case .rack: Schema.rack
      case .joint: Schema.joint
      case .hinge: Schema.hinge
      case .ball: Schema.ball
      case .slider: Schema.slider
      case .fixed: Schema.fixed
      case .spring: Schema.spring
      case .rope: Schema.rope
      case .motor: Schema.motor
      case .push: Schema.push
      case .fluid: Schema.fluid
      case .fill: Schema.fill
      case .filledBox: Schema.filledBox
      case .filledSphere: Schema.filledSphere
      case .filledCylinder: Schema.filledCylinder
      case .filledVessel: Schema.filledVessel
      case .emitter: Schema.emitter
      case .nozzle: Schema.nozzle
      case .rain: Schema.rain
      case .drain: Schema.drain
      case .liquid: Schema.liquid
      case .cloth: Schema.cloth
      case .pin: Schema.pin
      case .fabric: Schema.fabric
      case .figure: Schema.figure
      case .cue: Schema.cue
      case .event: Schema.event
      case .impulse: Schema.impulse
      case .angularImpulse: Schema.angularImpulse
      case .force: Schema.force
      case .torque: Schema.torque
      case .setVelocity: Schema.setVelocity
      case .release: Schema.release
      case .setMotor: Schema.setMotor
      case .sound: Schema.sound
      case .dialogue: Schema.dialogue
      case .light: Schema.light
      case .camera: Schema.camera
      case .cameraKey: Schema.cameraKey
      case .shot: Schema.shot
      case .picture: Schema.picture
      case .variation: Schema.variation
      case .normal: Schema.normal
      }
    }
  }
}

extension Schema {
  /// All fields of the table, as `object.key`.
  package static var fieldNames: Set<String> {
    Set(ObjectType.ID.allCases.flatMap { id in id.type.keys.map { "\(id.rawValue).\($0)" } })
  }
}

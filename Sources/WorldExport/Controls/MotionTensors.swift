import Rendering
import Safetensors
import SceneDescription
import WorldCore

/// A trajectory as a network takes it: one row a frame and body, and one a contact.
enum MotionTensors {
  /// Columns of `bodies.states` [T, B, 13].
  static let stateColumns = [
    "x", "y", "z", "qw", "qx", "qy", "qz", "vx", "vy", "vz", "wx", "wy", "wz",
  ]
  /// Columns of `bodies.pixels` [T, B, 3].
  static let pixelColumns = ["px", "py", "depth"]
  /// Columns of `bodies.properties` [B, 16]: `motion`, `shape` and `sound` are numbers into the names that the metadata lists.
  static let propertyColumns = [
    "motion", "mass", "inertia_x", "inertia_y", "inertia_z", "half_x", "half_y", "half_z", "shape", "restitution", "friction",
    "rolling_friction", "sound", "red", "green", "blue",
  ]
  /// Columns of `contacts` [K, 14]: `a` and `b` are rows of the bodies, `kind` a number into the names that the metadata lists.
  static let contactColumns = [
    "time", "a", "b", "x", "y", "z", "nx", "ny", "nz", "impulse", "approach_speed", "restitution", "friction", "kind",
  ]
  /// Columns of `camera` [T, 9]: `worldFromCamera` (x right, y up, looking along −z), focal length in pixels, number of the
  /// shot.
  static let cameraColumns = ["x", "y", "z", "qw", "qx", "qy", "qz", "focal", "shot"]

  static let shapeNames = ["sphere", "box", "cylinder", "capsule", "cone", "torus", "plane", "tank", "mesh", "compound"]

  static func tensors(of world: SampleWorld, views: [(viewpoint: Viewpoint, shot: Int)], framesPerSecond: Double)
    -> [NamedTensor]
  {
    let bodies = world.trajectory.bodies
    var (states, pixels, camera): ([Float], [Float], [Float]) = ([], [], [])
    for (k, (view, shot)) in views.enumerated() {
      for body in bodies {
        let state = world.trajectory.state(of: body, at: Double(k) / framesPerSecond)
        states +=
          numbers(state.position) + numbers(state.orientation) + numbers(state.velocity) + numbers(state.angularVelocity)
        // Behind the camera, and for what is broken or not yet a piece, there is no place in the picture: depth 0 says so.
        let isPresent = body.isPresent(at: Double(k) / framesPerSecond)
        let seen = isPresent ? view.project(state.position) : nil
        pixels += [Float(seen?.pixel.x ?? 0), Float(seen?.pixel.y ?? 0), Float(seen?.depth ?? 0)]
      }
      camera +=
        numbers(view.position) + numbers(view.worldFromCamera.rotation) + [Float(view.projection.focalLength), Float(shot)]
    }
    let frames = views.count
    return [
      NamedTensor("bodies.states", shape: [frames, bodies.count, stateColumns.count], states),
      NamedTensor("bodies.pixels", shape: [frames, bodies.count, pixelColumns.count], pixels),
      NamedTensor("bodies.properties", shape: [bodies.count, propertyColumns.count], properties(of: world)),
      NamedTensor("contacts", shape: [bodyContacts(of: world).count, contactColumns.count], contacts(of: world)),
      NamedTensor("camera", shape: [frames, cameraColumns.count], camera),
    ]
  }

  private static func properties(of world: SampleWorld) -> [Float] {
    zip(zip(world.scene.bodies, world.stage.items), world.trajectory.bodies).flatMap { pair, track -> [Float] in
      let (body, item) = pair
      let material = body.material
      return [Float(BodyTrack.Motion.allCases.firstIndex(of: track.motion)!), Float(track.mass)] + numbers(track.inertia)
        + numbers(item.shape.halfExtents) + [Float(item.shape.kindIndex)]
        + [Float(material.restitution), Float(material.friction), Float(material.rollingFriction)]
        + [Float(Stage.SoundMaterial.allCases.firstIndex(of: item.sound)!)]
        + [item.surface.color.x, item.surface.color.y, item.surface.color.z]
    }
  }

  /// Those between bodies: cloths have no rows.
  private static func bodyContacts(of world: SampleWorld) -> [ContactEvent] {
    let names = Set(world.trajectory.bodies.map(\.name))
    return world.trajectory.contacts.filter { $0.bodies.allSatisfy(names.contains) }
  }

  private static func contacts(of world: SampleWorld) -> [Float] {
    let rows = Dictionary(uniqueKeysWithValues: world.trajectory.bodies.enumerated().map { ($1.name, Float($0)) })
    return bodyContacts(of: world).flatMap { contact -> [Float] in
      [Float(contact.time)] + contact.bodies.map { rows[$0]! } + numbers(contact.point) + numbers(contact.normal)
        + [Float(contact.impulse), Float(contact.approachSpeed), Float(contact.restitution), Float(contact.friction)]
        + [Float(ContactEvent.Kind.allCases.firstIndex(of: contact.kind)!)]
    }
  }

  private static func numbers(_ v: Vector3) -> [Float] { [Float(v.x), Float(v.y), Float(v.z)] }

  private static func numbers(_ q: Quaternion) -> [Float] { [Float(q.w)] + numbers(q.vector) }
}

extension Shape {
  /// Into `MotionTensors.shapeNames`.
  var kindIndex: Int {
    switch self {
    case .sphere: 0
    case .box: 1
    case .cylinder: 2
    case .capsule: 3
    case .cone: 4
    case .torus: 5
    case .plane: 6
    case .tank: 7
    case .mesh: 8
    case .compound: 9
    }
  }
}

import CBullet
import WorldCore

/// The world at work. One step of length h goes
///
/// 1. `prepare`: scripted bodies and loads take their values for the step;
/// 2. `findPairs`: Bullet's broad phase over boxes that hold each body's motion through the step;
/// 3. `findIslands`: bodies that touch or may touch, or share a joint, move together; islands are independent;
/// 4. each island runs from event to event: impacts at their own time, forces of lasting contacts in between.
final class Engine {
  let definition: RigidWorldDefinition
  let library = ShapeLibrary()
  let narrowphase: Narrowphase
  let bodyCount: Int
  let bodies: UnsafeMutablePointer<Body>
  let colliders: UnsafeMutablePointer<Collider>
  let broadphase: OpaquePointer
  /// How far the surface of a body can move by rotation alone: distance of its farthest core point from the centre of mass, m.
  let turnRadii: [Double]
  var boxes: [Double]
  var pairs: [UnsafeMutablePointer<Pair>] = []
  var joints: [Joint] = []

  var time = 0.0
  /// Length of the step at work, s.
  var step = 0.0
  var events: [ContactEvent] = []
  var breaks: [JointBreak] = []
  var fractures: [BodyBreak] = []
  /// Of each body its pieces, and what it is a piece of.
  let pieces: [[Int]]
  let wholes: [Int?]
  var loads: [Load] = []

  /// Of the impacts at work, s.
  var eventTime = 0.0

  // Scratch of the present island.
  var rows: [ContactRow] = []
  var jointRows: [JointRow] = []
  /// The stops that hold through the motion at work; nil: those that are reached.
  var stopsAtWork: [JointStop]?
  var island = Island()
  /// In a heap too dense for impacts one by one: points that would close within this time collide at once, s; else 0.
  var crowdHorizon = 0.0
  /// What the impulses in the rows are spread over, s.
  var solvedStretch = 1.0
  var directions: [Vector3] = []
  var before: [Vector3] = []
  let held = HeldSystem()

  /// A force that acts until a time.
  struct Load {
    var body: Int
    var force: Vector3
    var torque: Vector3
    var end: Double
  }

  init(_ definition: RigidWorldDefinition) {
    self.definition = definition
    narrowphase = Narrowphase(library)
    var wholes = [Int?](repeating: nil, count: definition.bodies.count)
    var pieces = [[Int]](repeating: [], count: definition.bodies.count)
    for (index, body) in definition.bodies.enumerated() {
      guard let name = body.pieceOf, let whole = definition.bodies.firstIndex(where: { $0.name == name }) else { continue }
      wholes[index] = whole
      pieces[whole].append(index)
    }
    (self.wholes, self.pieces) = (wholes, pieces)
    bodyCount = definition.bodies.count
    bodies = .allocate(capacity: bodyCount + 1)
    colliders = .allocate(capacity: max(1, bodyCount))
    boxes = [Double](repeating: 0, count: 6 * bodyCount)
    var turnRadii: [Double] = []
    var movable: [UInt8] = []
    for (index, body) in definition.bodies.enumerated() {
      let bodyFromShape = RigidTransform(translation: -body.centerOfMass)
      let parts = library.parts(of: body.shape, bodyFromShape: bodyFromShape, moving: body.motion == .dynamic)
      let rings =
        parts.contains(where: { if case .torus = $0.form { true } else { false } })
        ? parts.flatMap { [library] part in Engine.ring(part, library) } : []
      let isRoundOrFlat = parts.allSatisfy {
        switch $0.form {
        case .sphere, .plane: true
        default: false
        }
      }
      (colliders + index).initialize(
        to: Collider(parts: Engine.copy(parts), ringParts: Engine.copy(rings), isRoundOrFlat: isRoundOrFlat))
      let radius = parts.map { $0.bodyFromPart.origin.length + $0.boundingRadius }.max() ?? 0
      let turning = parts.map { $0.bodyFromPart.origin.length + max(0, $0.boundingRadius - $0.rounding) }.max() ?? 0
      turnRadii.append(turning)
      (bodies + index).initialize(to: Body(body, radius: radius, gravity: definition.gravity))
      if body.pieceOf != nil { bodies[index].takeAway() }
      movable.append(body.motion == .fixed ? 0 : 1)
    }
    self.turnRadii = turnRadii
    for index in 0..<bodyCount {
      Engine.fillBox(&boxes, index, colliders[index], bodies[index].frame, margin: 0, library)
    }
    guard let broadphase = cbullet_broadphase_create(Int32(bodyCount), boxes, movable) else {
      preconditionFailure("no memory for the broad phase")
    }
    self.broadphase = broadphase
    // The world itself, for joints.
    let world = RigidBodyDefinition(
      name: "", shape: .sphere(radius: 0), motion: .fixed, mass: 0, inertia: .zero, initialState: BodyState(position: .zero))
    (bodies + bodyCount).initialize(to: Body(world, radius: 0, gravity: .zero))
    func index(of name: String?) -> Int { definition.bodies.firstIndex { $0.name == name } ?? definition.bodies.count }
    for joint in definition.joints {
      joints.append(Joint(joint, a: index(of: joint.first), b: index(of: joint.second), bodies))
    }
  }

  deinit {
    cbullet_broadphase_destroy(broadphase)
    for pair in pairs {
      pair.pointee.points.deallocate()
      pair.deallocate()
    }
    for index in 0..<bodyCount {
      colliders[index].parts.deallocate()
      colliders[index].ringParts.deallocate()
    }
    bodies.deallocate()
    colliders.deallocate()
  }

  private static func copy(_ parts: [Part]) -> UnsafeMutableBufferPointer<Part> {
    let buffer = UnsafeMutableBufferPointer<Part>.allocate(capacity: parts.count)
    _ = buffer.initialize(from: parts)
    return buffer
  }

  private static func ring(_ part: Part, _ library: ShapeLibrary) -> [Part] {
    guard case .torus(let radius, let tube) = part.form else { return [part] }
    return library.capsules(ofTorus: radius, tube: tube).map {
      var placed = $0
      placed.bodyFromPart = part.bodyFromPart * $0.bodyFromPart
      return placed
    }
  }

  // MARK: The step

  /// Speed at which a contact no longer bounces, m/s: one that gravity would give in a hundredth of a step. A bounce of that
  /// speed rises 5e-5 g h², less than can be seen, and lasts a fiftieth of a step.
  var restingSpeed: Double { max(definition.gravity.length * definition.timeStep / 100, 1e-7) }

  /// Closing speed above which an impact is reported, m/s: that of a fall of 20 µm, 2 cm/s on Earth. Slower ones, the chatter
  /// of a contact that settles, are resolved all the same.
  var noticeableSpeed: Double { max((4e-5 * definition.gravity.length).squareRoot(), restingSpeed) }
  /// A slower hit of a pair so soon after one is part of it, s.
  static let chatter = 0.01

  /// Surfaces nearer than this touch, m.
  static let touching = 5e-7
  /// Points of a touching pair that are nearer than this share its load, m.
  static let sharing = 2e-5

  func advance(by h: Double) throws(RigidWorldError) {
    step = h
    prepare()
    findPairs()
    findIslands()
    let firstEvent = events.count
    for index in islands.indices {
      island = islands[index]
      advanceIsland(by: h)
    }
    for index in 0..<bodyCount where !bodies[index].isDynamic { finishScripted(index) }
    time += h
    if events.count > firstEvent + 1 {
      // Islands ran one after another; the order of equal times is that of the islands.
      let sorted = events[firstEvent...].enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
      events.replaceSubrange(firstEvent..., with: sorted.map(\.element))
    }
    for index in 0..<bodyCount where bodies[index].isDynamic {
      let body = bodies + index
      // Energy and angular momentum about the origin overflow long before the state does.
      let moment = body.pointee.angularMomentum + body.pointee.position.cross(body.pointee.velocity) * body.pointee.mass
      let potential = body.pointee.mass * body.pointee.gravity.dot(body.pointee.position)
      let isFinite = body.pointee.position.isFinite && moment.isFinite && (body.pointee.kineticEnergy + potential).isFinite
      guard isFinite else { throw .diverged(body: definition.bodies[index].name, time: time) }
    }
    for joint in joints where !joint.storedEnergy(bodies).isFinite {
      let body = bodies[joint.a].isDynamic ? joint.a : joint.b
      throw .diverged(body: definition.bodies[body].name, time: time)
    }
  }

  var islands: [Island] = []

  private func prepare() {
    loads.removeAll { $0.end <= time + 1e-12 }
    for index in 0..<bodyCount {
      let body = bodies + index
      if body.pointee.isScripted, case .scripted(let path) = definition.bodies[index].motion {
        // The chord of the step, so that the end lies on the path.
        let (from, to) = (path.state(at: time), path.state(at: time + step))
        body.pointee.velocity = (to.position - from.position) / step
        body.pointee.angularVelocity = (to.orientation * from.orientation.conjugate).rotationVector / step
      } else {
        body.pointee.load = .zero
        body.pointee.loadTorque = .zero
      }
    }
    for load in loads {
      bodies[load.body].load += load.force
      bodies[load.body].loadTorque += load.torque
    }
    for index in 0..<bodyCount where bodies[index].isDynamic { bodies[index].dropContactForces() }
  }

  private func finishScripted(_ index: Int) {
    guard case .scripted(let path) = definition.bodies[index].motion else { return }
    let state = path.state(at: time + step)
    bodies[index].position = state.position
    bodies[index].orientation = state.orientation
    bodies[index].velocity = state.velocity
    bodies[index].angularVelocity = state.angularVelocity
    bodies[index].refresh()
  }
}

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
      let isFinite = body.pointee.position.isFinite && body.pointee.velocity.isFinite && body.pointee.angularMomentum.isFinite
      guard isFinite else { throw .diverged(body: definition.bodies[index].name, time: time) }
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

  // MARK: Pairs and islands

  /// The box that holds a body for the length of the step, with room for a bounce that sends it off faster.
  private static func fillBox(
    _ boxes: inout [Double], _ index: Int, _ collider: Collider, _ frame: Frame, margin: Double, _ library: ShapeLibrary
  ) {
    var low = Vector3(repeating: .infinity), high = Vector3(repeating: -.infinity)
    for part in collider.parts {
      let bounds = part.bounds(in: frame * part.bodyFromPart, library)
      low = pointwiseMin(low, bounds.low)
      high = pointwiseMax(high, bounds.high)
    }
    for axis in 0..<3 {
      boxes[6 * index + axis] = low[axis] - margin
      boxes[6 * index + 3 + axis] = high[axis] + margin
    }
  }

  private func findPairs() {
    let fall = definition.gravity.length * step * step
    for index in 0..<bodyCount where bodies[index].isDynamic || bodies[index].isScripted {
      let body = bodies + index
      let turn = body.pointee.angularVelocity.length * turnRadii[index]
      let margin = (body.pointee.velocity.length + turn) * step * 1.5 + fall + 1e-4
      Engine.fillBox(&boxes, index, colliders[index], body.pointee.frame, margin: margin, library)
    }
    var found: UnsafePointer<Int32>?
    var count: Int32 = 0
    guard cbullet_broadphase_update(broadphase, boxes, &found, &count) == CBulletOK else {
      preconditionFailure("no memory for the broad phase")
    }

    // Both lists ascend: walk them together, keep what is in both, open and close the rest.
    var kept: [UnsafeMutablePointer<Pair>] = []
    kept.reserveCapacity(Int(count))
    var old = 0
    for k in 0..<Int(count) {
      guard let found else { break }
      let (a, b) = (found[2 * k], found[2 * k + 1])
      if !mayTouch(Int(a), Int(b)) { continue }
      let key = UInt64(UInt32(bitPattern: a)) << 32 | UInt64(UInt32(bitPattern: b))
      while old < pairs.count, pairs[old].pointee.key < key {
        close(pairs[old])
        old += 1
      }
      if old < pairs.count, pairs[old].pointee.key == key {
        kept.append(pairs[old])
        old += 1
      } else {
        kept.append(open(a, b))
      }
    }
    while old < pairs.count {
      close(pairs[old])
      old += 1
    }
    pairs = kept
  }

  /// Bodies held together by a joint don't collide, save where a spring or a rope joins them.
  func mayTouch(_ a: Int, _ b: Int) -> Bool {
    guard bodies[a].isDynamic || bodies[b].isDynamic, bodies[a].isPresent && bodies[b].isPresent else { return false }
    if joints.isEmpty { return true }
    return !joints.contains { $0.isHolding && $0.keepsApart && (($0.a == a && $0.b == b) || ($0.a == b && $0.b == a)) }
  }

  func open(_ a: Int32, _ b: Int32) -> UnsafeMutablePointer<Pair> {
    let (first, second) = (definition.bodies[Int(a)].material, definition.bodies[Int(b)].material)
    let rules = definition.contactRules
    let pair = UnsafeMutablePointer<Pair>.allocate(capacity: 1)
    pair.initialize(
      to: Pair(
        a: a, b: b, restitution: rules.restitution(first.restitution, second.restitution),
        friction: rules.friction(first.friction, second.friction),
        rolling: rules.rollingFriction(first.rollingFriction, second.rollingFriction),
        spinning: rules.rollingFriction(first.spinningFriction, second.spinningFriction)))
    return pair
  }

  private func close(_ pair: UnsafeMutablePointer<Pair>) {
    if pair.pointee.isReported { report(pair, .end, at: pair.pointee.openSince >= 0 ? pair.pointee.openSince : time) }
    pair.pointee.points.deallocate()
    pair.deallocate()
  }

  private func findIslands() {
    // Union by the lower index, so that a root is the first body of its island.
    var root = [Int32](0..<Int32(bodyCount))
    func find(_ i: Int32) -> Int32 {
      var i = i
      while root[Int(i)] != i {
        root[Int(i)] = root[Int(root[Int(i)])]
        i = root[Int(i)]
      }
      return i
    }
    func join(_ a: Int, _ b: Int) {
      guard bodies[a].isDynamic && bodies[b].isDynamic else { return }
      let (p, q) = (find(Int32(a)), find(Int32(b)))
      if p < q { root[Int(q)] = p } else { root[Int(p)] = q }
    }
    for pair in pairs { join(Int(pair.pointee.a), Int(pair.pointee.b)) }
    for joint in joints where joint.isHolding { join(joint.a, joint.b) }

    islands.removeAll(keepingCapacity: true)
    for index in 0..<bodyCount {
      guard bodies[index].isDynamic else {
        bodies[index].island = -1
        continue
      }
      let first = find(Int32(index))
      if Int(first) == index {
        bodies[index].island = Int32(islands.count)
        islands.append(Island())
      } else {
        bodies[index].island = bodies[Int(first)].island
      }
      islands[Int(bodies[index].island)].bodies.append(index)
    }
    for pair in pairs {
      let owner = bodies[Int(pair.pointee.a)].isDynamic ? pair.pointee.a : pair.pointee.b
      let index = Int(bodies[Int(owner)].island)
      islands[index].pairs.append(pair)
      let other = Int(owner == pair.pointee.a ? pair.pointee.b : pair.pointee.a)
      if bodies[other].isScripted, !islands[index].scripted.contains(other) { islands[index].scripted.append(other) }
    }
    for index in joints.indices where joints[index].isHolding {
      guard let owner = [joints[index].a, joints[index].b].first(where: { bodies[$0].isDynamic }) else { continue }
      islands[Int(bodies[owner].island)].joints.append(index)
    }
  }

  /// Reports the impact that a pair has just had, or adds it to the one that it is the chatter of.
  func tellImpact(_ pair: UnsafeMutablePointer<Pair>, at now: Double) {
    let impact = pair.pointee.impact
    // Between others a pair rattles, with hits as hard as the first; what bounces by itself loses speed evenly.
    let hardest = island.pairs.count > 1 ? 1 : 0.5
    let isChatter = now - pair.pointee.lastHit < Self.chatter && impact.approachSpeed < hardest * pair.pointee.hitSpeed
    if isChatter {
      pair.pointee.lastHit = now
      var k = events.count - 1
      // Events are in order but for those of the present step.
      while k >= 0, events[k].time >= pair.pointee.hitTime - 2 * definition.timeStep {
        if events[k].time == pair.pointee.hitTime, events[k].kind == .impact,
          events[k].bodies == [definition.bodies[Int(pair.pointee.a)].name, definition.bodies[Int(pair.pointee.b)].name]
        {
          events[k].impulse += impact.impulse
          break
        }
        k -= 1
      }
    } else if impact.approachSpeed > noticeableSpeed {
      (pair.pointee.lastHit, pair.pointee.hitTime, pair.pointee.hitSpeed) = (now, now, impact.approachSpeed)
      report(pair, .impact, at: now)
    }
  }

  func report(_ pair: UnsafeMutablePointer<Pair>, _ kind: ContactEvent.Kind, at time: Double) {
    let p = pair.pointee
    var point = Vector3.zero
    var normal = p.guess
    if kind == .impact {
      point = p.impact.impulse > 0 ? p.impact.moment / p.impact.impulse : .zero
      normal = p.impact.normal
    } else if p.count > 0 {
      for k in 0..<p.count { point += p.points[k].point / Double(p.count) }
    }
    pair.pointee.isReported = kind == .begin ? true : kind == .end ? false : p.isReported
    events.append(
      ContactEvent(
        time: time, bodies: [definition.bodies[Int(p.a)].name, definition.bodies[Int(p.b)].name], point: point, normal: normal,
        impulse: kind == .end ? 0 : p.impact.impulse, approachSpeed: kind == .end ? 0 : p.impact.approachSpeed,
        restitution: p.restitution, friction: p.friction, kind: kind))
  }
}

/// Bodies that move together through a step, with what is between them.
struct Island {
  var bodies: [Int] = []
  var pairs: [UnsafeMutablePointer<Pair>] = []
  /// Indices.
  var joints: [Int] = []
  /// Scripted bodies that it meets; they may meet other islands too.
  var scripted: [Int] = []
}

extension Body {
  init(_ definition: RigidBodyDefinition, radius: Double, gravity: Vector3) {
    var state = definition.initialState
    if case .scripted(let path) = definition.motion { state = path.state(at: 0) }
    let isDynamic = definition.motion == .dynamic
    let moments = definition.inertia
    self.init(
      position: state.position, orientation: state.orientation.normalized,
      velocity: definition.motion == .fixed ? .zero : state.velocity, angularMomentum: .zero,
      angularVelocity: definition.motion == .fixed ? .zero : state.angularVelocity, frame: .identity, inverseInertia: .zero,
      inverseMass: isDynamic ? 1 / definition.mass : 0, mass: isDynamic ? definition.mass : 0,
      inertia: isDynamic ? moments : Vector3(repeating: 1), bodyFromPrincipal: definition.inertiaAxes,
      hasPrincipalBodyAxes: definition.inertiaAxes == .identity,
      isIsotropic: moments.max() - moments.min() <= 1e-12 * moments.max(), isDynamic: isDynamic,
      isScripted: !isDynamic && definition.motion != .fixed, gravity: gravity * definition.gravityScale, radius: radius,
      drag: DragModel(shape: definition.shape, coefficient: definition.dragCoefficient))
    if isDynamic { setAngularVelocity(state.angularVelocity) }
    refresh()
  }

  /// Makes the body one that isn't there, and that nothing moves.
  mutating func takeAway() {
    isPresent = false
    isDynamic = false
    (inverseMass, inverseInertia) = (0, .zero)
    (velocity, angularMomentum, angularVelocity) = (.zero, .zero, .zero)
    (load, loadTorque) = (.zero, .zero)
    dropContactForces()
  }

  /// Back to what acts from outside.
  mutating func dropContactForces() {
    force = load
    torque = loadTorque
    hasLoad = load != .zero || loadTorque != .zero
  }
}

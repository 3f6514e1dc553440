import CBullet
import WorldCore

/// Which bodies may meet in a step, and which move together.
extension Engine {
  /// The box that holds a body for the length of the step, with room for a bounce that sends it off faster.
  static func fillBox(
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

  func findPairs() {
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

  func findIslands() {
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
}

/// Bodies that move together through a step, with what is between them.
struct Island {
  var bodies: [Int] = []
  var pairs: [UnsafeMutablePointer<Pair>] = []
  /// Indices.
  var joints: [Int] = []
  /// Scripted bodies that it meets; they may meet other islands too.
  var scripted: [Int] = []
  /// Of its springs and dampers and the air, as the step begins.
  var pace = ElasticPace()
}

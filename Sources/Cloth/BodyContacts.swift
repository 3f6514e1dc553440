import WorldCore

/// Contact of one sheet with one body: nodes against the signed distance, and triangles where their inside reaches deeper.
///
/// A contact keeps the gap φ(x) − thickness/2 ≥ 0 between a point of the cloth and the body, both moved in proportion to their
/// inverse masses, and holds back the slip over the substep with at most friction times the normal impulse (Coulomb; Müller et
/// al. 2020, "Detailed Rigid Body Simulation with XPBD"). It is the last thing a substep solves, so that no gap is left
/// negative.
struct BodyContacts {
  /// Nodes and triangles near enough to meet the body before the step ends.
  private var nodes: [Int32] = []
  private var triangles: [Triangle] = []
  /// The triangles' corners; where each is in the shape frame, and its distance to the body.
  private var around: [Int32] = []
  private var points: [Vector3] = []
  private var corners: [SignedDistance] = []
  private var longestEdge = 0.0
  /// How much deeper than its nearest corner the inside of a triangle can be, m.
  private var greatestDip = 0.0
  private var isSmooth = true
  private var isConvex = true
  private var friction = 0.0
  private var active: [Active] = []

  private struct Triangle {
    var index: Int32
    /// Where its deepest point was last found, and the length of the last step there, m; 0 before the first.
    var weights: Vector3
    var step = 0.0
  }

  /// A contact that pushed during this substep.
  private struct Active {
    var nodes: SIMD3<Int32>
    var weights: Vector3
    var normal: Vector3
    /// N·s
    var impulse: Double
    /// How fast the cloth came at the body, m/s.
    var closing: Double
  }

  /// What the contacts of the step's substeps come to.
  private(set) var total = Total()

  struct Total {
    /// N·s
    var impulse = 0.0
    /// Impulse times point and times normal.
    var moment = Vector3.zero
    var direction = Vector3.zero
    /// m/s
    var approachSpeed = 0.0
  }

  /// Adds a substep that stands.
  mutating func note(_ sheet: Sheet) {
    let x = sheet.position
    for contact in active {
      let (i, j, k) = (Int(contact.nodes.x), Int(contact.nodes.y), Int(contact.nodes.z))
      let point = x[i] * contact.weights.x + x[j] * contact.weights.y + x[k] * contact.weights.z
      total.impulse += contact.impulse
      total.moment += point * contact.impulse
      total.direction += contact.normal * contact.impulse
      total.approachSpeed = max(total.approachSpeed, contact.closing)
    }
  }

  /// Looks for what may touch during a step in which cloth and body near each other by at most `travel`.
  mutating func gather(_ sheet: Sheet, _ body: BodyProxy, friction: Double, bodyReach: Double, travel: Double) {
    self.friction = friction
    total = Total()
    active.removeAll(keepingCapacity: true)
    nodes.removeAll(keepingCapacity: true)
    let known = triangles
    triangles.removeAll(keepingCapacity: true)
    around.removeAll(keepingCapacity: true)
    let reach = sheet.definition.material.thickness / 2 + travel
    let edge = (sheet.weftSpacing * sheet.weftSpacing + sheet.warpSpacing * sheet.warpSpacing).squareRoot() * 1.1
    let bodyReach = bodyReach + reach + edge
    guard bodyReach == .infinity || sheet.distance(to: body.worldFromShape.translation) < bodyReach else { return }
    var near = [Bool](repeating: false, count: sheet.count)
    for node in 0..<sheet.count where sheet.holder[node] != body.collider.id {
      let point = body.shapePoint(sheet.position[node])
      guard bodyReach == .infinity || point.lengthSquared < bodyReach * bodyReach else { continue }
      let gap = body.field.sample(at: point).distance
      if gap < reach { nodes.append(Int32(node)) }
      if gap < reach + edge {
        near[node] = true
        around.append(Int32(node))
      }
    }
    // Behind a half-space the deepest point of a triangle is a corner.
    if case .plane = body.field.shape { return }
    longestEdge = edge
    isSmooth = body.field.shape.isSmooth
    isConvex = body.field.shape.isConvex
    // No point of a triangle is farther from its nearest corner than 1/√3 of the longest edge; over a rounded body the chord
    // rises by less than the sagitta of twice that, within the safety of a factor 2.
    let radius = isSmooth ? body.field.shape.leastHalfThickness : 0
    greatestDip = 0.6 * edge
    if radius > edge { greatestDip = min(greatestDip, edge * edge / (2 * radius)) }
    var next = 0
    points = [Vector3](repeating: .zero, count: sheet.count)
    corners = [SignedDistance](repeating: SignedDistance(distance: .infinity, normal: .zero), count: sheet.count)
    guard !around.isEmpty else { return }
    for (index, t) in sheet.triangles.enumerated() where near[Int(t.x)] || near[Int(t.y)] || near[Int(t.z)] {
      let id = body.collider.id
      if sheet.holder[Int(t.x)] == id || sheet.holder[Int(t.y)] == id || sheet.holder[Int(t.z)] == id { continue }
      // Both lists ascend.
      while next < known.count, known[next].index < index { next += 1 }
      let isKnown = next < known.count && known[next].index == index
      triangles.append(isKnown ? known[next] : Triangle(index: Int32(index), weights: Vector3(repeating: 1 / 3)))
    }
  }

  var isEmpty: Bool { nodes.isEmpty && triangles.isEmpty }

  /// m/s
  private static let partingSpeed = 0.4

  mutating func solve(_ sheet: Sheet, _ body: inout BodyProxy, substep dt: Double) {
    active.removeAll(keepingCapacity: true)
    let x = sheet.position
    let offset = sheet.definition.material.thickness / 2
    // Triangles first: what they leave, the nodes mend exactly.
    if !triangles.isEmpty {
      for node in around {
        points[Int(node)] = body.shapePoint(x[Int(node)])
        corners[Int(node)] = body.field.sample(at: points[Int(node)])
      }
      for place in triangles.indices {
        let t = sheet.triangles[Int(triangles[place].index)]
        let (a, b, c) = (corners[Int(t.x)], corners[Int(t.y)], corners[Int(t.z)])
        let nearest = min(a.distance, b.distance, c.distance)
        guard nearest < offset + greatestDip, !(isConvex && touchesAtCornersOnly(t, a, b, c, offset)) else { continue }
        // A copy, for to lend out a part of the array while `self` is read would copy the whole.
        var triangle = triangles[place]
        let deepest = deepestInside(sheet, &triangle, body, offset, nearest)
        triangles[place] = triangle
        if let deepest { resolve(sheet, &body, t, triangle.weights, deepest, offset, dt) }
      }
    }
    for node in nodes {
      let sample = body.field.sample(at: body.shapePoint(x[Int(node)]))
      guard sample.distance < offset else { continue }
      resolve(sheet, &body, SIMD3(node, node, node), Vector3(1, 0, 0), sample, offset, dt)
    }
  }

  /// Whether no inner point of a triangle touches a convex body, or lies deeper than all corners: the distance to a convex body
  /// is nowhere less than its tangent plane at any point says.
  private func touchesAtCornersOnly(
    _ t: SIMD3<Int32>, _ a: SignedDistance, _ b: SignedDistance, _ c: SignedDistance, _ offset: Double
  ) -> Bool {
    let (p, q, r) = (points[Int(t.x)], points[Int(t.y)], points[Int(t.z)])
    func least(_ from: SignedDistance, _ here: Vector3, _ u: Vector3, _ v: Vector3) -> Double {
      from.distance + min(0, from.normal.dot(u - here), from.normal.dot(v - here))
    }
    let bound = max(least(a, p, q, r), least(b, q, r, p), least(c, r, p, q))
    return bound >= min(offset, min(a.distance, b.distance, c.distance) - 0.05 * offset)
  }

  /// The deepest point of a triangle where it touches and lies deeper than all corners; nil elsewhere.
  ///
  /// Projected descent: step against the gradient, return to the triangle, shorten the step where that led nowhere deeper
  /// (across an edge of the body). It starts where the last substep ended. For a ball the first step is exact.
  private func deepestInside(
    _ sheet: Sheet, _ triangle: inout Triangle, _ body: BodyProxy, _ offset: Double, _ corners: Double
  ) -> SignedDistance? {
    let t = sheet.triangles[Int(triangle.index)]
    // As they are now: triangles before this one may have moved them, and the body.
    let a = body.shapePoint(sheet.position[Int(t.x)])
    let b = body.shapePoint(sheet.position[Int(t.y)])
    let c = body.shapePoint(sheet.position[Int(t.z)])
    func point(_ w: Vector3) -> Vector3 { a * w.x + b * w.y + c * w.z }
    var here = point(triangle.weights)
    var sample = body.field.sample(at: here)
    guard sample.distance < offset + longestEdge else { return nil }
    let hysteresis = 0.05 * offset
    let isFirst = triangle.step == 0
    if isFirst { triangle.step = longestEdge }
    for trial in 0..<(isFirst ? 12 : isSmooth ? 2 : 8) {
      // By turns the longest step, which follows a smooth body at once, and one that has shortened to find a sharp edge.
      let isLong = trial % 4 == 0
      let reach = max(sample.distance, 0) + (isLong ? longestEdge : triangle.step)
      let next = TriangleClosestPoint(to: here - sample.normal * reach, on: a, b, c)
      let there = body.field.sample(at: next.point)
      // Where many points are equally deep, along an edge of the body, the first found is kept: a contact that wanders shakes.
      if there.distance < sample.distance - hysteresis {
        (triangle.weights, here, sample) = (next.weights, next.point, there)
        if !isLong { triangle.step = min(2 * triangle.step, longestEdge) }
      } else if !isLong {
        triangle.step = max(0.3 * triangle.step, 1e-3 * longestEdge)
      }
    }
    // At or beside a corner, that node's own contact does it.
    guard triangle.weights.max() < 0.99 else {
      triangle.weights = Vector3(repeating: 1 / 3)
      triangle.step = 0
      return nil
    }
    guard sample.distance < offset, sample.distance < corners - hysteresis else { return nil }
    // Where the triangle is deepest the gradient is across it, but beneath a sharp edge of the body it flips from face to face;
    // so the triangle itself gives the direction, and the gap is that along it.
    let across = Self.across(a, b, c, triangle.weights, sample.normal)
    let share = across.dot(sample.normal)
    // Nearly the same both: the surface is smooth there, and its own normal exerts no moment that it shouldn't (a ball gets
    // none).
    guard share > 0.5, share < 0.95 else { return sample }
    return SignedDistance(distance: offset - (offset - sample.distance) / share, normal: across)
  }

  /// The unit vector nearest to `gradient` at right angles to the feature of the triangle that a point of it is inside of.
  private static func across(_ a: Vector3, _ b: Vector3, _ c: Vector3, _ weights: Vector3, _ gradient: Vector3) -> Vector3 {
    let least = 0.02
    let edge: Vector3
    if weights.x < least {
      edge = c - b
    } else if weights.y < least {
      edge = c - a
    } else if weights.z < least {
      edge = b - a
    } else {
      let normal = (b - a).cross(c - a).normalized
      return normal.dot(gradient) < 0 ? -normal : normal
    }
    let along = edge.normalized
    return (gradient - along * along.dot(gradient)).normalized
  }

  private mutating func resolve(
    _ sheet: Sheet, _ body: inout BodyProxy, _ nodes: SIMD3<Int32>, _ weights: Vector3, _ sample: SignedDistance,
    _ offset: Double, _ dt: Double
  ) {
    let (i, j, k) = (Int(nodes.x), Int(nodes.y), Int(nodes.z))
    let (x, old, w) = (sheet.position, sheet.previous, sheet.inverseMass)
    let squares = weights * weights
    let clothInverseMass = squares.x * w[i] + squares.y * w[j] + squares.z * w[k]
    var point = x[i] * weights.x + x[j] * weights.y + x[k] * weights.z
    let start = old[i] * weights.x + old[j] * weights.y + old[k] * weights.z
    func push(_ impulse: Vector3) {
      sheet.push(i, impulse * weights.x)
      if weights.y != 0 { sheet.push(j, impulse * weights.y) }
      if weights.z != 0 { sheet.push(k, impulse * weights.z) }
    }

    // The gap.
    let normal = body.worldFromShape.direction(sample.normal)
    let normalInverseMass = clothInverseMass + body.inverseMass(at: point, along: normal)
    guard normalInverseMass > 0 else { return }
    var depth = offset - sample.distance
    if nodes.x != nodes.y {
      // As a triangle's deepest point wanders it finds overlaps that no motion made. Pushed out at once they would do work that
      // nothing paid for, a shaking that never ends; so what was there when the substep began parts slowly.
      let carried = start + body.velocity(at: start) * dt
      let before = offset - body.field.sample(at: body.shapePoint(carried)).distance
      depth -= max(before - Self.partingSpeed * dt, 0)
      guard depth > 0 else { return }
    }
    let lambda = depth / normalInverseMass
    let closing = (body.velocity(at: point) - (point - start) / dt).dot(normal)
    push(normal * lambda)
    body.take(normal * (-lambda / dt), at: point, ledgerPoint: start, moving: dt)
    body.touched = true
    point += normal * (lambda * clothInverseMass)

    // The slip since the substep began.
    var slip = point - start - body.velocity(at: point) * dt
    slip -= normal * slip.dot(normal)
    let distance = slip.length
    if distance > 0 {
      let along = slip / distance
      let slipInverseMass = clothInverseMass + body.inverseMass(at: point, along: along)
      let held = min(distance / slipInverseMass, friction * lambda)
      push(along * -held)
      body.take(along * (held / dt), at: point, ledgerPoint: start, moving: dt)
    }
    active.append(Active(nodes: nodes, weights: weights, normal: normal, impulse: lambda / dt, closing: closing))
  }

  /// Cloth doesn't bounce: takes back what speed of parting the push out of an overlap has made.
  func settleVelocities(_ sheet: Sheet, _ body: inout BodyProxy, substep dt: Double) {
    let (x, v, w) = (sheet.position, sheet.velocity, sheet.inverseMass)
    for contact in active {
      let (i, j, k) = (Int(contact.nodes.x), Int(contact.nodes.y), Int(contact.nodes.z))
      let weights = contact.weights, normal = contact.normal
      let point = x[i] * weights.x + x[j] * weights.y + x[k] * weights.z
      let clothVelocity = v[i] * weights.x + v[j] * weights.y + v[k] * weights.z
      let parting = (clothVelocity - body.velocity(at: point)).dot(normal)
      guard parting > 0 else { continue }
      let squares = weights * weights
      let clothInverseMass = squares.x * w[i] + squares.y * w[j] + squares.z * w[k]
      let inverseMass = clothInverseMass + body.inverseMass(at: point, along: normal)
      guard inverseMass > 0 else { continue }
      // Never more than the push itself: a contact doesn't pull.
      let impulse = normal * -min(parting / inverseMass, contact.impulse)
      let shares: [(Int, Double)] = [(i, weights.x), (j, weights.y), (k, weights.z)]
      for (node, share) in shares where share != 0 {
        if w[node] > 0 { v[node] += impulse * (share * w[node]) } else { sheet.reaction[node] += impulse * (share * dt) }
      }
      body.take(-impulse, at: point, ledgerPoint: point, moving: dt)
    }
  }
}

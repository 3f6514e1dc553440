import WorldCore

extension Narrowphase {
  /// Cosine of 3°: there the gap along the face's normal is a thousandth off that along the edges'.
  private static let nearFace = 0.9986
  /// What a polygon may stand out over an edge that it is cut by, as a share of the edge's distance from the middle: a
  /// hundred-thousandth of the lever on which a box tips.
  private static let onEdge = 1e-5

  /// Two boxes: the axis of least overlap among the 15 candidates, then a clipped face or the nearest points of two edges
  /// (Gottschalk et al., "OBBTree", SIGGRAPH 1996; Sutherland & Hodgman 1974).
  func addBoxes(_ ha: Vector3, _ a: Frame, _ hb: Vector3, _ b: Frame, _ margin: Double) {
    let offset = a.origin - b.origin
    let (ax, ay, az) = (a.x * ha.x, a.y * ha.y, a.z * ha.z)
    let (bx, by, bz) = (b.x * hb.x, b.y * hb.y, b.z * hb.z)
    @inline(__always) func reachA(_ n: Vector3) -> Double { abs(n.dot(ax)) + abs(n.dot(ay)) + abs(n.dot(az)) }
    @inline(__always) func reachB(_ n: Vector3) -> Double { abs(n.dot(bx)) + abs(n.dot(by)) + abs(n.dot(bz)) }

    // Faces.
    var best = -Double.infinity
    var normal = Vector3.zero
    var source = 0
    for index in 0..<6 {
      let axis = index < 3 ? (index == 0 ? a.x : index == 1 ? a.y : a.z) : (index == 3 ? b.x : index == 4 ? b.y : b.z)
      let along = axis.dot(offset)
      let half = index < 3 ? ha[index] + reachB(axis) : hb[index - 3] + reachA(axis)
      let separation = abs(along) - half
      if separation > margin { return }
      // A later axis must be better by more than rounding, so that the choice doesn't flicker.
      if separation > best + 1e-9 {
        best = separation
        normal = along < 0 ? -axis : axis
        source = index
      }
    }

    // Pairs of edges, preferred only when clearly better. An edge axis near the face's normal is left to the face: its clipped
    // polygon has the point where the edges cross, and more, while one point alone would let boxes that lie on one another
    // rock.
    var edgeNormal = Vector3.zero
    var edgeBest = best + 1e-6 * min(ha.min(), hb.min())
    var edges = (-1, -1)
    for i in 0..<3 {
      let u = i == 0 ? a.x : i == 1 ? a.y : a.z
      for j in 0..<3 {
        let v = j == 0 ? b.x : j == 1 ? b.y : b.z
        let cross = u.cross(v)
        let length = cross.length
        if length < 1e-6 { continue }
        let axis = cross / length
        let along = axis.dot(offset)
        let separation = abs(along) - reachA(axis) - reachB(axis)
        if separation > margin { return }
        if separation > edgeBest, abs(axis.dot(normal)) < Self.nearFace {
          edgeBest = separation
          edgeNormal = along < 0 ? -axis : axis
          edges = (i, j)
        }
      }
    }
    if edges.0 >= 0 {
      addEdges(edgeNormal, edges, ha, a, hb, b, edgeBest)
      return
    }

    // Clip the face of the other box that looks most against the reference face.
    let referenceIsA = source < 3
    let (reference, half) = referenceIsA ? (a, ha) : (b, hb)
    let (incident, incidentHalf) = referenceIsA ? (b, hb) : (a, ha)
    let outward = referenceIsA ? -normal : normal
    boxFace(incident, incidentHalf, facing: -outward)
    let axis = source % 3
    let (u, v, hu, hv) =
      axis == 0
      ? (reference.y, reference.z, half.y, half.z)
      : axis == 1 ? (reference.z, reference.x, half.z, half.x) : (reference.x, reference.y, half.x, half.y)
    let center = reference.origin + outward * half[axis]
    let lowest = polygon.min { outward.dot($0) < outward.dot($1) } ?? center
    clip(along: u, from: center, upTo: hu)
    clip(along: -u, from: center, upTo: hu)
    clip(along: v, from: center, upTo: hv)
    clip(along: -v, from: center, upTo: hv)
    for p in polygon {
      let gap = outward.dot(p - center)
      if gap <= margin { add(p - outward * (gap / 2), normal, gap) }
    }
    // Boxes apart across a corner: nothing lies over the face, yet `best` bounds their distance from below.
    if polygon.isEmpty { add(lowest - outward * (best / 2), normal, best) }
  }

  /// Keeps the half of the polygon with `axis · (p − center) ≤ limit`.
  ///
  /// An edge that lies on the limit but for rounding, as those of boxes stacked exactly do, is kept as it is: cut, it would
  /// have another point in its midst from step to step.
  @inline(__always)
  func clip(along axis: Vector3, from center: Vector3, upTo limit: Double) {
    guard var previous = polygon.last else { return }
    let limit = limit * (1 + Self.onEdge)
    clipped.removeAll(keepingCapacity: true)
    var before = axis.dot(previous - center) - limit
    for p in polygon {
      let now = axis.dot(p - center) - limit
      if (before < 0) != (now < 0), polygon.count > 1 {
        clipped.append(previous + (p - previous) * (before / (before - now)))
      }
      if now < 0 { clipped.append(p) }
      previous = p
      before = now
    }
    swap(&polygon, &clipped)
  }

  /// The four corners of the face whose normal is nearest to `direction`.
  func boxFace(_ box: Frame, _ half: Vector3, facing direction: Vector3) {
    let local = box.inverseDirection(direction)
    let size = Vector3(abs(local.x), abs(local.y), abs(local.z))
    polygon.removeAll(keepingCapacity: true)
    let (n, u, v): (Vector3, Vector3, Vector3)
    if size.x >= size.y && size.x >= size.z {
      (n, u, v) = (box.x * (local.x < 0 ? -half.x : half.x), box.y * half.y, box.z * half.z)
    } else if size.y >= size.z {
      (n, u, v) = (box.y * (local.y < 0 ? -half.y : half.y), box.z * half.z, box.x * half.x)
    } else {
      (n, u, v) = (box.z * (local.z < 0 ? -half.z : half.z), box.x * half.x, box.y * half.y)
    }
    let center = box.origin + n
    polygon.append(center + u + v)
    polygon.append(center - u + v)
    polygon.append(center - u - v)
    polygon.append(center + u - v)
  }

  private func addEdges(
    _ normal: Vector3, _ edges: (Int, Int), _ ha: Vector3, _ a: Frame, _ hb: Vector3, _ b: Frame, _ gap: Double
  ) {
    // The middles of the two edges that support the normal, then the nearest points of their lines.
    func middle(_ box: Frame, _ half: Vector3, _ edge: Int, _ direction: Vector3) -> (Vector3, Vector3) {
      var corner = box.inverseDirection(direction)
      corner = Vector3(corner.x < 0 ? -half.x : half.x, corner.y < 0 ? -half.y : half.y, corner.z < 0 ? -half.z : half.z)
      corner[edge] = 0
      return (box.point(corner), edge == 0 ? box.x : edge == 1 ? box.y : box.z)
    }
    let (p, u) = middle(a, ha, edges.0, -normal)
    let (q, v) = middle(b, hb, edges.1, normal)
    let d = q - p
    let cosine = u.dot(v)
    let s = (d.dot(u) - d.dot(v) * cosine) / (1 - cosine * cosine)
    let onA = p + u * s
    add(onA - normal * (gap / 2), normal, gap)
  }
}

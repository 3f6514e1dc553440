import Foundation

/// What moves: where it starts, and how fast.
extension WorldLayout {
  mutating func placeMoving(_ k: Int) {
    let (thing, role) = (story.things[k], roles[k])
    if thing.kind == .sheet, placeSet(k) { return }
    var form = Form(thing)
    if let heap = role.target.map({ story.things[$0] }), heap.isHigh, heap.kind != .pane, let mass = form.mass,
      thing.mass == nil, thing.weight == 1
    {
      // A rubber ball would spring back from a tower.
      let enough = (0.35 * Form(heap).weightInAll(Double(Group(heap, Form(heap)).count))).rounded()
      if enough > mass {
        form.mass = enough
        assumptions.append("\(form.name): \(PlannedBody.text(enough)) kg, so that what it hits gives way")
      }
    }
    // What is long and round rolls lying.
    let lies = form.isCylinder && (role.start == .rolls || thing.kind == .log)
    let r = lies ? SIMD3(form.half.x, form.half.z, form.half.x) : SIMD3(form.half.x, form.half.y, form.half.z)
    let target = role.target.flatMap { plots[$0] }
    let scale = max(2 * r.max(), target.map { 2 * $0.half.z } ?? 0)
    let speed = role.speed ?? min(6, max(0.8, 3 * (scale / 0.2).squareRoot())) * role.haste
    var body = body(k, form)
    if lies { body.turn = (SIMD3(1, 0, 0), 90) }
    switch role.start {
    case .falls, .floats, .rests: drop(&body, thing, role, r, onto: target)
    case .rolls, .slides: send(&body, k, r, speed: (speed * 10).rounded() / 10, at: target)
    case .flies: throwAt(&body, k, r, speed: (speed * 10).rounded() / 10, target)
    case .swings: return hang(k, form, target)
    case .spins:
      body.position = SIMD3(reserveLeft(r.x), 0, ground + r.z + (gravity == 0 ? 1 : 0))
      body.spin = SIMD3(0, 0, 25 * role.haste)
    }
    // Two of a kind that meet come from both sides.
    if role.meets == k {
      var other = body.mirrored
      ways.append(Plot(foot: body.position - SIMD3(0, 0, r.z), half: r))
      add(body)
      if form.isPainted { other.material = form.materialText(painted: Self.palette[(k + 1) % Self.palette.count]) }
      body = other
    } else if thing.count > 1 {
      // What falls or floats does so beside one another, many as a block; what travels comes abreast.
      let comesDown = role.start == .falls || role.start == .floats
      let counts =
        comesDown ? role.start == .falls ? Group.block(of: thing.count) : SIMD3(thing.count, 1, 1) : SIMD3(1, thing.count, 1)
      let step = SIMD3(3.2 * r.x, 3.2 * r.y, 2.6 * r.z)
      body.rows = (counts, step)
      body.position -= SIMD3(1, 1, 0) * step * SIMD3<Double>(counts &- 1) / 2
    }
    // As wide and deep as all of them, and out of the way of the others.
    let steps = body.rows.map { $0.step * SIMD3<Double>($0.count &- 1) } ?? .zero
    var plot = Plot(
      foot: body.position + SIMD3(steps.x, steps.y, 0) / 2 - SIMD3(0, 0, r.z),
      half: r + SIMD3(abs(steps.x), abs(steps.y), abs(steps.z)) / 2)
    let isOnGround = role.start == .rolls || role.start == .slides
    let before = plot.foot
    while let other = plots.indices.filter({ $0 != role.ramp }).compactMap({ plots[$0] }).first(where: plot.meets) {
      if isOnGround, !role.leavesTable {
        plot.foot.x = other.foot.x - other.half.x - plot.half.x - 0.01
      } else {
        plot.foot.z = other.top + 0.01
      }
    }
    body.position += plot.foot - before
    plots[k] = plot
    // Where nothing stops it, it is seen for a second.
    if target == nil, role.meets == nil, role.ramp == nil {
      ways.append(Plot(foot: plot.foot + SIMD3(body.velocity.x, body.velocity.y, 0), half: plot.half))
      if role.start == .flies {
        ways.append(
          Plot(foot: plot.foot + SIMD3(0, 0, body.velocity.z * body.velocity.z / (2 * max(1, gravity))), half: plot.half))
      }
    }
    add(body)
  }

  private mutating func drop(_ body: inout PlannedBody, _ thing: Thing, _ role: Role, _ r: SIMD3<Double>, onto target: Plot?) {
    let usual = role.start == .floats ? 0.02 : min(2, max(0.15, 10 * r.max()))
    let height = role.height ?? (role.entersLiquid && role.start == .falls ? min(usual, 0.6) : usual)
    if role.height == nil, role.start == .falls {
      assumptions.append("\(body.name): falls from \(PlannedBody.text((height * 100).rounded() / 100)) m")
    }
    if role.entersLiquid, let level = basin?.level, let x = basin?.next() {
      body.position = SIMD3(x, 0, level + height + r.z)
    } else if let target {
      body.position = SIMD3(target.foot.x, target.foot.y, target.top + height + r.z)
    } else {
      let half = r.x * (1 + 1.6 * Double(Group.block(of: thing.count).x - 1))
      body.position = SIMD3(reserveLeft(half), 0, (gravity == 0 ? 1 : ground) + height + r.z)
    }
  }

  private mutating func send(
    _ body: inout PlannedBody, _ k: Int, _ r: SIMD3<Double>, speed: Double, at target: Plot?
  ) {
    let (role, form) = (roles[k], Form(story.things[k]))
    var speed = speed
    var place = SIMD3<Double>(0, 0, ground + r.z)
    if let ramp = role.ramp, let top = rampTops[ramp] {
      // It is let go at the top, its weight does the rest.
      place = top.point + top.normal * r.z
      speed = role.speed ?? 0
    } else if role.leavesTable {
      let top = placeTable(for: r)
      place = SIMD3(top.x - 0.35, 0, top.z + r.z)
      speed = role.speed ?? 1.2 * role.haste
    } else if let meets = role.meets {
      // Who is named first comes from the left.
      let side: Double = meets < k ? 1 : -1
      place.x = side * (0.4 * speed + 2 * r.x)
      speed *= -side
    } else if let target {
      place.x = target.foot.x - target.half.x - r.x - min(0.6 * speed, 4)
      place.y = target.foot.y
    } else {
      place.x = (span?.lowerBound ?? 0) - min(0.6 * speed, 4) - r.x
    }
    if gravity == 0 { place.z = 1 }
    if role.speed == nil, speed != 0 { assumptions.append("\(body.name): \(PlannedBody.text(abs(speed))) m/s") }
    body.position = place
    let way: SIMD3<Double> =
      switch role.heading {
      case .towards where target == nil: SIMD3(0, -1, 0)
      case .away where target == nil: SIMD3(0, 1, 0)
      default: SIMD3(1, 0, 0)
      }
    body.velocity = way * speed
    if role.start == .rolls, form.isRound { body.spin = SIMD3(-way.y, way.x, 0) * (speed / r.z) }
  }

  private mutating func throwAt(_ body: inout PlannedBody, _ k: Int, _ r: SIMD3<Double>, speed: Double, _ target: Plot?) {
    if let role = roles[k].target, story.things[role].kind == .hoop, let rim = hoopRim {
      body.position = SIMD3(rim.x - 4.2, 0, rim.z - 1.05)
      body.velocity = Self.lob(from: body.position, to: rim, gravity: gravity) * (roles[k].misses ? 1.045 : 1)
      body.spin = SIMD3(0, -10, 0)
      return
    }
    if roles[k].speed == nil { assumptions.append("\(body.name): \(PlannedBody.text(speed)) m/s") }
    guard let target else {
      body.position = SIMD3(-0.45 * speed, 0, ground + max(1, 2 * r.z))
      body.velocity = SIMD3(0.75 * speed, 0, gravity > 0 ? 0.75 * speed : 0)
      return
    }
    // Straight at the upper half, less the fall on the way.
    let aim = target.foot + SIMD3(-target.half.x, 0, 1.2 * target.half.z)
    let distance = min(0.5 * speed, 3) + r.x
    body.position = SIMD3(aim.x - distance, aim.y, max(aim.z, ground + 0.6 * min(1, 5 * r.z) + r.z))
    let time = (distance - r.x) / speed
    body.velocity = SIMD3(speed, 0, (aim.z - body.position.z) / time + gravity * time / 2)
  }

  /// The velocity of a throw at 52° through a point, m/s.
  static func lob(from start: SIMD3<Double>, to goal: SIMD3<Double>, gravity: Double) -> SIMD3<Double> {
    let way = goal - start
    let slope = tan(52 * Double.pi / 180)
    let level = (max(gravity, 0.1) * way.x * way.x / (2 * max(0.1, way.x * slope - way.z))).squareRoot()
    return SIMD3(level, 0, level * slope)
  }
}

import Foundation

/// What isn't one body: basins, ramps, tables, hoops, panes, flags, sheets, pendulums.
extension WorldLayout {
  /// Places a thing that is a set of its own; false where it is an ordinary thing.
  mutating func placeSet(_ k: Int) -> Bool {
    switch story.things[k].kind {
    case .ramp: placeRamp(k)
    case .hoop: placeHoop(k)
    case .pane: placePane(k)
    case .flag: placeFlag(k)
    case .sheet: placeSheet(k)
    case .pendulum, .wreckingBall: hang(k, Form(story.things[k]), nil)
    default: return false
    }
    return true
  }

  // MARK: Water

  /// - Parameter k: of the thing; nil makes one for a liquid that is told of without.
  mutating func placeBasin(_ k: Int?) {
    let guests = roles.indices.filter { roles[$0].entersLiquid }
    let sizes = guests.map { (Form(story.things[$0]).half, story.things[$0].count) }
    let pours = story.deeds.contains { $0.verb == .pours }
    let scale = (k.map { story.things[$0].size } ?? 1) * (pours ? 0.5 : 1)
    let width = max(0.8 * scale, Double(sizes.count) * (sizes.map { 3.2 * $0.0.x * Double($0.1) }.max() ?? 0))
    let depth = max(0.5 * scale, 3.2 * (sizes.map { max($0.0.y, $0.0.z) }.max() ?? 0))
    let level = max(0.3 * scale, 3.2 * (sizes.map { $0.0.z }.max() ?? 0))
    let x = reserve(width / 2 + Self.wall)
    let text = { (value: Double) in PlannedBody.text(value) }
    let height = 1.5 * level
    add(
      PlannedBody(
        "basin", shape: "{tank: {size: [\(text(width)), \(text(depth)), \(text(height))], wall: \(text(Self.wall))}}",
        material: k.flatMap { story.things[$0].material } ?? "glass", isFixed: true, position: SIMD3(x, 0, 0)))
    // Some ten thousand particles.
    let spacing = max(pours ? 0.01 : 0.015, (cbrt(width * depth * level / 9000) * 1000).rounded() / 1000)
    let liquid = story.liquid ?? "water"
    let source =
      pours
      ? "emitters: {tap: {nozzle: {position: [\(text(x)), 0, \(text(height + 0.25))], radius: \(text(2.5 * spacing)), speed: 0.8}}}"
      : "fill: {box: {center: [\(text(x)), 0, \(text(level / 2))], size: [\(text(width)), \(text(depth)), \(text(level))]}}"
    fluids.append(
      "  \(liquid)\(fluids.isEmpty ? "" : "-\(fluids.count + 1)"): {liquid: \(liquid), \(source), spacing: \(text(spacing))}")
    basin = Basin(level: pours ? 0 : level, middle: x, width: width, guests: sizes.count)
    if let k { plots[k] = Plot(foot: SIMD3(x, 0, 0), half: SIMD3(width / 2, depth / 2, height / 2)) }
  }

  // MARK: Ramps and tables

  private mutating func placeRamp(_ k: Int) {
    let thing = story.things[k]
    let form = Form(thing)
    let angle = min(60, max(3, thing.angle ?? 22)) * Double.pi / 180
    if thing.angle == nil { assumptions.append("slope: 22 degrees") }
    let (length, thickness) = (2 * form.half.x, 2 * form.half.z)
    // Its upper face runs down to the ground at its right end.
    let along = SIMD3(cos(angle), 0, -sin(angle))
    let normal = SIMD3(sin(angle), 0, cos(angle))
    let reach = length / 2 * cos(angle)
    let end = SIMD3(reserveLeft(reach + 0.1) + reach, 0, ground)
    let middle = end - along * (length / 2) - normal * (thickness / 2)
    var wide = form
    // As wide as all that goes down it.
    let riders = roles.indices.filter { roles[$0].ramp == k }.map { (Form(story.things[$0]), story.things[$0].count) }
    let width = riders.map { 3.4 * ($0.0.isCylinder ? $0.0.half.z : $0.0.half.y) * Double($0.1) }.max() ?? 0
    if case .box(let x, let y, let z) = form.shape { wide.shape = .box(x, max(y, width), z) }
    var body = body(k, wide)
    (body.isFixed, body.position, body.turn) = (true, middle, (SIMD3(0, 1, 0), angle * 180 / .pi))
    (body.mass, body.more) = (nil, [])
    add(body)
    rampTops[k] = (end - along * (0.9 * length), normal)
    plots[k] = Plot(
      foot: SIMD3(middle.x, 0, ground), half: SIMD3(length / 2 * cos(angle), form.half.y, length / 2 * sin(angle)))
  }

  /// A table to roll off from, right of the middle of its top; returns the top's middle.
  mutating func placeTable(for r: SIMD3<Double>) -> SIMD3<Double> {
    let (width, depth, height) = (1.2, max(0.7, 4 * r.y), 0.75)
    if let table { return table }
    let middle = SIMD3(reserveLeft(width / 2), 0, ground + height)
    table = middle
    let text = { (value: Double) in PlannedBody.text(value) }
    var parts = ["{shape: {box: {size: [\(text(width)), \(text(depth)), 0.04]}}, position: [0, 0, -0.02]}"]
    for (x, y) in [(-1.0, -1.0), (-1, 1), (1, -1), (1, 1)] {
      parts.append(
        "{shape: {box: {size: [0.05, 0.05, \(text(height - 0.04))]}}, position: [\(text(x * (width / 2 - 0.05))), \(text(y * (depth / 2 - 0.05))), \(text(-height / 2 - 0.02))]}"
      )
    }
    add(
      PlannedBody(
        "bed", shape: "{compound: {parts: [\(parts.joined(separator: ", "))]}}", material: "oak", isFixed: true,
        position: middle))
    return middle
  }

  // MARK: Things to hit

  private mutating func placeHoop(_ k: Int) {
    // A throw of 4.2 m to the left of it.
    let rim = SIMD3(reserve(2.6) + 1.6, 0, ground + 3.05)
    let steel = "{like: steel, color: '#33373d'}"
    add(
      PlannedBody(
        "rim", shape: "{torus: {radius: 0.225, tube: 0.01}}",
        material: "{like: steel, restitution: 0.6, color: orangered, metallic: 0.2}", isFixed: true, position: rim))
    add(
      PlannedBody(
        "board", shape: "{box: {size: [0.03, 1.8, 1.05]}}",
        material: "{like: acrylic, restitution: 0.7, color: white, transmission: 0.2}", isFixed: true,
        position: rim + SIMD3(0.4, 0, 0.4)))
    add(
      PlannedBody(
        "bracket", shape: "{box: {size: [0.15, 0.12, 0.02]}}", material: steel, isFixed: true,
        position: rim + SIMD3(0.31, 0, -0.02)))
    add(
      PlannedBody(
        "post", shape: "{cylinder: {radius: 0.09, height: 3.3}}", material: steel, isFixed: true,
        position: SIMD3(rim.x + 0.7, 0, ground + 1.65)))
    hoopRim = rim
    plots[k] = Plot(foot: SIMD3(rim.x + 0.4, 0, ground + 2.9), half: SIMD3(0.02, 0.9, 0.5))
  }

  /// Glass in a frame, held at its corners.
  private mutating func placePane(_ k: Int) {
    let form = Form(story.things[k])
    let (w, h) = (form.half.y, form.half.z)
    let foot = SIMD3(reserve(0.06), 0, ground + 0.4)
    let middle = foot + SIMD3(0, 0, h)
    let text = { (value: Double) in PlannedBody.text(value) }
    let frame = "{like: pine, color: '#f2efe6'}"
    for (name, z) in [("sill", foot.z - 0.035), ("lintel", foot.z + 2 * h + 0.035)] {
      add(
        PlannedBody(
          name, shape: "{box: {size: [0.12, \(text(2 * w + 0.14)), 0.06]}}", material: frame, isFixed: true,
          position: SIMD3(foot.x, 0, z)))
    }
    for (name, side) in [("jamb-left", 1.0), ("jamb-right", -1.0)] {
      add(
        PlannedBody(
          name, shape: "{box: {size: [0.12, 0.06, \(text(2 * h))]}}", material: frame, isFixed: true,
          position: SIMD3(foot.x, side * (w + 0.04), middle.z)))
    }
    var pane = body(k, form)
    pane.position = middle
    if pane.more.isEmpty { pane.more = ["breaks_at: 1.5 N*s", "pieces: 20"] }
    add(pane)
    for corner in [(-1.0, -1.0), (1, -1), (-1, 1), (1, 1)] {
      let place = middle + SIMD3(0, corner.0 * (w - 0.02), corner.1 * (h - 0.02))
      joints.append(
        "  putty-\(joints.count + 1): {fixed: {between: [\(bodies[bodies.count - 1].name), world], anchor: \(PlannedBody.text(place)), breaks_at: 800 N}}"
      )
    }
    plots[k] = Plot(foot: foot, half: SIMD3(form.half.x, w, h))
  }

  // MARK: What hangs

  /// A thing on a rod, drawn aside so that it swings to the right; at what it is aimed at in its lowest place.
  mutating func hang(_ k: Int, _ form: Form, _ target: Plot?) {
    let r = max(form.half.x, form.half.z)
    let isWrecker = story.things[k].kind == .wreckingBall
    let length = max(isWrecker ? 2.6 : 0.9, 7 * r, target.map { 1.3 * $0.half.z } ?? 0)
    let low = max(target.map { $0.foot.z + $0.half.z } ?? 0, ground + r + (target == nil ? 0.25 : 0.03))
    let x = target.map { $0.foot.x - $0.half.x - 1.02 * r } ?? reserve(0.6 * length + r)
    let pivot = SIMD3(x, target?.foot.y ?? 0, low + length)
    let text = { (value: Double) in PlannedBody.text(value) }
    let parts = [
      "{shape: \(form.shapeText), position: [0, 0, \(text(-length))]}",
      "{shape: {cylinder: {radius: \(text(max(0.005, 0.06 * r))), height: \(text(length - r - 0.02))}}, position: [0, 0, \(text(-(length - r - 0.02) / 2 - 0.01))], material: {like: steel, density: 300}}",
    ]
    var body = body(k, form)
    body.shape = "{compound: {parts: [\(parts.joined(separator: ", "))]}}"
    body.mass = nil
    (body.position, body.turn) = (pivot, (SIMD3(0, 1, 0), target == nil ? 35 : 55))
    let beside = 0.35 + 2 * r
    add(
      PlannedBody(
        "stand", shape: "{box: {size: [0.08, 0.08, \(text(pivot.z - ground + 0.08))]}}", material: "iron", isFixed: true,
        position: SIMD3(pivot.x, pivot.y + beside, (pivot.z + ground + 0.08) / 2)))
    add(
      PlannedBody(
        "arm", shape: "{box: {size: [0.06, \(text(beside + 0.08)), 0.06]}}", material: "iron", isFixed: true,
        position: SIMD3(pivot.x, pivot.y + beside / 2 - 0.02, pivot.z + 0.05)))
    add(body)
    joints.append(
      "  pivot\(joints.isEmpty ? "" : "-\(joints.count + 1)"): {hinge: {between: [\(bodies[bodies.count - 1].name), world], anchor: \(PlannedBody.text(pivot)), axis: [0, 1, 0]}}"
    )
    plots[k] = Plot(foot: SIMD3(pivot.x, pivot.y, low - r), half: SIMD3(r, r, r))
    ways.append(Plot(foot: SIMD3(pivot.x - 0.9 * length, pivot.y, low), half: SIMD3(r, r, length / 2)))
  }

  // MARK: Cloth

  private func sheetName(_ name: String) -> String { cloths.isEmpty ? name : "\(name)-\(cloths.count + 1)" }

  private mutating func placeFlag(_ k: Int) {
    let thing = story.things[k]
    let size = thing.size
    let x = reserve(0.8 * size)
    let text = { (value: Double) in PlannedBody.text(value) }
    add(
      PlannedBody(
        "pole", shape: "{cylinder: {radius: 0.025, height: \(text(3 * size + 0.7))}}",
        material: "{like: aluminium, color: '#e9e6df', metallic: 0}", isFixed: true,
        position: SIMD3(x, 0, ground + (3 * size + 0.7) / 2)))
    let fabric = "{like: silk, color: \(thing.color ?? "crimson")}"
    cloths.append(
      "  \(sheetName("flag")): {size: [\(text(1.5 * size)), \(text(size))], material: \(fabric), position: [\(text(x + 0.79 * size)), 0, \(text(ground + 2.9 * size))], rotation: {axis: [1, 0, 0], angle: 90 deg}, pins: [left], spacing: \(text(0.05 * size))}"
    )
    plots[k] = Plot(foot: SIMD3(x, 0, ground), half: SIMD3(0.05, 0.05, 1.8 * size))
  }

  private mutating func placeSheet(_ k: Int) {
    let thing = story.things[k]
    let under = roles[k].target.flatMap { plots[$0] }
    let side = (under.map { max(0.5, 6 * max($0.half.x, $0.half.z)) } ?? 1.3) * thing.size
    let text = { (value: Double) in PlannedBody.text(value) }
    let fabric = "{like: \(thing.material == "leather" ? "leather" : "wool"), color: \(thing.color ?? "teal")}"
    let falls = roles[k].start == .falls
    let place = SIMD3(under?.foot.x ?? reserve(side / 2), 0, (under?.top ?? ground + (falls ? 0.8 : 1.2)) + (falls ? 0.25 : 0))
    let hangs = falls ? "" : ", rotation: {axis: [1, 0, 0], angle: 90 deg}, pins: [top]"
    cloths.append(
      "  \(sheetName("sheet")): {size: [\(text(side)), \(text(side))], material: \(fabric), position: \(PlannedBody.text(place))\(hangs), spacing: \(text(side / 36))}"
    )
    plots[k] = Plot(foot: SIMD3(place.x, 0, ground), half: SIMD3(side / 2, side / 2, (place.z - ground) / 2))
  }
}

import Mondo

/// An answer that can be told to people.
protocol Presentable {
  /// Lines without a final end of line.
  var text: String { get }
}

extension Measured<Double> {
  var text: String { Numbers.with(unit, value, digits: 6) }
}

private func table(of bodies: [StateAnswer.Body]) -> String {
  var table = TextTable([
    ("body", .left), ("position, m", .left), ("velocity, m/s", .left), ("spin, rad/s", .left), ("kinetic", .right),
    ("touches", .left),
  ])
  for body in bodies {
    table.add([
      body.name, Numbers.vector(body.position.value), Numbers.vector(body.velocity.value),
      Numbers.vector(body.angularVelocity.value, decimals: 2), Numbers.with("J", body.kineticEnergy.value),
      body.touching.joined(separator: ", "),
    ])
  }
  return table.formatted()
}

private func table(of cloths: [StateAnswer.Cloth]) -> String {
  var table = TextTable([("cloth", .left), ("center of mass, m", .left), ("from, m", .left), ("to, m", .left)])
  for cloth in cloths {
    table.add([
      cloth.name, Numbers.vector(cloth.centerOfMass.value), Numbers.vector(cloth.lower.value),
      Numbers.vector(cloth.upper.value),
    ])
  }
  return table.formatted()
}

private func table(of fluids: [StateAnswer.Fluid]) -> String {
  var table = TextTable([("fluid", .left), ("mass", .right), ("center of mass, m", .left), ("level, m", .right)])
  for fluid in fluids {
    table.add([
      fluid.name, Numbers.mass(fluid.mass.value), Numbers.vector(fluid.centerOfMass.value), Numbers.fixed(fluid.level.value, 4),
    ])
  }
  return table.formatted()
}

private func tables(_ bodies: [StateAnswer.Body], _ cloths: [StateAnswer.Cloth]?, _ fluids: [StateAnswer.Fluid]?) -> [String] {
  [bodies.isEmpty ? nil : table(of: bodies), cloths.map(table), fluids.map(table)].compactMap { $0 }
}

extension StateAnswer: Presentable {
  var text: String { (["at \(time.text)"] + tables(bodies, cloths, fluids)).joined(separator: "\n\n") }
}

extension EventsAnswer: Presentable {
  var text: String {
    guard count > 0 else { return "no such event" }
    var table = TextTable([
      ("time", .right), ("kind", .left), ("between", .left), ("closing at", .right), ("impulse", .right), ("e", .right),
      ("µ", .right), ("at, m", .left),
    ])
    for event in events {
      let isImpact = event.kind == .impact || event.kind == .break
      func text(_ number: Measured<Double>?, _ format: (Double) -> String) -> String { number.map { format($0.value) } ?? "" }
      var subject = event.bodies.joined(separator: " – ")
      if let joint = event.joint, let load = event.load { subject = "\(joint) (\(subject)), at \(Numbers.short(load.value)) N" }
      table.add([
        Numbers.fixed(event.time.value, 6) + " s", event.kind.rawValue, subject,
        isImpact ? text(event.approachSpeed) { Numbers.fixed($0, 3) + " m/s" } : "",
        isImpact ? text(event.impulse) { Numbers.short($0) + " N·s" } : "", text(event.restitution) { Numbers.fixed($0, 2) },
        text(event.friction) { Numbers.fixed($0, 2) }, Numbers.vector(event.point.value),
      ])
    }
    return table.formatted()
  }
}

extension FirstAnswer: Presentable {
  var text: String {
    guard let time, let bodies else { return "never: \(condition)" }
    let heading = "\(Numbers.fixed(time.value, 9)) s  ".emphasized(.strong) + "is when first \(condition)"
    return ([heading] + tables(bodies, cloths, fluids)).joined(separator: "\n\n")
  }
}

extension ExtremumAnswer: Presentable {
  var text: String {
    "\(kind.rawValue) of \(quantity): " + extremum.text.emphasized(.strong) + " at \(time.text)\n"
      + "  from \(initial.text) at the start to \(final.text) at the end".emphasized(.faint)
  }
}

extension DistanceAnswer: Presentable {
  var text: String {
    let trend = rate.value < 0 ? "approaching at" : "parting at"
    return "\(bodies[0]) – \(bodies[1]) at \(time.text): " + distance.text.emphasized(.strong)
      + " between centres of mass, \(trend) \(Numbers.with("m/s", abs(rate.value)))" + (touching ? ", touching" : "")
  }
}

extension ComparisonAnswer: Presentable {
  var text: String {
    let heading = changes.joined(separator: ", ").emphasized(.strong)
    guard let firstDifference else { return "\(heading)\nchanges nothing that moves" }
    var table = TextTable([
      ("body", .left), ("differs from", .right), ("at most", .right), ("at", .right), ("at the end", .right),
      ("turned by", .right),
    ])
    for body in bodies {
      table.add([
        body.name, Numbers.fixed(body.from.value, 4) + " s", Numbers.with("m", body.largestDistance.value),
        Numbers.fixed(body.largestDistanceTime.value, 4) + " s", Numbers.with("m", body.finalDistance.value),
        Numbers.with("rad", body.largestAngle.value, digits: 3),
      ])
    }
    for matter in (cloths ?? []) + (fluids ?? []) {
      table.add([
        matter.name, Numbers.fixed(matter.from.value, 4) + " s", Numbers.with("m", matter.largestDistance.value),
        Numbers.fixed(matter.largestDistanceTime.value, 4) + " s", Numbers.with("m", matter.finalDistance.value), "",
      ])
    }
    var lines = [
      heading, "the worlds part at \(firstDifference.time.text): \(firstDifference.bodies.joined(separator: ", "))", "",
      table.formatted(), "", "  impacts  \(impacts.original) as it is, \(impacts.changed) as changed",
    ]
    for pair in impacts.pairs {
      lines.append("    \(pair.bodies.joined(separator: " – "))  \(pair.original) → \(pair.changed)")
    }
    return lines.joined(separator: "\n")
  }
}

extension VisibilityAnswer: Presentable {
  var text: String {
    let heading = "at \(time.text), \(size.value[0])×\(size.value[1]) pixels"
    guard !visible.isEmpty else { return heading + ": the camera sees no body" }
    var table = TextTable([
      ("body", .left), ("box, px", .left), ("pixels", .right), ("of the picture", .right), ("away", .right), ("", .left),
    ])
    for body in visible {
      let box = body.box.value
      table.add([
        body.name, "\(box[0]), \(box[1]) – \(box[2]), \(box[3])", "\(body.pixels)", Numbers.fixed(100 * body.share, 2) + " %",
        Numbers.with("m", body.distance.value), body.touchesBorder ? "at the border" : "",
      ])
    }
    return [heading, "", table.formatted()].joined(separator: "\n")
      + (hidden.isEmpty ? "" : "\n\n  not seen: " + hidden.joined(separator: ", "))
  }
}

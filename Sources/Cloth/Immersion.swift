public import WorldCore

/// The liquid that a node of a cloth has hold of during a step.
public struct ClothLiquid: Sendable, Equatable {
  /// kg; 0 where there is none, infinite where it streams round the node and stays as it is.
  public var mass: Double
  /// m/s
  public var velocity: Vector3
  /// How much of what the node could have next to it there is, 0…1.
  public var immersion: Double
  /// Where it is: 1 all on the side that the normal points to, −1 all on the other, 0 as much on both.
  public var side: Double
  /// kg/m³
  public var density: Double

  public init(mass: Double, velocity: Vector3, immersion: Double, side: Double = 0, density: Double) {
    self.mass = mass
    self.velocity = velocity
    self.immersion = immersion
    self.side = side
    self.density = density
  }
}

/// A cloth in a liquid: each node goes with its liquid across the cloth, is rubbed along it, and lifted by what its fibres
/// displace.
///
/// Node and liquid exchange impulses as two bodies of their masses do, so that neither is ever given more than makes them go
/// together. Where tension keeps a light node from following a heavy liquid, the way that the liquid has gained on it adds to
/// what the next exchange asks for, until both hold still: the constraint that XPBD would solve (Macklin et al. 2016), without
/// compliance. Liquid of infinite mass is a stream instead, with the pressure of a stream of air (``Aerodynamics``).
struct Immersion {
  private var liquids: [ClothLiquid] = []
  /// How far each node's liquid has gone through it, along its normal, m.
  private var lead: [Double]
  private var areas: [Vector3]
  /// What each node has taken during the step, N·s.
  private(set) var taken: [Vector3]

  init(_ sheet: Sheet) {
    lead = Array(repeating: 0, count: sheet.count)
    areas = Array(repeating: .zero, count: sheet.count)
    taken = areas
  }

  /// How much of what the node could have next to it there is, 0…1.
  subscript(node: Int) -> Double { liquids[node].immersion }

  mutating func take(_ liquids: [ClothLiquid]) {
    precondition(liquids.count == lead.count, "every node of a cloth is told its liquid")
    self.liquids = liquids
    for node in lead.indices {
      taken[node] = .zero
      if liquids[node].mass == 0 || liquids[node].mass.isInfinite { lead[node] = 0 }
    }
  }

  /// Exchanges the impulses of the next `duration` seconds.
  mutating func push(_ sheet: Sheet, gravity: Vector3, duration dt: Double) {
    guard liquids.contains(where: { $0.mass > 0 }) else { return }
    let material = sheet.definition.material
    let (x, v, w) = (sheet.position, sheet.velocity, sheet.inverseMass)
    for node in areas.indices { areas[node] = .zero }
    for t in sheet.triangles {
      let (a, b, c) = (Int(t.x), Int(t.y), Int(t.z))
      let sixth = (x[b] - x[a]).cross(x[c] - x[a]) / 6
      for node in [a, b, c] { areas[node] += sixth }
    }
    for node in lead.indices where liquids[node].mass > 0 {
      let area = areas[node].length
      guard area > 0 else { continue }
      let (normal, liquid) = (areas[node] / area, liquids[node])
      let mobility = w[node] + 1 / liquid.mass
      let relative = liquid.velocity - v[node]
      let across = relative.dot(normal)
      var impulse: Vector3
      if liquid.mass.isInfinite {
        // Across: the pressure of a stream that goes round it, by the speed v left at the end: v + p A Δt w v² = |vₙ|. So even
        // a light cloth falls as fast as its weight allows.
        let pressure = 0.5 * liquid.density * material.normalDrag * (1 - material.porosity) * liquid.immersion
        let push = pressure * area * dt
        let left = 2 * abs(across) / (1 + (1 + 4 * push * mobility * abs(across)).squareRoot())
        impulse = normal * (across < 0 ? -push * left * left : push * left * left)
      } else {
        // Across: both go on together, and the liquid's lead is taken back. What leaves the side that it wets lets go, as far as the
        // other side is dry.
        let wanted = across + lead[node] / dt
        let held = wanted * liquid.side > 0 ? 1 - abs(liquid.side) : 1
        impulse = normal * (held * wanted / mobility)
      }
      // Along: skin friction of both sides, which never turns the motion round.
      let along = relative - normal * across
      let rate = 0.5 * liquid.density * material.tangentialDrag * area * liquid.immersion * relative.length * dt
      impulse += along * (rate / (1 + rate * mobility))
      // Lift of the fibres' volume.
      impulse -= gravity * (liquid.density * sheet.mass[node] / material.solidDensity * liquid.immersion * dt)

      if w[node] > 0 { v[node] += impulse * w[node] } else { sheet.blown[node] += impulse }
      liquids[node].velocity -= impulse / liquid.mass
      taken[node] += impulse
    }
  }

  /// After a substep: how far the liquid has got ahead meanwhile.
  mutating func follow(_ sheet: Sheet, duration dt: Double) {
    for node in lead.indices where liquids[node].mass > 0 && liquids[node].mass.isFinite {
      let area = areas[node].length
      guard area > 0 else { continue }
      let gain = (liquids[node].velocity - sheet.velocity[node]).dot(areas[node] / area) * dt
      let next = lead[node] + gain
      lead[node] = next * liquids[node].side > 0 ? next * (1 - abs(liquids[node].side)) : next
    }
  }
}

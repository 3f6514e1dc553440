import CFluidKernels
import WorldCore

/// What the fluids and thin sheets in them have with one another: neither passes the other.
///
/// The particles within ``reach`` of a sheet go with it across it (direct forcing; Uhlmann 2005, J. Comput. Phys. 209, with the
/// sheet's nodes for its marker points). During a fluid step the sheet moves evenly; in every substep, once pressure has acted,
/// the particles are stopped across it, and what that takes is kept for them. Between steps they get it back, the sheet's own
/// engine is told what liquid each node has hold of and how fast it goes, and says how much of its momentum the node takes. So
/// the momentum of particles, nodes and what is kept adds up exactly, and a light sheet, which can't be given more than makes
/// it go with the liquid, stays stable however heavy that is.
///
/// Corrections of places may push a particle through all the same: a tight sheet puts it back.
///
/// Limits: what a node takes, it takes at its own place and the particles give at theirs, which costs some angular momentum.
final class SheetExchange {
  private let spacing: Double
  private let referenceMass: Double
  private var sheets: [FluidSheet] = []
  private var ends: [[Vector3]] = []
  private var index: SheetIndex?
  /// What has stopped particles since the sheets were last met, N·s.
  private var kept: [ParticleNumber: Vector3] = [:]
  /// On which side of which tight sheet a particle near it is: 1 where the normal points.
  private var sides: [ParticleNumber: (sheet: Int, side: Double)] = [:]
  private var claims: [Claim] = []
  private var liquids: [[SheetLiquid]] = []

  /// A particle that goes with a sheet.
  private struct Claim {
    var particle: Int
    var place: SheetIndex.Place
    /// How much of it goes with the sheet, 0…1.
    var share: Double
  }

  /// How far a sheet reaches, in spacings: as far as the second layer of particles, which it doesn't hold.
  private static let reachInSpacings = 1.5
  private var reach: Double { Self.reachInSpacings * spacing }
  /// The depth of liquid that a sheet holds where it is covered on both sides, m: the integral of ``share(_:)``.
  private var heldDepth: Double { 1.5 * reach }

  init(spacing: Double, referenceMass: Double) {
    self.spacing = spacing
    self.referenceMass = referenceMass
  }

  /// 1 near by, falling to 0 at the reach; less beside a sheet's edge than before its face.
  private func share(_ place: SheetIndex.Place, _ p: Vector3) -> Double {
    let cosine = place.cosine(p)
    return min(2 * (1 - place.distance / reach), 1) * cosine * cosine
  }

  private func mass(_ store: ParticleStore, _ i: Int) -> Double { referenceMass / Double(store.lightness[i]) }

  // MARK: Between steps

  /// Says what each node of each sheet has hold of.
  func meet(_ sheets: [FluidSheet], _ store: ParticleStore) -> [[SheetLiquid]] {
    self.sheets = sheets
    ends = sheets.map(\.positions)
    index = SheetIndex(sheets, ends: ends, reach: reach)
    claims = []
    liquids = sheets.map { $0.positions.map { _ in SheetLiquid() } }
    let before = sides
    sides = [:]
    var volumes = sheets.map { $0.positions.map { _ in 0.0 } }
    for i in 0..<store.count {
      let mass = mass(store, i)
      if let stopped = kept.removeValue(forKey: store.number[i]) { store.push(i, stopped / mass) }
      let p = Vector3(store.position[i].vector)
      guard let place = index?.nearest(to: p, sheets, position: { sheets[$0].positions[$1] }) else { continue }
      let share = share(place, p)
      guard share > 0 else { continue }
      claims.append(Claim(particle: i, place: place, share: share))
      let (v, side) = (Vector3(store.velocity[i].vector), place.side(p))
      if sheets[place.sheet].resistance.isInfinite && place.isBefore(p) {
        let known = before[store.number[i]]
        sides[store.number[i]] = (place.sheet, known?.sheet == place.sheet ? known!.side : side)
      }
      for k in 0..<3 {
        let (node, part) = (Int(place.nodes[k]), share * place.weights[k])
        liquids[place.sheet][node].mass += part * mass
        liquids[place.sheet][node].velocity += v * (part * mass)
        liquids[place.sheet][node].side += part * mass * side
        volumes[place.sheet][node] += part * spacing * spacing * spacing
      }
    }
    // What is left belongs to particles that went down a drain.
    kept.removeAll()
    for sheet in sheets.indices {
      let areas = Self.areas(sheets[sheet])
      for node in areas.indices where liquids[sheet][node].mass > 0 {
        let (mass, room) = (liquids[sheet][node].mass, areas[node] * heldDepth)
        liquids[sheet][node].velocity /= mass
        liquids[sheet][node].side /= mass
        liquids[sheet][node].density = mass / volumes[sheet][node]
        liquids[sheet][node].immersion = room > 0 ? min(volumes[sheet][node] / room, 1) : 0
      }
    }
    return liquids
  }

  /// Takes over what the nodes took of the liquid that they had hold of, and where they go during the next step.
  ///
  /// - Parameters:
  ///   - impulses: that each node took, N·s.
  ///   - ends: where each node is at the end of the next step, m.
  func move(_ impulses: [[Vector3]], to ends: [[Vector3]], _ store: ParticleStore) {
    for claim in claims {
      var change = Vector3.zero
      for k in 0..<3 {
        let node = Int(claim.place.nodes[k])
        let mass = liquids[claim.place.sheet][node].mass
        if mass > 0 { change -= impulses[claim.place.sheet][node] * (claim.place.weights[k] / mass) }
      }
      store.push(claim.particle, change * claim.share)
    }
    claims = []
    self.ends = ends
    index = SheetIndex(sheets, ends: ends, reach: reach)
  }

  /// How firmly a sheet holds what moves so: what comes towards it firmly, what leaves it as far as liquid is on both sides.
  private func grip(_ v: Vector3, at place: SheetIndex.Place, p: Vector3) -> Double {
    let away = (p - place.point).dot(place.normal)
    guard away * (v - velocity(place)).dot(place.normal) > 0 else { return 1 }
    var side = 0.0
    for k in 0..<3 { side += liquids[place.sheet][Int(place.nodes[k])].side * place.weights[k] }
    return 1 - min(abs(side), 1)
  }

  private func velocity(_ place: SheetIndex.Place) -> Vector3 {
    var v = Vector3.zero
    for k in 0..<3 { v += sheets[place.sheet].velocities[Int(place.nodes[k])] * place.weights[k] }
    return v
  }

  /// Each node's share of its triangles, m².
  static func areas(_ sheet: FluidSheet) -> [Double] {
    var areas = [Double](repeating: 0, count: sheet.positions.count)
    for t in sheet.triangles {
      let (a, b, c) = (sheet.positions[Int(t.x)], sheet.positions[Int(t.y)], sheet.positions[Int(t.z)])
      let third = (b - a).cross(c - a).length / 6
      for node in [t.x, t.y, t.z] { areas[Int(node)] += third }
    }
    return areas
  }

  // MARK: During a step

  /// Gives the nodes the even motion that takes them to their ends.
  func begin(_ duration: Double) {
    for sheet in sheets.indices {
      for node in ends[sheet].indices {
        sheets[sheet].velocities[node] = (ends[sheet][node] - sheets[sheet].positions[node]) / duration
      }
    }
  }

  /// Takes from the particles near the sheets what they move across them.
  ///
  /// - Parameters:
  ///   - elapsed: of the step, s.
  ///   - dt: of the substep, s.
  func restrain(_ store: ParticleStore, elapsed: Double, _ dt: Double) {
    guard let index else { return }
    for i in 0..<store.count {
      let p = Vector3(store.position[i].vector)
      let place = index.nearest(to: p, sheets) { sheets[$0].positions[$1] + sheets[$0].velocities[$1] * elapsed }
      guard let place else { continue }
      let v = Vector3(store.velocity[i].vector)
      let share = share(place, p) * grip(v, at: place, p: p)
      let across = (v - velocity(place)).dot(place.normal)
      guard share > 0, across != 0 else { continue }
      // A sheet that lets some through slows it: v' = −K |v| v over twice the depth held, in an implicit step.
      let resistance = sheets[place.sheet].resistance
      let rate = 0.5 * resistance * abs(across) * dt / heldDepth
      let stopped = resistance.isInfinite ? 1 : rate / (1 + rate)
      let change = place.normal * (-share * stopped * across)
      kept[store.number[i], default: .zero] -= store.push(i, change) * mass(store, i)
    }
  }

  /// Puts what a correction of places has pushed through a tight sheet back before it.
  ///
  /// - Parameter elapsed: of the step, s.
  func putBack(_ store: ParticleStore, elapsed: Double) {
    guard let index, !sides.isEmpty else { return }
    for i in 0..<store.count {
      guard let (sheet, side) = sides[store.number[i]] else { continue }
      let p = Vector3(store.position[i].vector)
      let place = index.nearest(to: p, sheets) { sheets[$0].positions[$1] + sheets[$0].velocities[$1] * elapsed }
      guard let place, place.sheet == sheet, place.isBefore(p), place.side(p) != side else { continue }
      store.place(i, place.point + place.normal * (side * Self.margin * spacing))
    }
  }

  /// Spacings before the sheet at which what had got through it starts again.
  private static let margin = 0.1

  /// Of what is kept, N·s and about the world's origin.
  func momentum(_ store: ParticleStore) -> (linear: Vector3, angular: Vector3) {
    var (linear, angular) = (Vector3.zero, Vector3.zero)
    guard !kept.isEmpty else { return (linear, angular) }
    for i in 0..<store.count {
      guard let stopped = kept[store.number[i]] else { continue }
      linear += stopped
      angular += Vector3(store.position[i].vector).cross(stopped)
    }
    return (linear, angular)
  }
}

extension ParticleStore {
  fileprivate func place(_ i: Int, _ p: Vector3) {
    (position[i].x, position[i].y, position[i].z) = (Float(p.x), Float(p.y), Float(p.z))
  }

  /// Changes a velocity; gives what the change came to in single precision.
  @discardableResult fileprivate func push(_ i: Int, _ change: Vector3) -> Vector3 {
    let before = velocity[i].vector
    velocity[i].x += Float(change.x)
    velocity[i].y += Float(change.y)
    velocity[i].z += Float(change.z)
    return Vector3(velocity[i].vector) - Vector3(before)
  }
}

import Foundation
import WorldCore

/// Waves on a pond or a pool and the bodies in it: buoyancy by pressure over the wetted hull, the water that moves with it,
/// drag, and the waves that it makes and feels.
///
/// The waves are linear (``WaveModes``). A body's hull is cut by the surface round it; the pressure on each wet piece is ρ g
/// times the depth under the waves, those shorter than the hull is deep fading as they should. Its own motion meets the added
/// mass of the limit of high frequencies (``AddedMass``) and lets volume in where it pushes, less what its hull shades
/// (``Diffraction``): together they are Cummins' (1962) equation of a floating body, its memory kept by the waves. Where a body comes down on the water, the added mass grows and
/// takes its share of the momentum (von Kármán 1929). Drag is quadratic in what a piece moves through the water.
///
/// Limits: waves don't break, bodies scatter them as at the limit of short waves; shores and fixed bodies reflect nothing but the
/// basin's own walls; hulls are closed, a hollow one counts as full; a body is in the basin that its centre of mass is over, and in
/// no other; momentum goes to the basin.
public final class SurfaceWorld {
  public let definition: SurfaceDefinition
  public private(set) var time = 0.0
  private let solids: [FluidSolid]
  private let hulls: [WettedHull?]
  private(set) var waves: WaveModes
  let grid: WaveGrid
  private var addedMasses: [AddedMass]
  /// Where each body was when its added mass was found.
  private var places: [RigidTransform?]
  private var showers: [Shower]
  private var knownHeights: [Double]?
  /// That has rained in, m³.
  private var rained = 0.0
  /// What each body takes the room of: its volume, m³, and the moment of that above the level at rest, m⁴.
  private var displaced: [(volume: Double, moment: Double)]

  /// Drag coefficients of a blunt body that moves across the water (Hoerner 1965), half of it before and half of it behind the
  /// body, and of a smooth plate along it at a Reynolds number of 10⁶.
  private static let (pressureDrag, frictionDrag) = (1.0, 0.004)
  /// The share of its reach by which a body moves or turns before its added mass is found anew.
  private static let tolerance = 0.02

  /// - Throws: ``FluidError``.
  public init(_ definition: SurfaceDefinition, solids: [FluidSolid] = []) throws(FluidError) {
    guard definition.spacing > 0, definition.spacing.isFinite else { throw .badSpacing(definition.spacing) }
    let counts = definition.counts
    guard counts.x * counts.y <= SurfaceDefinition.limit, max(counts.x, counts.y) <= SurfaceDefinition.sideLimit else {
      throw .tooMany(fluid: definition.name, particles: counts.x * counts.y, limit: SurfaceDefinition.limit)
    }
    self.definition = definition
    self.solids = solids
    hulls = solids.map { solid in
      if case .plane = solid.shape { nil } else { WettedHull(solid.shape) }
    }
    waves = WaveModes(
      counts: counts, cell: definition.size / SIMD2(Double(counts.x), Double(counts.y)), depth: definition.depth,
      gravity: definition.gravity, liquid: definition.liquid)
    grid = WaveGrid(
      corner: SIMD2(definition.center.x, definition.center.y) - definition.size / 2, cell: waves.cell, counts: waves.counts)
    addedMasses = solids.map { _ in AddedMass() }
    places = solids.map { _ in nil }
    showers = definition.rain.map(Shower.init)
    displaced = solids.map { _ in (0, 0) }
  }

  /// Tells where the bodies are before the first step, so that the energy knows what room they take.
  public func place(_ bodies: [FluidBody]) {
    precondition(bodies.count == solids.count, "a place for every solid")
    for (index, body) in bodies.enumerated() {
      let center = body.worldFromShape.point(solids[index].massProperties?.centerOfMass ?? .zero)
      guard let hull = hulls[index], isOver(center, hull) else { continue }
      displaced[index] = room(behind: hull.wet(body.worldFromShape) { _ in definition.center.z })
    }
  }

  /// The volume behind wet pieces of a hull, m³, and its moment above the level at rest, m⁴, by Gauss's theorem.
  private func room(behind pieces: [[Vector3]]) -> (volume: Double, moment: Double) {
    var room = (volume: 0.0, moment: 0.0)
    for piece in pieces {
      guard let panel = WettedHull.panel(piece) else { continue }
      for k in 1..<piece.count - 1 {
        let corners = [piece[0], piece[k], piece[k + 1]]
        let area = (corners[1] - corners[0]).cross(corners[2] - corners[0]).length / 2
        // The middles of the edges integrate squares exactly.
        for edge in 0..<3 {
          let height = (corners[edge].z + corners[(edge + 1) % 3].z) / 2 - definition.center.z
          room.volume += panel.normal.z * area / 3 * height
          room.moment += panel.normal.z * area / 3 * height * height / 2
        }
      }
    }
    return room
  }

  // MARK: Stepping

  /// Carries the water on among the solids, which are as `bodies` says at the start of the step; gives what it does to them.
  ///
  /// - Throws: ``FluidError/badDuration(_:)``, ``FluidError/notFinite(fluid:time:position:)``.
  public func step(_ duration: Double, bodies: [FluidBody]) throws(FluidError) -> FluidStepReport {
    precondition(bodies.count == solids.count, "a step needs the state of every solid")
    guard duration > 0, duration.isFinite else { throw .badDuration(duration) }
    var report = FluidStepReport(bodies: [])
    report.substeps = 1
    for (index, body) in bodies.enumerated() {
      guard body.worldFromShape.translation.isFinite, body.velocity.isFinite, body.angularVelocity.isFinite else {
        throw .notFinite(fluid: definition.name, time: time, position: body.worldFromShape.translation)
      }
      report.bodies.append(advance(index, body, duration))
    }
    letRain(duration)
    waves.advance(duration)
    knownHeights = nil
    time += duration
    return report
  }

  private func advance(_ index: Int, _ body: FluidBody, _ dt: Double) -> FluidStepReport.BodyImpulse {
    var given = FluidStepReport.BodyImpulse(end: body)
    displaced[index] = (0, 0)
    let properties = solids[index].massProperties
    let center = body.worldFromShape.point(properties?.centerOfMass ?? .zero)
    guard let hull = hulls[index], isOver(center, hull) else {
      (addedMasses[index], places[index]) = (AddedMass(), nil)
      return given
    }

    let patch = grid.patch(round: center, hull.reach * 2)
    // How deep it pushes decides which waves it feels.
    let flat = hull.wet(body.worldFromShape) { _ in definition.center.z }.compactMap(WettedHull.panel)
    let down = flat.filter { $0.normal.z < 0 }
    let facing = down.reduce(0) { $0 - $1.normal.z * $1.area }
    let depth = facing > 0 ? down.reduce(0) { $0 - $1.normal.z * $1.area * (definition.center.z - $1.center.z) } / facing : 0
    let (heights, rises) = (waves.heights(patch, at: depth), waves.rises(patch, at: depth))
    let level = definition.center.z
    let pieces = hull.wet(body.worldFromShape) { level + self.grid.sample(heights, patch, $0) }
    let panels = pieces.compactMap(WettedHull.panel)
    displaced[index] = room(behind: pieces)

    if properties != nil, hasMoved(index, body, hull) {
      slam(index, body, center, panels, &given)
      places[index] = body.worldFromShape
    }

    // Pressure and drag on each piece, and the volume that it pushes away.
    var (force, moment) = (Vector3.zero, Vector3.zero)
    var volumes = [Double](repeating: 0, count: heights.count)
    let density = definition.liquid.density
    for piece in pieces {
      guard let panel = WettedHull.panel(piece) else { continue }
      // Depths and arms are linear over a triangle: the middles of its edges make the integral exact.
      for k in 1..<piece.count - 1 {
        let corners = [piece[0], piece[k], piece[k + 1]]
        let area = (corners[1] - corners[0]).cross(corners[2] - corners[0]).length / 2
        for edge in 0..<3 {
          let p = (corners[edge] + corners[(edge + 1) % 3]) / 2
          let pressure = density * definition.gravity * max(level + grid.sample(heights, patch, p) - p.z, 0)
          let push = panel.normal * (-pressure * area / 3)
          force += push
          moment += (p - center).cross(push)
        }
      }
      let velocity = body.velocity + body.angularVelocity.cross(panel.center - center)
      let through = velocity - Vector3(0, 0, grid.sample(rises, patch, panel.center))
      let across = through.dot(panel.normal)
      let along = through - panel.normal * across
      let drag =
        panel.normal * (-0.25 * density * Self.pressureDrag * panel.area * across * abs(across))
        - along * (0.5 * density * Self.frictionDrag * panel.area * along.length)
      force += drag
      moment += (panel.center - center).cross(drag)
      grid.deposit(velocity.dot(panel.normal) * panel.area * dt, at: panel.center, into: &volumes, patch)
    }
    if !addedMasses[index].potentials.isEmpty {
      let diffraction = Diffraction(addedMasses[index].potentials, about: center, depth: depth, grid, patch)
      let scattered = diffraction.force(of: waves, heights: heights, gravity: definition.gravity, density: density)
      force += scattered.force
      moment += scattered.moment
      let dipoles = diffraction.radiate(body.velocity, body.angularVelocity, for: dt, into: &volumes)
      waves.displace(dipoles: dipoles, patch, depth: depth)
    }
    waves.displace(volumes, patch, depth: depth)

    guard let properties else {
      (given.linear, given.angular) = (force * dt, moment * dt)
      return given
    }
    // (M + A) dV = (F from outside + F of the water) dt; what of the momentum M dV isn't from outside, the water gave.
    let outside = body.acceleration * properties.mass
    let mass = massMatrix(properties, body.worldFromShape.rotation)
    let change = solve(mass, addedMasses[index], (outside + force) * dt, moment * dt)
    let (linear, angular) = Self.times(mass, change)
    given.linear += linear - outside * dt
    given.angular += angular
    return given
  }

  /// Whether a body may touch this basin's water: one that lies on the bank doesn't, nor does one in the basin beside.
  private func isOver(_ center: Vector3, _ hull: WettedHull) -> Bool {
    // No wave is higher than the basin is deep, and what isn't there is put far below.
    grid.contains(center) && abs(center.z - definition.center.z) < definition.depth + 2 * hull.reach
  }

  private func hasMoved(_ index: Int, _ body: FluidBody, _ hull: WettedHull) -> Bool {
    guard let place = places[index] else { return true }
    let turn = self.turn(solids[index].shape, from: place.rotation, to: body.worldFromShape.rotation)
    let rise = abs(place.translation.z - body.worldFromShape.translation.z)
    return rise > Self.tolerance * hull.reach || turn > Self.tolerance
  }

  /// By how much a hull lies otherwise, rad: a round one that turns about its axis stays as it is.
  private func turn(_ shape: Shape, from: Quaternion, to: Quaternion) -> Double {
    switch shape {
    case .sphere: 0
    case .cylinder, .cone, .capsule, .torus: from.rotate(.unitZ).cross(to.rotate(.unitZ)).length
    case .box, .plane, .tank, .mesh, .compound: (from.conjugate * to).vector.length * 2
    }
  }

  /// The water that a body begins to move takes its share of the momentum; what it leaves goes its own way.
  private func slam(
    _ index: Int, _ body: FluidBody, _ center: Vector3, _ panels: [WettedHull.Panel], _ given: inout FluidStepReport.BodyImpulse
  ) {
    guard let properties = solids[index].massProperties else { return }
    let old = addedMasses[index]
    // What has sunk through the floor, where the scene has none, finds it deeper.
    let deepest = panels.reduce(0) { max($0, definition.center.z - $1.center.z) }
    let new = AddedMass(
      panels, about: center, level: definition.center.z, depth: max(definition.depth, 1.1 * deepest),
      density: definition.liquid.density)
    addedMasses[index] = new
    guard places[index] != nil || time > 0, new[2, 2] > old[2, 2] else { return }
    // (M + A new) V' = (M + A old) V
    let mass = massMatrix(properties, body.worldFromShape.rotation)
    let motion = Self.six(body.velocity, body.angularVelocity)
    var momentum = [Double](repeating: 0, count: 6)
    for row in 0..<6 { for k in 0..<6 { momentum[row] += (mass[row * 6 + k] + old[row, k]) * motion[k] } }
    var system = (0..<36).map { mass[$0] + new.values[$0] }
    DenseSolve.solve(&system, &momentum, size: 6, columns: 1)
    let change = zip(momentum, motion).map { $0 - $1 }
    let (linear, angular) = Self.times(mass, change)
    given.linear += linear
    given.angular += angular
  }

  private func solve(_ mass: [Double], _ added: AddedMass, _ linear: Vector3, _ angular: Vector3) -> [Double] {
    var (system, right) = ((0..<36).map { mass[$0] + added.values[$0] }, Self.six(linear, angular))
    DenseSolve.solve(&system, &right, size: 6, columns: 1)
    return right
  }

  private func massMatrix(_ properties: MassProperties, _ rotation: Quaternion) -> [Double] {
    let inertia = properties.inertia.rotated(by: rotation)
    let columns = [inertia * .unitX, inertia * .unitY, inertia * .unitZ]
    var matrix = [Double](repeating: 0, count: 36)
    for k in 0..<3 {
      matrix[k * 7] = properties.mass
      for row in 0..<3 { matrix[(3 + row) * 6 + 3 + k] = columns[k][row] }
    }
    return matrix
  }

  private static func six(_ a: Vector3, _ b: Vector3) -> [Double] { [a.x, a.y, a.z, b.x, b.y, b.z] }

  private static func times(_ matrix: [Double], _ v: [Double]) -> (Vector3, Vector3) {
    let w = (0..<6).map { row in (0..<6).reduce(0) { $0 + matrix[row * 6 + $1] * v[$1] } }
    return (Vector3(w[0], w[1], w[2]), Vector3(w[3], w[4], w[5]))
  }

  // MARK: Rain

  /// Drops at random places and even times.
  private struct Shower {
    var rain: SurfaceRain
    var random: RandomStream
    var fallen = 0

    init(_ rain: SurfaceRain) {
      self.rain = rain
      random = RandomStream(seed: rain.seed, "surface rain")
    }
  }

  private func letRain(_ dt: Double) {
    guard !showers.isEmpty else { return }
    let whole = waves.whole
    var (volumes, blows) = ([Double](repeating: 0, count: whole.count), [Double](repeating: 0, count: whole.count))
    var hasRained = false
    for k in showers.indices {
      let rain = showers[k].rain
      let volume = .pi / 6 * rain.diameter * rain.diameter * rain.diameter
      let end = min(time + dt, rain.to)
      let due = Int(max(end - rain.from, 0) * rain.intensity * rain.size.x * rain.size.y / volume)
      while showers[k].fallen < due {
        let place = Vector3(
          rain.center.x + (showers[k].random.uniform() - 0.5) * rain.size.x,
          rain.center.y + (showers[k].random.uniform() - 0.5) * rain.size.y, definition.center.z)
        showers[k].fallen += 1
        guard grid.contains(place) else { continue }
        rained += volume
        grid.deposit(volume, at: place, into: &volumes, whole)
        grid.deposit(volume * rain.speed, at: place, into: &blows, whole)
        hasRained = true
      }
    }
    guard hasRained else { return }
    waves.displace(volumes, whole, depth: 0)
    waves.strike(blows, whole)
  }

  // MARK: State

  /// Over the level at rest, m; found once a step for all that ask.
  private var wholeHeights: [Double] {
    if let knownHeights { return knownHeights }
    let heights = waves.heights(waves.whole)
    knownHeights = heights
    return heights
  }

  /// Cells along x and y.
  public var counts: SIMD2<Int> { waves.counts }

  /// How high the surface stands in the middle of each cell, world frame, m; x runs fastest.
  public var heights: [Float] { wholeHeights.map { Float($0 + definition.center.z) } }

  /// Of the liquid, rain included, kg.
  public var mass: Double {
    definition.liquid.density * (definition.size.x * definition.size.y * definition.depth + rained)
  }

  /// Of motion and of gravity, zero at the world's origin, J: of the liquid under the surface but for the room of the bodies
  /// in it as they were at the start of the last step.
  public var energy: (kinetic: Double, potential: Double) {
    let floor = definition.center.z - definition.depth
    let heights = wholeHeights
    let squares = heights.reduce(0) { sum, height in
      let top = definition.center.z + height
      return sum + top * top - floor * floor
    }
    let density = definition.liquid.density
    let room = displaced.reduce(0) { $0 + $1.volume * definition.center.z + $1.moment }
    let moment = 0.5 * squares * waves.cell.x * waves.cell.y - room
    return (density * waves.kineticEnergy, density * definition.gravity * moment)
  }

  /// The added mass of a body as it was found last: 6 × 6, row by row, about its centre of mass in the world's axes.
  public func addedMass(of solid: Int) -> [Double] { addedMasses[solid].values }
}

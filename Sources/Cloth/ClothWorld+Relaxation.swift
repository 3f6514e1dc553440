import WorldCore

extension ClothWorld {
  /// Lets the cloths come to rest among immovable colliders, by kinetic damping: whenever the kinetic energy has passed a peak,
  /// all velocities are taken away (dynamic relaxation; Barnes 1988). Time doesn't count on.
  ///
  /// - Parameters:
  ///   - tolerance: at rest when in no step of a whole damping cycle any node is faster than this, m/s.
  ///   - limit: simulated seconds after which it gives up.
  /// - Throws: ``ClothError/notAtRest(time:kineticEnergy:)`` and what ``step(_:colliders:liquids:)`` throws.
  public func relax(
    colliders: [ClothCollider] = [], tolerance: Double = 1e-4, limit: Double = 60, step duration: Double = 1.0 / 120
  ) throws(ClothError) {
    let start = time
    defer { time = start }
    var last = 0.0
    var slowSteps = 0
    while time - start < limit {
      _ = try step(duration, colliders: colliders)
      let kinetic = energy.kinetic
      let fastest = sheets.map(\.greatestSpeed).max() ?? 0
      slowSteps = fastest < tolerance ? slowSteps + 1 : 0
      if slowSteps >= 20 {
        stop()
        return
      }
      if kinetic < last {
        stop()
        last = 0
      } else {
        last = kinetic
      }
    }
    throw .notAtRest(time: limit, kineticEnergy: energy.kinetic)
  }

  private func stop() {
    for sheet in sheets { sheet.velocity.update(repeating: .zero, count: sheet.count) }
  }
}

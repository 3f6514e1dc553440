import WorldCore

/// What a hull in the way does to waves, and they to it, past the pressure that they would have without it.
///
/// A hull at the limit of high frequencies holds a potential φₖ for each motion k (``AddedMass``). By Green's identity with a
/// wave ψ, which meets φ = 0 on the free surface, the volume that a motion raises there is ∮(ψ nₖ − φₖ ∂ψ/∂n) dA over the hull:
/// what it pushes away, which ``SurfaceWorld`` lets in, less these dipoles. Waves that pass press with −ρ ∮ φₖ aₙ dA beside the
/// pressure of the undisturbed water, aₙ its acceleration out of the hull (Haskind 1957; Newman 1977, section 6.19). One is the
/// transpose of the other, so neither makes energy.
struct Diffraction {
  private let potentials: [AddedMass.PanelPotential]
  private let center: Vector3
  private let depth: Double
  private let grid: WaveGrid
  private let patch: WaveModes.Patch

  /// - Parameters:
  ///   - center: that the motions turn about, world frame, m.
  ///   - depth: at which the hull is taken to feel waves, m.
  init(
    _ potentials: [AddedMass.PanelPotential], about center: Vector3, depth: Double, _ grid: WaveGrid, _ patch: WaveModes.Patch
  ) {
    (self.potentials, self.center, self.depth, self.grid, self.patch) = (potentials, center, depth, grid, patch)
  }

  /// What a motion for `dt` makes: adds the level dipoles to the volumes let in at the hull's depth, m³ a cell, and gives the
  /// upright ones, m⁴ a cell.
  func radiate(_ velocity: Vector3, _ angularVelocity: Vector3, for dt: Double, into volumes: inout [Double]) -> [Double] {
    var upright = [Double](repeating: 0, count: patch.count)
    for panel in potentials {
      let v = panel.values
      let moved = v[0] * velocity.x + v[1] * velocity.y + v[2] * velocity.z
      let turned = v[3] * angularVelocity.x + v[4] * angularVelocity.y + v[5] * angularVelocity.z
      let dipole = (moved + turned) * panel.area * dt
      let place = center + panel.offset
      grid.deposit(-dipole * panel.normal.z, at: place, into: &upright, patch)
      for (arm, slope) in arms(panel.normal) {
        grid.deposit(-dipole * slope, at: place + arm, into: &volumes, patch)
        grid.deposit(dipole * slope, at: place - arm, into: &volumes, patch)
      }
    }
    return upright
  }

  /// N, and N·m about the centre.
  ///
  /// - Parameter heights: of the waves at the hull's depth, a value a cell of the patch.
  func force(of waves: WaveModes, heights: [Double], gravity: Double, density: Double) -> (force: Vector3, moment: Vector3) {
    let rising = waves.accelerations(patch, at: depth)
    var sums = [Double](repeating: 0, count: 6)
    for panel in potentials {
      let place = center + panel.offset
      var outwards = panel.normal.z * grid.sample(rising, patch, place)
      for (arm, slope) in arms(panel.normal) {
        outwards -= gravity * slope * (grid.sample(heights, patch, place + arm) - grid.sample(heights, patch, place - arm))
      }
      for k in 0..<6 { sums[k] -= density * panel.values[k] * panel.area * outwards }
    }
    return (Vector3(sums[0], sums[1], sums[2]), Vector3(sums[3], sums[4], sums[5]))
  }

  /// Half a cell along x and y, and what a difference over it counts of a slope along the normal, 1/m.
  private func arms(_ normal: Vector3) -> [(arm: Vector3, slope: Double)] {
    [(Vector3(grid.cell.x / 2, 0, 0), normal.x / grid.cell.x), (Vector3(0, grid.cell.y / 2, 0), normal.y / grid.cell.y)]
  }
}

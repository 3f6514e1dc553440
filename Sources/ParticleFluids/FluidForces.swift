import Foundation

/// Coefficients of the forces that aren't pressure.
enum FluidForces {
  /// The strength of cohesion, N, that gives a liquid its surface tension.
  ///
  /// Rayleigh's integral for a central pair force f(r) between particles of number density n: σ = (π/8) n² ∫ r⁴ f(r) dr (Rowlinson &
  /// Widom 1982, section 4.4), here with f = F c(r/h) over the support h, c as in the kernel `cohesion`.
  static func cohesion(tension: Double, spacing d: Double) -> Double {
    let support = 2 * d
    let n = 1 / (d * d * d)
    return 8 * tension / (.pi * n * n * pow(support, 5) * shapeMoment)
  }

  /// ∫₀¹ q⁴ c(q) dq with c = (1 − q)³q³ for q > ½, 2 (1 − q)³q³ − 1/64 below.
  private static let shapeMoment: Double = {
    let steps = 2000
    return (0..<steps).reduce(0) { sum, k in
      let q = (Double(k) + 0.5) / Double(steps)
      let cube = pow((1 - q) * q, 3)
      return sum + pow(q, 4) * (q > 0.5 ? cube : 2 * cube - 1 / 64) / Double(steps)
    }
  }()

  /// The longest step that explicit viscosity bears (Morris et al. 1997, eq. 19), s.
  static func viscousStep(kinematicViscosity: Double, spacing d: Double) -> Double {
    kinematicViscosity > 0 ? 0.1 * d * d / kinematicViscosity : .infinity
  }

  /// The longest step that resolves the shortest capillary wave (Brackbill et al. 1992, eq. 61), s.
  static func capillaryStep(density: Double, tension: Double, spacing d: Double) -> Double {
    tension > 0 ? 0.5 * (density * d * d * d / (2 * .pi * tension)).squareRoot() : .infinity
  }
}

import Foundation

/// Coefficients of the forces that aren't pressure.
enum FluidForces {
  /// σ over N, which makes Σ V f(1 − δ)/(N d) the area of a free surface (Tension.h), N/m.
  ///
  /// On a lattice with a flat surface the outermost layer lacks one sheet of neighbours at distance d, ∫ W over which is
  /// 0.15/d; the layers farther in lack nothing. N = f(0.15) with f(x) = x − t atan(x/t).
  static func tension(_ tension: Double) -> Double { tension / (0.15 - disorder * atan(0.15 / disorder)) }

  /// t, as in the kernel.
  private static let disorder = 0.05

  /// The longest step that explicit viscosity bears (Morris et al. 1997, eq. 19), s.
  static func viscousStep(kinematicViscosity: Double, spacing d: Double) -> Double {
    kinematicViscosity > 0 ? 0.1 * d * d / kinematicViscosity : .infinity
  }

  /// The longest step that resolves the shortest capillary wave (Brackbill et al. 1992, eq. 61), s.
  static func capillaryStep(density: Double, tension: Double, spacing d: Double) -> Double {
    tension > 0 ? 0.5 * (density * d * d * d / (2 * .pi * tension)).squareRoot() : .infinity
  }
}

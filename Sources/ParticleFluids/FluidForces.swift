import Foundation

/// Coefficients of the forces that aren't pressure.
enum FluidForces {
  /// The longest step that explicit viscosity bears (Morris et al. 1997, eq. 19), s.
  static func viscousStep(kinematicViscosity: Double, spacing d: Double) -> Double {
    kinematicViscosity > 0 ? 0.1 * d * d / kinematicViscosity : .infinity
  }

  /// The longest step that resolves the shortest capillary wave (Brackbill et al. 1992, eq. 61), s.
  static func capillaryStep(density: Double, tension: Double, spacing d: Double) -> Double {
    tension > 0 ? 0.5 * (density * d * d * d / (2 * .pi * tension)).squareRoot() : .infinity
  }
}

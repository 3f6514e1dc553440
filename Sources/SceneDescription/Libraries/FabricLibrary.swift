import WorldCore

extension Fabric {
  /// The built-in fabrics, by name.
  ///
  /// Round values inside the published ranges of each class of cloth as the Kawabata system reports them (KES-F; Kawabata, The
  /// Standardization and Analysis of Hand Evaluation, 1980): stretch is the secant up to that test's 490 N/m, E = 490 N/m over
  /// its extension; bending in gf·cm²/cm = 9.807e-5 N·m; shear in gf/(cm·deg) = 56.19 N/m. Rubber is a sheet of 1 mm with
  /// Young's modulus 1.5 MPa. Solid densities are those of the fibres: cellulose, silk, wool, collagen, polyamide 6, rubber.
  public static let library: [String: Fabric] = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })

  private static func row(
    _ name: String, mass: Double, thickness: Double, stretch: (Double, Double), shear: Double, bend: (Double, Double),
    µ: Double, solid: Double,
    porosity: Double = 0, membraneDamping: Double = 5e-4, _ hex: UInt32, roughness: Float
  ) -> Fabric {
    Fabric(
      name: name, arealDensity: mass, thickness: thickness, stretchStiffness: SIMD2(stretch.0, stretch.1),
      shearStiffness: shear,
      bendStiffness: SIMD2(bend.0, bend.1), friction: µ, membraneDamping: membraneDamping, porosity: porosity,
      solidDensity: solid, surface: Surface(color: Color.linear(hex: hex), roughness: roughness))
  }

  private static let rows: [Fabric] = [
    row(
      "cotton", mass: 0.12, thickness: 0.4e-3, stretch: (6000, 12_000), shear: 45, bend: (4e-6, 7e-6), µ: 0.5, solid: 1520,
      porosity: 0.05, 0xede7da, roughness: 0.95),
    row(
      "silk", mass: 0.06, thickness: 0.2e-3, stretch: (8000, 12_000), shear: 17, bend: (2e-6, 3e-6), µ: 0.25, solid: 1340,
      porosity: 0.02, 0xc9203a, roughness: 0.45),
    row(
      "denim", mass: 0.4, thickness: 0.9e-3, stretch: (10_000, 20_000), shear: 170, bend: (3e-5, 7e-5), µ: 0.6, solid: 1520,
      0x2f4468, roughness: 0.95),
    row(
      "wool", mass: 0.25, thickness: 1.2e-3, stretch: (5000, 8000), shear: 50, bend: (1e-5, 1.5e-5), µ: 0.6, solid: 1310,
      porosity: 0.05, 0x8d3b3b, roughness: 1),
    row(
      "canvas", mass: 0.5, thickness: 0.8e-3, stretch: (25_000, 40_000), shear: 280, bend: (2e-4, 3e-4), µ: 0.55, solid: 1520,
      0xd8cdb4, roughness: 0.9),
    row(
      "leather", mass: 0.9, thickness: 1.2e-3, stretch: (30_000, 30_000), shear: 2000, bend: (5e-4, 5e-4), µ: 0.6, solid: 1400,
      0x6b4024, roughness: 0.6),
    row(
      "nylon", mass: 0.05, thickness: 0.1e-3, stretch: (10_000, 12_000), shear: 60, bend: (2e-6, 3e-6), µ: 0.35, solid: 1140,
      0xe05a2b, roughness: 0.5),
    rubber("rubber"), rubber("rubber-sheet"),
  ]

  private static func rubber(_ name: String) -> Fabric {
    row(
      name, mass: 1, thickness: 1e-3, stretch: (1500, 1500), shear: 500, bend: (1.25e-4, 1.25e-4), µ: 0.9, solid: 1000,
      membraneDamping: 5e-3, 0x2b2b2d, roughness: 0.7)
  }
}

import WorldCore

extension Fabric {
  /// The built-in fabrics, by name.
  public static let library: [String: Fabric] = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })

  private static func row(
    _ name: String, mass: Double, thickness: Double, stretch: Double, bend: Double, µ: Double, _ hex: UInt32, roughness: Float
  ) -> Fabric {
    Fabric(
      name: name, arealDensity: mass, thickness: thickness, stretchStiffness: stretch, bendStiffness: bend, friction: µ,
      surface: Surface(color: Color.linear(hex: hex), roughness: roughness))
  }

  private static let rows: [Fabric] = [
    row("cotton", mass: 0.15, thickness: 0.3e-3, stretch: 2000, bend: 8e-6, µ: 0.5, 0xede7da, roughness: 0.95),
    row("silk", mass: 0.06, thickness: 0.1e-3, stretch: 1500, bend: 1e-6, µ: 0.3, 0xc9203a, roughness: 0.35),
    row("denim", mass: 0.4, thickness: 0.8e-3, stretch: 6000, bend: 5e-5, µ: 0.6, 0x2f4468, roughness: 0.95),
    row("wool", mass: 0.25, thickness: 1.5e-3, stretch: 800, bend: 2e-5, µ: 0.6, 0x8d3b3b, roughness: 1),
    row("canvas", mass: 0.5, thickness: 0.9e-3, stretch: 12_000, bend: 2e-4, µ: 0.6, 0xd8cdb4, roughness: 0.9),
    row("leather", mass: 0.9, thickness: 1.2e-3, stretch: 20_000, bend: 5e-4, µ: 0.6, 0x6b4024, roughness: 0.6),
    row("nylon", mass: 0.07, thickness: 0.1e-3, stretch: 4000, bend: 3e-6, µ: 0.35, 0xe05a2b, roughness: 0.5),
    row("rubber-sheet", mass: 1.1, thickness: 1e-3, stretch: 1500, bend: 3e-4, µ: 1, 0x2b2b2d, roughness: 0.7),
  ]
}

import WorldCore

extension Liquid {
  /// The built-in liquids at 20 °C, by name.
  public static let library: [String: Liquid] = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })

  private static func row(
    _ name: String, density: Double, viscosity: Double, tension: Double, _ hex: UInt32, along distance: Float,
    transmission: Float = 1, index: Float
  ) -> Liquid {
    Liquid(
      name: name, density: density, viscosity: viscosity, surfaceTension: tension,
      surface: Surface(
        color: Color.linear(hex: hex), roughness: 0.02, transmission: transmission, refractiveIndex: index,
        attenuationDistance: distance))
  }

  /// Seconds: bubbles burst within about a second on thin liquids; thick ones close without trapping air.
  var frothLifetime: Double { viscosity < 0.02 && surface.metallic < 0.5 ? 0.8 : 0 }

  private static let rows: [Liquid] = [
    row("water", density: 998.2, viscosity: 1.002e-3, tension: 0.0728, 0xcfe6ee, along: 1, index: 1.333),
    row("seawater", density: 1025, viscosity: 1.08e-3, tension: 0.0735, 0xb7dbe0, along: 1, index: 1.34),
    row("oil", density: 915, viscosity: 0.08, tension: 0.032, 0xe8cf6a, along: 0.12, transmission: 0.95, index: 1.47),
    row("honey", density: 1420, viscosity: 10, tension: 0.06, 0xd98a1c, along: 0.03, transmission: 0.8, index: 1.49),
    row("milk", density: 1030, viscosity: 2.1e-3, tension: 0.047, 0xf8f5ec, along: 0.01, transmission: 0.05, index: 1.35),
    row("glycerine", density: 1261, viscosity: 1.41, tension: 0.0634, 0xf0f4f4, along: 1, index: 1.473),
    row("alcohol", density: 789, viscosity: 1.2e-3, tension: 0.0223, 0xeaf3f5, along: 1, index: 1.361),
    row("mercury", density: 13_546, viscosity: 1.526e-3, tension: 0.485, 0xd5d7da, along: 0.01, transmission: 0, index: 1.6),
  ]
}

import WorldCore

extension Material {
  /// The built-in materials, by name.
  ///
  /// Densities are handbook values. Coefficients are chosen so that the geometric mean of two of them comes near what is
  /// measured for the pair: steel on steel µ 0.6 and e 0.9, rubber on concrete µ 0.9, ice on anything little.
  public static let library: [String: Material] = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) })

  /// The names, sorted.
  public static let libraryNames: [String] = library.keys.sorted()

  private static func row(
    _ name: String, e: Double, µ: Double, rolling: Double = 0.001, density: Double, _ hex: UInt32, roughness: Float = 0.5,
    metallic: Float = 0, transmission: Float = 0, index: Float = 1.5, pattern: (Surface.Pattern.Kind, UInt32, Float)? = nil,
    _ sound: Stage.SoundMaterial
  ) -> Material {
    let texture = pattern.map { Surface.Pattern(kind: $0.0, color: Color.linear(hex: $0.1), scale: $0.2) }
    return Material(
      name: name, restitution: e, friction: µ, rollingFriction: rolling, spinningFriction: rolling, density: density,
      surface: Surface(
        color: Color.linear(hex: hex), roughness: roughness, metallic: metallic, transmission: transmission,
        refractiveIndex: index, pattern: texture),
      sound: sound)
  }

  private static let rows: [Material] = [
    row("default", e: 0.5, µ: 0.5, density: 1000, 0xb8b4ac, .plastic),
    // Woods
    row("wood", e: 0.55, µ: 0.45, density: 700, 0xc29a68, roughness: 0.55, pattern: (.wood, 0x9b7142, 0.12), .wood),
    row("oak", e: 0.55, µ: 0.45, density: 720, 0xa97c4a, roughness: 0.5, pattern: (.wood, 0x7f5a30, 0.1), .wood),
    row("pine", e: 0.5, µ: 0.5, density: 510, 0xdcb67e, roughness: 0.6, pattern: (.wood, 0xbf9457, 0.14), .wood),
    row("maple", e: 0.6, µ: 0.42, density: 690, 0xd9b382, roughness: 0.3, pattern: (.parquet, 0xc99f6b, 0.25), .wood),
    row(
      "cork", e: 0.6, µ: 0.7, rolling: 0.01, density: 200, 0xb98d5d, roughness: 0.9, pattern: (.speckle, 0x8a6238, 0.02),
      .cardboard),
    row("cardboard", e: 0.25, µ: 0.5, rolling: 0.01, density: 200, 0xb89468, roughness: 0.9, .cardboard),
    row("paper", e: 0.1, µ: 0.4, rolling: 0.01, density: 800, 0xf3f0e6, roughness: 0.95, .cardboard),
    // Metals
    row("steel", e: 0.9, µ: 0.5, rolling: 0.0005, density: 7850, 0xc4c7ca, roughness: 0.18, metallic: 1, .metal),
    row("iron", e: 0.75, µ: 0.55, density: 7870, 0x8a8782, roughness: 0.45, metallic: 1, .metal),
    row("aluminium", e: 0.75, µ: 0.55, density: 2700, 0xe3e4e6, roughness: 0.25, metallic: 1, .metal),
    row("brass", e: 0.7, µ: 0.45, density: 8500, 0xe2c16b, roughness: 0.2, metallic: 1, .metal),
    row("copper", e: 0.65, µ: 0.55, density: 8960, 0xe8a07c, roughness: 0.25, metallic: 1, .metal),
    row("gold", e: 0.55, µ: 0.5, density: 19_300, 0xffd97a, roughness: 0.15, metallic: 1, .metal),
    row("lead", e: 0.15, µ: 0.55, rolling: 0.005, density: 11_340, 0x6f7178, roughness: 0.6, metallic: 1, .metal),
    // Elastic
    row("rubber", e: 0.82, µ: 1.0, rolling: 0.01, density: 1100, 0x2b2b2d, roughness: 0.75, .rubber),
    row("foam", e: 0.35, µ: 0.8, rolling: 0.02, density: 40, 0x6f93b5, roughness: 0.95, .cloth),
    row("leather", e: 0.4, µ: 0.6, rolling: 0.01, density: 860, 0x7a4a2a, roughness: 0.65, .leather),
    row("felt", e: 0.5, µ: 0.4, rolling: 0.01, density: 300, 0x1f6b45, roughness: 1, .cloth),
    row(
      "basketball", e: 0.83, µ: 0.6, rolling: 0.002, density: 85, 0xd2691e, roughness: 0.7,
      pattern: (.basketball, 0x1e1a18, 0.12), .rubber),
    row(
      "football", e: 0.75, µ: 0.55, rolling: 0.005, density: 75, 0xf2f2f0, roughness: 0.5, pattern: (.football, 0x1c1c1e, 0.11),
      .leather),
    row("tennis-ball", e: 0.75, µ: 0.6, rolling: 0.01, density: 380, 0xd3e34a, roughness: 0.95, .rubber),
    // Glass, stone, ceramics
    row(
      "glass", e: 0.9, µ: 0.5, rolling: 0.0005, density: 2500, 0xf2f7f5, roughness: 0.02, transmission: 1, index: 1.52, .glass),
    row("ceramic", e: 0.7, µ: 0.45, density: 2400, 0xf1ede4, roughness: 0.15, .ceramic),
    row("stone", e: 0.5, µ: 0.65, density: 2600, 0x8f8b84, roughness: 0.85, pattern: (.speckle, 0x6d6963, 0.05), .stone),
    row("concrete", e: 0.5, µ: 0.75, density: 2400, 0xa8a6a1, roughness: 0.9, pattern: (.speckle, 0x95938e, 0.04), .stone),
    row("marble", e: 0.65, µ: 0.4, density: 2700, 0xf0eeea, roughness: 0.12, pattern: (.marble, 0x9d9a98, 0.35), .stone),
    row("granite", e: 0.6, µ: 0.5, density: 2700, 0x77716d, roughness: 0.25, pattern: (.speckle, 0x3b3836, 0.02), .stone),
    row("brick", e: 0.4, µ: 0.7, density: 1900, 0x9c4f38, roughness: 0.9, pattern: (.bricks, 0xc9c1b6, 0.25), .stone),
    row("tiles", e: 0.6, µ: 0.4, density: 2300, 0xe6e3dc, roughness: 0.2, pattern: (.tiles, 0x9f9b94, 0.3), .ceramic),
    row("clay", e: 0.02, µ: 0.9, rolling: 0.05, density: 1750, 0x8d6b53, roughness: 0.95, .flesh),
    // Others
    row("plastic", e: 0.65, µ: 0.35, density: 1050, 0x3a78c2, roughness: 0.35, .plastic),
    row("acrylic", e: 0.65, µ: 0.4, density: 1180, 0xeef5f8, roughness: 0.03, transmission: 0.95, index: 1.49, .plastic),
    row("billiard", e: 0.95, µ: 0.06, rolling: 0.0005, density: 1700, 0xf4efe2, roughness: 0.08, .ceramic),
    row("ice", e: 0.3, µ: 0.02, density: 917, 0xdcecf3, roughness: 0.1, transmission: 0.5, index: 1.31, .ice),
    row("flesh", e: 0.1, µ: 0.6, rolling: 0.02, density: 1000, 0xd9a68a, roughness: 0.7, .flesh),
  ]
}

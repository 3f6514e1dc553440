import WorldCore

/// What decides how a material sounds when it is struck. Handbook values, rounded; soft ones are effective, not exact.
struct MaterialAcoustics {
  /// Speed of bending-free (longitudinal) waves in a bar, m/s.
  var waveSpeed: Double
  /// Young's modulus at the surface, Pa: the harder, the shorter the contact and the brighter the sound.
  var modulus: Double
  /// Loss factor η: a mode at f dies with the rate πηf.
  var lossFactor: Double
  /// How much of a blow the body's modes radiate, 0…1, against the knock of the contact itself.
  var resonance: Double
  /// Of the whole sound, 0…1.
  var loudness: Double
  /// Roughness that a slide or a roll runs over, m.
  var grain: Double

  /// nil for what makes no sound.
  static func of(_ material: Stage.SoundMaterial) -> MaterialAcoustics? {
    switch material {
    case .wood: entry(3500, 8e9, 0.02, 0.7, 0.9, 4e-4)
    case .metal: entry(5000, 2e11, 0.0005, 1, 1, 1.5e-4)
    case .glass: entry(5300, 7e10, 0.0012, 1, 0.9, 1e-4)
    case .stone: entry(3800, 5e10, 0.008, 0.45, 0.9, 6e-4)
    case .rubber: entry(160, 2e6, 0.22, 0.25, 0.8, 6e-4)
    case .plastic: entry(1600, 2.5e9, 0.035, 0.6, 0.8, 2.5e-4)
    case .ceramic: entry(4800, 9e10, 0.003, 0.9, 0.9, 2e-4)
    case .leather: entry(220, 2e7, 0.18, 0.3, 0.7, 5e-4)
    case .cloth: entry(90, 2e5, 0.5, 0.15, 0.3, 5e-4)
    case .flesh: entry(60, 1e5, 0.5, 0.2, 0.4, 8e-4)
    case .ice: entry(3200, 9e9, 0.008, 0.8, 0.8, 2e-4)
    case .cardboard: entry(1200, 5e8, 0.09, 0.5, 0.6, 4e-4)
    case .silent: nil
    }
  }

  private static func entry(
    _ waveSpeed: Double, _ modulus: Double, _ lossFactor: Double, _ resonance: Double, _ loudness: Double, _ grain: Double
  ) -> MaterialAcoustics {
    MaterialAcoustics(
      waveSpeed: waveSpeed, modulus: modulus, lossFactor: lossFactor, resonance: resonance, loudness: loudness, grain: grain)
  }
}

/// A number of a clip's evaluation, as people read it.
public struct ClipMetric: Sendable {
  /// In documents.
  public var key: String
  /// With its unit, where it has one.
  public var title: String
  /// As `printf` takes it.
  public var format: String
  /// Whether leaderboards have a column for it.
  public var isOnLeaderboard: Bool

  private static func row(_ key: String, _ title: String, _ format: String, onLeaderboard: Bool = true) -> ClipMetric {
    ClipMetric(key: key, title: title, format: format, isOnLeaderboard: onLeaderboard)
  }

  public static let all: [ClipMetric] = [
    row("gravity", "g, m/s²", "%.2f"), row("velocity_error", "velocity error, m/s", "%.4f"),
    row("momentum_error", "momentum error", "%.4f"), row("energy_error", "energy error", "%.4f"),
    row("pisa_l2", "L2", "%.3f"), row("pisa_chamfer", "Chamfer", "%.3f"), row("iou", "IoU", "%.2f"),
    row("physics_iq_style", "Physics-IQ-style", "%.1f"), row("onset_error_ms", "sound onset, ms", "%.0f"),
    row("onset_f1_40ms", "onsets within 40 ms, F1", "%.2f"), row("psnr", "PSNR, dB", "%.1f"), row("ssim", "SSIM", "%.3f"),
    row("sharpness", "sharpness", "%.2f"), row("seen_share", "seen", "%.2f"),
    row("position_error_px", "position error, px", "%.2f", onLeaderboard: false),
    row("radius_error", "radius error", "%.4f", onLeaderboard: false),
    row("pisa_l2_euclidean", "L2, Euclidean", "%.3f", onLeaderboard: false),
    row("physics_iq_verified_style", "Physics-IQ-verified-style", "%.1f", onLeaderboard: false),
    row("onset_spread_ms", "sound onset spread, ms", "%.0f", onLeaderboard: false),
    row("onset_f1_frame", "onsets within a frame, F1", "%.2f", onLeaderboard: false),
  ]

  /// The title of a key; a key that is none of these tells itself.
  public static func title(of key: String) -> String {
    all.first { $0.key == key }?.title ?? key.replacing("_", with: " ")
  }
}

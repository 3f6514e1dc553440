import Foundation
public import WorldCore

/// What a detector of onsets would make of a world's sound that was never made: when its impacts arrive, how loud, and what
/// drowns.
///
/// The peak at 1 m follows the impulse J by 0.5 (J / 1 N·s)^0.6 and falls with distance, as sound synthesis has it; a room's
/// tone lies under it, and each knock rings down by 60 dB in a room's time. Errors: of the detector's instant, and of a level
/// by what ringing and rooms do to it.
public struct SimulatedListener: Sendable {
  private static let speedOfSound = 343.0
  /// dB of full scale.
  private static let roomTone = -62.0
  /// dB a second at which a knock rings down.
  private static let decay = 120.0
  /// dB by which a beginning stands out of what is heard before.
  private static let prominence = 6.0
  /// Standard deviations: of the instant, s, and of the level, dB.
  private static let error = (time: 0.002, level: 1.0)
  private static let step = 0.005

  public init() {}

  public func listen(to world: BrokenWorld, stream: inout RandomStream) -> SoundEvidence {
    let trajectory = world.heard
    let duration = trajectory.scene.duration
    let knocks = trajectory.contacts.filter { $0.kind == .impact && $0.impulse > 0 }.map {
      contact -> (time: Double, level: Double) in
      let ear = world.stage.viewpoint(at: contact.time, of: world.trajectory).position
      let distance = (contact.point - ear).length
      let peak = 0.5 * pow(contact.impulse, 0.6) / max(distance, 0.5)
      return (contact.time + distance / Self.speedOfSound, 20 * log10(max(peak, 1e-9)))
    }.sorted { $0.time < $1.time }

    var background = [Double](repeating: Self.roomTone, count: max(1, Int(duration / Self.step) + 1))
    for knock in knocks {
      for k in max(0, Int(knock.time / Self.step))..<max(background.count, Int(knock.time / Self.step))
      where k < background.count {
        background[k] = max(background[k], knock.level - Self.decay * (Double(k) * Self.step - knock.time))
      }
    }
    var onsets: [SoundEvidence.Onset] = []
    for knock in knocks where knock.time > 0 && knock.time < duration {
      let (late, louder) = (
        stream.normal(standardDeviation: Self.error.time), stream.normal(standardDeviation: Self.error.level)
      )
      let before = max(0, min(background.count - 1, Int(knock.time / Self.step) - 1))
      guard knock.level > background[before] + Self.prominence, knock.time - (onsets.last?.time ?? -1) > BrokenWorld.oneKnock
      else { continue }
      onsets.append(.init(time: knock.time + late, timeDeviation: Self.error.time, level: knock.level + louder))
    }
    return SoundEvidence(onsets: onsets, span: 0...duration, background: background, step: Self.step, isSilent: false)
  }
}

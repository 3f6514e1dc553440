import WorldCore

/// Frames are missing: the whole world jumps on by 1, 4 or 10 of them.
struct Stutter: ViolationFamily {
  let name = "stutter"
  let law = "continuity"
  let evidence = Evidence.tracks

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    guard let flight = world.flight(from: &stream), let start = world.onset(in: flight, from: &stream) else { return nil }
    let fps = world.stage.picture.framesPerSecond
    let frame = Int((world.trajectory.times[start] * fps).rounded(.up))
    var broken = BrokenWorld(world, onset: Double(frame) / fps)
    broken.frames = .skipping(count: severity.of(1, 4, 10), at: frame)
    return broken
  }
}

/// The whole clip's frames come in another order.
struct FrameOrderChange: ViolationFamily {
  enum Kind { case reversed, shuffled, frozen }

  let name: String
  let law: String
  let evidence = Evidence.tracks
  private let kind: Kind

  /// Time runs backwards; the same at every severity. Where an impact cost energy, it now gives some.
  static let reversed = FrameOrderChange(name: "reversed-time", law: "bounce", kind: .reversed)
  static let shuffled = FrameOrderChange(name: "frame-shuffle", law: "continuity", kind: .shuffled)
  /// In the middle of a flight the picture stands still for 2, 6 or 15 frames; then the world goes on where it stopped.
  static let frozen = FrameOrderChange(name: "frozen", law: "inertia", kind: .frozen)

  func broken(_ world: ValidWorld, severity: Severity, stream: inout RandomStream) -> BrokenWorld? {
    let fps = world.stage.picture.framesPerSecond
    var broken = BrokenWorld(world, onset: 0)
    switch kind {
    case .reversed:
      // Only what loses energy has a direction in time.
      let losses = world.impacts(betweenMovers: false).filter { $0.contact.restitution < 0.95 }
      guard let last = losses.last else { return nil }
      broken.frames = .reversed
      broken.onset = max(0, world.trajectory.scene.duration - last.contact.time)
    case .shuffled: broken.frames = .shuffled(seed: stream.next())
    case .frozen:
      guard let flight = world.flight(from: &stream), let start = world.onset(in: flight, from: &stream) else { return nil }
      let frame = Int((world.trajectory.times[start] * fps).rounded(.up))
      broken.frames = .holding(count: severity.of(2, 6, 15), at: frame)
      broken.onset = Double(frame) / fps
    }
    return broken
  }
}

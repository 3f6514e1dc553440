public import WorldCore

/// By how much moving bodies jump where one stretch of a clip follows on another, or a new clip on a given one.
///
/// Each body's place in the picture is compared with the plain view's by least squares on its own pixels: what differs from one
/// frame to the next is the generator's doing, not the world's.
public struct SeamMeter {
  /// Root mean squares over the bodies.
  public struct Measure: Sendable, Codable, Equatable {
    /// The first frames behind the seams.
    public var frames: [Int]
    /// Pixels by which a body's place jumps with the frame.
    public var positionJump: Double
    /// Pixels a frame by which its velocity does.
    public var velocityJump: Double
    /// The same between other frames, three in each stretch: what of it is the seams' own stands out from this.
    public var positionJumpElsewhere: Double?
    public var velocityJumpElsewhere: Double?

    enum CodingKeys: String, CodingKey {
      case frames
      case positionJump = "position_jump"
      case velocityJump = "velocity_jump"
      case positionJumpElsewhere = "position_jump_elsewhere"
      case velocityJumpElsewhere = "velocity_jump_elsewhere"
    }
  }

  private let view: ShadedView
  private let moving: MovingParts
  private let seams: [Int]
  private let others: [Int]
  private let watched: Set<Int>
  private var displacements: [Int: [Int: SIMD2<Double>]] = [:]

  /// - Parameters:
  ///   - given: frames that the clip begins with.
  ///   - isDenoised: whether it is made in stretches.
  /// - Returns: nil where there is no simulation to compare with, or no seam.
  public init?(_ world: WorldConditions, given: Int, isDenoised: Bool) {
    guard let view = world.view, let controls = world.controlTensor else { return nil }
    let starts = Stretch.plan(
      tokens: world.tokens.time, made: given / VideoTokens.frames, cuts: world.cuts
    ).filter { $0.kept > 0 }.map { $0.fresh.lowerBound * VideoTokens.frames }
    let cuts = Set(world.cuts.map { $0 * VideoTokens.frames })
    // Two frames on either side of a seam tell its velocities.
    func isSeen(_ frame: Int) -> Bool { frame >= 2 && frame + 1 < world.frameCount && !cuts.contains(frame) }
    let between: [Int] = isDenoised ? starts.filter { $0 > given } : []
    let found: [Int] = ((given > 1 ? [given] : []) + between).filter(isSeen)
    guard !found.isEmpty else { return nil }
    let quarter = (Stretch.length - 1) * VideoTokens.frames / 4
    let rest: [Int] = found.flatMap { [$0 + quarter, $0 + 2 * quarter, $0 + 3 * quarter] }
    (seams, others) = (found, rest.filter(isSeen))
    watched = Set((seams + others).flatMap { $0 - 2...$0 + 1 })
    (self.view, moving) = (view, MovingParts(controls))
  }

  /// Takes a frame of the clip.
  public mutating func see(_ picture: Image<SRGB8>, frame: Int) {
    guard watched.contains(frame) else { return }
    // What is compared is alike but for what the generator changes: a ball of ten pixels can be told.
    displacements[frame] = moving.displacements(
      of: picture, from: view.pictures(frame..<frame + 1)[0], frame: frame, cells: 4)
  }

  /// nil where no moving body was seen well enough at a seam.
  public var measure: Measure? {
    guard let (position, velocity) = jumps(at: seams) else { return nil }
    let elsewhere = jumps(at: others)
    return Measure(
      frames: seams, positionJump: position, velocityJump: velocity, positionJumpElsewhere: elsewhere?.position,
      velocityJumpElsewhere: elsewhere?.velocity)
  }

  private func jumps(at frames: [Int]) -> (position: Double, velocity: Double)? {
    var (position, velocity, count) = (0.0, 0.0, 0)
    for frame in frames {
      // In one order, so that sums are the same each time.
      for (part, here) in (displacements[frame] ?? [:]).sorted(by: { $0.key < $1.key }) {
        guard let before = displacements[frame - 1]?[part], let earlier = displacements[frame - 2]?[part],
          let after = displacements[frame + 1]?[part]
        else { continue }
        let jump = here - before
        let turn = (after - here) - (before - earlier)
        position += (jump * jump).sum()
        velocity += (turn * turn).sum()
        count += 1
      }
    }
    guard count > 0 else { return nil }
    return ((position / Double(count)).squareRoot(), (velocity / Double(count)).squareRoot())
  }
}

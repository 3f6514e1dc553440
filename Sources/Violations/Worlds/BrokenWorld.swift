public import WorldCore

/// A world in which a law is broken from a known time on, by a known amount.
public struct BrokenWorld: Sendable {
  public var trajectory: Trajectory
  public var stage: Stage
  /// When the law is first broken, seconds of the clip.
  public var onset: Double
  /// The body that breaks it; nil where it is the whole clip.
  public var body: String?
  /// How a body's size changes: factors along the axes of its shape's frame.
  public var growth: Growth?
  public var frames = FrameOrder.kept
  public var sound = SoundChange.kept

  public init(_ world: ValidWorld, trajectory: Trajectory? = nil, onset: Double, body: String? = nil) {
    self.trajectory = trajectory ?? world.trajectory
    stage = world.stage
    self.onset = onset
    self.body = body
  }

  /// Nothing is broken: the twin.
  public init(valid world: ValidWorld) { self.init(world, onset: .infinity) }

  /// A body that grows, shrinks or flattens evenly over a stretch of time, and keeps what it has come to.
  public struct Growth: Sendable, Equatable {
    public var body: String
    /// s
    public var from: Double
    public var to: Double
    /// At the end; 1, 1, 1 at the beginning.
    public var factors: Vector3

    public func factors(at time: Double) -> Vector3 {
      let share = min(max((time - from) / max(to - from, 1e-9), 0), 1)
      return Vector3(repeating: 1) + (factors - Vector3(repeating: 1)) * share
    }
  }

  /// Which frame of the world each frame of the clip shows.
  public enum FrameOrder: Sendable, Equatable {
    case kept
    case reversed
    /// In no order, drawn from that seed.
    case shuffled(seed: UInt64)
    /// From a frame on, so many are left out.
    case skipping(count: Int, at: Int)
    /// So many times the same frame, from that one on; then the world goes on where it stopped.
    case holding(count: Int, at: Int)

    /// The world's frame for each of the clip's frames, of so many that the world has.
    public func order(of count: Int) -> [Int] {
      let all = Array(0..<count)
      switch self {
      case .kept: return all
      case .reversed: return all.reversed()
      case .shuffled(let seed):
        var stream = RandomStream(seed: seed, "frame order")
        return all.shuffled(using: &stream)
      case .skipping(let left, let at): return all.filter { $0 < at || $0 >= at + left }
      case .holding(let held, let at): return (0..<count).map { $0 < at ? $0 : $0 < at + held ? at : $0 - held }
      }
    }
  }

  /// What is done to the impacts' sounds.
  public enum SoundChange: Sendable, Equatable {
    case kept
    /// All of them by so many seconds; negative is early.
    case shifted(Double)
    /// The one at that time, s, isn't heard.
    case missing(at: Double)
    /// A knock that nothing makes, at that time, s.
    case added(at: Double)
  }
}

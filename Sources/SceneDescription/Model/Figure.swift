public import WorldCore

/// A jointed human figure and what it is to do.
public struct Figure: Sendable, Equatable {
  public var name: String
  /// m
  public var height: Double
  /// kg
  public var mass: Double
  /// Between the soles of its feet, world frame, m.
  public var position: Vector3
  /// Direction it looks in, about z from the x axis, rad.
  public var facing: Double
  /// The body that it stands on.
  public var support: String?
  /// In order of time.
  public var routine: [Cue]
  public var location: SourceLocation?

  public init(
    name: String, height: Double = 1.7, mass: Double = 65, position: Vector3 = .zero, facing: Double = 0,
    support: String? = nil, routine: [Cue] = [], location: SourceLocation? = nil
  ) {
    self.name = name
    self.height = height
    self.mass = mass
    self.position = position
    self.facing = facing
    self.support = support
    self.routine = routine
    self.location = location
  }

  /// A skill and when it begins.
  public struct Cue: Sendable, Equatable {
    public var skill: String
    /// Seconds.
    public var time: Double

    public init(skill: String, time: Double) {
      self.skill = skill
      self.time = time
    }
  }
}

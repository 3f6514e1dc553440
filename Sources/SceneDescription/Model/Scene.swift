public import WorldCore

/// A world to be simulated: everything that a scene file says, checked, in SI units, with every default filled in.
///
/// Plain values: what reads a scene needs nothing of YAML. Names are unique within their kind; `bodies` stand in the order of
/// the document.
public struct Scene: Sendable, Equatable {
  public var name: String
  public var about: String
  public var seed: UInt64
  /// Seconds, > 0.
  public var duration: Double
  /// m/s²
  public var gravity: Vector3
  /// nil is a vacuum.
  public var air: Air?
  public var contact: ContactRules
  /// Those that the file declares, in its order; a body carries its own, resolved.
  public var materials: [Material]
  public var bodies: [Body]
  public var joints: [Joint]
  public var fluids: [Fluid]
  public var cloths: [Cloth]
  public var figures: [Figure]
  /// In order of time.
  public var events: [Event]
  public var sound: Sound
  public var light: Stage.Light
  /// In order of time, without gaps, from 0 to the duration; empty leaves the view to `stage`, which frames all bodies.
  public var shots: [Stage.Shot]
  public var picture: Stage.Picture
  public var variations: [Variation]

  public init(
    name: String, about: String = "", seed: UInt64 = 0, duration: Double, gravity: Vector3 = Vector3(0, 0, -9.81),
    air: Air? = nil, contact: ContactRules = ContactRules(), materials: [Material] = [], bodies: [Body] = [],
    joints: [Joint] = [], fluids: [Fluid] = [], cloths: [Cloth] = [], figures: [Figure] = [], events: [Event] = [],
    sound: Sound = Sound(), light: Stage.Light = Stage.Light(), shots: [Stage.Shot] = [],
    picture: Stage.Picture = Stage.Picture(), variations: [Variation] = []
  ) {
    self.name = name
    self.about = about
    self.seed = seed
    self.duration = duration
    self.gravity = gravity
    self.air = air
    self.contact = contact
    self.materials = materials
    self.bodies = bodies
    self.joints = joints
    self.fluids = fluids
    self.cloths = cloths
    self.figures = figures
    self.events = events
    self.sound = sound
    self.light = light
    self.shots = shots
    self.picture = picture
    self.variations = variations
  }

  public func body(_ name: String) -> Body? { bodies.first { $0.name == name } }

  public func joint(_ name: String) -> Joint? { joints.first { $0.name == name } }

  /// The air that moving bodies feel.
  public struct Air: Sendable, Equatable {
    /// kg/m³
    public var density: Double
    /// Whether the air slows bodies down and bends the path of spinning ones.
    public var drag: Bool
    /// m/s, the same everywhere but for gusts.
    public var wind: Vector3
    /// Standard deviation of the wind that cloth feels, as a share of its speed.
    public var gustiness: Double
    /// Size of the gusts, m.
    public var gustLength: Double

    public init(
      density: Double = 1.204, drag: Bool = true, wind: Vector3 = .zero, gustiness: Double = 0, gustLength: Double = 2
    ) {
      self.density = density
      self.drag = drag
      self.wind = wind
      self.gustiness = gustiness
      self.gustLength = gustLength
    }
  }

  /// How the coefficients of two touching materials make that of the pair.
  public struct ContactRules: Sendable, Equatable {
    public enum Rule: String, Sendable, CaseIterable {
      case geometric, min, max, product

      public func combine(_ a: Double, _ b: Double) -> Double {
        switch self {
        case .geometric: (a * b).squareRoot()
        case .min: Swift.min(a, b)
        case .max: Swift.max(a, b)
        case .product: a * b
        }
      }
    }
    public var restitution: Rule
    /// Also that of rolling and spinning friction.
    public var friction: Rule

    public init(restitution: Rule = .geometric, friction: Rule = .geometric) {
      self.restitution = restitution
      self.friction = friction
    }
  }

  /// What is heard besides the contacts.
  public struct Sound: Sendable, Equatable {
    public var ambience: Stage.Ambience
    /// In order of time.
    public var dialogue: [Line]

    public init(ambience: Stage.Ambience = .silence, dialogue: [Line] = []) {
      self.ambience = ambience
      self.dialogue = dialogue
    }

    /// Words that somebody says.
    public struct Line: Sendable, Equatable {
      /// A figure's or a body's name, where the voice comes from; nil is a narrator.
      public var who: String?
      /// Seconds.
      public var time: Double
      public var words: String

      public init(who: String?, time: Double, words: String) {
        self.who = who
        self.time = time
        self.words = words
      }
    }
  }
}

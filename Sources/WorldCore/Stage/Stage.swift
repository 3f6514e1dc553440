/// What a trajectory does not say and a picture or a sound needs: looks, cameras, light, and what things are made of.
///
/// A stage plus a trajectory is all that rendering and sound synthesis read; neither knows the scene format.
public struct Stage: Sendable, Equatable {
  public var items: [Item]
  public var sheets: [Sheet]
  public var liquids: [Liquid]
  public var light: Light
  /// In order of time and without gaps; never empty.
  public var shots: [Shot]
  public var picture: Picture
  public var ambience: Ambience
  /// m/s²: how things fall, and what presses them onto what they slide on.
  public var gravity: Vector3

  public init(
    items: [Item], sheets: [Sheet] = [], liquids: [Liquid] = [], light: Light = Light(), shots: [Shot],
    picture: Picture = Picture(), ambience: Ambience = .silence, gravity: Vector3 = Vector3(0, 0, -9.81)
  ) {
    self.items = items
    self.sheets = sheets
    self.liquids = liquids
    self.light = light
    self.shots = shots
    self.picture = picture
    self.ambience = ambience
    self.gravity = gravity
  }

  /// A body of the trajectory, by name, as it looks and sounds.
  public struct Item: Sendable, Equatable {
    public var name: String
    public var shape: Shape
    /// Where the body's frame (at its centre of mass) stands in the shape frame: a translation, the axes are the same.
    public var centerOfMass: Vector3
    public var surface: Surface
    public var sound: SoundMaterial

    public init(
      name: String, shape: Shape, centerOfMass: Vector3 = .zero, surface: Surface = Surface(), sound: SoundMaterial = .wood
    ) {
      self.name = name
      self.shape = shape
      self.centerOfMass = centerOfMass
      self.surface = surface
      self.sound = sound
    }
  }

  /// A cloth of the trajectory, by name, as it looks from both sides. It makes no sound.
  public struct Sheet: Sendable, Equatable {
    public var name: String
    /// Width and height of the flat sheet, m; patterns are laid on it from its middle.
    public var size: SIMD2<Double>
    public var surface: Surface

    public init(name: String, size: SIMD2<Double>, surface: Surface = Surface()) {
      self.name = name
      self.size = size
      self.surface = surface
    }
  }

  /// A fluid of the trajectory, by name, as it looks. It makes no sound yet.
  public struct Liquid: Sendable, Equatable {
    public var name: String
    public var surface: Surface
    /// Seconds until 1/e of the froth that a splash makes is left; 0 for what doesn't froth.
    public var frothLifetime: Double

    public init(name: String, surface: Surface, frothLifetime: Double = 0) {
      self.name = name
      self.surface = surface
      self.frothLifetime = frothLifetime
    }
  }

  /// The names of everything that can be seen, items first, then sheets and liquids: what instance numbers count, from 1.
  public var instanceNames: [String] { items.map(\.name) + sheets.map(\.name) + liquids.map(\.name) }

  /// What a struck thing sounds like.
  public enum SoundMaterial: String, Sendable, CaseIterable {
    case wood, metal, glass, stone, rubber, plastic, ceramic, leather, cloth, flesh, ice, cardboard, silent
  }

  public enum Ambience: String, Sendable, CaseIterable {
    case silence, room, gym, hall, outdoors, wind, rain, stadium, pool, workshop
  }

  /// The light of the set: a sky dome and one soft key light.
  public struct Light: Sendable, Equatable {
    public enum Sky: String, Sendable, CaseIterable { case studio, day, overcast, sunset, night }
    public var sky: Sky
    /// Direction towards the key light, world frame.
    public var direction: Vector3
    /// Angle the key light's disc fills, radians: the softness of shadows.
    public var angularDiameter: Double
    /// Key light as a multiple of the sky's standard.
    public var intensity: Double

    public init(
      sky: Sky = .studio, direction: Vector3 = Vector3(0.35, -0.5, 0.8), angularDiameter: Double = 0.12, intensity: Double = 1
    ) {
      self.sky = sky
      self.direction = direction
      self.angularDiameter = angularDiameter
      self.intensity = intensity
    }
  }

  /// One camera's stretch of the clip. The last shot's end is the clip's.
  public struct Shot: Sendable, Equatable {
    /// Seconds; frames at `start` ≤ t < `end` are this shot's.
    public var start: Double
    public var end: Double
    public var camera: Camera
    public var style: Style

    public init(start: Double, end: Double, camera: Camera, style: Style) {
      self.start = start
      self.end = end
      self.camera = camera
      self.style = style
    }
  }

  public enum Style: String, Sendable, CaseIterable { case realistic, cinematic, anime }

  /// The clip's raster.
  public struct Picture: Sendable, Equatable {
    public var width: Int
    public var height: Int
    /// Frames per second; frame k shows the world at k/fps.
    public var framesPerSecond: Double
    public var style: Style

    public init(width: Int = 256, height: Int = 144, framesPerSecond: Double = 24, style: Style = .realistic) {
      self.width = width
      self.height = height
      self.framesPerSecond = framesPerSecond
      self.style = style
    }
  }
}

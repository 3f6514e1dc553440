/// A pinhole (or thin-lens) camera whose place may move with time or with a body. It looks along its −z, up is +y.
public struct Camera: Sendable, Equatable {
  public enum Position: Sendable, Equatable {
    case fixed(Vector3)
    /// Keys in order of time; a cubic Hermite curve runs through them (Catmull–Rom).
    case path([Key])
  }
  public enum Target: Sendable, Equatable {
    case point(Vector3)
    /// The centre of mass of the body of that name, smoothed over `smoothing` seconds, plus `offset`.
    case body(String, smoothing: Double, offset: Vector3)
    case path([Key])
  }
  public struct Key: Sendable, Equatable {
    /// Seconds.
    public var time: Double
    public var value: Vector3

    public init(time: Double, value: Vector3) {
      self.time = time
      self.value = value
    }
  }

  public var position: Position
  public var target: Target
  /// Vertical angle of view, radians, of a picture as it was framed or wider.
  public var fieldOfView: Double
  /// Width over height of the picture that the camera was set up for; narrower ones see as far to the sides, and more above and
  /// below. nil: the vertical angle is kept whatever the picture.
  public var framedAspect: Double?
  /// About the line of sight, radians, counter-clockwise as seen in the picture.
  public var roll: Double
  /// Diameter of the lens opening, m; 0 is a pinhole with everything sharp. nil leaves it to the style.
  public var aperture: Double?
  /// Distance of the plane in focus, m; nil focuses on the target.
  public var focusDistance: Double?
  /// Seconds the shutter is open in each frame; 0 freezes the motion. nil leaves it to the style.
  public var shutter: Double?

  public init(
    position: Position, target: Target, fieldOfView: Double, roll: Double = 0, aperture: Double? = nil,
    focusDistance: Double? = nil, shutter: Double? = nil
  ) {
    self.position = position
    self.target = target
    self.fieldOfView = fieldOfView
    self.roll = roll
    self.aperture = aperture
    self.focusDistance = focusDistance
    self.shutter = shutter
  }
}

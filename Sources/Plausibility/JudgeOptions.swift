import WorldCore

/// What the caller knows of the clip, and how sure a verdict must be.
public struct JudgeOptions: Sendable, Equatable {
  /// How the camera stands to the ground.
  public enum View: String, Sendable, Codable, CaseIterable {
    /// Nothing is known: it is inferred, and where the clip doesn't tell, the verdict says so.
    case unknown
    /// About level: down in the world is down in the picture.
    case level
    /// From above onto a table or floor: things move without falling.
    case overhead
  }

  /// How one track is seen, where a scene tells.
  public struct TrackView: Sendable, Equatable {
    /// Pixels of the clip per metre along gravity, at the body's depth.
    public var pixelsPerMetre: Double
    /// Relative standard deviation of that scale: what depth and perspective make of it along the track.
    public var uncertainty: Double
    /// Where gravity points in the picture: a unit vector, y down.
    public var down: SIMD2<Double>

    public init(pixelsPerMetre: Double, uncertainty: Double, down: SIMD2<Double>) {
      self.pixelsPerMetre = pixelsPerMetre
      self.uncertainty = uncertainty
      self.down = down
    }
  }

  /// Pixels of the clip per metre in the plane of motion; nil when unknown.
  public var pixelsPerMetre: Double?
  /// Relative standard deviation of that scale, with the tilt and depth it doesn't know of.
  public var scaleUncertainty = 0.04
  /// True diameter of the tracked body, m, where that is known: its apparent size then gives the scale, place by place.
  public var knownDiameter: Double?
  /// Field of view across the picture's longer side, radians: places the perspective when the diameter sets the scale.
  public var fieldOfView = 1.1
  /// Magnitude of gravity where the clip was shot, m/s².
  public var gravity = 9.81
  public var view = View.unknown
  /// By track id; comes before `pixelsPerMetre`.
  public var trackViews: [Int: TrackView] = [:]
  /// False-alarm rate at which a clip is called implausible.
  public var alpha = 0.01

  public init() {}
}

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
    /// Pixels of the clip per metre along gravity, at the depth that the body has at a time, s.
    public struct Scale: Sendable, Equatable {
      public var time: Double
      public var pixelsPerMetre: Double

      public init(time: Double, pixelsPerMetre: Double) {
        self.time = time
        self.pixelsPerMetre = pixelsPerMetre
      }
    }

    /// In order of time, one at least.
    public var scales: [Scale]
    /// Relative standard deviation of each.
    public var uncertainty: Double
    /// What the change of depth adds to the acceleration of a path in the picture, as a share of gravity; a path whose
    /// perspective is part of its fit is free of it.
    public var approach: Double
    /// Where gravity points in the picture: a unit vector, y down.
    public var down: SIMD2<Double>
    /// What a whole scene tells besides; nil where only the view is known.
    public var setting: SceneSetting?

    public init(scales: [Scale], uncertainty: Double, approach: Double, down: SIMD2<Double>, setting: SceneSetting? = nil) {
      self.setting = setting
      self.scales = scales
      self.uncertainty = uncertainty
      self.approach = approach
      self.down = down
    }

    /// Over the whole track.
    public var meanPixelsPerMetre: Double { scales.reduce(0) { $0 + $1.pixelsPerMetre } / Double(scales.count) }

    /// Linear between the times that are known, constant beyond them.
    public func pixelsPerMetre(at time: Double) -> Double {
      guard let next = scales.firstIndex(where: { $0.time >= time }) else { return scales[scales.count - 1].pixelsPerMetre }
      guard next > 0 else { return scales[0].pixelsPerMetre }
      let (before, after) = (scales[next - 1], scales[next])
      let share = (time - before.time) / max(after.time - before.time, 1e-12)
      return before.pixelsPerMetre + share * (after.pixelsPerMetre - before.pixelsPerMetre)
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

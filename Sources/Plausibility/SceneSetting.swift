import Foundation
import WorldCore

/// What a scene tells of the surroundings in which a track is seen: where in the world the body would be, and how far from what
/// it might touch.
///
/// Places lie at the depth at which the scene's own body is then, in metres along the axes of the track's first view, x right
/// and y down: what perspective does to a path is taken out. The scene's own path isn't used: only how deep it runs.
public struct SceneSetting: Sendable, Equatable {
  /// What of a body is seen across the line of sight.
  public struct Silhouette: Sendable, Equatable {
    /// m²
    public var area: Double
    /// Full axes of the ellipse of its moments, the longer one first, m.
    public var axes: SIMD2<Double>

    public init(area: Double, axes: SIMD2<Double>) {
      self.area = area
      self.axes = axes
    }
  }

  /// What a body's silhouettes may be, however it is turned.
  public struct Silhouettes: Sendable, Equatable {
    /// m²
    public var areas: ClosedRange<Double>
    /// Of the ellipse of its moments, m, and how much longer one is than the other.
    public var lengths: ClosedRange<Double>
    public var widths: ClosedRange<Double>
    public var elongations: ClosedRange<Double>
    /// The silhouettes themselves: what is as short as one of them and as wide as another need be none.
    public var all: [Silhouette]

    /// Of one silhouette at least.
    public init(of silhouettes: [Silhouette]) {
      all = silhouettes
      func range(_ value: (Silhouette) -> Double) -> ClosedRange<Double> {
        let values = silhouettes.map(value)
        return values.min()!...values.max()!
      }
      areas = range(\.area)
      lengths = range(\.axes.x)
      widths = range(\.axes.y)
      elongations = range { $0.axes.x / max($0.axes.y, 1e-9) }
    }

    /// The one that comes nearest to axes, m, by the logarithms of both.
    func nearest(to axes: SIMD2<Double>) -> Silhouette {
      func distance(_ silhouette: Silhouette) -> Double {
        let (x, y) = (log(axes.x / max(silhouette.axes.x, 1e-9)), log(axes.y / max(silhouette.axes.y, 1e-9)))
        return x * x + y * y
      }
      guard all.count > 1 else { return all[0] }
      return all.map { ($0, distance($0)) }.min { $0.1 < $1.1 }!.0
    }
  }

  /// Where a ball is if it rests on level ground: no depth is needed for that.
  public struct Ground: Sendable, Equatable {
    /// Along the ground, m: to the right in the track's first view, and away from it.
    public var place: SIMD2<Double>
    /// What a pixel to the right and a pixel down in the picture make there, m.
    public var perPixel: (right: SIMD2<Double>, down: SIMD2<Double>)

    public init(place: SIMD2<Double>, perPixel: (right: SIMD2<Double>, down: SIMD2<Double>)) {
      (self.place, self.perPixel) = (place, perPixel)
    }

    public static func == (a: Self, b: Self) -> Bool { a.place == b.place && a.perPixel == b.perPixel }
  }

  /// One sighting.
  public struct Instant: Sendable, Equatable {
    /// s, as the sighting has it.
    public var time: Double
    public var place: SIMD2<Double>
    /// Across the line of sight.
    public var pixelsPerMetre: Double
    /// From the ball about the body's centre of mass that holds it all to the nearest solid, m.
    public var clearance: Double
    /// How far the ball that just fits into the body reaches into a solid, m; negative outside.
    public var burial: Double
    /// Outward normals of the solids within reach, on the places' axes and the line of sight: negative z faces the camera.
    public var normals: [SIMD3<Double>]
    /// One of these solids is level ground.
    public var isOnLevel: Bool
    /// Outward normal of the nearest solid, however far.
    public var nearest: SIMD3<Double>?
    /// It is level ground.
    public var isNearestLevel: Bool
    /// Another mover of the scene would be within reach.
    public var hasCompany: Bool
    /// Of a ball, while the scene's own lies on level ground, and nothing else is near where the sighting would be there.
    public var ground: Ground?
    /// Something of the scene, no mover, is between the camera and a part of the body.
    public var isBehind: Bool
    /// From the scene's highest water up to the body's middle, m; nil without any.
    public var overWater: Double?
    /// From the place to the point that a joint of the scene holds the body at, m; nil of what no joint holds.
    public var arm: Double?
    /// What the scene's body shows as it is turned then; nil where the clip goes another way, or where a blow may have turned
    /// it otherwise.
    public var silhouette: Silhouette?

    public init(
      time: Double, place: SIMD2<Double>, pixelsPerMetre: Double, clearance: Double, burial: Double,
      normals: [SIMD3<Double>] = [],
      isOnLevel: Bool = false, hasCompany: Bool = false, silhouette: Silhouette? = nil, nearest: SIMD3<Double>? = nil,
      arm: Double? = nil, ground: Ground? = nil, isBehind: Bool = false, overWater: Double? = nil,
      isNearestLevel: Bool = false
    ) {
      self.isNearestLevel = isNearestLevel
      (self.isBehind, self.overWater) = (isBehind, overWater)
      self.ground = ground
      self.arm = arm
      self.hasCompany = hasCompany
      self.silhouette = silhouette
      self.nearest = nearest
      self.time = time
      self.place = place
      self.pixelsPerMetre = pixelsPerMetre
      self.clearance = clearance
      self.burial = burial
      self.normals = normals
      self.isOnLevel = isOnLevel
    }
  }

  /// The scene's body that is seen.
  public var body: String
  /// One for each of the track's sightings, in order of time.
  public var instants: [Instant]
  /// m/s², on the places' axes.
  public var gravity: SIMD2<Double>
  /// Of the balls that just fit into the body and just hold it, m.
  public var innerRadius: Double
  public var outerRadius: Double
  public var silhouettes: Silhouettes
  /// The scene's own body falls freely wherever it touches nothing: no joint, no water holds it.
  public var isFree: Bool
  /// kg; nil where the scene doesn't tell.
  public var mass: Double?
  /// Coefficient of its friction on what stays where it is, the least that its contacts show; nil of what touches nothing.
  public var friction: Double?
  /// The scene's body lies still at first, until something strikes it.
  public var beginsAtRest: Bool
  /// By how much it does so otherwise than with gravity, m/s²: what air does in this scene.
  public var air: Double

  public init(
    body: String, instants: [Instant], gravity: SIMD2<Double>, innerRadius: Double, outerRadius: Double,
    silhouettes: Silhouettes, isFree: Bool,
    beginsAtRest: Bool = false, air: Double, mass: Double? = nil, friction: Double? = nil
  ) {
    self.friction = friction
    self.body = body
    self.instants = instants
    self.gravity = gravity
    self.innerRadius = innerRadius
    self.outerRadius = outerRadius
    self.silhouettes = silhouettes
    self.isFree = isFree
    self.beginsAtRest = beginsAtRest
    self.mass = mass
    self.air = air
  }

  /// Relative standard deviation of places, scales and sizes that the scene tells.
  static let uncertainty = 0.0075

  /// About as wide as long, whatever way it is turned.
  var isStout: Bool { innerRadius > 0.45 * outerRadius }

  /// What its silhouette at a time may be.
  func silhouettes(at instant: Instant) -> Silhouettes {
    instant.silhouette.map { Silhouettes(of: [$0]) } ?? silhouettes
  }

  /// Whether a sighting may show all of the body.
  func mayBeWhole(_ s: Track.Sighting) -> Bool {
    guard let instant = instant(at: s.time) else { return false }
    let least = silhouettes(at: instant).areas.lowerBound * instant.pixelsPerMetre * instant.pixelsPerMetre
    return s.area > Self.whole * least
  }

  /// How far a silhouette's middle may be off its body's because parts of it aren't seen, px: of what shows less than its due,
  /// but for what edges err by, the radius that is missing. Coders and backgrounds of its colour take such parts.
  func blindness(of s: Track.Sighting) -> Double {
    guard let instant = instant(at: s.time) else { return 0 }
    let due = silhouettes(at: instant).areas.lowerBound * instant.pixelsPerMetre * instant.pixelsPerMetre
    let missing = (due / .pi).squareRoot() - (s.area / .pi).squareRoot()
    return max(0, missing - Self.edge - Self.rim * (due / .pi).squareRoot())
  }

  /// px, and share of a radius, by which a silhouette may be too small everywhere alike.
  private static let (edge, rim) = (0.5, 0.1)

  /// Share of a body's silhouette from which on it counts as all of it: edges of small ones err by that.
  private static let whole = 0.75

  /// At a sighting's time; nil where there is none.
  func instant(at time: Double) -> Instant? {
    var (low, high) = (0, instants.count)
    while low < high {
      let middle = (low + high) / 2
      if instants[middle].time < time - 1e-9 { low = middle + 1 } else { high = middle }
    }
    return low < instants.count && abs(instants[low].time - time) < 1e-6 ? instants[low] : nil
  }

  /// Frames to either side of a junction within which whatever is touched takes part in it.
  private static let beside = 3.0

  /// Normals of all that is within reach about a junction.
  func normals(about junction: Junction, of motion: TrackMotion) -> [SIMD3<Double>] {
    let margin = Self.beside * motion.frameTime
    return instants.filter { junction.gap.lowerBound - margin < $0.time && $0.time < junction.gap.upperBound + margin }
      .flatMap(\.normals)
  }

  /// Whether they are those of one plane, but for a tenth of a radian.
  static func isOnePlane(_ normals: [SIMD3<Double>]) -> Bool {
    normals.allSatisfy { ($0 * (normals.first ?? .zero)).sum() > 0.98 }
  }

  /// Whether nothing was near enough to be touched in a gap between two arcs, however the body spent it.
  func isInTheOpen(across junction: Junction, of motion: TrackMotion) -> Bool {
    let (a, b) = (motion.arcs[junction.before], motion.arcs[junction.after])
    let ends = [(a, a.end), (b, b.start)]
    let speed = max(junction.incoming.length, junction.outgoing.length) + junction.velocityChange.length
    return ends.allSatisfy { arc, time in
      guard let instant = instant(at: time), !instant.hasCompany else { return false }
      let error = 3 * (arc.covariance(0, at: time).trace / 2).squareRoot()
      return isInTheOpen(
        instant, reach: (speed * (junction.gap.upperBound - junction.gap.lowerBound) + error) / instant.pixelsPerMetre)
    }
  }

  /// Whether a body can't have touched anything unseen along an arc: where it wasn't seen by itself for a while it may have been
  /// anywhere that its speed leads.
  func isSeenThroughout(_ arc: Arc, of motion: TrackMotion) -> Bool {
    let run = motion.sightings[arc.range]
    let fastest = max(arc.velocity(at: arc.start).length, arc.velocity(at: arc.end).length)
    return zip(run, run.dropFirst()).allSatisfy { a, b in
      guard b.frame - a.frame > 1, let instant = instant(at: a.time) else { return true }
      return isInTheOpen(instant, reach: fastest * (b.time - a.time) / instant.pixelsPerMetre)
    }
  }

  /// Whether nothing is near enough to be touched: a tenth of the body's size and two pixels away.
  func isInTheOpen(_ instant: Instant, reach: Double = 0) -> Bool {
    instant.clearance > max(0.1 * outerRadius, 2 / instant.pixelsPerMetre) + reach
  }
}

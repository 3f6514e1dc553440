/// One moving thing followed through a clip: where it was seen, how well that is known, and how its story begins and ends.
///
/// Picture coordinates: origin top left, x right, y down, pixel centres at +0.5, pixels of the clip as stored.
public struct Track: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// A body whose silhouette keeps its shape: its centroid moves as a point of the body does.
    case compact
    /// A silhouette that changes (a person, a hand) or is never wholly in view: its centroid is no fixed point of anything.
    case extended
    /// A shadow or mirror image of another track: no body.
    case image
  }

  /// Why a track has no sighting before its first one, or after its last one.
  public enum End: String, Sendable, Codable, CaseIterable {
    /// The clip starts or ends there.
    case clip
    /// It crossed the edge of the picture.
    case border
    /// It met another mover's silhouette and can't be told apart from it.
    case merged
    /// It passed behind something of the still scene, or came from there.
    case occluded
    /// It came to rest, or had been at rest: it is still in the picture, and the still scene shows it.
    case rest
    /// None of these: it appeared or vanished in the open.
    case open
  }

  /// Neighbouring pixels of one row: `from` up to and without `to`.
  public struct PixelRun: Sendable, Hashable, Codable {
    public var row: Int
    public var from: Int
    public var to: Int

    public init(row: Int, from: Int, to: Int) {
      self.row = row
      self.from = from
      self.to = to
    }
  }

  /// How the pattern inside an outline has turned about the line of sight since the frame before.
  public struct Turn: Sendable, Hashable, Codable {
    /// Radians, clockwise as seen.
    public var angle: Double
    /// Standard deviation.
    public var deviation: Double

    public init(angle: Double, deviation: Double) {
      self.angle = angle
      self.deviation = deviation
    }
  }

  /// The thing as one frame shows it.
  public struct Sighting: Sendable, Equatable, Codable {
    public var frame: Int
    /// Seconds from the clip's start.
    public var time: Double
    /// Centroid, px.
    public var position: SIMD2<Double>
    /// Of the centroid, px²: the noise of the picture, the uncertainty of the silhouette's edge, motion blur.
    public var covariance: Covariance2
    /// Of the silhouette, px².
    public var area: Double
    /// Lengths of the silhouette's principal axes, full, major first, px (equivalent ellipse).
    public var axes: SIMD2<Double>
    /// From the picture's x axis to the major axis, clockwise as seen (y is down), radians in −π/2…π/2; without meaning where
    /// the axes are alike.
    public var angle: Double
    /// Directions in which the still scene shows an edge of its own next to the silhouette: bit k for the eighth of a turn
    /// about k·45° clockwise from x. nil where nobody looked.
    public var edges: UInt8?
    /// Mean encoded colour, 0…255.
    public var color: SIMD3<Double>
    /// The silhouette is cut by the picture's edge: the centroid is that of the visible part only.
    public var isCut: Bool
    /// The silhouette is shared with another track at this frame, so the position is a guess with a wide covariance.
    public var isShared: Bool
    /// Share of the silhouette that only darkens the still scene, in every channel, as a shadow does: 0…1.
    public var shade: Double
    /// The pixels that it covers by half or more, row by row.
    public var outline: [PixelRun]
    /// Of a round thing with a pattern, where the frame before shows it, too.
    public var turn: Turn?

    public init(
      frame: Int, time: Double, position: SIMD2<Double>, covariance: Covariance2, area: Double, axes: SIMD2<Double>,
      angle: Double = 0, edges: UInt8? = nil, color: SIMD3<Double> = .zero, isCut: Bool = false, isShared: Bool = false,
      shade: Double = 0,
      outline: [PixelRun] = [], turn: Turn? = nil
    ) {
      self.frame = frame
      self.time = time
      self.position = position
      self.covariance = covariance
      self.area = area
      self.axes = axes
      self.angle = angle
      self.edges = edges
      self.color = color
      self.isCut = isCut
      self.isShared = isShared
      self.shade = shade
      self.outline = outline
      self.turn = turn
    }
  }

  /// Counts from 1 in order of appearance.
  public var id: Int
  public var kind: Kind
  /// In order of time; frames may be missing.
  public var sightings: [Sighting]
  public var start: End
  public var end: End
  /// Which shot of the clip it belongs to, from 0: another shot is another camera, whose pictures can't be compared with this
  /// one's.
  public var shot: Int

  /// How well the covariances themselves are known: the standard deviation of the logarithm of a factor common to all of them.
  public var varianceError: Double

  public init(
    id: Int, kind: Kind, sightings: [Sighting], start: End, end: End, shot: Int = 0, varianceError: Double = 0
  ) {
    precondition(!sightings.isEmpty, "a track has at least one sighting")
    self.id = id
    self.kind = kind
    self.sightings = sightings
    self.start = start
    self.end = end
    self.shot = shot
    self.varianceError = varianceError
  }

  public var firstFrame: Int { sightings[0].frame }
  public var lastFrame: Int { sightings[sightings.count - 1].frame }

  /// The sighting at a frame, if there is one.
  public func sighting(at frame: Int) -> Sighting? {
    var (low, high) = (0, sightings.count)
    while low < high {
      let middle = (low + high) / 2
      if sightings[middle].frame < frame { low = middle + 1 } else { high = middle }
    }
    return low < sightings.count && sightings[low].frame == frame ? sightings[low] : nil
  }
}

public import WorldCore

/// One body of a reference beside what a clip shows of it, frame by frame: what the reference metrics read.
public struct BodyComparison: Sendable, Equatable {
  /// Where and how large something is in a picture.
  public struct Appearance: Sendable, Equatable {
    /// Centroid of the silhouette, px.
    public var center: SIMD2<Double>
    /// The pixels of the silhouette, row by row.
    public var outline: [Track.PixelRun]
    /// px².
    public var area: Double

    /// - Parameter area: px², where it is known better than by whole pixels; nil is the outline's.
    public init(center: SIMD2<Double>, outline: [Track.PixelRun], area: Double? = nil) {
      self.center = center
      self.outline = outline
      self.area = area ?? Double(outline.reduce(0) { $0 + $1.to - $1.from })
    }
  }

  /// What the clip tells of the body in one frame.
  public enum Sight: Sendable, Equatable {
    case seen(Appearance)
    /// It ought to be in the open and isn't there: it counts against the clip as the largest error that there is.
    case missing
    /// It may be there: behind something, merged with another mover, or at rest where a tracker of motion is blind.
    case unknown
  }

  public struct Frame: Sendable, Equatable {
    /// Counts from 0 in the clip.
    public var index: Int
    /// As the reference has it, in view at least in part.
    public var expected: Appearance
    /// Where the reference has the centre of mass, px.
    public var expectedMass: SIMD2<Double>
    /// Metres that a pixel covers at the body's depth; nil where no scale is known.
    public var metresPerPixel: Double?
    public var sight: Sight
    /// All that the clip shows of it, shared with another mover or not.
    public var silhouette: [Track.PixelRun]

    /// - Parameter silhouette: nil is that of the sight.
    public init(
      index: Int, expected: Appearance, expectedMass: SIMD2<Double>? = nil, metresPerPixel: Double? = nil, sight: Sight,
      silhouette: [Track.PixelRun]? = nil
    ) {
      self.index = index
      self.expected = expected
      self.expectedMass = expectedMass ?? expected.center
      self.metresPerPixel = metresPerPixel
      self.sight = sight
      if let silhouette {
        self.silhouette = silhouette
      } else if case .seen(let appearance) = sight {
        self.silhouette = appearance.outline
      } else {
        self.silhouette = []
      }
    }

    /// What was seen, if it was.
    public var seen: Appearance? {
      guard case .seen(let appearance) = sight else { return nil }
      return appearance
    }
  }

  public var body: String
  /// kg; 0 where it isn't known.
  public var mass: Double
  /// In order of time; only those in which the reference has the body in view.
  public var frames: [Frame]

  public init(body: String, mass: Double = 0, frames: [Frame]) {
    self.body = body
    self.mass = mass
    self.frames = frames
  }

  /// Frames that follow one another and in both of which the body was seen.
  var steps: [(before: Frame, after: Frame)] {
    zip(frames, frames.dropFirst()).filter { $1.index == $0.index + 1 && $0.seen != nil && $1.seen != nil }
      .map { (before: $0, after: $1) }
  }
}

extension [Double] {
  /// nil of none.
  var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }
}

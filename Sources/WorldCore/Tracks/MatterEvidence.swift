/// How much of a liquid or a cloth a clip shows, frame by frame, beside how much its scene would show.
public struct MatterEvidence: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, Codable, CaseIterable {
    case liquid, cloth
  }

  /// One frame.
  public struct Sight: Sendable, Equatable, Codable {
    /// Seconds from the clip's start.
    public var time: Double
    /// What its colours say that it covers, px².
    public var area: Double
    /// What it covers in the scene, px².
    public var expected: Double
    /// What it could cover at most, however it lay, px²: of a cloth, all of it face on at its nearest. Nil of a liquid.
    public var largest: Double?

    public init(time: Double, area: Double, expected: Double, largest: Double? = nil) {
      self.time = time
      self.area = area
      self.expected = expected
      self.largest = largest
    }
  }

  /// As the scene calls it.
  public var name: String
  public var kind: Kind
  /// Which shot of the clip it is read in, from 0.
  public var shot: Int
  /// How well its colours tell it from what is seen beside its outline: 0 not at all, 1 wholly.
  public var contrast: Double
  /// In order of time.
  public var sights: [Sight]

  public init(name: String, kind: Kind, shot: Int, contrast: Double, sights: [Sight]) {
    self.name = name
    self.kind = kind
    self.shot = shot
    self.contrast = contrast
    self.sights = sights
  }
}

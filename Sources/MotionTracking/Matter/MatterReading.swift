public import WorldCore

/// Measures how much of something soft each frame shows by its colours, which a scene's masks of it teach.
///
/// The colours inside the expected masks and beside them, over all frames, give each colour its odds. A frame's area is the sum
/// of these over the surroundings, corrected for the odds that either side gives wrongly: an adjusted count (Forman, Data Min.
/// Knowl. Disc. 2008), unbiased whatever part of the frame it covers, as noisy as the colours are alike.
public struct MatterReading {
  private struct Look {
    var time: Double
    var colors: [UInt16]
    var expected: Mask
    var largest: Double?
  }

  private var looks: [Look] = []

  public init() {}

  /// - Parameters:
  ///   - time: s from the clip's start, rising.
  ///   - expected: what it covers in the scene then, of the picture's size.
  ///   - largest: what it could cover at most, px².
  public mutating func add(_ image: Image<SRGB8>, time: Double, expected: Mask, largest: Double? = nil) {
    precondition(
      image.width == expected.width && image.height == expected.height, "a mask is of its picture's size")
    looks.append(Look(time: time, colors: image.pixels.map(ColorOdds.bin), expected: expected, largest: largest))
  }

  /// Steps around everything that the scene's own covers, px: where more of it would show first.
  private static let surroundings = 12
  /// Half the width of the band about an outline in which contrast is asked for, px.
  private static let band = 3
  /// A frame that would show less than this says nothing, px².
  private static let least = 40.0

  /// - Parameter pixel: length of a side of these pixels in the clip's.
  /// - Returns: nil where too little of it is seen at any time.
  public func evidence(
    _ name: String, _ kind: MatterEvidence.Kind, shot: Int, pixel: Double = 1
  ) -> MatterEvidence? {
    let shown = looks.filter { Double($0.expected.count) >= Self.least }
    guard let first = shown.first else { return nil }
    var reach = first.expected
    for look in shown.dropFirst() { reach.formUnion(look.expected) }
    let around = reach.grown(by: Self.surroundings)

    let pictures = shown.map { ($0.colors, $0.expected) }
    let odds = ColorOdds(pictures, within: around)
    guard let (inside, outside) = odds.means(pictures, within: { _ in around }), inside > outside + 0.01 else {
      return MatterEvidence(name: name, kind: kind, shot: shot, contrast: 0, sights: [])
    }
    let near = odds.means(pictures) { $0.edge(Self.band).intersection(around) }
    let total = Double(around.count)
    let sights = shown.map { look in
      let sum = zip(look.colors, around.pixels).reduce(0.0) { $1.1 ? $0 + odds[$1.0] : $0 }
      let area = (sum - outside * total) / (inside - outside)
      return MatterEvidence.Sight(
        time: look.time, area: max(0, area) * pixel * pixel, expected: Double(look.expected.count) * pixel * pixel,
        largest: look.largest.map { $0 * pixel * pixel })
    }
    return MatterEvidence(
      name: name, kind: kind, shot: shot, contrast: near.map { max(0, $0.inside - $0.outside) } ?? 0, sights: sights)
  }
}

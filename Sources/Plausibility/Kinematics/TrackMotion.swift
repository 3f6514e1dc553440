import Foundation
import WorldCore

/// A track read as motion: its smooth arcs and the junctions between them.
struct TrackMotion: Sendable {
  let track: Track
  /// The sightings that show the whole body and nothing else, in order of time.
  let sightings: [Track.Sighting]
  let arcs: [Arc]
  let junctions: [Junction]
  /// Mean diameter of the silhouette, px.
  let diameter: Double
  /// Median area over all sightings, px².
  let typicalArea: Double
  /// Seconds from frame to frame, as the sightings come: their median.
  let frameTime: Double

  /// An arc of fewer sightings has no velocity to speak of: a parabola runs through any three.
  static let leastForVelocity = 4
  /// An arc of fewer sightings has no acceleration to speak of.
  static let leastForAcceleration = 5

  /// - Parameter setting: tells where something of the scene hides a part of the body, which is no whole sighting then.
  init(_ track: Track, setting: SceneSetting? = nil) {
    self.track = track
    let whole = track.sightings.filter { !$0.isShared && !$0.isCut && setting?.instant(at: $0.time)?.isBehind != true }
    sightings = Self.withoutIsolatedErrors(whole)
    frameTime = Self.frameTime(of: sightings)
    let arcs = Segmentation(sightings).arcs()
    self.arcs = arcs
    diameter = sightings.isEmpty ? 1 : sightings.map(\.axes.y).sorted()[sightings.count / 2]
    let areas = track.sightings.map(\.area).sorted()
    typicalArea = areas[areas.count / 2]
    // Arcs too short to have a velocity are what the segmentation makes of an impact's one or two odd sightings: a junction
    // spans them.
    let firm = arcs.indices.filter { arcs[$0].count >= Self.leastForVelocity }
    junctions = zip(firm, firm.dropFirst()).map { Junction(arcs[$0], arcs[$1], before: $0, after: $1) }
  }

  /// All sightings from a time to another, s, the disturbed ones among them.
  func sightings(during span: ClosedRange<Double>) -> ArraySlice<Track.Sighting> {
    let all = track.sightings
    guard all[0].time <= span.upperBound, all[all.count - 1].time >= span.lowerBound else { return [] }
    /// How many come before a time, or up to it.
    func count(before time: Double, orAt included: Bool) -> Int {
      var (low, high) = (0, all.count)
      while low < high {
        let middle = (low + high) / 2
        if all[middle].time < time || (included && all[middle].time == time) { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return all[count(before: span.lowerBound, orAt: false)..<count(before: span.upperBound, orAt: true)]
  }

  /// When an arc is known to hold: up to where it meets its neighbours, s.
  func reach(of arc: Arc) -> ClosedRange<Double> {
    var reach = arc.start...arc.end
    for junction in junctions where junction.gap.upperBound - junction.gap.lowerBound < Self.longestMeeting {
      if arcs[junction.before].range == arc.range { reach = reach.lowerBound...max(reach.upperBound, junction.time) }
      if arcs[junction.after].range == arc.range { reach = min(reach.lowerBound, junction.time)...reach.upperBound }
    }
    return reach
  }

  /// Whether both arcs show the same thing and nothing else: areas within a quarter, where the arcs are nearest to each other,
  /// or where each leads by the way it grows or shrinks: what goes away shrinks steadily. A silhouette that grew or shrank at
  /// once holds a shadow or a hand, or lacks a part, and its centroid isn't the body's.
  func showSameBody(_ a: Arc, _ b: Arc) -> Bool {
    let (earlier, later) = a.start < b.start ? (a, b) : (b, a)
    let before = size(sightings[earlier.range].suffix(Self.nearest))
    let after = size(sightings[later.range].prefix(Self.nearest))
    let change = after.log - before.log
    let steady = (before.rate + after.rate) / 2 * (after.time - before.time)
    return min(abs(change), abs(change - steady)) < Self.sameSize
  }

  /// Logarithm of the median area of sightings, its change in a second between their halves, and their middle, s.
  private func size(_ sightings: ArraySlice<Track.Sighting>) -> (log: Double, rate: Double, time: Double) {
    func median(_ areas: [Double]) -> Double { areas.sorted()[areas.count / 2] }
    let times = sightings.map(\.time)
    let (head, tail) = (sightings.prefix(sightings.count / 2), sightings.suffix(sightings.count / 2))
    let span = (times.last! - times[0]) * Double(sightings.count) / 2 / Double(max(1, sightings.count - 1))
    let rate = head.count > 1 && span > 0 ? log(median(tail.map(\.area)) / median(head.map(\.area))) / span : 0
    return (log(median(sightings.map(\.area))), rate, (times[0] + times.last!) / 2)
  }

  /// Two bodies may be one silhouette for so long, s.
  private static let longestMeeting = 0.8

  /// Sightings of an arc that tell the body's size at its end.
  private static let nearest = 7

  /// Logarithm of the areas' ratio within which a silhouette is still the same body's.
  static let sameSize = 0.22

  private static func frameTime(of sightings: [Track.Sighting]) -> Double {
    let steps = zip(sightings, sightings.dropFirst()).map { ($1.time - $0.time) / Double(max(1, $1.frame - $0.frame)) }.sorted()
    return steps.isEmpty ? 1 : steps[steps.count / 2]
  }

  /// One sighting far off a path that its four neighbours agree on is the silhouette's mistake: it is kept with a covariance
  /// to match.
  private static func withoutIsolatedErrors(_ sightings: [Track.Sighting]) -> [Track.Sighting] {
    var mended = sightings
    guard sightings.count >= 5 else { return mended }
    for i in 2..<(sightings.count - 2) {
      let s = sightings[(i - 2)...(i + 2)]
      guard s[i + 2].frame - s[i - 2].frame == 4 else { continue }
      for axis in 0..<2 {
        func value(_ k: Int) -> Double { axis == 0 ? s[k].position.x : s[k].position.y }
        func variance(_ k: Int) -> Double { axis == 0 ? s[k].covariance.xx : s[k].covariance.yy }
        // The cubic through the four neighbours, at the middle; and what of them a parabola leaves over.
        let expected = (-value(i - 2) + 4 * value(i - 1) + 4 * value(i + 1) - value(i + 2)) / 6
        let expectedVariance = (variance(i - 2) + 16 * variance(i - 1) + 16 * variance(i + 1) + variance(i + 2)) / 36
        let odd = value(i + 2) - 2 * value(i + 1) + 2 * value(i - 1) - value(i - 2)
        let oddVariance = variance(i + 2) + 4 * variance(i + 1) + 4 * variance(i - 1) + variance(i - 2)
        let error = value(i) - expected
        if error * error > 36 * (variance(i) + expectedVariance), odd * odd < 9 * oddVariance {
          mended[i].covariance = mended[i].covariance + Covariance2(isotropic: error * error)
          break
        }
      }
    }
    return mended
  }
}

import Foundation
import WorldCore

/// Follows movers from frame to frame: prediction, cheapest assignment, coasting through short absences, merges and splits.
struct TrailBook {
  let width: Double
  let height: Double
  private(set) var trails: [Trail] = []
  private var active: [Int] = []

  /// A mover out of sight is waited for this long, s, or this many frames, whichever is longer.
  static let patience = (seconds: 0.5, frames: 4)

  init(width: Int, height: Int) {
    self.width = Double(width)
    self.height = Double(height)
  }

  private var diagonal: Double { (width * width + height * height).squareRoot() }

  /// Sightings after which a mover's size is known, and the factor by which it may be larger in the next: two of a size that
  /// meet cover twice as much.
  private static let known = 5
  private static let growth = 3.5

  /// Encoded levels that a colour is off, for a cost of one half.
  private static let tint = 60.0
  /// Share of a silhouette that only darkens the scene: more in a shadow, less in what has a colour of its own.
  private static let shade = (shadow: 0.85, own: 0.75)

  /// Share of a mover's area that tells that something of it is there.
  private static let remains = 0.3

  /// Whether a frame differs from the still scene within a radius of a place, in so many pixels at least.
  typealias Look = (_ place: SIMD2<Double>, _ radius: Double, _ least: Double) -> Bool

  /// - Parameters:
  ///   - isOccupied: looks at this frame.
  ///   - wasOccupied: looks at the frame before.
  mutating func add(
    _ silhouettes: [Silhouette], frame: Int, time: Double, isOccupied: Look = { _, _, _ in false },
    wasOccupied: Look = { _, _, _ in false }
  ) {
    // Pair what was expected with what is there.
    let cost = active.map { index in silhouettes.map { pairingCost(trails[index], $0, time: time) } }
    let assignment = cheapestAssignment(cost)
    var taken = [Int?](repeating: nil, count: silhouettes.count)
    for (row, column) in assignment.enumerated() { if let column { taken[column] = active[row] } }

    // A mover without a silhouette of its own may be within another's: then neither place is known.
    var shared = Set<Int>()
    for (row, column) in assignment.enumerated() where column == nil {
      let trail = trails[active[row]]
      let expected = trail.predicted(at: time)
      let host = silhouettes.indices.first {
        silhouettes[$0].contains(expected, margin: trail.usualRadius)
      }
      trails[active[row]].isHidden = host != nil
      // A picture that is half exposed when its body goes shows it faintly once, not twice.
      let gap = frame - trail.last.frame
      if gap <= 2 {
        let least = Self.remains * trail.usualArea
        let isThere = [trail.last.silhouette.center, expected].contains { isOccupied($0, 1.2 * trail.usualRadius + 1, least) }
        trails[active[row]].isStillThere = isThere && (gap == 1 || trail.isStillThere)
      }
      if let host { shared.insert(host) }
    }

    for (column, silhouette) in silhouettes.enumerated() {
      if let index = taken[column] {
        // Twice its usual size means that something else is in it, whether or not that something has a trail.
        let grown = silhouette.area > 1.6 * trails[index].usualArea && !trails[index].last.silhouette.isCut
        let isShared =
          shared.contains(column) || (grown && trails[index].points.count >= 3 && !persists(trails[index], silhouette))
        trails[index].add(.init(frame: frame, time: time, silhouette: silhouette, isShared: isShared))
        trails[index].isHidden = false
        trails[index].isStillThere = false
      } else if !silhouette.isHeld {
        trails.append(
          Trail(
            points: [.init(frame: frame, time: time, silhouette: silhouette, isShared: false)],
            start: beginning(
              of: silhouette, frame: frame, others: taken.enumerated().compactMap { $1 == nil ? nil : silhouettes[$0] },
              wasOccupied: wasOccupied)))
        active.append(trails.count - 1)
      }
    }

    active.removeAll { index in
      let last = trails[index].last
      return time - last.time > Self.patience.seconds && frame - last.frame > Self.patience.frames
    }
  }

  /// Already this large in the last sighting: then it is its size, not a guest in it.
  private func persists(_ trail: Trail, _ silhouette: Silhouette) -> Bool {
    trail.points.suffix(4).allSatisfy { $0.silhouette.area > 0.75 * silhouette.area }
  }

  /// A mover with a colour of its own and a shadow, with which it was in one silhouette.
  private func isShadow(_ silhouette: Silhouette, of trail: Trail) -> Bool {
    silhouette.shade > Self.shade.shadow && trail.usualShade < Self.shade.own
  }

  private func pairingCost(_ trail: Trail, _ silhouette: Silhouette, time: Double) -> Double {
    let d = silhouette.center - trail.predicted(at: time)
    let distance = (d * d).sum().squareRoot() / trail.reach(at: time, pictureSize: diagonal)
    guard distance < 1 else { return .infinity }
    // What the coder holds is where it was before: none of what moves.
    guard !silhouette.isHeld || trail.isStill(at: time) else { return .infinity }
    // What comes out of a meeting is told by its own colour, not by that of the meeting.
    let isMet = trail.last.isShared
    let size = abs(log(silhouette.area / trail.usualArea))
    let shade = silhouette.color - (isMet ? trail.usualColor : trail.last.silhouette.color)
    let tint = (shade * shade).sum().squareRoot() / Self.tint
    guard size < 2.5, tint < 2.5, !(isMet && isShadow(silhouette, of: trail)) else { return .infinity }
    // A shadow of known size doesn't become the body that it meets.
    let isKnown = trail.points.count >= Self.known
    let own = max(trail.usualArea, trail.last.isShared ? 0 : trail.last.silhouette.area)
    guard !isKnown || silhouette.area < Self.growth * own || trail.last.silhouette.isCut else { return .infinity }
    return distance + 0.5 * size + 0.5 * tint
  }

  private func beginning(
    of silhouette: Silhouette, frame: Int, others: [Silhouette], wasOccupied: Look
  ) -> Track.End {
    if frame == 0 { return .clip }
    if silhouette.isCut { return .border }
    let near = others.contains { $0.contains(silhouette.center, margin: 2 * max(silhouette.radius, 3)) }
    // It may have come some way since.
    let wasThere = wasOccupied(silhouette.center, 2.5 * silhouette.radius + 2, Self.remains * silhouette.area)
    return near || wasThere ? .merged : .open
  }
}

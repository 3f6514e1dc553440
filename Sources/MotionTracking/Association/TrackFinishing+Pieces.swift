import Foundation
import WorldCore

/// Pieces of one mover, which went out of sight for a moment or was in two places at once.
extension TrackFinishing {
  /// Frames for which a mover may be out of sight between two of its pieces.
  private static let longestBreak = 12

  /// Joins a trail that ends in the open to one that begins in the open there or right after, when they look alike and nothing
  /// else does.
  func joined(_ pieces: [Trail]) -> [Trail] {
    var trails = pieces
    var first: Int? = 0
    while let start = first {
      first = nil
      for a in start..<trails.count {
        let candidates = trails.indices.filter { b in
          let gap = trails[b].points[0].frame - trails[a].last.frame
          return gap >= 0 && gap <= Self.longestBreak && b != a
            && (trails[b].start == .open || trails[b].start == .merged) && looksAlike(trails[a], trails[b])
        }
        guard candidates.count == 1, let b = candidates.first, [.open, .merged].contains(ending(of: trails[a])) else {
          continue
        }
        // A shutter open across the jump shows both places in one frame.
        let place = trails[b].points[0].frame
        trails[a].points += trails[b].points.filter { $0.frame > trails[a].last.frame }
        trails[a].isHidden = trails[b].isHidden
        trails[a].end = trails[b].end
        trails.remove(at: b)
        // Those that the piece might have gone on have one choice less now; nothing is new to the others.
        first = trails.indices.first { trails[$0].last.frame >= place - Self.longestBreak }
        break
      }
    }
    return trails
  }

  private func looksAlike(_ a: Trail, _ b: Trail) -> Bool {
    let first = b.points[min(1, b.points.count - 1)].silhouette
    // The sighting next to the break may be half a shutter's worth of the thing: its neighbours show its colours.
    let d = first.color - a.points[max(0, a.points.count - 2)].silhouette.color
    return abs(log(first.area / a.usualArea)) < 0.35 && (d * d).sum().squareRoot() < 40
  }
}

import Foundation
import WorldCore

/// Sightings of one body as the tracks that a tracker would keep, with its reasons for their ends.
struct TrackAssembly {
  let glimpses: [Glimpse?]
  let size: SIMD2<Double>
  /// The clip's last frame.
  let last: Int

  func tracks(of sightings: [Track.Sighting]) -> [Track] {
    // A gap in the open is bridged as long as it is short; any other one parts two tracks.
    var groups: [[Track.Sighting]] = []
    for s in sightings {
      if let before = groups.last?.last, s.frame - before.frame <= SimulatedTracker.bridgedGap,
        s.frame == before.frame + 1 || (end(of: groups[groups.count - 1]) == .open && isOpen(before: s))
      {
        groups[groups.count - 1].append(s)
      } else {
        groups.append([s])
      }
    }
    return groups.filter { $0.count >= 3 }.map { group in
      Track(id: 0, kind: kind(of: group), sightings: group, start: start(of: group), end: end(of: group), varianceError: 0.35)
    }
  }

  private func kind(of group: [Track.Sighting]) -> Track.Kind {
    let areas = group.filter { !$0.isCut && !$0.isShared }.map(\.area).sorted()
    guard areas.count >= 3 else { return .extended }
    let range = log(areas[areas.count * 3 / 4] / areas[areas.count / 4])
    return range < 0.8 && areas[areas.count / 2] < 0.1 * size.x * size.y ? .compact : .extended
  }

  private func start(of group: [Track.Sighting]) -> Track.End {
    guard group[0].frame > 1 else { return .clip }
    return fate(group[0], next: group.dropFirst().first, towards: -1)
  }

  private func end(of group: [Track.Sighting]) -> Track.End {
    let final = group[group.count - 1]
    guard final.frame < last - 1 else { return .clip }
    return fate(final, next: group.dropLast().last, towards: 1)
  }

  private func isOpen(before s: Track.Sighting) -> Bool { fate(s, next: nil, towards: -1) == .open }

  /// What became of the body beyond a sighting; `next` is the neighbour on the other side, which tells its velocity.
  private func fate(_ s: Track.Sighting, next: Track.Sighting?, towards direction: Int) -> Track.End {
    if s.isCut { return .border }
    if glimpses[s.frame]?.isMostlyHidden == true { return .occluded }
    let radius = (s.area / .pi).squareRoot()
    let step = next.map { (s.position - $0.position) / Double(max(1, abs(s.frame - $0.frame))) } ?? .zero
    for k in 1...2 {
      let place = s.position + step * Double(k)
      if place.x < radius + 1 || place.y < radius + 1 || place.x > size.x - radius - 1 || place.y > size.y - radius - 1 {
        return .border
      }
    }
    let beyond = s.frame + direction
    if glimpses.indices.contains(beyond), glimpses[beyond]?.isResting == true { return .rest }
    if s.isShared { return glimpses[s.frame]?.isShared == true ? .merged : .occluded }
    if glimpses.indices.contains(beyond), let there = glimpses[beyond], !there.isSeen {
      return there.isAbsorbed ? .merged : .occluded
    }
    return .open
  }
}

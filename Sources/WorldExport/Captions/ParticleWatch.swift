import Foundation
import SceneDescription
import WorldCore

/// How a liquid's particles move, those that are there at the start and those that come.
struct ParticleWatch {
  /// Of those at the start.
  private(set) var initialCount = 0
  /// Their middle, m, and how high they stand, m.
  private(set) var start = Vector3.zero
  private(set) var height = 0.0
  /// When a share of them has been stirred, or their middle has moved, s.
  private(set) var stirTime: Double?
  /// When most of them are below where the lowest was, s.
  private(set) var fallTime: Double?
  /// How long the column took to lose its height, s.
  private(set) var collapse: Double?
  /// When enough of all particles have risen again, s.
  private(set) var splashTime: Double?
  /// Of those at the start, how many are gone at the end, as a share.
  private(set) var goneShare = 0.0

  var isStirred: Bool { stirTime != nil }

  init(_ fluid: Fluid, _ track: FluidTrack, times: [Double]) {
    guard track.records > 0 else { return }
    let first = Dictionary(uniqueKeysWithValues: zip(track.numbers(at: times[0]), track.particles(record: 0)))
    initialCount = first.count
    let foot = Double(first.values.map(\.z).min() ?? 0)
    height = Double(first.values.map(\.z).max() ?? 0) - foot
    start = middle(first.values.map { $0 })
    let meanHeight = start.z - foot
    let width = extent(first.values.map { $0 })
    let spacing = Float(track.spacing)
    var lowest: [Int: Float] = [:]

    for record in 0..<track.records {
      let time = times[track.sample(ofRecord: record)]
      let (numbers, places) = (track.numbers(at: time), track.particles(record: record))
      guard numbers.count == places.count else { continue }
      var rises = 0
      var (own, fallen, stirred): ([SIMD3<Float>], Int, Int) = ([], 0, 0)
      for (number, place) in zip(numbers, places) {
        let low = min(lowest[number] ?? place.z, place.z)
        lowest[number] = low
        if place.z - low > Float(Perception.splash.rise) * spacing { rises += 1 }
        guard let origin = first[number] else { continue }
        own.append(place)
        if Double(place.z) < foot - Perception.stir * track.spacing { fallen += 1 }
        let way = place - origin
        if (way * way).sum() > Float(Perception.stir * Perception.stir) * spacing * spacing { stirred += 1 }
      }
      if splashTime == nil, rises >= max(Perception.splash.count, Int(Perception.splash.share * Double(numbers.count))) {
        splashTime = time
      }
      goneShare = initialCount == 0 ? 0 : 1 - Double(own.count) / Double(initialCount)
      guard !own.isEmpty else { continue }
      let now = middle(own)
      let shift = Vector3(now.x - start.x, now.y - start.y, 0).length
      if stirTime == nil, Double(stirred) > Perception.stirredShare * Double(own.count) || shift > Perception.slosh * width {
        stirTime = time
      }
      if fallTime == nil, Double(fallen) > Perception.fallenShare * Double(own.count) { fallTime = time }
      let share = meanHeight > 0 ? (now.z - foot) / meanHeight : 1
      if collapse == nil, share < Perception.collapse, height > Perception.stir * track.spacing { collapse = time }
    }
    // It falls from when it is let go, not from when it is down.
    if fallTime != nil { fallTime = 0 }
  }

  private func middle(_ places: [SIMD3<Float>]) -> Vector3 {
    places.isEmpty ? .zero : places.reduce(Vector3.zero) { $0 + Vector3($1) } / Double(places.count)
  }

  /// The longer side of the level rectangle about them, m.
  private func extent(_ places: [SIMD3<Float>]) -> Double {
    guard let first = places.first else { return 0 }
    let lower = places.reduce(first) { pointwiseMin($0, $1) }
    let upper = places.reduce(first) { pointwiseMax($0, $1) }
    return Double(max(upper.x - lower.x, upper.y - lower.y))
  }
}

import Foundation
import WorldCore

/// A ball thrown into a room and followed by a perfect tracker with known noise: motion whose truth the tests know.
struct SyntheticFlight {
  enum Violation: String, CaseIterable {
    case none, gravityOff, teleport, gainsEnergy, vanishes
  }

  var fps = 30.0
  var frames = 60
  var size = SIMD2(480.0, 320.0)
  var radius = 9.0
  /// px/s².
  var gravity = 700.0
  var restitution = 0.75
  /// Standard deviation of a position, px.
  var noise = 0.15
  var position = SIMD2(40.0, 60.0)
  var velocity = SIMD2(120.0, -80.0)
  var violation = Violation.none
  /// Seconds.
  var onset = 0.9
  /// px.
  var jump = SIMD2(60.0, -30.0)
  /// How many times as fast the one bounce after `onset` leaves as it arrived.
  var gain = 1.35

  /// A room, a throw and a camera drawn from a stream.
  init(_ stream: inout RandomStream, violation: Violation = .none) {
    fps = [24, 25, 30, 50, 60][stream.index(below: 5)]
    frames = Int(fps * stream.uniform(in: 1.5...2.6))
    radius = stream.uniform(in: 5...14)
    gravity = stream.uniform(in: 450...1300)
    restitution = stream.uniform(in: 0.5...0.9)
    noise = stream.uniform(in: 0.05...0.4)
    position = SIMD2(stream.uniform(in: 30...120), stream.uniform(in: 40...160))
    velocity = SIMD2(stream.uniform(in: 40...160), stream.uniform(in: -250...60))
    self.violation = violation
    onset = stream.uniform(in: 0.5...0.9)
    let angle = stream.uniform(in: 0...(2 * .pi))
    jump = SIMD2(cos(angle), sin(angle)) * stream.uniform(in: 50...80)
    gain = stream.uniform(in: 1.25...1.6)
  }

  struct Truth {
    var positions: [SIMD2<Double>]
    /// When the law was first broken, s; nil where it wasn't.
    var violationTime: Double?
  }

  /// The centre at every frame, by the closed form between contacts with floor and walls.
  func truth() -> Truth {
    var (p, v, t) = (position, velocity, 0.0)
    var positions: [SIMD2<Double>] = []
    var broken: Double?
    var jumped = false
    var gained = false
    let floor = size.y - radius - 20
    for frame in 0..<frames {
      let until = Double(frame) / fps
      while t < until - 1e-12 {
        let off = violation == .gravityOff && t >= onset - 1e-12
        if off && broken == nil { broken = onset }
        let g = off ? 0 : gravity
        var step = until - t
        if violation == .gravityOff && t < onset { step = min(step, onset - t) }
        // Time to the floor and to a wall on this parabola.
        var hit: (time: Double, isFloor: Bool)?
        let discriminant = v.y * v.y + 2 * g * (floor - p.y)
        if discriminant >= 0 {
          let tf = g > 0 ? (-v.y + discriminant.squareRoot()) / g : (v.y > 0 ? (floor - p.y) / v.y : .infinity)
          if tf > 1e-9, tf < step { hit = (tf, true) }
        }
        for (wall, towards) in [(radius, v.x < 0), (size.x - radius, v.x > 0)] where towards {
          let tw = (wall - p.x) / v.x
          if tw > 1e-9, tw < (hit?.time ?? step) { hit = (tw, false) }
        }
        let h = hit?.time ?? step
        p += v * h + SIMD2(0, g * h * h / 2)
        v.y += g * h
        t += h
        if let hit {
          if hit.isFloor {
            var e = restitution
            if violation == .gainsEnergy, t >= onset, !gained {
              (e, gained) = (gain, true)
              broken = t
            }
            v.y = -v.y * e
            v.x *= 0.97
            p.y = floor - 1e-9
            // A bounce too low to be seen: it rolls.
            if abs(v.y) < 20 { v.y = 0 }
            if v.y == 0 && g > 0 { return roll(positions, p, v, from: frame, t: t, floor: floor, broken: broken) }
          } else {
            v.x = -v.x * restitution
          }
        }
      }
      if violation == .teleport, !jumped, until >= onset {
        let target = p + jump
        p = SIMD2(min(max(target.x, radius + 2), size.x - radius - 2), min(max(target.y, radius + 2), floor - 2))
        jumped = true
        broken = until
      }
      if violation == .vanishes, until >= onset {
        return Truth(positions: positions, violationTime: until)
      }
      positions.append(p)
    }
    return Truth(positions: positions, violationTime: broken)
  }

  private func roll(
    _ before: [SIMD2<Double>], _ p: SIMD2<Double>, _ v: SIMD2<Double>, from frame: Int, t: Double, floor: Double,
    broken: Double?
  ) -> Truth {
    var positions = before
    for k in frame..<frames {
      let x = p.x + v.x * (Double(k) / fps - t)
      guard x > radius, x < size.x - radius else { break }
      positions.append(SIMD2(x, floor))
    }
    return Truth(positions: positions, violationTime: broken)
  }

  func track(_ stream: inout RandomStream) -> Track {
    let positions = truth().positions
    let sightings = positions.enumerated().map { frame, p in
      Track.Sighting(
        frame: frame, time: Double(frame) / fps,
        position: p + SIMD2(stream.normal(standardDeviation: noise), stream.normal(standardDeviation: noise)),
        covariance: Covariance2(isotropic: noise * noise), area: .pi * radius * radius, axes: SIMD2(repeating: 2 * radius),
        color: SIMD3(200, 80, 40))
    }
    let end: Track.End = positions.count < frames ? (violation == .vanishes ? .open : .border) : .clip
    return Track(id: 1, kind: .compact, sightings: sightings, start: .clip, end: end)
  }

  var clip: ClipDescription {
    ClipDescription(
      file: "synthetic", fps: fps, size: [Int(size.x), Int(size.y)], frames: frames, duration: Double(frames) / fps)
  }

  static let quietEvidence = MotionEvidence(
    noiseLevel: 1, movingShare: 0.01, orderRatio: 0.02, orderPValue: 1e-9, hasStructure: true)
}

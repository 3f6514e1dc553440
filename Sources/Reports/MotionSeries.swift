import Foundation
import Plausibility
import WorldCore

/// Height and mechanical energy over time, as the charts show them: what was measured as dots, what was fitted as lines.
struct MotionSeries {
  /// Metres where a scale is known, pixels otherwise.
  let lengthUnit: String
  let energyUnit: String
  private let lengthPerPixel: Double
  private let imageHeight: Double
  /// In length units/s²; nil where nothing tells how strong gravity is.
  private let gravity: Double?

  init(document: ScoreDocument, pixelsPerMetre: Double?) {
    imageHeight = Double(document.clip.size[1])
    if let pixelsPerMetre {
      (lengthUnit, energyUnit, lengthPerPixel, gravity) = ("m", "J/kg", 1 / pixelsPerMetre, 9.81)
    } else {
      let estimates = document.laws.filter { $0.law == "gravity" && $0.estimate?.unit == "px/s^2" }.compactMap(
        \.estimate?.value)
      (lengthUnit, energyUnit, lengthPerPixel) = ("px", "px²/s²", 1)
      gravity = estimates.isEmpty ? nil : estimates.sorted()[estimates.count / 2].magnitude
    }
  }

  struct Point: Encodable { var x: Double, y: Double? }
  struct Series: Encodable { var measured: [Point], fitted: [Point] }

  func height(of track: Track, curve: MotionCurve) -> Series {
    Series(
      measured: track.sightings.map { Point(x: $0.time, y: height($0.position)) },
      fitted: line(through: curve) { height($0.position) })
  }

  /// Empty where gravity is unknown. Measured speeds come from a parabola through five neighbouring sightings.
  func energy(of track: Track, curve: MotionCurve) -> Series {
    guard let gravity else { return Series(measured: [], fitted: []) }
    func energy(_ position: SIMD2<Double>, _ velocity: SIMD2<Double>) -> Double {
      let v = velocity * lengthPerPixel
      return (v * v).sum() / 2 + gravity * height(position)
    }
    let seen = track.sightings
    let measured: [Point] = seen.indices.dropFirst(2).dropLast(2).compactMap { k in
      let window = seen[(k - 2)...(k + 2)]
      guard seen[k + 2].frame - seen[k - 2].frame == 4 else { return nil }
      // Slope of the least-squares parabola at the middle of an odd, even-spaced window: Σ tᵢ xᵢ / Σ tᵢ².
      let times = window.map { $0.time - seen[k].time }
      let weight = times.reduce(0) { $0 + $1 * $1 }
      let slope = zip(times, window).reduce(SIMD2<Double>.zero) { $0 + $1.1.position * $1.0 } / weight
      return Point(x: seen[k].time, y: energy(seen[k].position, slope))
    }
    return Series(measured: measured, fitted: line(through: curve) { energy($0.position, $0.velocity) })
  }

  private func height(_ position: SIMD2<Double>) -> Double { (imageHeight - position.y) * lengthPerPixel }

  /// Pieces follow one another with a gap (a point without a value) between.
  private func line(through curve: MotionCurve, _ value: (MotionCurve.Sample) -> Double) -> [Point] {
    curve.pieces.flatMap { piece in
      piece.map { Point(x: $0.time, y: value($0)) } + [Point(x: piece.last?.time ?? 0, y: nil)]
    }
  }
}

import Foundation
import LinearAlgebra
import WorldCore

/// What a body's apparent size tells of its depth in one flight, against its other flights.
///
/// Width goes as 1/Z. An acceleration in the picture goes as 1/Z as well, and a depth that changes at the rate w = Ż/Z adds
/// `−2w v` to it (the derivative of X/Z, to first order in w).
struct Nearness {
  /// Width in the flight over that in the others, with the relative standard deviation.
  let ratio: Double
  let ratioDeviation: Double
  /// Ż/Z, 1/s, with its standard deviation; positive when it goes away.
  let recession: Double
  let recessionDeviation: Double

  /// A silhouette's edge is known to this, px, in one sighting as in the mean of many.
  private static let edge = 0.4

  init(of motion: TrackMotion, in flight: Arc, against others: [Arc]) {
    let own = motion.sightings[flight.range]
    func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    let here = median(own.map(\.axes.y))
    let there = median(others.flatMap { motion.sightings[$0.range].map(\.axes.y) })
    ratio = here / there
    ratioDeviation = Self.edge * (1 / (here * here) + 1 / (there * there)).squareRoot()

    // The slope of ln(width).
    var design = Matrix(rows: own.count, columns: 2)
    for (i, s) in own.enumerated() { (design[i, 0], design[i, 1]) = (1, s.time - flight.origin) }
    guard own.count > 3, let line = try? leastSquares(design, own.map { log(max($0.axes.y, 1e-3)) }) else {
      (recession, recessionDeviation) = (0, 0)
      return
    }
    let scatter = line.chiSquare / Double(max(1, line.degreesOfFreedom))
    let soft = Self.edge / here / max(flight.duration, 1e-9)
    recession = -line.unknowns[1]
    recessionDeviation = (line.covariance[1, 1] * scatter + soft * soft).squareRoot()
  }
}

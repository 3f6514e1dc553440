import Foundation
import WorldCore

extension Track.Sighting {
  /// How far the silhouette reaches along a way in the picture, px: its ellipse's chord between tangents across that way.
  func extent(along way: SIMD2<Double>) -> Double {
    let major = SIMD2(cos(angle), sin(angle))
    let unit = way.unit
    let (x, y) = (axes.x * unit.dot(major), axes.y * unit.cross(major))
    return (x * x + y * y).squareRoot()
  }
}

/// The dome integrated ahead of time over what rough surfaces gather from it.
///
/// An open place is lit by these exactly, without a ray; rays are spent on what stands in the way. That is a control variate:
/// the estimate is the table's value plus the average of (what a ray met − what the dome would have sent), which is zero
/// wherever the ray meets nothing.
final class SkyLight: Sendable {
  /// The rest of the sphere seen by a surface of this normal, over π.
  let irradiance: DirectionMap
  /// For mirror direction, averaged over GGX lobes of rising roughness.
  let glossy: [DirectionMap]
  static let glossyLevels: [Float] = [0.25, 0.4, 0.55, 0.7, 0.85, 1]

  init(_ sky: Sky) {
    let count: UInt32 = 256
    let points = (0..<count).map { SobolSequence.point($0, seed: 5) }
    irradiance = DirectionMap { normal in
      let (t, b) = normal.frame
      var sum = Float3.zero
      for point in points {
        let d = Warp.cosineHemisphere(point)
        sum += sky.radiance(t * d.x + b * d.y + normal * d.z)
      }
      return sum * (1 / Float(count))
    }
    glossy = Self.glossyLevels.map { roughness in
      DirectionMap { axis in
        let (t, b) = axis.frame
        var (sum, weight) = (Float3.zero, Float(0))
        for point in points[..<96] {
          // The lobe of a surface seen head-on (Karis 2013).
          let h = Microfacets.sampleVisibleNormal(outgoing: Float3(0, 0, 1), alpha: roughness * roughness, point)
          let d = h.mirror(Float3(0, 0, 1))
          guard d.z > 0 else { continue }
          sum += sky.radiance(t * d.x + b * d.y + axis * d.z) * d.z
          weight += d.z
        }
        return sum * (1 / max(weight, 1e-6))
      }
    }
  }
}

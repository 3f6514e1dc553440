/// The sample points of every pixel, dimension by dimension, computed once.
///
/// The pixels of a square tile take consecutive runs of one Sobol sequence in the order of a Z curve, so that neighbours share
/// out each domain among them: the error is spread like blue noise, which a filter removes best (Ahmed & Wonka 2020). The
/// points depend on pixel and sample alone: what noise remains stands still in the picture instead of boiling.
///
/// `@unchecked Sendable`: nothing changes after `init`.
final class SampleTable: @unchecked Sendable {
  /// Pairs of dimensions that a path may draw from.
  enum Dimension: Int, CaseIterable {
    case pixel, lens, shutter, keyLight, diffuse, glossy, secondKeyLight, secondDiffuse
  }

  let samplesPerPixel: Int
  private let side: Int
  private let stride: Int
  private let points: UnsafeMutablePointer<SIMD2<Float>>

  init(samplesPerPixel: Int) {
    self.samplesPerPixel = samplesPerPixel
    var stride = 1
    while stride < samplesPerPixel { stride *= 2 }
    // About 2¹⁵ points a dimension keep the table in a core's cache.
    var side = 64
    while side > 8 && side * side * stride > 1 << 15 { side /= 2 }
    let area = side * side * stride
    points = .allocate(capacity: area * Dimension.allCases.count)
    for dimension in Dimension.allCases {
      for y in 0..<side {
        for x in 0..<side {
          let first = UInt32(Self.zOrder(x, y) * stride)
          for sample in 0..<stride {
            let place = dimension.rawValue * area + (y * side + x) * stride + sample
            (points + place).initialize(
              to: SobolSequence.point(first + UInt32(sample), seed: UInt32(dimension.rawValue) * 64 + 17))
          }
        }
      }
    }
    (self.side, self.stride) = (side, stride)
  }

  deinit { points.deallocate() }

  /// The points of sample `sample` of the pixel in column `x` of row `y`.
  @inline(__always)
  func sampler(x: Int, y: Int, sample: Int) -> Sampler {
    let pixel = (y & (side - 1)) * side + (x & (side - 1))
    return Sampler(points: points + pixel * stride + sample, dimensionStride: side * side * stride)
  }

  private static func zOrder(_ x: Int, _ y: Int) -> Int {
    var order = 0
    for bit in 0..<8 { order |= ((x >> bit) & 1) << (2 * bit) | ((y >> bit) & 1) << (2 * bit + 1) }
    return order
  }
}

/// One camera path's share of the sample table.
/// `@unchecked Sendable`: the points are never written after they are made.
struct Sampler: @unchecked Sendable {
  let points: UnsafePointer<SIMD2<Float>>
  let dimensionStride: Int

  @inline(__always)
  func point(_ dimension: SampleTable.Dimension) -> SIMD2<Float> { points[dimension.rawValue * dimensionStride] }

  /// The same points turned about the unit torus by `bounce` steps of the plastic number's pair (Roberts 2018): long paths
  /// have more vertices than the table has dimensions.
  @inline(__always)
  func point(_ dimension: SampleTable.Dimension, bounce: Int) -> SIMD2<Float> {
    var p = point(dimension) + SIMD2(0.754_877_67, 0.569_840_29) * Float(bounce)
    p -= p.rounded(.down)
    return p
  }
}

extension Sampler {
  /// The middle of every domain: what a single sample should take. Lives as long as the program.
  static let centered: Sampler = {
    let count = SampleTable.Dimension.allCases.count
    let points = UnsafeMutablePointer<SIMD2<Float>>.allocate(capacity: count)
    points.initialize(repeating: SIMD2(repeating: 0.5), count: count)
    return Sampler(points: points, dimensionStride: 1)
  }()
}

/// The pixels in which one body is seen.
struct Silhouette {
  private(set) var pixels = 0
  private(set) var left = Int.max
  private(set) var right = -1
  private(set) var top = Int.max
  private(set) var bottom = -1
  /// Metres from the eye.
  private(set) var nearest = Float.infinity
  private var sum = SIMD2<Double>.zero

  /// The mean of the pixels' centres.
  var center: SIMD2<Double> { sum / Double(pixels) }

  /// One for each instance number below `count`.
  static func all(in segmentation: Image<UInt16>, distance: Image<Float>, count: Int) -> [Silhouette] {
    var silhouettes = [Silhouette](repeating: Silhouette(), count: count)
    for y in 0..<segmentation.height {
      for x in 0..<segmentation.width {
        silhouettes[Int(segmentation[x, y])].add(x, y, distance: distance[x, y])
      }
    }
    return silhouettes
  }

  private mutating func add(_ x: Int, _ y: Int, distance: Float) {
    pixels += 1
    (left, right) = (min(left, x), max(right, x))
    (top, bottom) = (min(top, y), max(bottom, y))
    nearest = min(nearest, distance)
    sum += SIMD2(Double(x) + 0.5, Double(y) + 0.5)
  }
}

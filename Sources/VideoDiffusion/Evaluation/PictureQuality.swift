import Foundation
package import WorldCore

/// How near a picture is to its original, as the field measures it.
package enum PictureQuality {
  /// 10·log₁₀(255² / mean squared error) over red, green and blue, in decibels.
  package static func peakSignalToNoise(_ picture: Image<SRGB8>, _ original: Image<SRGB8>) -> Double {
    var sum = 0.0
    for (a, b) in zip(picture.pixels, original.pixels) {
      for (x, y) in [(a.red, b.red), (a.green, b.green), (a.blue, b.blue)] {
        let d = Double(x) - Double(y)
        sum += d * d
      }
    }
    return 10 * log10(255 * 255 / max(sum / Double(3 * picture.pixels.count), 1e-6))
  }

  /// Structural similarity of the luma (Wang et al. 2004): Gaussian windows of 11 × 11 with deviation 1.5, those that fit into
  /// the picture.
  package static func structuralSimilarity(_ picture: Image<SRGB8>, _ original: Image<SRGB8>) -> Double {
    let (width, height) = (picture.width, picture.height)
    let (a, b) = (picture.luma, original.luma)
    func filtered(_ value: (Int) -> Float) -> [Float] { windowed(value, width: width, height: height) }
    let (meanA, meanB) = (filtered { a[$0] }, filtered { b[$0] })
    let (squareA, squareB, product) = (filtered { a[$0] * a[$0] }, filtered { b[$0] * b[$0] }, filtered { a[$0] * b[$0] })
    let (c1, c2) = (Float(0.01 * 255 * 0.01 * 255), Float(0.03 * 255 * 0.03 * 255))
    var sum = 0.0
    for k in meanA.indices {
      let (variances, covariance) = (
        squareA[k] - meanA[k] * meanA[k] + squareB[k] - meanB[k] * meanB[k], product[k] - meanA[k] * meanB[k]
      )
      let (means, squares) = (meanA[k] * meanB[k], meanA[k] * meanA[k] + meanB[k] * meanB[k])
      sum += Double((2 * means + c1) * (2 * covariance + c2) / ((squares + c1) * (variances + c2)))
    }
    return meanA.isEmpty ? 1 : sum / Double(meanA.count)
  }

  /// Sum of the squared differences of neighbouring pixels' luma: beside the original's it tells what of its edges, texture and
  /// grain a picture has, wherever they lie.
  package static func gradientEnergy(_ picture: Image<SRGB8>) -> Double {
    let (width, luma) = (picture.width, picture.luma)
    var sum = 0.0
    for k in luma.indices {
      let across = k % width < width - 1 ? luma[k + 1] - luma[k] : 0
      let down = k + width < luma.count ? luma[k + width] - luma[k] : 0
      sum += Double(across * across + down * down)
    }
    return sum
  }

  private static let window: [Float] = {
    let weights = (-5...5).map { exp(-Float($0 * $0) / (2 * 1.5 * 1.5)) }
    return weights.map { $0 / weights.reduce(0, +) }
  }()

  /// Means over the windows that fit, across and then down.
  private static func windowed(_ value: (Int) -> Float, width: Int, height: Int) -> [Float] {
    let size = window.count
    guard width >= size, height >= size else { return [] }
    let columns = width - size + 1
    var across = [Float](repeating: 0, count: columns * height)
    for y in 0..<height {
      for x in 0..<columns {
        var sum: Float = 0
        for k in 0..<size { sum += window[k] * value(y * width + x + k) }
        across[y * columns + x] = sum
      }
    }
    var result = [Float](repeating: 0, count: columns * (height - size + 1))
    for y in 0..<height - size + 1 {
      for x in 0..<columns {
        var sum: Float = 0
        for k in 0..<size { sum += window[k] * across[(y + k) * columns + x] }
        result[y * columns + x] = sum
      }
    }
    return result
  }

  /// By how many pixels the content of some pixels has moved, found by least squares on the luma (Lucas & Kanade 1981).
  ///
  /// - Parameter pixels: places of the content in row-major order; none at the picture's edge.
  /// - Returns: nil where the content has too little texture to tell.
  package static func displacement(_ picture: Image<SRGB8>, from original: Image<SRGB8>, of pixels: [Int]) -> SIMD2<Double>? {
    let (a, b, width) = (original.luma, picture.luma, original.width)
    var (xx, xy, yy, xd, yd) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for k in pixels {
      // The mean of both pictures' gradients makes the estimate second order.
      let gx = Double(a[k + 1] - a[k - 1] + b[k + 1] - b[k - 1]) / 4
      let gy = Double(a[k + width] - a[k - width] + b[k + width] - b[k - width]) / 4
      let d = Double(a[k] - b[k])
      (xx, xy, yy, xd, yd) = (xx + gx * gx, xy + gx * gy, yy + gy * gy, xd + gx * d, yd + gy * d)
    }
    let determinant = xx * yy - xy * xy
    let smallest = (xx + yy) / 2 - (((xx - yy) / 2) * ((xx - yy) / 2) + xy * xy).squareRoot()
    guard tellsDisplacement(smallest: smallest, pixels: pixels.count), determinant > 0 else { return nil }
    return SIMD2((yy * xd - xy * yd) / determinant, (xx * yd - xy * xd) / determinant)
  }

  /// Whether content has texture enough: a mean gradient of two steps of a byte a pixel along every direction.
  ///
  /// - Parameter smallest: eigenvalue of the sum of the gradients' squares.
  static func tellsDisplacement(smallest: Double, pixels: Int) -> Bool { smallest > 4 * Double(pixels) }
}

extension Image<SRGB8> {
  /// Rec. 601 luma, 0 … 255.
  var luma: [Float] {
    pixels.map { 0.299 * Float($0.red) + 0.587 * Float($0.green) + 0.114 * Float($0.blue) }
  }
}

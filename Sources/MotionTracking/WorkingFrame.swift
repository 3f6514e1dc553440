internal import COpenCV
import WorldCore

/// A frame as the tracker works on it: tight RGB bytes, shrunk by a whole factor where the clip is larger than it needs.
struct WorkingFrame {
  let width: Int
  let height: Int
  /// Clip pixels per working pixel, along each axis.
  let factor: Int
  /// `3 * width * height` encoded levels.
  var rgb: [UInt8]

  /// Working pictures hold at most this many pixels: sub-pixel positions gain nothing from more, and an hour of 8K stays
  /// affordable.
  static let largestPixelCount = 700_000

  static func factor(width: Int, height: Int) -> Int {
    var factor = 1
    while (width / factor) * (height / factor) > largestPixelCount { factor += 1 }
    return factor
  }

  init(_ timed: TimedFrame) throws(TrackingError) {
    let image = timed.image
    var bytes = [UInt8](unsafeUninitializedCapacity: image.pixels.count * 3) { buffer, count in
      image.pixels.withUnsafeBufferPointer { pixels in
        for i in pixels.indices {
          let pixel = pixels[i]
          buffer[3 * i] = pixel.red
          buffer[3 * i + 1] = pixel.green
          buffer[3 * i + 2] = pixel.blue
        }
      }
      count = image.pixels.count * 3
    }
    let factor = Self.factor(width: image.width, height: image.height)
    if factor > 1 {
      let (w, h) = (image.width / factor, image.height / factor)
      var small = [UInt8](repeating: 0, count: 3 * w * h)
      let status = mcv_shrink_rgb(bytes, Int32(image.width), Int32(image.height), Int32(factor), &small)
      guard status == MCV_OK else { throw .visionLibrary(operation: "shrinking a frame", status: status) }
      bytes = small
      (width, height) = (w, h)
    } else {
      (width, height) = (image.width, image.height)
    }
    self.factor = factor * timed.reduction
    rgb = bytes
  }

  var pixelCount: Int { width * height }

  /// Mean of the channels with luma's weights, 0…255.
  func luma() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: pixelCount) { out, count in
      rgb.withUnsafeBufferPointer { rgb in
        for i in 0..<pixelCount {
          let weighted = 77 * Int(rgb[3 * i]) + 150 * Int(rgb[3 * i + 1]) + 29 * Int(rgb[3 * i + 2])
          out[i] = UInt8(weighted >> 8)
        }
      }
      count = pixelCount
    }
  }
}

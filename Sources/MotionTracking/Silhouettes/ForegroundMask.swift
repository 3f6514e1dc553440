internal import COpenCV

/// A connected set of pixels that differ from the still scene.
struct ForegroundComponent {
  var left: Int
  var top: Int
  var width: Int
  var height: Int
  /// Row-major indices of the working picture.
  var pixels: [Int]
  /// The largest difference in it, in standard deviations of the noise.
  var peak: Float

  /// Its pixels that have a neighbour outside it.
  func outline(width w: Int, height h: Int) -> [Int] {
    let columns = width + 2
    var member = [Bool](repeating: false, count: columns * (height + 2))
    for pixel in pixels { member[(pixel / w - top + 1) * columns + pixel % w - left + 1] = true }
    return pixels.filter { pixel in
      let i = (pixel / w - top + 1) * columns + pixel % w - left + 1
      return !(member[i - 1] && member[i + 1] && member[i - columns] && member[i + columns])
    }
  }
}

/// Tells where a frame differs from the still scene by more than its noise.
struct ForegroundMask {
  let background: Background

  /// A pixel belongs to a mover above `low` standard deviations (mean over 3 × 3), a component counts when one reaches `high`.
  /// With Gaussian noise a 3 × 3 mean of the root-mean-square difference is 0.9 ± 0.1, so neither is met by chance.
  static let low: Float = 3
  static let high: Float = 7
  /// Encoded levels that a mover must differ by somewhere, whatever the noise: coders leave less than this behind.
  static let leastContrast: Float = 14
  /// More components than this in a frame is not a scene of things but a change of everything.
  static let mostComponents = 400

  /// The difference to the still scene in standard deviations, averaged over 3 × 3 pixels; exposure drift is taken out.
  func deviation(of frame: WorkingFrame, inside: [UInt8]?) throws(TrackingError) -> [Float] {
    let drift = exposureDrift(of: frame)
    var plane = [Float](repeating: 0, count: frame.pixelCount)
    frame.rgb.withUnsafeBufferPointer { rgb in
      background.level.withUnsafeBufferPointer { level in
        background.noise.withUnsafeBufferPointer { noise in
          plane.withUnsafeMutableBufferPointer { plane in
            for i in plane.indices {
              let r = Float(rgb[3 * i]) - Float(level[3 * i]) - drift[0]
              let g = Float(rgb[3 * i + 1]) - Float(level[3 * i + 1]) - drift[1]
              let b = Float(rgb[3 * i + 2]) - Float(level[3 * i + 2]) - drift[2]
              plane[i] = ((r * r + g * g + b * b) / 3).squareRoot() / noise[i]
            }
          }
        }
      }
    }
    if let inside { for i in plane.indices where inside[i] == 0 { plane[i] = 0 } }
    let status = mcv_box_blur(&plane, Int32(frame.width), Int32(frame.height), 3)
    guard status == MCV_OK else { throw .visionLibrary(operation: "smoothing a difference", status: status) }
    return plane
  }

  /// The median difference per channel over a lattice: what automatic exposure did to everything.
  private func exposureDrift(of frame: WorkingFrame) -> [Float] {
    let step = max(1, frame.pixelCount / 2000)
    return (0..<3).map { channel in
      var differences: [Int] = []
      var i = 0
      while i < frame.pixelCount {
        differences.append(Int(frame.rgb[3 * i + channel]) - Int(background.level[3 * i + channel]))
        i += step
      }
      differences.sort()
      return Float(differences[differences.count / 2])
    }
  }

  func components(in frame: WorkingFrame, inside: [UInt8]?) throws(TrackingError) -> [ForegroundComponent] {
    let plane = try deviation(of: frame, inside: inside)
    return try components(of: plane, frame: frame)
  }

  func components(of plane: [Float], frame: WorkingFrame) throws(TrackingError) -> [ForegroundComponent] {
    let (w, h) = (frame.width, frame.height)
    var mask = plane.map { $0 > Self.low ? UInt8(255) : 0 }
    guard mask.contains(255) else { return [] }
    let closed = mcv_open_close(&mask, Int32(w), Int32(h), 0, 1)
    guard closed == MCV_OK else { throw .visionLibrary(operation: "closing a mask", status: closed) }
    var labels = [Int32](repeating: 0, count: w * h)
    let capacity = w * h / 4 + 1
    var count: Int32 = 0
    var status: Int32 = 0
    // Room for the most there can be, of which few are written.
    let stats = [mcv_component](unsafeUninitializedCapacity: capacity) { buffer, written in
      status = mcv_components(mask, Int32(w), Int32(h), &labels, buffer.baseAddress, Int32(capacity), &count)
      written = status == MCV_OK ? min(Int(count), capacity) : 0
    }
    guard status == MCV_OK else { throw .visionLibrary(operation: "finding components", status: status) }

    let least = max(6, w * h / 20_000)
    guard stats.prefix(Int(count)).filter({ Int($0.area) >= least }).count <= Self.mostComponents else { return [] }
    var found: [ForegroundComponent] = []
    for (index, stat) in stats.prefix(Int(count)).enumerated() where Int(stat.area) >= least {
      var component = ForegroundComponent(
        left: Int(stat.left), top: Int(stat.top), width: Int(stat.width), height: Int(stat.height), pixels: [], peak: 0)
      var contrast: Float = 0
      for y in component.top..<(component.top + component.height) {
        for x in component.left..<(component.left + component.width) where labels[y * w + x] == index + 1 {
          let i = y * w + x
          component.pixels.append(i)
          component.peak = max(component.peak, plane[i])
          contrast = max(contrast, plane[i] * background.noise[i])
        }
      }
      if component.peak >= Self.high && contrast >= Self.leastContrast { found.append(component) }
    }
    return found
  }
}

internal import COpenCV
public import WorldCore

/// Marks where a clip moves, as Physics-IQ does: gray levels blurred by a 5×5 Gaussian, against a running mean of weight 0.3; a
/// difference above 10 levels moves; 5×5 opening, then closing; a quarter of the size, bilinear (Motamed et al. 2025).
///
/// The first frame's mask is empty. Memory: a sixteenth of each frame.
public struct MotionMaskRecorder {
  private static let blur: Int32 = 5
  private static let weight = 0.3
  /// Encoded levels.
  private static let threshold = 10.0
  /// Twice by a 3×3 square is once by one of 5×5.
  private static let strokes: Int32 = 2
  private static let reduction = 4

  private let (width, height): (Int, Int)
  private var mean: [Double] = []
  private var frames: [[UInt8]] = []
  private var pictures: [[UInt8]] = []

  /// For frames of so many pixels; each side has four at least.
  public init(width: Int, height: Int) {
    precondition(width >= Self.reduction && height >= Self.reduction, "a picture of \(width)×\(height) has no quarter")
    (self.width, self.height) = (width, height)
  }

  /// What was recorded.
  public var masks: MotionMasks {
    MotionMasks(width: width / Self.reduction, height: height / Self.reduction, frames: frames, pictures: pictures)
  }

  /// Frames in order, all of the size that was announced.
  public mutating func add(_ image: Image<SRGB8>) throws(TrackingError) {
    precondition(image.width == width && image.height == height, "a recorder takes frames of \(width)×\(height)")
    let rgb = image.pixels.flatMap { [$0.red, $0.green, $0.blue] }
    let (w, h) = (Int32(width), Int32(height))
    var gray = [UInt8](repeating: 0, count: width * height)
    try check(mcv_blurred_gray(rgb, w, h, Self.blur, &gray), "blurring a frame")

    var mask = [UInt8](repeating: 0, count: width * height)
    if mean.isEmpty {
      mean = gray.map(Double.init)
    } else {
      try check(
        mcv_running_difference(gray, w, h, Self.weight, Self.threshold, &mean, &mask), "comparing a frame with those before")
      try check(mcv_open_close(&mask, w, h, Self.strokes, Self.strokes), "cleaning a mask")
    }
    frames.append(try quarter(mask, channels: 1).map { $0 > 127 ? 1 : 0 })
    pictures.append(try quarter(rgb, channels: 3))
  }

  private func quarter(_ plane: [UInt8], channels: Int) throws(TrackingError) -> [UInt8] {
    let (w, h) = (width / Self.reduction, height / Self.reduction)
    var small = [UInt8](repeating: 0, count: w * h * channels)
    let status = mcv_resize_linear(plane, Int32(width), Int32(height), Int32(channels), &small, Int32(w), Int32(h))
    try check(status, "shrinking a frame")
    return small
  }

  private func check(_ status: Int32, _ operation: String) throws(TrackingError) {
    guard status == MCV_OK else { throw .visionLibrary(operation: operation, status: status) }
  }
}

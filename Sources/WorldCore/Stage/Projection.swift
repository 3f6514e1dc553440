import Foundation

/// A pinhole's map from the camera's frame to the picture's pixels: square pixels, the optical axis through the middle.
///
/// The camera frame is OpenGL's: x right, y up, looking along −z. Pixels have their origin at the top left corner, x to
/// the right and y down; the centre of the first pixel is (0.5, 0.5).
public struct Projection: Sendable, Equatable {
  /// Pixels.
  public var width: Int
  public var height: Int
  /// Vertical angle of view, radians.
  public var fieldOfView: Double

  public init(width: Int, height: Int, fieldOfView: Double) {
    precondition(width > 0 && height > 0, "a picture has at least one pixel, not \(width)×\(height)")
    precondition(
      fieldOfView > 0 && fieldOfView < .pi, "an angle of view lies between 0 and 180 degrees, not \(fieldOfView) rad")
    self.width = width
    self.height = height
    self.fieldOfView = fieldOfView
  }

  /// The same along both axes, pixels.
  public var focalLength: Double { Double(height) / 2 / tan(fieldOfView / 2) }

  /// Where the optical axis meets the picture, pixels.
  public var principalPoint: SIMD2<Double> { SIMD2(Double(width), Double(height)) / 2 }

  /// The pixel that a point of the camera frame falls on, inside the picture or not; nil on and behind the camera's plane.
  public func pixel(ofCameraPoint point: Vector3) -> SIMD2<Double>? {
    guard point.z < 0 else { return nil }
    return principalPoint + SIMD2(point.x, -point.y) * (focalLength / -point.z)
  }

  /// The point of the camera frame that is seen at `pixel`, `depth` metres along the optical axis.
  public func cameraPoint(atPixel pixel: SIMD2<Double>, depth: Double) -> Vector3 {
    let offset = (pixel - principalPoint) * (depth / focalLength)
    return Vector3(offset.x, -offset.y, -depth)
  }

  /// Whether a pixel position lies inside the picture.
  public func contains(_ pixel: SIMD2<Double>) -> Bool {
    pixel.x >= 0 && pixel.y >= 0 && pixel.x < Double(width) && pixel.y < Double(height)
  }

  /// OpenCV's camera matrix, row by row: focal lengths and principal point in pixels.
  ///
  /// OpenCV counts from the centre of the first pixel, so its principal point lies half a pixel less far.
  public var openCVIntrinsics: [[Double]] {
    let center = principalPoint - 0.5
    return [[focalLength, 0, center.x], [0, focalLength, center.y], [0, 0, 1]]
  }
}

import Foundation

/// A scene's geometry as pictures without light: each cell of 4 × 4 pixels in the base colour of the body that its middle
/// shows.
///
/// What the geometry shader sees in the plain view's place. Nothing is traced for it; controls and materials say it all.
enum FlatView {
  /// [frames, height, width, 3], sRGB; middle grey where there is no body, as in the sky, or one without a row of properties,
  /// such as a cloth.
  static func pixels(_ controls: ControlTensor, _ motion: MotionRecord) -> [UInt8] {
    let colors =
      [[Self.unknown, Self.unknown, Self.unknown]]
      + (0..<motion.bodyCount).map { body in
        (0..<3).map { sRGB(motion.property(MotionRecord.Property.color + $0, of: body)) }
      }
    let (width, height, side) = (controls.width, controls.height, ControlTensor.pixelsPerCell)
    let (rows, columns) = ((height + side - 1) / side, (width + side - 1) / side)
    let parts = controls.partPlane()
    let frames = FrameCrew.results(controls.frameCount) { frame in
      [UInt8](unsafeUninitializedCapacity: 3 * width * height) { pixels, initialized in
        for y in 0..<height {
          for x in 0..<width {
            let part = Int(parts[(frame * rows + y / side) * columns + x / side])
            let color = colors[part < colors.count ? part : 0]
            for k in 0..<3 { pixels[3 * (y * width + x) + k] = color[k] }
          }
        }
        initialized = 3 * width * height
      }
    }
    return Array(frames.joined())
  }

  private static let unknown: UInt8 = 128

  /// A byte of a linear share of light (IEC 61966-2-1).
  private static func sRGB(_ value: Float) -> UInt8 {
    let light = max(0, min(1, value))
    let code = light <= 0.003_130_8 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055
    return UInt8((255 * code).rounded())
  }
}

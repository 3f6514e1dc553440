import Foundation

/// The sRGB transfer function (IEC 61966-2-1): the door between linear light inside and encoded pictures outside.
public enum SRGB {
  /// Linear light in 0…1 to the encoded value in 0…1; values outside are clipped, as a display would.
  public static func encode(_ linear: Float) -> Float {
    let c = min(max(linear, 0), 1)
    return c <= 0.003_130_8 ? 12.92 * c : 1.055 * pow(c, 1 / 2.4) - 0.055
  }

  /// An encoded value in 0…1 to linear light in 0…1.
  public static func decode(_ encoded: Float) -> Float {
    encoded <= 0.040_45 ? encoded / 12.92 : pow((encoded + 0.055) / 1.055, 2.4)
  }

  /// An encoded 8-bit colour to linear RGB.
  public static func linear(_ pixel: SRGB8) -> SIMD3<Float> {
    SIMD3(decodeTable[Int(pixel.red)], decodeTable[Int(pixel.green)], decodeTable[Int(pixel.blue)])
  }

  private static let decodeTable: [Float] = (0...255).map { decode(Float($0) / 255) }
}

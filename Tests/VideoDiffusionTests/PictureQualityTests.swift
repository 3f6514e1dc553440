import Foundation
import Testing
import VideoDiffusion
import WorldCore

@Suite struct PictureQualityTests {
  /// Smooth waves, moved by a part of a pixel.
  private func waves(shift: SIMD2<Double> = .zero, brighter: Int = 0) -> Image<SRGB8> {
    Image(
      width: 48, height: 40,
      pixels: (0..<48 * 40).map { k in
        let (x, y) = (Double(k % 48) - shift.x, Double(k / 48) - shift.y)
        let value = UInt8(max(0, min(255, 128 + 60 * sin(x / 3) + 50 * cos(y / 4 + x / 9) + Double(brighter))))
        return SRGB8(red: value, green: value, blue: value)
      })
  }

  @Test("PSNR of a constant difference is its closed form", arguments: [1, 2, 5, 10])
  func psnr(difference: Int) {
    let expected = 20 * log10(255 / Double(difference))
    #expect(abs(PictureQuality.peakSignalToNoise(waves(brighter: difference), waves()) - expected) < 1e-9)
  }

  @Test("SSIM is 1 of a picture with itself, and falls with every change")
  func ssim() {
    #expect(abs(PictureQuality.structuralSimilarity(waves(), waves()) - 1) < 1e-6)
    let shifts = [0.5, 1, 2].map { PictureQuality.structuralSimilarity(waves(shift: [$0, 0]), waves()) }
    #expect(shifts[0] < 1 && shifts[1] < shifts[0] && shifts[2] < shifts[1] && shifts[2] > 0)
  }

  @Test("a shift by a part of a pixel is found", arguments: [SIMD2(0.05, 0), SIMD2(0, -0.1), SIMD2(0.3, 0.2)])
  func displacement(shift: SIMD2<Double>) throws {
    let pixels = (0..<20).flatMap { y in (0..<20).map { (y + 10) * 48 + $0 + 10 } }
    let found = try #require(PictureQuality.displacement(waves(shift: shift), from: waves(), of: pixels))
    #expect(abs(found.x - shift.x) < 0.012 && abs(found.y - shift.y) < 0.012, "\(found)")
    let flat = Image(width: 48, height: 40, filledWith: SRGB8(red: 9, green: 9, blue: 9))
    #expect(PictureQuality.displacement(flat, from: flat, of: pixels) == nil)
  }

  @Test("the gradients' energy falls by blur, rises by noise, and is as large wherever the picture lies")
  func gradientEnergy() {
    func picture(_ value: (Int, Int) -> Double) -> Image<SRGB8> {
      var image = Image(width: 40, height: 30, filledWith: SRGB8(red: 0, green: 0, blue: 0))
      for y in 0..<30 {
        for x in 0..<40 {
          let byte = UInt8(max(0, min(255, value(x, y))))
          image[x, y] = SRGB8(red: byte, green: byte, blue: byte)
        }
      }
      return image
    }
    func edge(at place: Double, width: Double) -> Image<SRGB8> {
      picture { x, _ in 128 + 100 * tanh((Double(x) - place) / width) }
    }
    var stream = RandomStream(seed: 1, "noise")
    let sharp = PictureQuality.gradientEnergy(edge(at: 15.5, width: 0.5))
    #expect(PictureQuality.gradientEnergy(picture { _, _ in 90 }) == 0)
    #expect(abs(PictureQuality.gradientEnergy(edge(at: 22.5, width: 0.5)) / sharp - 1) < 1e-6)
    #expect(PictureQuality.gradientEnergy(edge(at: 15.5, width: 4)) < 0.5 * sharp)
    #expect(PictureQuality.gradientEnergy(picture { _, _ in 128 + 40 * stream.normal() }) > sharp)
  }
}

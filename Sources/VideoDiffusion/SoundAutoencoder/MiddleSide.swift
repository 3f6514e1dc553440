/// Stereo sound as blocks of 125 samples, of what both channels share (middle) and of what they don't (side).
package enum MiddleSide {
  /// Samples of a block.
  static let block = 125
  /// Numbers of a block: middle, then side.
  static let width = 2 * block

  /// [blocks, 250] of so many blocks; silence fills the last ones.
  package static func blocks(_ samples: ArraySlice<SIMD2<Float>>, count: Int) -> [Float] {
    var values = [Float](repeating: 0, count: count * width)
    for (n, sample) in samples.prefix(count * block).enumerated() {
      let place = n / block * width + n % block
      values[place] = (sample.x + sample.y) / 2
      values[place + block] = (sample.x - sample.y) / 2
    }
    return values
  }

  /// The way back; what lies outside −1 … 1 is cut.
  package static func samples(_ blocks: [Float]) -> [SIMD2<Float>] {
    (0..<blocks.count / 2).map { n in
      let place = n / block * width + n % block
      let (middle, side) = (blocks[place], blocks[place + block])
      return SIMD2(max(-1, min(1, middle + side)), max(-1, min(1, middle - side)))
    }
  }
}

/// The first two dimensions of Sobol's sequence, scrambled after Owen.
///
/// Any 2ᵏ points that follow a multiple of 2ᵏ put one point into each of the boxes 2⁻ᵃ × 2⁻ᵇ with a + b = k. Owen's scrambling
/// keeps that and makes every point uniform; by a hash of the reversed bits (Laine & Karras 2011; Burley, JCGT 2020).
enum SobolSequence {
  /// Point `index` of the sequence that `seed` selects, in 0 ..< 1.
  static func point(_ index: UInt32, seed: UInt32) -> SIMD2<Float> {
    // Shuffling the order decorrelates sequences of different seeds; a shuffle of this kind keeps blocks of 2ᵏ together.
    let shuffled = reversed(scrambled(reversed(index), mixed(seed)))
    let x = reversed(scrambled(shuffled, mixed(seed &+ 1)))
    let y = reversed(scrambled(reversed(second(shuffled)), mixed(seed &+ 2)))
    return SIMD2(unit(x), unit(y))
  }

  /// The upper 24 bits as a number in 0 ..< 1.
  private static func unit(_ bits: UInt32) -> Float { Float(bits >> 8) * 0x1p-24 }

  /// The second dimension's bits: the reversed index times Pascal's triangle modulo 2, which factors into five steps.
  private static func second(_ index: UInt32) -> UInt32 {
    var v = reversed(index)
    v ^= v >> 16
    v ^= (v & 0xff00_ff00) >> 8
    v ^= (v & 0xf0f0_f0f0) >> 4
    v ^= (v & 0xcccc_cccc) >> 2
    v ^= (v & 0xaaaa_aaaa) >> 1
    return v
  }

  /// A hash in which each bit depends on lower ones only (constants by Vegdahl 2021): Owen's tree, seen from below.
  private static func scrambled(_ bits: UInt32, _ seed: UInt32) -> UInt32 {
    var x = bits
    x ^= x &* 0x3d20_adea
    x &+= seed
    x &*= (seed >> 16) | 1
    x ^= x &* 0x0552_6c56
    x ^= x &* 0x53a2_2864
    return x
  }

  private static func mixed(_ seed: UInt32) -> UInt32 {
    var x = seed &* 0x9e37_79b9
    x = (x ^ (x >> 16)) &* 0x21f0_aaad
    x = (x ^ (x >> 15)) &* 0x735a_2d97
    return x ^ (x >> 15)
  }

  private static func reversed(_ bits: UInt32) -> UInt32 {
    var v = bits.byteSwapped
    v = ((v >> 4) & 0x0f0f_0f0f) | ((v & 0x0f0f_0f0f) << 4)
    v = ((v >> 2) & 0x3333_3333) | ((v & 0x3333_3333) << 2)
    return ((v >> 1) & 0x5555_5555) | ((v & 0x5555_5555) << 1)
  }
}

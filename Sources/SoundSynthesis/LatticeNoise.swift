/// Noise as a function of place: random values on the whole numbers, joined smoothly (value noise; Perlin 1985).
///
/// Having no state, it gives the same bits wherever a rendering starts.
struct LatticeNoise {
  private let seed: UInt64

  init(seed: UInt64) { self.seed = seed }

  /// −1…1; little changes within less than a unit of `x`.
  func value(at x: Double) -> Double {
    let floor = x.rounded(.down)
    let cell = Int64(floor)
    let t = x - floor
    let smooth = t * t * (3 - 2 * t)
    let (a, b) = (corner(cell), corner(cell &+ 1))
    return a + (b - a) * smooth
  }

  /// The value on a whole number, evenly spread over −1…1 (SplitMix64's mixing).
  func corner(_ cell: Int64) -> Double {
    var z = seed &+ UInt64(bitPattern: cell) &* 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-52 - 1
  }
}

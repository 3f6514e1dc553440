/// Noise as a function of place: random values on the whole numbers, joined smoothly (value noise; Perlin 1985).
///
/// Having no state, it gives the same bits wherever a rendering starts.
struct LatticeNoise {
  private let seed: UInt64

  init(seed: UInt64) { self.seed = seed }

  /// −1…1; little changes within less than a unit of `x`.
  func value(at x: Double) -> Double {
    var walk = Walk(self)
    return walk.value(at: x)
  }

  /// Noise at places one after the other, the same bits: the values on both sides are kept until the place has passed them.
  struct Walk {
    private let noise: LatticeNoise
    private var cell = Int64.min
    private var (before, after) = (0.0, 0.0)

    init(_ noise: LatticeNoise) { self.noise = noise }

    mutating func value(at x: Double) -> Double {
      let floor = x.rounded(.down)
      let place = Int64(floor)
      if place != cell {
        (before, after) = (place == cell &+ 1 ? after : noise.corner(place), noise.corner(place &+ 1))
        cell = place
      }
      let t = x - floor
      let smooth = t * t * (3 - 2 * t)
      return before + (after - before) * smooth
    }
  }

  /// The value on a whole number, evenly spread over −1…1 (SplitMix64's mixing).
  func corner(_ cell: Int64) -> Double {
    var z = seed &+ UInt64(bitPattern: cell) &* 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-52 - 1
  }
}

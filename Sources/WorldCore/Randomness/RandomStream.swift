import Foundation

/// A reproducible stream of random numbers, named for what it is used for.
///
/// All randomness of a run comes from one seed. A stream's numbers depend on the seed and the stream's name alone, so that
/// adding a draw in one place never changes another. xoshiro256++ (Blackman & Vigna 2021), seeded by SplitMix64 over the
/// FNV-1a hash of the name. The distributions are written out here because the standard library does not promise to keep its
/// own.
public struct RandomStream: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  public init(seed: UInt64, _ name: String) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    var mixer = SplitMix64(state: seed ^ hash)
    // One extra round separates seeds that differ in few bits from names that hash alike.
    mixer.state = mixer.next() &+ seed
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  /// An independent stream for element `index` of whatever this one serves.
  public func substream(_ index: Int) -> RandomStream {
    RandomStream(seed: state.0 ^ (state.3 &* 0x9e37_79b9_7f4a_7c15) &+ UInt64(bitPattern: Int64(index)), "substream")
  }

  public mutating func next() -> UInt64 {
    func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotate(state.0 &+ state.3, 23) &+ state.0
    let t = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= t
    state.3 = rotate(state.3, 45)
    return result
  }

  /// A number in 0 ..< 1 with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in the range; its lower bound when the range is a point.
  public mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// A whole number in 0 ..< count, without bias to within 2⁻⁶⁴·count (Lemire 2019).
  public mutating func index(below count: Int) -> Int {
    precondition(count > 0, "an index is drawn below a positive count")
    return Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// A draw from the normal distribution, by Box and Muller's transform.
  public mutating func normal(mean: Double = 0, standardDeviation: Double = 1) -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return mean + standardDeviation * radius * cos(2 * .pi * uniform())
  }
}

/// Steele, Lea & Flood 2014: a counter passed through a mixing function.
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

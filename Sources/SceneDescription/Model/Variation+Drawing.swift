import Foundation
import WorldCore

extension Variation {
  /// The value that the sample of that seed has in this place, as YAML text.
  ///
  /// Drawn from a stream named for the path, so that it depends on nothing else that varies.
  public func value(seed: UInt64) -> String {
    var stream = RandomStream(seed: seed, "vary." + path)
    return distribution.draw(from: &stream)
  }
}

extension Variation.Distribution {
  fileprivate func draw(from stream: inout RandomStream) -> String {
    switch self {
    case .uniform(let range): return "\(stream.uniform(in: range))"
    case .ranges(let ranges):
      let lengths = ranges.map { $0.upperBound - $0.lowerBound }
      var rest = stream.uniform() * lengths.reduce(0, +)
      for (range, length) in zip(ranges, lengths) {
        if rest < length { return "\(range.lowerBound + rest)" }
        rest -= length
      }
      // Ranges that are points, or the last bit of rounding.
      return "\(ranges[ranges.count - 1].upperBound)"
    case .normal(let mean, let deviation): return "\(stream.normal(mean: mean, standardDeviation: deviation))"
    case .loguniform(let range):
      let logarithm = stream.uniform(in: log(range.lowerBound)...log(range.upperBound))
      return "\(min(max(exp(logarithm), range.lowerBound), range.upperBound))"
    case .choice(let choices): return choices[stream.index(below: choices.count)]
    }
  }
}

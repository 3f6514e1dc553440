import WorldCore

/// When a body is there, as documents tell it: a list of spans of seconds, `[[from, to]]`; no list where it always is, an empty
/// one where it never is.
extension BodyTrack {
  static let spansRule = "exists is a list of at most one pair of times, the first not after the second"

  /// - Parameter end: the time of the last sample, which closes a span that doesn't end.
  func writtenSpans(until end: Double) -> [[Double]]? {
    if isAlwaysPresent { return nil }
    return appears == .infinity ? [] : [[appears, vanishes == .infinity ? max(end, appears) : vanishes]]
  }

  /// Takes over what a document tells; false where that is no such list. `closeSpans` must follow once the times are known.
  mutating func readSpans(_ spans: [[Double]]) -> Bool {
    guard let span = spans.first else {
      appears = .infinity
      return true
    }
    guard spans.count == 1, span.count == 2, span[0] >= 0, span[0] <= span[1] else { return false }
    (appears, vanishes) = (span[0], span[1])
    return true
  }

  /// A span that goes to the last sample has no end.
  mutating func closeSpans(until end: Double) {
    if vanishes >= end { vanishes = .infinity }
  }
}

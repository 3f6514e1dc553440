/// Video tokens along time that are denoised together.
package struct Stretch: Equatable, Sendable {
  package var times: Range<Int>
  /// How many of them, at the beginning, were made before: none or one.
  package var kept: Int

  package var fresh: Range<Int> { times.lowerBound + kept..<times.upperBound }

  /// Tokens of a stretch, at most.
  package static let length = 4

  /// Stretches that follow one another, each with the last token of the one before, over `tokens` of which `made` are there
  /// already.
  ///
  /// - Parameter cuts: tokens with which another shot begins; there a stretch begins with nothing.
  package static func plan(tokens: Int, made: Int, cuts: [Int]) -> [Stretch] {
    var plan: [Stretch] = []
    var start = made
    while start < tokens {
      let kept = start > 0 && !cuts.contains(start) ? 1 : 0
      let end = min(start - kept + length, tokens, cuts.first { $0 > start } ?? tokens)
      plan.append(Stretch(times: start - kept..<end, kept: kept))
      start = end
    }
    return plan
  }
}

import ArgumentParser
import Mondo

/// `words=2`.
struct ConditionStrength: ExpressibleByArgument {
  let condition: ClipGenerator.Condition
  let scale: Double

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let scale = Double(parts[1]), (0...20).contains(scale),
      let condition = ClipGenerator.Condition(rawValue: String(parts[0])), condition != .plainView
    else { return nil }
    (self.condition, self.scale) = (condition, scale)
  }
}

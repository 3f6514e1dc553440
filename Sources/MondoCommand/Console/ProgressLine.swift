import Foundation

/// One line on standard error that tells how far long work has come, how fast it goes and how long it will take.
///
/// Silent where standard error is no terminal. The line goes away when the work is done.
final class ProgressLine {
  private let verb: String
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var lastShown: ContinuousClock.Instant?

  /// - Parameter verb: what is being done, as in `rendering`.
  init(_ verb: String, quiet: Bool) {
    self.verb = verb
    isShown = !quiet && Terminal.errorIsTerminal
  }

  /// Shows the present state, at most ten times a second.
  ///
  /// - Parameters:
  ///   - done: in any unit, out of `total`.
  ///   - detail: such as `frame 12 of 96`.
  ///   - rate: given units done and seconds gone, such as `8.1 frames/s`.
  func show(_ done: Double, of total: Double, _ detail: String, rate: (Double, Double) -> String) {
    guard isShown, total > 0 else { return }
    let now = ContinuousClock.now
    if let lastShown, now - lastShown < .milliseconds(100), done < total { return }
    lastShown = now
    let elapsed = (now - start).seconds
    var parts = [verb, detail, "\(Int(100 * done / total)) %"]
    // A rate from the first instants would only mislead.
    if elapsed > 0.3, done > 0 {
      parts.append(rate(done, elapsed))
      parts.append(Self.clock(elapsed * (total - done) / done) + " left")
    }
    let line = String(parts.joined(separator: "  ").prefix(Terminal.width - 1))
    try? StandardStream.error.write(Array("\r\u{1B}[K\(line)".utf8))
  }

  /// Takes the line away.
  func finish() {
    if isShown, lastShown != nil { try? StandardStream.error.write(Array("\r\u{1B}[K".utf8)) }
  }

  /// Seconds since the line was made.
  var elapsed: Double { (ContinuousClock.now - start).seconds }

  private static func clock(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 1e6).rounded(.up))
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    let tail = String(format: "%02d", whole % 60)
    return hours > 0 ? "\(hours):" + String(format: "%02d:", minutes) + tail : "\(minutes):" + tail
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

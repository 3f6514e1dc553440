import Foundation

/// What the process's output streams can show.
enum Terminal {
  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
  static let errorIsTerminal = isatty(STDERR_FILENO) == 1

  /// Colours go to terminals only, and not where the user has declined them (no-color.org) or the terminal has none.
  static let outputIsColored = outputIsTerminal && colorsAllowed
  static let errorIsColored = errorIsTerminal && colorsAllowed

  private static let colorsAllowed: Bool = {
    let environment = ProcessInfo.processInfo.environment
    return (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }()

  /// Columns of the terminal on standard error; 80 where there is none.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}

/// The few ways in which text may stand out.
enum Emphasis: String {
  case strong = "1"
  case faint = "2"
  case good = "32"
  case bad = "1;31"
  case hint = "1;36"
}

extension String {
  /// The text with the emphasis, where `colored` says that it can be seen.
  func emphasized(_ emphasis: Emphasis, colored: Bool = Terminal.outputIsColored) -> String {
    colored && !isEmpty ? "\u{1B}[\(emphasis.rawValue)m\(self)\u{1B}[0m" : self
  }
}

import ArgumentParser

// After sysexits.h, as the command line promises.
extension ExitCode {
  /// Ran, and the answer is no.
  static let answerIsNo = ExitCode(1)
  static let usage = ExitCode(64)
  static let badInput = ExitCode(65)
  static let noInput = ExitCode(66)
  static let internalFault = ExitCode(70)
  static let inputOutput = ExitCode(74)
}

/// A wrong use of the command line that its parser can't see.
struct UsageError: Error {
  var message: String
  var remedy: String?

  init(_ message: String, remedy: String? = nil) {
    self.message = message
    self.remedy = remedy
  }
}

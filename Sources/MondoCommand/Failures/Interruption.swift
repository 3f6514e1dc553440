import Foundation
import Synchronization

/// The user's Ctrl-C, or a request to end from elsewhere.
///
/// The first signal asks: long work looks at `check()` between steps, unwinds, and takes its unfinished files with it. A second
/// one ends the process on the spot.
enum Interruption {
  struct Requested: Error {
    /// The signal's number.
    var signal: Int32
    /// What becomes of the work.
    var remark = "nothing was left behind"
  }

  private static let received = Atomic<Int32>(0)
  /// A signal ends the process where it is.
  private static let endsAtOnce = Atomic<Bool>(false)
  private static let farewell: StaticString = "mondo: interrupted; nothing was left behind\n"

  static func listen() {
    // Made here, not in a handler.
    endsAtOnce.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      // A handler may do little; storing into an atomic, writing and raising are allowed.
      action.__sigaction_handler.sa_handler = { number in
        Interruption.received.store(number, ordering: .relaxed)
        guard Interruption.endsAtOnce.load(ordering: .relaxed) else { return }
        // Below a line of progress, where one is shown.
        if isatty(STDERR_FILENO) == 1 { _ = write(STDERR_FILENO, "\n", 1) }
        _ = write(STDERR_FILENO, Interruption.farewell.utf8Start, Interruption.farewell.utf8CodeUnitCount)
        signal(number, SIG_DFL)
        raise(number)
      }
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      // A signal that was ignored when the process started stays so (nohup).
      var before = sigaction()
      sigaction(number, nil, &before)
      if unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) != 1 { sigaction(number, &action, nil) }
    }
    // A parent that starts us from a thread with blocked signals hands its mask on.
    var asked = sigset_t()
    sigemptyset(&asked)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&asked, number) }
    sigprocmask(SIG_UNBLOCK, &asked, nil)
    // A closed pipe is told by the write that finds it.
    signal(SIGPIPE, SIG_IGN)
  }

  static func check() throws(Requested) {
    let number = received.load(ordering: .relaxed)
    if number != 0 { throw Requested(signal: number) }
  }

  /// Work that keeps nothing until it is done, and doesn't look at `check()` all the time: a signal ends the process in it.
  static func endingAtOnce<Result, Failure: Error>(_ work: () throws(Failure) -> Result) throws(Failure) -> Result {
    endsAtOnce.store(true, ordering: .relaxed)
    defer { endsAtOnce.store(false, ordering: .relaxed) }
    return try work()
  }

  /// Ends the process as the signal would have, so that shells and makefiles see it.
  static func end(by number: Int32) -> Never {
    signal(number, SIG_DFL)
    raise(number)
    exit(128 + number)
  }
}

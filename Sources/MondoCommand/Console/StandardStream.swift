import Foundation
import WorldCore

/// Standard output and standard error, written in full or not at all.
enum StandardStream: Int32 {
  case output = 1
  case error = 2

  /// Throws `ClosedPipe` where the reader has gone, `FileError` where the write fails otherwise (a full disk).
  func write(_ bytes: [UInt8]) throws {
    var start = 0
    while start < bytes.count {
      let written = bytes.withUnsafeBytes { Foundation.write(rawValue, $0.baseAddress! + start, $0.count - start) }
      if written >= 0 {
        start += written
      } else if errno == EPIPE {
        throw ClosedPipe()
      } else if errno == EAGAIN {
        // A non-blocking pipe whose reader is slow: wait until it takes more.
        var poller = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        poll(&poller, 1, -1)
      } else if errno != EINTR {
        throw FileError(
          .write, path: "standard output", reason: String(cString: strerror(errno)), remedy: "check where the output goes")
      }
    }
  }

  func print(_ text: String) throws { try write(Array((text + "\n").utf8)) }
}

/// Nobody reads standard output any more, as in `mondo … | head`.
struct ClosedPipe: Error {}

/// A remark on standard error. Where that is gone too there is nobody to tell.
func remark(_ text: String) { try? StandardStream.error.print(text) }

import Foundation

/// What the kernel says this process holds in memory, in megabytes.
enum ResidentMemory {
  static var current: Double? { field("VmRSS:") }
  /// The most since `resetPeak`.
  static var peak: Double? { field("VmHWM:") }

  /// Lowers the recorded peak to the present; Linux takes a 5 written here as that request (proc_pid_clear_refs(5)).
  static func resetPeak() { try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs")) }

  private static func field(_ name: String) -> Double? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }.map { $0 * 1024 / 1e6 }
  }
}

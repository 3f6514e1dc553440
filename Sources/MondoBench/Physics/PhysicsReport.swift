import Foundation
import Mondo

/// What trusted engines reach on the same cases, as measured by `Evaluation/Peers`.
struct PhysicsPeers {
  private var cases: [String: [String: String]] = [:]

  /// Without the file there is nothing to print beside; a file that is no such document throws.
  init(path: String) throws {
    struct Document: Decodable { var cases: [String: [String: String]] }
    guard let data = FileManager.default.contents(atPath: path) else { return }
    cases = try JSONDecoder().decode(Document.self, from: data).cases
  }

  func figures(of physicsCase: String) -> [(engine: String, figure: String)] {
    (cases[physicsCase] ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

/// The page `Evaluation/Reports/physics.md`: the table as text that stays the same wherever it is made.
struct PhysicsReport {
  var text: String

  init(_ lines: [PhysicsMeasurement], _ peers: PhysicsPeers) {
    var page = """
      # Physics, measured

      Made by `mondo-bench physics --markdown Evaluation/Reports/physics.md`; do not edit. Each case is a scene under
      `Scenes/validation`, run in many variants: coefficients, sizes, masses, time steps, and the phase between the motion and the grid of
      time. A row is the run with the largest error. Errors below a thousandth of their bound are only said to be so.

      """
    var current = ""
    for line in lines {
      if line.case != current {
        current = line.case
        page += "\n## \(current)\n\n"
        let figures = peers.figures(of: current)
        if !figures.isEmpty {
          page += "Others: " + figures.map { "\($0.engine) \($0.figure)" }.joined(separator: "; ") + ".\n\n"
        }
        page += "| quantity | expected | measured | error | bound | holds |\n|---|---|---|---|---|---|\n"
      }
      page += "| \(line.quantity) | \(Self.number(line.expected)) | \(Self.measured(line)) | \(Self.error(line)) "
      page += "| \(Self.number(line.bound)) | \(line.pass ? "yes" : "**no**") |\n"
    }
    let failed = lines.count { !$0.pass }
    page +=
      "\n" + (failed == 0 ? "Every one of \(lines.count) bounds holds.\n" : "\(failed) of \(lines.count) bounds do not hold.\n")
    text = page
  }

  func write(to path: String) throws { try AtomicFile.write(text, to: path) }

  private static func number(_ value: Double) -> String { String(format: "%.4g", value) }

  /// As many digits as mean something against the bound.
  private static func measured(_ line: PhysicsMeasurement) -> String {
    line.expected == 0 && isTiny(line) ? "0" : String(format: "%.4g", line.measured)
  }

  private static func error(_ line: PhysicsMeasurement) -> String {
    isTiny(line) ? "< bound / 1000" : String(format: "%.2g", line.error)
  }

  private static func isTiny(_ line: PhysicsMeasurement) -> Bool { line.error < max(line.bound / 1000, 1e-12) }
}

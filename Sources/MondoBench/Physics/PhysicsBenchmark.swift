import ArgumentParser
import Foundation

/// Runs PHYSICS.md's cases and prints what was expected, measured and allowed, with the peers' figures beside.
struct PhysicsBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "physics", abstract: "Hold the rigid-body engine against closed forms and conservation laws.")

  @Argument(help: "Cases to run; all when none is named.")
  var cases: [String] = []

  @Flag(help: "One JSON object a line.")
  var json = false

  @Option(help: "The peers' measured figures.")
  var baselines = "Evaluation/Baselines/physics-peers.json"

  func validate() throws {
    let known = PhysicsCase.all.map(\.name)
    for name in cases where !known.contains(name) {
      throw ValidationError("there is no case '\(name)'; the cases are \(known.joined(separator: ", "))")
    }
  }

  func run() throws {
    let peers = try readPeers()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    var failed = 0
    for physicsCase in PhysicsCase.all where cases.isEmpty || cases.contains(physicsCase.name) {
      for measurement in try physicsCase.run() {
        if !measurement.pass { failed += 1 }
        if json {
          print(String(decoding: try encoder.encode(measurement), as: UTF8.self))
        } else {
          print(measurement.line)
        }
      }
      for (engine, figure) in (peers[physicsCase.name] ?? [:]).sorted(by: { $0.key < $1.key }) where !json {
        print("    \(engine): \(figure)")
      }
    }
    if !json { print(failed == 0 ? "every bound holds" : "\(failed) bounds do not hold") }
    if failed > 0 { throw ExitCode(1) }
  }

  private struct Baselines: Decodable {
    var cases: [String: [String: String]]
  }

  /// Without the file the cases run all the same: it is only printed beside them.
  private func readPeers() throws -> [String: [String: String]] {
    guard let data = FileManager.default.contents(atPath: baselines) else { return [:] }
    return try JSONDecoder().decode(Baselines.self, from: data).cases
  }
}

extension PhysicsMeasurement {
  /// The table's line, in columns.
  var line: String {
    func column(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(1, width - text.count)) }
    func number(_ value: Double) -> String { String(format: "%.6g", value) }
    return column(self.case, 16) + column(quantity, 58) + column("expected \(number(expected))", 20)
      + column("measured \(number(measured))", 24) + column("error \(number(error))", 20) + column("bound \(number(bound))", 14)
      + (pass ? "pass" : "FAIL")
  }
}

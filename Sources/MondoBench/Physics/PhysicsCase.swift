import Mondo

/// An experiment on a scene under `Scenes/validation`, with a closed form or a conservation law to hold it against.
struct PhysicsCase: Sendable {
  /// Also that of the scene file.
  var name: String
  var work: Work

  enum Work: Sendable {
    case variants(Variants, measure: Measure)
    /// One that runs its scenes itself, as they stand.
    case whole(Experiment)
  }

  /// How the scene is varied: coefficients, sizes, steps, and the phase between the first impact and the grid of time.
  typealias Variants = @Sendable (PhysicsSettings) -> [PhysicsVariant]
  /// What is read off one run. Lines of the same quantity from many runs become one, that of the largest error.
  typealias Measure = @Sendable (PhysicsRun) -> [PhysicsMeasurement]
  typealias Experiment = @Sendable () throws -> [PhysicsMeasurement]

  init(name: String, variants: @escaping Variants, measure: @escaping Measure) {
    self.name = name
    work = .variants(variants, measure: measure)
  }

  init(name: String, whole: @escaping Experiment) {
    self.name = name
    work = .whole(whole)
  }
}

/// One way to run a case.
struct PhysicsVariant: Equatable, Sendable {
  var overrides: [Scene.Override]
  /// s
  var timeStep: Double

  init(_ timeStep: Double = 1.0 / 240, _ overrides: KeyValuePairs<String, String> = [:]) {
    self.timeStep = timeStep
    self.overrides = overrides.map { Scene.Override(path: $0.key, value: $0.value) }
  }
}

/// One line of the table: what was expected and what came out.
struct PhysicsMeasurement: Codable, Equatable, Sendable {
  var `case`: String
  var quantity: String
  var expected: Double
  var measured: Double
  /// As the bound is meant: relative or absolute, told by the quantity's wording.
  var error: Double
  var bound: Double
  var pass: Bool

  /// |measured − expected| / |expected| ≤ bound
  static func relative(_ name: String, _ quantity: String, _ measured: Double, expected: Double, within bound: Double) -> Self {
    let error = abs(measured - expected) / abs(expected)
    return Self(
      case: name, quantity: quantity, expected: expected, measured: measured, error: error, bound: bound, pass: error <= bound)
  }

  /// |measured − expected| ≤ bound
  static func absolute(_ name: String, _ quantity: String, _ measured: Double, expected: Double, within bound: Double) -> Self {
    let error = abs(measured - expected)
    return Self(
      case: name, quantity: quantity, expected: expected, measured: measured, error: error, bound: bound, pass: error <= bound)
  }

  /// One line a quantity, in the order of their first appearance: the one with the largest error, failing if any failed.
  static func worst(_ all: [Self]) -> [Self] {
    var lines: [Self] = []
    var indices: [String: Int] = [:]
    for line in all {
      guard let index = indices[line.quantity] else {
        indices[line.quantity] = lines.count
        lines.append(line)
        continue
      }
      let passes = lines[index].pass && line.pass
      if line.error > lines[index].error || line.error.isNaN { lines[index] = line }
      lines[index].pass = passes
    }
    return lines
  }
}

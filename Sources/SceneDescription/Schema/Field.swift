import Foundation

/// One row of the schema: a key of a mapping, what may stand there, and what it means.
///
/// The rows are the single source of the decoder's checks, the JSON Schema and the reference page.
struct Field: Sendable {
  var key: String
  var type: ValueType
  var isRequired = false
  /// As YAML text; nil where leaving the key out means something that `doc` tells.
  var defaultText: String?
  var doc: String

  static func required(_ key: String, _ type: ValueType, _ doc: String) -> Field {
    Field(key: key, type: type, isRequired: true, doc: doc)
  }

  static func optional(_ key: String, _ type: ValueType, _ defaultText: String? = nil, _ doc: String) -> Field {
    Field(key: key, type: type, defaultText: defaultText, doc: doc)
  }
}

/// What may stand as the value of a key.
indirect enum ValueType: Sendable {
  case boolean
  case integer(ClosedRange<Int>)
  /// In SI, or with a unit of one of these dimensions.
  case quantity([Dimension], Limits)
  /// A quantity whose dimension depends on what it is for; that is checked where it is used.
  case anyQuantity
  /// Any value at all; checked where it is used.
  case anything
  /// Text of at most that many characters; `pattern` is a regular expression for all of it, `form` says it in words.
  case text(maximumLength: Int, pattern: String?, form: String?)
  case choice([String])
  case reference(Reference)
  case color
  case list(ValueType, count: ClosedRange<Int>)
  /// One of several, told apart by whether the value is a scalar, a list or a mapping (and a list by its length).
  case either([ValueType])
  case object(ObjectType.ID)
  /// A mapping of names to objects.
  case named(ObjectType.ID)
  /// A mapping of paths to objects.
  case paths(ObjectType.ID)

  static func number(_ limits: Limits = Limits()) -> ValueType { .quantity([.none], limits) }
  static func quantity(_ dimension: Dimension, _ limits: Limits = Limits()) -> ValueType { .quantity([dimension], limits) }
  static func vector(_ dimension: Dimension, _ limits: Limits = Limits()) -> ValueType {
    .list(.quantity(dimension, limits), count: 3...3)
  }
  static let text = ValueType.text(maximumLength: 2000, pattern: nil, form: nil)
  static let time = ValueType.quantity(.time, .notNegative)

  /// The name of something, defined in the scene or built in.
  enum Reference: String, Sendable {
    case body, bodyOrWorld, joint, material, liquid, fabric, speaker
  }
}

/// Bounds of a number, in SI.
struct Limits: Sendable, Equatable {
  var lower: Double?
  var upper: Double?
  /// Whether `lower` itself is out.
  var isLowerOpen = false

  static let positive = Limits(lower: 0, isLowerOpen: true)
  static let notNegative = Limits(lower: 0)
  static let unit = Limits(lower: 0, upper: 1)
  static func range(_ range: ClosedRange<Double>) -> Limits { Limits(lower: range.lowerBound, upper: range.upperBound) }
  /// Sizes of things: from a micrometre to the Earth–Moon distance, between which double precision and the engines hold.
  static let size = Limits(lower: 1e-6, upper: 4e8)

  /// No quantity of a scene is larger, whatever it measures.
  static let largest = 1e15

  func contains(_ x: Double) -> Bool {
    x.isFinite && abs(x) <= Self.largest && (lower.map { isLowerOpen ? x > $0 : x >= $0 } ?? true)
      && (upper.map { x <= $0 } ?? true)
  }

  /// `at least 0`, `between 0 and 1`, `greater than 0`; empty without bounds.
  func words(unit: String) -> String {
    func text(_ x: Double) -> String {
      let power = abs(x) >= 1e5 ? Int(log10(abs(x)).rounded()) : 0
      let number =
        power > 0 && pow(10, Double(power)) == abs(x)
        ? "\(x < 0 ? "-" : "")1e\(power)"
        : x == x.rounded() && abs(x) < 1e15 ? String(Int(x)) : "\(x)"
      return unit.isEmpty || x == 0 ? number : "\(number) \(unit)"
    }
    switch (lower, upper) {
    case (let lower?, let upper?):
      return isLowerOpen
        ? "greater than \(text(lower)) and at most \(text(upper))"
        : "between \(text(lower)) and \(text(upper))"
    case (let lower?, nil): return isLowerOpen ? "greater than \(text(lower))" : "at least \(text(lower))"
    case (nil, let upper?): return "at most \(text(upper))"
    case (nil, nil): return ""
    }
  }
}

/// A mapping with known keys.
struct ObjectType: Sendable {
  var doc: String
  var fields: [Field]
  /// Keys that exclude each other.
  var groups: [Group] = []

  struct Group: Sendable {
    enum Count: Sendable { case exactlyOne, atMostOne }
    var count: Count
    var keys: [String]
  }

  /// A mapping with exactly one of these keys.
  static func variant(_ doc: String, _ fields: [Field]) -> ObjectType {
    ObjectType(doc: doc, fields: fields, groups: [.init(count: .exactlyOne, keys: fields.map(\.key))])
  }

  func field(_ key: String) -> Field? { fields.first { $0.key == key } }

  var keys: [String] { fields.map(\.key) }
}

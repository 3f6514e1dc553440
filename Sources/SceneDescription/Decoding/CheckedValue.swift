import WorldCore

/// A value that the schema allows, its units converted, its defaults filled in; with the node it was written as.
struct CheckedValue {
  enum Content {
    case boolean(Bool)
    case integer(Int)
    /// In SI.
    case number(Double)
    case text(String)
    /// Linear RGB.
    case color(SIMD3<Float>)
    case list([CheckedValue])
    case object(CheckedObject)
    case named([NamedObject])
    case anything
  }
  var content: Content
  var node: YAMLNode

  var place: YAMLNode.Place { node.place }

  var number: Double? {
    switch content {
    case .number(let x): x
    case .integer(let n): Double(n)
    default: nil
    }
  }
  var text: String? { if case .text(let text) = content { text } else { nil } }
  var list: [CheckedValue]? { if case .list(let list) = content { list } else { nil } }
  var object: CheckedObject? { if case .object(let object) = content { object } else { nil } }

  /// Three numbers as a vector.
  var vector: Vector3? {
    guard let list, list.count == 3 else { return nil }
    let numbers = list.compactMap(\.number)
    return numbers.count == 3 ? Vector3(numbers[0], numbers[1], numbers[2]) : nil
  }
}

/// An entry of a mapping of names; `object` is nil where what stands there was no mapping.
struct NamedObject {
  var name: String
  var place: YAMLNode.Place
  var object: CheckedObject?
}

/// A mapping that was checked against its type. Fields that were wrong are told in the log and missing here, so that whoever
/// builds from it goes on and finds the mistakes elsewhere.
struct CheckedObject {
  let id: ObjectType.ID
  /// Where its own text starts.
  let place: YAMLNode.Place
  var values: [String: CheckedValue] = [:]
  var keyPlaces: [String: YAMLNode.Place] = [:]
  /// Whether anything in it, however deep, was wrong.
  var isSound = true
  let reads: FieldReads

  init(id: ObjectType.ID, place: YAMLNode.Place, reads: FieldReads) {
    self.id = id
    self.place = place
    self.reads = reads
  }

  /// The value of a key that the type has; asking for another one is a programmer's mistake.
  subscript(_ key: String) -> CheckedValue? {
    precondition(id.type.field(key) != nil, "the schema has no '\(key)' in '\(id.rawValue)'")
    reads.note(id, key)
    return values[key]
  }

  /// Whether the text gave this key, right or wrong.
  func gives(_ key: String) -> Bool { keyPlaces[key] != nil }

  /// Where the key stands, else the whole mapping.
  func place(of key: String) -> YAMLNode.Place { keyPlaces[key] ?? place }

  /// Where the key's value stands, else the whole mapping.
  func valuePlace(of key: String) -> YAMLNode.Place { gives(key) ? values[key]?.place ?? place(of: key) : place }

  func number(_ key: String) -> Double? { self[key]?.number }
  func integer(_ key: String) -> Int? { if case .integer(let n)? = self[key]?.content { n } else { nil } }
  func boolean(_ key: String) -> Bool? { if case .boolean(let b)? = self[key]?.content { b } else { nil } }
  func text(_ key: String) -> String? { self[key]?.text }
  func color(_ key: String) -> SIMD3<Float>? { if case .color(let c)? = self[key]?.content { c } else { nil } }
  func vector(_ key: String) -> Vector3? { self[key]?.vector }
  func list(_ key: String) -> [CheckedValue]? { self[key]?.list }
  func object(_ key: String) -> CheckedObject? { self[key]?.object }
  func named(_ key: String) -> [NamedObject] { if case .named(let named)? = self[key]?.content { named } else { [] } }

  /// A choice as its enumeration, whose raw values the table lists.
  func choice<Choice: RawRepresentable<String>>(_ key: String, as type: Choice.Type = Choice.self) -> Choice? {
    text(key).flatMap(Choice.init(rawValue:))
  }

  /// The first key given of those that exclude each other.
  func variant() -> (key: String, object: CheckedObject)? {
    for key in id.type.keys where gives(key) || values[key] != nil {
      if let object = object(key) { return (key, object) }
    }
    return nil
  }
}

/// Which fields of the table the decoder has asked for: a test sees to it that none is checked and then ignored.
final class FieldReads {
  private(set) var fields: Set<String> = []

  func note(_ id: ObjectType.ID, _ key: String) { fields.insert("\(id.rawValue).\(key)") }
}

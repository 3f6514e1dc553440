extension Schema {
  /// The scene language as JSON Schema (draft 2020-12), for editors to complete, describe and check by.
  ///
  /// It takes whatever the decoder takes; what only the whole scene tells (names, times, overlaps) it lets pass.
  public static var jsonSchema: String {
    let definitions = ObjectType.ID.allCases.filter { $0 != .scene }.map { ($0.rawValue, schema(of: $0)) }
    var top: [(String, JSONValue)] = [
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      ("title", .string("Mondo scene")),
    ]
    if case .object(let pairs) = schema(of: .scene) { top += pairs }
    top.append(("$defs", .object(definitions)))
    return JSONValue.object(top).text() + "\n"
  }

  /// What a number with a unit looks like.
  static let quantityPattern = #"^ *[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?( *[A-Za-z°µμ%(1/].*)?$"#

  private static func schema(of id: ObjectType.ID) -> JSONValue {
    let type = id.type
    var pairs: [(String, JSONValue)] = [
      ("description", .string(type.doc)),
      // Where nothing is required, a key with nothing behind it is an empty mapping.
      (
        "type",
        type.fields.allSatisfy { !$0.isRequired } && type.groups.isEmpty
          ? .array([.string("object"), .string("null")]) : .string("object")
      ),
      ("properties", .object(type.fields.map { ($0.key, schema(of: $0)) })),
      ("additionalProperties", .boolean(false)),
    ]
    let required = type.fields.filter(\.isRequired).map { JSONValue.string($0.key) }
    if !required.isEmpty { pairs.append(("required", .array(required))) }
    let rules = type.groups.map { group -> JSONValue in
      let each = group.keys.map { JSONValue.object([("required", .array([.string($0)]))]) }
      switch group.count {
      case .exactlyOne: return .object([("oneOf", .array(each))])
      case .atMostOne: return .object([("not", .object([("required", .array(group.keys.map { .string($0) }))]))])
      }
    }
    if !rules.isEmpty { pairs.append(("allOf", .array(rules))) }
    return .object(pairs)
  }

  private static func schema(of field: Field) -> JSONValue {
    guard case .object(var pairs) = schema(of: field.type) else { return .boolean(true) }
    pairs.insert(("description", .string(field.doc + (field.unit.isEmpty ? "" : " Unit: \(field.unit)."))), at: 0)
    if let text = field.defaultText, let value = defaultJSON(text) { pairs.append(("default", value)) }
    return .object(pairs)
  }

  private static func schema(of type: ValueType) -> JSONValue {
    switch type {
    case .boolean: return .object([("type", .string("boolean"))])
    case .integer(let range):
      var pairs: [(String, JSONValue)] = [("type", .string("integer")), ("minimum", .integer(range.lowerBound))]
      if range.upperBound < 1 << 53 { pairs.append(("maximum", .integer(range.upperBound))) }
      return .object(pairs)
    case .quantity(_, let limits): return quantity(limits)
    case .anyQuantity: return quantity(Limits())
    case .anything: return .object([])
    case .text(let maximumLength, let pattern, _):
      var pairs: [(String, JSONValue)] = [("type", .string("string")), ("maxLength", .integer(maximumLength))]
      if let pattern { pairs.append(("pattern", .string("^(\(pattern))$"))) }
      return .object(pairs)
    case .choice(let choices): return .object([("enum", .array(choices.map { .string($0) }))])
    case .reference(let kind):
      let known: [String] =
        switch kind {
        case .material: Material.libraryNames
        case .liquid: Liquid.library.keys.sorted()
        case .fabric: Fabric.library.keys.sorted()
        case .bodyOrWorld: ["world"]
        default: []
        }
      return .object([("type", .string("string"))] + (known.isEmpty ? [] : [("examples", .array(known.map { .string($0) }))]))
    case .color:
      let component = JSONValue.object([("type", .string("number")), ("minimum", .integer(0)), ("maximum", .integer(1))])
      return .object([
        (
          "anyOf",
          .array([
            .object([("enum", .array(Color.names.keys.sorted().map { .string($0) }))]),
            // Names in other cases, and #rgb or #rrggbb.
            .object([("type", .string("string")), ("pattern", .string("^(#([0-9A-Fa-f]{3}){1,2}|[A-Za-z]+)$"))]),
            .object([("type", .string("array")), ("items", component), ("minItems", .integer(3)), ("maxItems", .integer(3))]),
          ])
        )
      ])
    case .list(let element, let count):
      return .object([
        ("type", .string("array")), ("items", schema(of: element)), ("minItems", .integer(count.lowerBound)),
        ("maxItems", .integer(count.upperBound)),
      ])
    case .either(let types): return .object([("anyOf", .array(types.map { schema(of: $0) }))])
    case .object(let id): return .object([("$ref", .string("#/$defs/\(id.rawValue)"))])
    case .named(let id):
      return .object([
        ("type", .array([.string("object"), .string("null")])),
        ("propertyNames", .object([("pattern", .string("^\(SchemaChecker.namePattern)$"))])),
        ("additionalProperties", .object([("$ref", .string("#/$defs/\(id.rawValue)"))])),
      ])
    case .paths(let id):
      return .object([
        ("type", .array([.string("object"), .string("null")])),
        ("additionalProperties", .object([("$ref", .string("#/$defs/\(id.rawValue)"))])),
      ])
    }
  }

  private static func quantity(_ limits: Limits) -> JSONValue {
    var number: [(String, JSONValue)] = [("type", .string("number"))]
    if let lower = limits.lower { number.append((limits.isLowerOpen ? "exclusiveMinimum" : "minimum", .number(lower))) }
    if let upper = limits.upper { number.append(("maximum", .number(upper))) }
    let text = JSONValue.object([("type", .string("string")), ("pattern", .string(quantityPattern))])
    return .object([("anyOf", .array([.object(number), text]))])
  }

  /// A default's YAML text as JSON.
  private static func defaultJSON(_ text: String) -> JSONValue? { SchemaChecker.defaultNodes[text].map(JSONValue.init) }
}

extension JSONValue {
  /// A YAML node by YAML 1.2's core schema.
  init(_ node: YAMLNode) {
    switch node.content {
    case .scalar(let text, let isPlain):
      if node.isNull {
        self = .null
      } else if isPlain, let n = Int(text) {
        self = .integer(n)
      } else if isPlain, let x = Double(text), x.isFinite {
        self = .number(x)
      } else {
        self = isPlain && (text == "true" || text == "false") ? .boolean(text == "true") : .string(text)
      }
    case .sequence(let items): self = .array(items.map(JSONValue.init))
    case .mapping(let entries): self = .object(entries.map { ($0.key, JSONValue($0.value)) })
    }
  }
}

extension Scene {
  /// A YAML document as JSON; nil where it is no YAML.
  package static func jsonText(ofYAML yaml: String) -> String? {
    YAMLComposer.compose(SourceText(file: "text", text: yaml), log: DiagnosticLog()).map { JSONValue($0).text() }
  }
}

extension Field {
  /// The SI unit of its numbers; empty where they have none.
  var unit: String { type.unit }
}

extension ValueType {
  var unit: String {
    switch self {
    case .quantity(let dimensions, _): dimensions.map(\.unit).filter { !$0.isEmpty }.joined(separator: " or ")
    case .list(let element, _): element.unit
    case .either(let types): types.map(\.unit).first { !$0.isEmpty } ?? ""
    default: ""
    }
  }
}

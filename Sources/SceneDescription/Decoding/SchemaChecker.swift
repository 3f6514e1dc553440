/// Checks a tree of nodes against the schema, logging all that is wrong.
struct SchemaChecker {
  let log: DiagnosticLog
  let reads: FieldReads

  /// A name of a body, a material, … as a regular expression that editors' engines all know: of ASCII only letters, `_` and,
  /// not in front, digits and `-`. Of other characters it lets more pass than `isName` does.
  static let namePattern = #"[^\x00-@\[-\^`{-\x7F][^\x00-,./:-@\[-\^`{-\x7F]*"#

  /// Whether `text` is letters of any script, digits, `-` and `_`, at most 64 of them, begun by a letter or `_`.
  static func isName(_ text: String) -> Bool {
    func isLetter(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
      default: scalar == "_"
      }
    }
    func isInside(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber: true
      default: scalar == "-" || isLetter(scalar)
      }
    }
    guard let first = text.unicodeScalars.first, text.count <= 64 else { return false }
    return isLetter(first) && text.unicodeScalars.allSatisfy(isInside)
  }

  /// Checks `node` as a mapping of type `id`; nil where it is no mapping.
  ///
  /// - Parameter owner: the key that it is the value of, where what is missing is told.
  func check(_ node: YAMLNode, as id: ObjectType.ID, owner: YAMLNode.Place?, owningKey: String?) -> CheckedObject? {
    let type = id.type
    // `camera:` with nothing behind it is an empty mapping where nothing is required, as `{}` is.
    guard
      let entries = node.entries ?? (node.isNull && type.fields.allSatisfy { !$0.isRequired } && type.groups.isEmpty ? [] : nil)
    else {
      log.error(
        node.place,
        "expected a mapping (\(type.keys.prefix(4).joined(separator: ", "))\(type.keys.count > 4 ? ", …" : "")), "
          + "not \(node.summary)", mappingHint(node, type: type, key: owningKey))
      return nil
    }
    let place = owner ?? node.place
    var object = CheckedObject(id: id, place: place, reads: reads)

    // What is written.
    for entry in entries {
      guard let field = type.field(entry.key) else {
        log.error(
          entry.keyPlace, "unknown key '\(entry.key)'\(id == .scene ? "" : " in \(article(id))")",
          unknownKeyHint(entry.key, in: id))
        object.isSound = false
        continue
      }
      object.keyPlaces[entry.key] = entry.keyPlace
      if let value = check(entry.value, as: field.type, key: entry.keyPlace, name: entry.key) {
        object.values[entry.key] = value
        if !isSound(value) { object.isSound = false }
      } else {
        object.isSound = false
      }
    }

    // What is not.
    for field in type.fields where !object.gives(field.key) {
      if field.isRequired {
        let whose = owningKey.map { "'\($0)'" } ?? "the scene"
        let meaning = field.doc.prefix(1).lowercased() + field.doc.dropFirst().dropLast()
        object.isSound = false
        log.error(
          place,
          "\(whose) needs '\(field.key)': \(meaning)",
          "add `\(field.key): \(example(of: field))`")
      }
    }
    for field in type.fields where object.values[field.key] == nil {
      if let text = field.defaultText { object.values[field.key] = defaultValue(text, field.type) }
    }
    for group in type.groups {
      let given = group.keys.filter(object.gives)
      if given.count > 1 {
        object.isSound = false
        log.error(object.place(of: given[1]), "'\(given[0])' and '\(given[1])' exclude each other", "keep one of the two")
      } else if given.isEmpty && group.count == .exactlyOne {
        // A misspelt one was told already.
        if object.isSound || entries.isEmpty {
          log.error(
            place, "\(owningKey.map { "'\($0)'" } ?? article(id)) needs one of: \(group.keys.joined(separator: ", "))", nil)
        }
        object.isSound = false
      }
    }
    return object
  }

  /// Checks a value; nil where it is wrong as a whole.
  func check(_ node: YAMLNode, as type: ValueType, key: YAMLNode.Place?, name: String) -> CheckedValue? {
    func value(_ content: CheckedValue.Content) -> CheckedValue { CheckedValue(content: content, node: node) }
    switch type {
    case .boolean:
      if case .scalar(let text, isPlain: true) = node.content, text == "true" || text == "false" {
        return value(.boolean(text == "true"))
      }
      log.error(node.place, "expected true or false, not \(node.summary)", booleanHint(node))
    case .integer(let range):
      return checkInteger(node, range: range)
    case .quantity(let dimensions, let limits):
      return checkQuantity(node, dimensions: dimensions, limits: limits)
    case .anyQuantity:
      return checkQuantity(node, dimensions: nil, limits: Limits())
    case .anything:
      return value(.anything)
    case .text(let maximumLength, let pattern, let form):
      return checkText(node, maximumLength: maximumLength, pattern: pattern, form: form)
    case .choice(let choices):
      guard case .scalar(let text, _) = node.content, !node.isNull else {
        log.error(node.place, "expected one word, not \(node.summary)", Suggestion.sentence(for: "", among: choices))
        return nil
      }
      if choices.contains(text) { return value(.text(text)) }
      log.error(node.place, "'\(text)' is no \(name.replacing("_", with: " "))", Suggestion.sentence(for: text, among: choices))
    case .reference(let kind):
      guard case .scalar(let text, _) = node.content, !node.isNull else {
        log.error(node.place, "expected \(words(for: .reference(kind))), not \(node.summary)", nil)
        return nil
      }
      return value(.text(text))
    case .color:
      return checkColor(node)
    case .list(let element, let count):
      return checkList(node, of: element, count: count, name: name)
    case .either(let types):
      let fitting = types.filter { fits(node, $0) }
      // Of lists of different lengths the one of the right length; otherwise the first of the right kind.
      if let type = fitting.first { return check(node, as: type, key: key, name: name) }
      log.error(node.place, "expected \(types.map { words(for: $0) }.joined(separator: " or ")), not \(node.summary)", nil)
    case .object(let id):
      return check(node, as: id, owner: key, owningKey: name).map { value(.object($0)) }
    case .named(let id), .paths(let id):
      return checkNamed(node, as: id, isPath: { if case .paths = type { true } else { false } }(), name: name)
    }
    return nil
  }

  // MARK: Kinds of values

  private func checkInteger(_ node: YAMLNode, range: ClosedRange<Int>) -> CheckedValue? {
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      log.error(node.place, "expected a whole number, not \(node.summary)", nil)
      return nil
    }
    guard let n = Int(text) else {
      let isWhole = text.contains(/^[-+]?[0-9]+$/)
      let message =
        isWhole
        ? "\(text) is out of range: it is from \(range.lowerBound) to \(range.upperBound)"
        : "expected a whole number, not \(node.summary)"
      var hint: String?
      if let x = Double(text), x == x.rounded(), abs(x) < 1e15 { hint = "write it without point or exponent: \(Int(x))" }
      log.error(node.place, message, hint)
      return nil
    }
    warnOfLeadingZero(text, node)
    guard range.contains(n) else {
      log.error(node.place, "\(text) is out of range: it is \(rangeWords(range))", nil)
      return nil
    }
    return CheckedValue(content: .integer(n), node: node)
  }

  private func checkQuantity(_ node: YAMLNode, dimensions: [Dimension]?, limits: Limits) -> CheckedValue? {
    let expected = dimensions.map { $0.map(\.name).joined(separator: " or ") } ?? "a quantity"
    guard case .scalar(let text, _) = node.content, !node.isNull else {
      log.error(
        node.place, "expected \(expected), not \(node.summary)", node.items?.count == 1 ? "write it without the brackets" : nil)
      return nil
    }
    let quantity: Quantity
    do {
      quantity = try Quantity.parse(text)
    } catch {
      switch error {
      case .notANumber(let hint):
        log.error(
          node.place, "expected \(expected), not \(node.summary)", hint ?? booleanTrap(text) ?? unitExample(dimensions))
      case .unknownUnit(let unit):
        let nearest = Suggestion.nearest(to: unit, among: MeasurementUnit.commonSymbols).map { "did you mean '\($0)'?" }
        log.error(
          node.place, "unknown unit '\(unit)' in \(node.summary): expected \(expected)", nearest ?? unitExample(dimensions))
      case .malformedUnit(let part):
        log.error(
          node.place, "can't read '\(part)' as a unit in \(node.summary): expected \(expected)", unitExample(dimensions))
      }
      return nil
    }
    if let dimension = quantity.dimension, let dimensions, !dimensions.contains(where: { $0.accepts(dimension) }) {
      log.error(
        node.place, "expected \(expected), but \(node.summary) is \(dimension.name)", unitExample(dimensions, number: text))
      return nil
    }
    if quantity.dimension == nil { warnOfLeadingZero(text, node) }
    guard limits.contains(quantity.value) else {
      let unit = dimensions?.first?.unit ?? ""
      let words = abs(quantity.value) > Limits.largest ? "at most \(Limits.largest) in size" : limits.words(unit: unit)
      log.error(node.place, "\(node.summary) is out of range: it must be \(words)", nil)
      return nil
    }
    return CheckedValue(content: .number(quantity.value), node: node)
  }

  private func checkText(_ node: YAMLNode, maximumLength: Int, pattern: String?, form: String?) -> CheckedValue? {
    guard case .scalar(let text, _) = node.content, !node.isNull || !(node.place.span > 0 && text.isEmpty) else {
      log.error(node.place, "expected text, not \(node.summary)", nil)
      return nil
    }
    guard text.count <= maximumLength else {
      log.error(node.place, "the text has \(text.count) characters, more than \(maximumLength)", nil)
      return nil
    }
    if let pattern, let form, (try? Regex(pattern).wholeMatch(in: text)) == nil {
      log.error(node.place, "expected \(form), not \(node.summary)", nil)
      return nil
    }
    return CheckedValue(content: .text(text), node: node)
  }

  private func checkColor(_ node: YAMLNode) -> CheckedValue? {
    switch node.content {
    case .scalar(let text, _) where !node.isNull:
      if let color = Color.linear(text) { return CheckedValue(content: .color(color), node: node) }
      let hint =
        text.hasPrefix("#")
        ? "write #rgb or #rrggbb in hexadecimal digits"
        : Suggestion.nearest(to: text.replacing(" ", with: ""), among: Color.names.keys).map { "did you mean '\($0)'?" }
          ?? "write a CSS name, '#rrggbb' or [r, g, b] in 0…1"
      log.error(node.place, "'\(text)' is no color", hint)
    case .sequence:
      guard let list = checkList(node, of: .number(.unit), count: 3...3, name: "color")?.list else { return nil }
      let components = list.compactMap(\.number)
      if components.count == 3 { return CheckedValue(content: .color(Color.linear(components: components)), node: node) }
    default:
      let hint = node.isNull ? "put quotes about '#rrggbb': without them it is a comment" : nil
      log.error(node.place, "expected a color, not \(node.summary)", hint)
    }
    return nil
  }

  private func checkList(_ node: YAMLNode, of element: ValueType, count: ClosedRange<Int>, name: String) -> CheckedValue? {
    guard let items = node.items else {
      let hint =
        count.lowerBound == count.upperBound
        ? "write \(words(for: .list(element, count: count))) as \(listExample(count.lowerBound))"
        : "write it in brackets, or with a '-' before each"
      log.error(node.place, "expected \(words(for: .list(element, count: count))), not \(node.summary)", hint)
      return nil
    }
    guard count.contains(items.count) else {
      log.error(node.place, "'\(name)' is \(words(for: .list(element, count: count))), not of \(items.count)", nil)
      // What is in it may be wrong besides.
      for item in items.prefix(count.upperBound) { _ = check(item, as: element, key: nil, name: singular(name)) }
      return nil
    }
    let values = items.map { check($0, as: element, key: nil, name: singular(name)) }
    let good = values.compactMap { $0 }
    if case .object = element { return CheckedValue(content: .list(good), node: node) }
    return good.count == values.count ? CheckedValue(content: .list(good), node: node) : nil
  }

  private func checkNamed(_ node: YAMLNode, as id: ObjectType.ID, isPath: Bool, name: String) -> CheckedValue? {
    guard let entries = node.entries ?? (node.isNull ? [] : nil) else {
      log.error(
        node.place, "expected a mapping of \(isPath ? "paths" : "names"), not \(node.summary)",
        node.items == nil ? nil : "write each as `name: {…}` instead of a list")
      return nil
    }
    var named: [NamedObject] = []
    for entry in entries {
      if !isPath && !Self.isName(entry.key) {
        log.error(
          entry.keyPlace, "'\(entry.key.prefix(80))' is no name",
          "a name has letters, digits, '-' and '_', begins with no digit and has at most 64 of them")
      } else if entry.key == "world" && name == "bodies" {
        log.error(entry.keyPlace, "'world' is the name of the world itself", "call the body otherwise")
      }
      let object = check(entry.value, as: id, owner: entry.keyPlace, owningKey: entry.key)
      named.append(NamedObject(name: entry.key, place: entry.keyPlace, object: object))
    }
    return CheckedValue(content: .named(named), node: node)
  }

  // MARK: Defaults

  private func defaultValue(_ text: String, _ type: ValueType) -> CheckedValue? {
    let silent = DiagnosticLog()
    guard let node = Self.defaultNodes[text] else { return nil }
    let value = SchemaChecker(log: silent, reads: reads).check(node, as: type, key: nil, name: "default")
    precondition(silent.errorCount == 0, "the schema's default '\(text)' breaks its own rules: \(silent.sorted)")
    return value
  }

  /// The default texts of the whole table, composed once.
  static let defaultNodes: [String: YAMLNode] = {
    var nodes: [String: YAMLNode] = [:]
    for text in ObjectType.ID.allCases.flatMap({ $0.type.fields.compactMap(\.defaultText) }) where nodes[text] == nil {
      nodes[text] = YAMLComposer.compose(SourceText(file: "default", text: text), log: DiagnosticLog())
    }
    return nodes
  }()

  private func isSound(_ value: CheckedValue) -> Bool {
    switch value.content {
    case .object(let object): object.isSound
    case .list(let list): list.allSatisfy(isSound) && list.count == value.node.items?.count
    case .named(let named): named.allSatisfy { $0.object?.isSound == true }
    default: true
    }
  }

  private func fits(_ node: YAMLNode, _ type: ValueType) -> Bool {
    switch (node.content, type) {
    case (.scalar, .reference), (.scalar, .quantity), (.scalar, .choice), (.scalar, .text): !node.isNull
    case (.sequence, .list), (.mapping, .object): true
    default: false
    }
  }

  private func warnOfLeadingZero(_ text: String, _ node: YAMLNode) {
    let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
    if digits.count > 1, digits.first == UInt8(ascii: "0"), let n = Int(text) {
      log.warning(node.place, "'\(text)' is read as \(n): a leading 0 makes no octal number in YAML 1.2", "write \(n)")
    }
  }
}

/// How the checker puts things.
extension SchemaChecker {
  /// `a length`, `a list of 3 lengths`, as in "expected …".
  func words(for type: ValueType) -> String {
    switch type {
    case .boolean: "true or false"
    case .integer: "a whole number"
    case .quantity(let dimensions, _): dimensions.map(\.name).joined(separator: " or ")
    case .anyQuantity: "a quantity"
    case .anything: "a value"
    case .text: "text"
    case .choice(let choices): "one of \(choices.joined(separator: ", "))"
    case .reference(.bodyOrWorld): "a body's name or 'world'"
    case .reference(.speaker): "a figure's or body's name"
    case .reference(let kind): "a \(kind.rawValue)'s name"
    case .color: "a color"
    case .list(let element, let count): "a list of \(countWords(count))\(plural(element))"
    case .either(let types): types.map { words(for: $0) }.joined(separator: " or ")
    case .object(let id): article(id)
    case .named, .paths: "a mapping of names"
    }
  }

  private func countWords(_ count: ClosedRange<Int>) -> String {
    if count.lowerBound == count.upperBound { return "\(count.lowerBound)" }
    if count.upperBound > 100 { return count.lowerBound == 0 ? "any number" : "\(count.lowerBound) or more" }
    return "\(count.lowerBound) to \(count.upperBound)"
  }

  func rangeWords(_ range: ClosedRange<Int>) -> String {
    if range.lowerBound == range.upperBound { return "always \(range.lowerBound)" }
    return range.upperBound == .max ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
  }

  private func plural(_ type: ValueType) -> String {
    switch type {
    case .quantity(let dimensions, _):
      let noun = dimensions[0].name.split(separator: " ").dropFirst().joined(separator: " ")
      if noun.hasPrefix("quantity") || noun.isEmpty { return " quantities" }
      if noun.hasPrefix("moment") { return " moments of inertia" }
      if noun.hasPrefix("mass per") { return " masses per area" }
      if noun.hasSuffix("y") { return " \(noun.dropLast())ies" }
      return " \(noun)\(noun.hasSuffix("s") ? "es" : "s")"
    case .integer: return " whole numbers"
    case .object(let id): return " \(id.rawValue) mappings"
    case .reference: return " names"
    case .list: return " points"
    default: return ""
    }
  }

  func article(_ id: ObjectType.ID) -> String {
    let noun = id.rawValue.replacing("-", with: " ")
    return ("aeiou".contains(noun.first!) ? "an " : "a ") + noun
  }

  /// The name of one element of the list `name`.
  func singular(_ name: String) -> String {
    name.hasSuffix("ies") ? String(name.dropLast(3)) + "y" : name.hasSuffix("s") && name != "s" ? String(name.dropLast()) : name
  }

  func listExample(_ count: Int) -> String {
    "[" + (1...max(1, min(count, 6))).map { "\($0)" }.joined(separator: ", ") + "]"
  }

  /// `write it as '3 m' or '3 cm'`.
  func unitExample(_ dimensions: [Dimension]?, number text: String = "") -> String? {
    guard let dimensions else { return nil }
    let number = text.prefix { "+-.0123456789".contains($0) }
    let examples = dimensions.flatMap(\.examples).map { "'\(number.isEmpty ? "3" : number) \($0)'" }
    guard !examples.isEmpty else { return number.isEmpty ? nil : "write it without a unit: \(number)" }
    return "write it as \(examples.joined(separator: " or "))\(number.isEmpty ? "" : ", or without a unit in SI")"
  }

  /// YAML 1.1 read these as truth values; here they are words.
  func booleanHint(_ node: YAMLNode) -> String? {
    guard case .scalar(let text, let isPlain) = node.content else { return nil }
    switch text.lowercased() {
    case "true" where !isPlain, "false" where !isPlain: return "write it without quotes"
    case "yes", "on", "y", "true", "1": return "write `true`"
    case "no", "off", "n", "false", "0", "none": return "write `false`"
    default: return nil
    }
  }

  func booleanTrap(_ text: String) -> String? {
    ["yes", "no", "on", "off", "true", "false"].contains(text.lowercased()) ? "a number is needed, not a truth value" : nil
  }

  func example(of field: Field) -> String {
    switch field.type {
    case .integer(let range): "\(range.lowerBound)"
    case .quantity(let dimensions, _): dimensions[0].examples.first.map { "1 \($0)" } ?? "1"
    case .list(.quantity, let count): listExample(count.lowerBound)
    case .list(.reference, _): "[a, b]"
    case .list: "[…]"
    case .object: "{…}"
    case .choice(let choices): choices[0]
    default: "…"
    }
  }

  /// What to write where a mapping was expected.
  func mappingHint(_ node: YAMLNode, type: ObjectType, key: String?) -> String? {
    guard case .scalar(let text, _) = node.content, !node.isNull else { return nil }
    if type.field(text) != nil { return "write `{\(text): {…}}`" }
    if type.fields.count == 1 || type.fields.filter(\.isRequired).count == 1,
      let only = type.fields.first(where: \.isRequired) ?? type.fields.first,
      Double(text) != nil || text.first?.isNumber == true
    {
      return "write `{\(only.key): \(text)}`"
    }
    return Suggestion.nearest(to: text, among: type.keys).map { "did you mean `{\($0): {…}}`?" }
  }

  /// What may have been meant by a key that a mapping doesn't have.
  func unknownKeyHint(_ key: String, in id: ObjectType.ID) -> String? {
    let keys = id.type.keys
    if let nearest = Suggestion.nearest(to: key, among: keys) { return "did you mean '\(nearest)'?" }
    if let synonym = Suggestion.synonyms[key.lowercased()], keys.contains(synonym) { return "here it is called '\(synonym)'" }
    let owners = ObjectType.ID.allCases.filter { $0 != id && $0.type.field(key) != nil }
    if owners == [.scene] { return "'\(key)' belongs to the top level: check the indentation" }
    if id == .scene && owners.contains(.body) { return "'\(key)' belongs to a body: check the indentation" }
    return Suggestion.sentence(for: key, among: keys, listing: 14)
  }
}

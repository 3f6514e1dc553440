import Foundation

/// As much of JSON Schema (draft 2020-12) as the scene schema uses; any other keyword is a failure of the test itself.
struct JSONSchemaValidator {
  let root: [String: Any]

  init(_ text: String) throws {
    root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as! [String: Any]
  }

  func errors(in value: Any) -> [String] { errors(value, root, "$") }

  private func errors(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    var found: [String] = []
    func fail(_ message: String) { found.append("\(path): \(message)") }
    let object = value as? [String: Any], array = value as? [Any], text = value as? String
    let boolean = value is Bool && isTruthValue(value)
    let number = boolean ? nil : (value as? NSNumber)?.doubleValue
    for (keyword, rule) in schema {
      switch keyword {
      case "$schema", "$defs", "title", "description", "default", "examples": continue
      case "$ref":
        let name = (rule as! String).split(separator: "/").last!
        found += errors(value, (root["$defs"] as! [String: Any])[String(name)] as! [String: Any], path)
      case "type":
        let kinds = rule as? [String] ?? [rule as! String]
        let fits = kinds.contains { kind in
          switch kind {
          case "object": object != nil
          case "array": array != nil
          case "string": text != nil
          case "boolean": boolean
          case "null": value is NSNull
          case "number": number != nil
          default: number.map { $0 == $0.rounded() } ?? false
          }
        }
        if !fits { fail("is no \(kinds)") }
      case "enum":
        if !(rule as! [Any]).contains(where: { ($0 as? NSObject) == (value as? NSObject) }) { fail("not in the list") }
      case "properties":
        for (key, sub) in rule as! [String: Any] {
          if let item = object?[key] { found += errors(item, sub as! [String: Any], "\(path).\(key)") }
        }
      case "additionalProperties":
        let known = Set((schema["properties"] as? [String: Any] ?? [:]).keys)
        for (key, item) in object ?? [:] where !known.contains(key) {
          if let sub = rule as? [String: Any] { found += errors(item, sub, "\(path).\(key)") } else { fail("unknown \(key)") }
        }
      case "propertyNames":
        for key in (object ?? [:]).keys { found += errors(key, rule as! [String: Any], "\(path).\(key)") }
      case "required": for key in rule as! [String] { if let object, object[key] == nil { fail("lacks \(key)") } }
      case "allOf": for sub in rule as! [[String: Any]] { found += errors(value, sub, path) }
      case "anyOf": if !(rule as! [[String: Any]]).contains(where: { errors(value, $0, path).isEmpty }) { fail("fits none") }
      case "oneOf":
        if (rule as! [[String: Any]]).count(where: { errors(value, $0, path).isEmpty }) != 1 { fail("fits not just one") }
      case "not": if errors(value, rule as! [String: Any], path).isEmpty { fail("fits what it must not") }
      case "items":
        for (i, item) in (array ?? []).enumerated() { found += errors(item, rule as! [String: Any], "\(path)[\(i)]") }
      case "minItems": if let array, array.count < rule as! Int { fail("too short") }
      case "maxItems": if let array, array.count > rule as! Int { fail("too long") }
      case "maxLength": if let text, text.count > rule as! Int { fail("too long") }
      case "pattern":
        if let text, (try? Regex(rule as! String).firstMatch(in: text)) == nil { fail("'\(text)' has another form") }
      case "minimum": if let number, number < (rule as! NSNumber).doubleValue { fail("too small") }
      case "maximum": if let number, number > (rule as! NSNumber).doubleValue { fail("too large") }
      case "exclusiveMinimum": if let number, number <= (rule as! NSNumber).doubleValue { fail("too small") }
      default: fail("the validator does not know '\(keyword)'")
      }
    }
    return found
  }

  /// Whether a number object is a truth value: `NSNumber` bridges 0 and 1 to `Bool` too.
  private func isTruthValue(_ value: Any) -> Bool {
    guard let number = value as? NSNumber else { return false }
    return String(cString: number.objCType) == "c" || String(cString: number.objCType) == "B"
  }
}

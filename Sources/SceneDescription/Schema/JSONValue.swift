/// JSON with keys in the order they were given.
indirect enum JSONValue {
  case object([(String, JSONValue)])
  case array([JSONValue])
  case string(String)
  case number(Double)
  case integer(Int)
  case boolean(Bool)

  func text(indent: String = "") -> String {
    let deeper = indent + "  "
    switch self {
    case .object(let pairs):
      if pairs.isEmpty { return "{}" }
      return "{\n" + pairs.map { "\(deeper)\(JSONValue.quote($0.0)): \($0.1.text(indent: deeper))" }.joined(separator: ",\n")
        + "\n\(indent)}"
    case .array(let items):
      if items.isEmpty { return "[]" }
      let texts = items.map { $0.text(indent: deeper) }
      let line = "[" + texts.joined(separator: ", ") + "]"
      if line.count + indent.count < 110 && !line.contains("\n") { return line }
      return "[\n" + texts.map { deeper + $0 }.joined(separator: ",\n") + "\n\(indent)]"
    case .string(let text): return JSONValue.quote(text)
    case .number(let x): return x == x.rounded() && abs(x) < 1e15 ? "\(Int(x))" : "\(x)"
    case .integer(let n): return "\(n)"
    case .boolean(let b): return "\(b)"
    }
  }

  private static func quote(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

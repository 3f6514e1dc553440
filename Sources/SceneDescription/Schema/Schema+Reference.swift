extension Schema {
  /// The reference page of the scene language, in Markdown.
  public static var referencePage: String {
    var page = """
      # Scene language: reference

      Made from the schema that the decoder checks by: `mondo schema --reference`. Do not edit.

      A scene is one YAML 1.2 document. A quantity is a number in SI or a number with a unit: `12 cm`, `30 deg`, `90 rpm`,
      `1.5 m/s`, `2 g/cm^3`, `50 N*s`. A color is a CSS name, `'#rrggbb'` (with quotes) or `[r, g, b]` in 0…1, all sRGB. A vector is a
      list of three quantities. A name has letters, digits, `-` and `_`, no digit first, and at most 64 of them. Anchors and aliases
      work; merge keys (`<<`) and tags do not exist. A file has at most 8 MiB, 64 levels and 500 000 values.

      Units: m g s rad N Pa J W Hz L with the prefixes n µ m c d h k M G; min h deg ° turn rev rpm t g0 in ft yd mi mph lb oz lbf bar
      atm %. They combine with `*` (or `·`), `/`, `^` and brackets.

      Built-in materials: \(Material.libraryNames.map { "`\($0)`" }.joined(separator: " ")).

      Built-in liquids: \(Liquid.library.keys.sorted().map { "`\($0)`" }.joined(separator: " ")).

      Built-in fabrics: \(Fabric.library.keys.sorted().map { "`\($0)`" }.joined(separator: " ")).

      """
    for id in ObjectType.ID.allCases {
      let type = id.type
      page += "\n## \(id.rawValue)\n\n\(type.doc)\n"
      for group in type.groups {
        let keys = group.keys.map { "`\($0)`" }.joined(separator: ", ")
        page += "\n\(group.count == .exactlyOne ? "Exactly" : "At most") one of \(keys).\n"
      }
      page += "\n| key | value | default | meaning |\n|---|---|---|---|\n"
      for field in type.fields {
        let fallback = field.isRequired ? "required" : field.defaultText.map { "`\($0)`" } ?? ""
        page += "| `\(field.key)` | \(words(field.type)) | \(fallback) | \(field.doc.replacing("|", with: "\\|")) |\n"
      }
    }
    return page
  }

  private static func words(_ type: ValueType) -> String {
    switch type {
    case .boolean: return "`true` or `false`"
    case .integer(let range):
      if range.lowerBound == range.upperBound { return "`\(range.lowerBound)`" }
      return range.upperBound == .max
        ? "whole number ≥ \(range.lowerBound)" : "whole number \(range.lowerBound)…\(range.upperBound)"
    case .quantity(let dimensions, let limits):
      let names = dimensions.map { $0.name.split(separator: " ").dropFirst().joined(separator: " ") }.joined(separator: " or ")
      let unit = type.unit.isEmpty ? "" : " (\(type.unit))"
      let range = limits.words(unit: "")
      return "\(names)\(unit)\(range.isEmpty ? "" : ", \(range)")"
    case .anyQuantity: return "quantity"
    case .anything: return "any value"
    case .text(_, _, let form): return form ?? "text"
    case .choice(let choices): return choices.map { "`\($0)`" }.joined(separator: " ")
    case .reference(.bodyOrWorld): return "name of a body, or `world`"
    case .reference(.speaker): return "name of a figure or body"
    case .reference(let kind): return "name of a \(kind.rawValue)"
    case .color: return "color"
    case .list(let element, let count):
      let many =
        count.lowerBound == count.upperBound
        ? "\(count.lowerBound)" : count.upperBound > 100 ? "" : "\(count.lowerBound)–\(count.upperBound)"
      return "list of \(many.isEmpty ? "" : many + " × ")\(words(element))"
    case .either(let types): return types.map(words).joined(separator: " or ")
    case .object(let id): return "[\(id.rawValue)](#\(id.rawValue))"
    case .named(let id): return "names: [\(id.rawValue)](#\(id.rawValue))"
    case .paths(let id): return "paths: [\(id.rawValue)](#\(id.rawValue))"
    }
  }
}

import WorldCore

/// A way to a value in a scene document: `bodies.ball.velocity[0]`.
struct ScenePath {
  enum Step: Equatable {
    case key(String)
    case index(Int)
  }

  var text: String
  var steps: [Step]

  /// nil where the text is no path: names between dots, numbers in brackets.
  init?(_ text: String) {
    self.text = text
    steps = []
    guard text.count <= 500 else { return nil }
    for part in text.split(separator: ".", omittingEmptySubsequences: false) {
      let name = part.prefix { $0 != "[" }
      guard !name.isEmpty else { return nil }
      steps.append(.key(String(name)))
      var rest = part[name.endIndex...]
      while !rest.isEmpty {
        guard rest.first == "[", let end = rest.firstIndex(of: "]"), let index = Int(rest[rest.startIndex..<end].dropFirst()),
          index >= 0
        else { return nil }
        steps.append(.index(index))
        rest = rest[rest.index(after: end)...]
      }
    }
  }

  /// The document with `node` at this path, and what type the schema gives that place.
  ///
  /// Keys that the schema knows and the document leaves out are made, from their defaults where the path leads into them;
  /// things that have names must be there. nil, with what is wrong logged at `place`, where the path leads nowhere.
  func replacing(in root: YAMLNode, by node: YAMLNode, place: YAMLNode.Place, log: DiagnosticLog) -> (
    root: YAMLNode, type: ValueType
  )? {
    var found: ValueType?
    func walk(_ current: YAMLNode?, _ type: ValueType, _ rest: ArraySlice<Step>, _ done: String) -> YAMLNode? {
      func fail(_ message: String, _ suggestion: String? = nil) -> YAMLNode? {
        log.error(place, "the path '\(text)' leads nowhere: \(message)", suggestion)
        return nil
      }
      guard let step = rest.first else {
        found = type
        return node
      }
      let here = done.isEmpty ? "the scene" : "'\(done)'"
      switch (step, type) {
      case (.key(let key), .object(let id)):
        guard let field = id.type.field(key) else {
          return fail("\(here) has no '\(key)'", Suggestion.sentence(for: key, among: id.type.keys))
        }
        let old = current?.entries ?? []
        let existing = old.first { $0.key == key }
        let child = existing?.value ?? field.defaultText.flatMap { SchemaChecker.defaultNodes[$0] }
        guard let new = walk(child, field.type, rest.dropFirst(), done.isEmpty ? key : "\(done).\(key)") else { return nil }
        return Self.mapping(old, setting: key, to: new, at: current?.place ?? place)
      case (.key(let key), .named(let id)), (.key(let key), .paths(let id)):
        let old = current?.entries ?? []
        guard let existing = old.first(where: { $0.key == key }) else {
          return fail("there is no \(id.rawValue) '\(key)'", Suggestion.sentence(for: key, among: old.map(\.key)))
        }
        guard let new = walk(existing.value, .object(id), rest.dropFirst(), "\(done).\(key)") else { return nil }
        return Self.mapping(old, setting: key, to: new, at: current?.place ?? place)
      case (.index(let index), .list(let element, _)):
        guard var items = current?.items else { return fail("\(here) is not given as a list", "set the whole of it first") }
        guard items.indices.contains(index) else {
          return fail("\(here) has \(items.count) values, counted from 0, and no [\(index)]")
        }
        guard let new = walk(items[index], element, rest.dropFirst(), "\(done)[\(index)]") else { return nil }
        items[index] = new
        return YAMLNode(content: .sequence(items), place: current?.place ?? place)
      case (.index, .color):
        return walk(current, .list(.number(.unit), count: 3...3), rest, done)
      case (_, .either(let types)):
        // Which of them the document uses decides.
        for type in types {
          switch (type, current?.content, step) {
          case (.list, .sequence, .index), (.object, .mapping, .key): return walk(current, type, rest, done)
          default: continue
          }
        }
        return fail("\(here) is \(current?.summary ?? "not given"), which has no such part", "set the whole of it")
      case (.key(let key), _):
        return fail("\(here) has no parts, so no '\(key)'")
      case (.index(let index), _):
        return fail("\(here) is no list, so it has no [\(index)]")
      }
    }
    guard let new = walk(root, .object(.scene), steps[...], ""), let found else { return nil }
    return (new, found)
  }

  private static func mapping(_ entries: [YAMLNode.Entry], setting key: String, to node: YAMLNode, at place: YAMLNode.Place)
    -> YAMLNode
  {
    var entries = entries
    if let index = entries.firstIndex(where: { $0.key == key }) {
      entries[index].value = node
    } else {
      entries.append(.init(key: key, keyPlace: node.place, value: node))
    }
    return YAMLNode(content: .mapping(entries), place: place)
  }
}

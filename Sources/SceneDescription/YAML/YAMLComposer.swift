import CYaml
import WorldCore

/// Makes a tree of nodes from YAML text, within bounds that no input can break.
///
/// It reads the events of libyaml, which Yams carries, and not Yams' own nodes: those don't tell where both of two equal keys
/// are, stop at the first, and hash a tree of aliases at its full, possibly exponential, size.
///
/// Decisions: one document a file. Anchors and aliases work; `<<` and tags don't exist in this language. Keys are plain text.
/// Of two equal keys the first counts, and the second is an error that names both places.
struct YAMLComposer {
  /// What a scene may not exceed. Far above any sensible scene, far below what could exhaust memory or the stack.
  enum Limit {
    static let bytes = 8 << 20
    static let depth = 64
    /// Counting every alias as the whole of what it stands for.
    static let nodes = 500_000
  }

  private let source: SourceText
  private let log: DiagnosticLog
  private var parser = yaml_parser_t()
  private var anchors: [String: YAMLNode] = [:]
  private var openAnchors: Set<String> = []
  private var nodeCount = 0

  /// Thrown once the text can't be read any further; what is wrong is in the log by then.
  private struct Stop: Error {}

  private init(_ source: SourceText, _ log: DiagnosticLog) {
    self.source = source
    self.log = log
  }

  /// The document in `source`; nil, with what is wrong logged, where it has none.
  static func compose(_ source: SourceText, log: DiagnosticLog) -> YAMLNode? {
    log.add(source)
    var composer = YAMLComposer(source, log)
    yaml_parser_initialize(&composer.parser)
    defer { yaml_parser_delete(&composer.parser) }
    return source.bytes.withUnsafeBufferPointer { bytes in
      yaml_parser_set_input_string(&composer.parser, bytes.baseAddress, bytes.count)
      yaml_parser_set_encoding(&composer.parser, YAML_UTF8_ENCODING)
      return try? composer.composeStream()
    }
  }

  private mutating func composeStream() throws -> YAMLNode? {
    var root: YAMLNode?
    while true {
      let event = try nextEvent()
      switch event.kind {
      case YAML_STREAM_END_EVENT:
        return root
      case YAML_DOCUMENT_START_EVENT:
        if root != nil {
          log.error(
            event.place, "a second document begins here", "a scene is one YAML document: put the other in a file of its own")
          return root
        }
        root = try composeNode(nextEvent(), depth: 0)
      default:
        continue
      }
    }
  }

  private mutating func composeNode(_ event: Event, depth: Int) throws -> YAMLNode {
    guard depth < Limit.depth else {
      log.error(event.place, "nested more than \(Limit.depth) levels deep", nil)
      throw Stop()
    }
    if let tag = event.tag {
      log.error(event.place, "the tag '\(tag)' means nothing in a scene", "leave it out")
    }
    if let anchor = event.anchor, event.kind != YAML_ALIAS_EVENT { openAnchors.insert(anchor) }
    var node = YAMLNode(content: .scalar("", isPlain: true), place: event.place)
    nodeCount += 1
    switch event.kind {
    case YAML_ALIAS_EVENT:
      node = try resolveAlias(event)
      nodeCount += node.size - 1
    case YAML_SCALAR_EVENT:
      node.content = .scalar(event.value, isPlain: event.isPlain)
    case YAML_SEQUENCE_START_EVENT:
      var items: [YAMLNode] = []
      while true {
        let next = try nextEvent()
        if next.kind == YAML_SEQUENCE_END_EVENT { break }
        let item = try composeNode(next, depth: depth + 1)
        node.size += item.size
        items.append(item)
      }
      node.content = .sequence(items)
    default:
      let (entries, size) = try composeEntries(depth: depth)
      node.size += size
      node.content = .mapping(entries)
    }
    guard nodeCount <= Limit.nodes else {
      log.error(event.place, "the document has more than \(Limit.nodes) values, aliases counted in full", nil)
      throw Stop()
    }
    if let anchor = event.anchor, event.kind != YAML_ALIAS_EVENT {
      openAnchors.remove(anchor)
      anchors[anchor] = node
    }
    return node
  }

  private mutating func composeEntries(depth: Int) throws -> (entries: [YAMLNode.Entry], size: Int) {
    var entries: [YAMLNode.Entry] = []
    var places: [String: YAMLNode.Place] = [:]
    var size = 0
    while true {
      let next = try nextEvent()
      if next.kind == YAML_MAPPING_END_EVENT { return (entries, size) }
      let key = try composeNode(next, depth: depth + 1)
      let value = try composeNode(nextEvent(), depth: depth + 1)
      size += key.size + value.size
      guard case .scalar(let text, let isPlain) = key.content else {
        log.error(next.place, "a key is a word, not \(key.summary)", nil)
        continue
      }
      if text == "<<" && isPlain {
        log.error(
          next.place, "'<<' does not merge: YAML 1.2 has no merge keys", "repeat the keys, or use 'like' in a material")
      } else if let first = places[text] {
        let place = "\(first.location.line):\(first.location.column)"
        log.error(next.place, "the key '\(text)' is here twice; the first is at \(place)", "keep one of the two")
      } else {
        places[text] = next.place
        entries.append(.init(key: text, keyPlace: next.place, value: value))
      }
    }
  }

  private func resolveAlias(_ event: Event) throws -> YAMLNode {
    let name = event.anchor ?? ""
    if let node = anchors[name] { return node }
    if openAnchors.contains(name) {
      log.error(event.place, "the alias '*\(name)' stands inside what it stands for", nil)
    } else {
      let suggestion = Suggestion.nearest(to: name, among: anchors.keys).map { "did you mean '*\($0)'?" }
      log.error(event.place, "there is no anchor '&\(name)' before this alias", suggestion)
    }
    throw Stop()
  }

  // MARK: Events

  /// What of a `yaml_event_t` matters here, in Swift's own types.
  private struct Event {
    var kind: yaml_event_type_t
    var place: YAMLNode.Place
    var value = ""
    var isPlain = false
    var anchor: String?
    var tag: String?
  }

  private mutating func nextEvent() throws -> Event {
    var raw = yaml_event_t()
    guard yaml_parser_parse(&parser, &raw) == 1 else {
      logSyntaxError()
      throw Stop()
    }
    defer { yaml_event_delete(&raw) }
    func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? { pointer.map { String(cString: $0) } }
    let start = source.location(line: raw.start_mark.line, scalars: raw.start_mark.column)
    // What runs over several lines is underlined to the end of its first.
    let end =
      raw.end_mark.line == raw.start_mark.line
      ? source.location(line: raw.end_mark.line, scalars: raw.end_mark.column).column
      : (source.lines.indices.contains(start.line - 1) ? source.lines[start.line - 1].text.count : 0) + 1
    var event = Event(kind: raw.type, place: .init(location: start, span: max(1, end - start.column)))
    switch raw.type {
    case YAML_ALIAS_EVENT:
      event.anchor = text(raw.data.alias.anchor)
    case YAML_SCALAR_EVENT:
      let scalar = raw.data.scalar
      event.value = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      event.isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
      event.anchor = text(scalar.anchor)
      event.tag = text(scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      event.anchor = text(raw.data.sequence_start.anchor)
      event.tag = text(raw.data.sequence_start.tag)
      event.place.span = 1
    case YAML_MAPPING_START_EVENT:
      event.anchor = text(raw.data.mapping_start.anchor)
      event.tag = text(raw.data.mapping_start.tag)
      event.place.span = 1
    default:
      break
    }
    return event
  }

  private func logSyntaxError() {
    let problem = parser.problem.map { String(cString: $0) } ?? "it can't be read"
    let context = parser.context.map { String(cString: $0) + ": " } ?? ""
    let place =
      parser.error == YAML_READER_ERROR
      ? source.location(byteOffset: parser.problem_offset)
      : source.location(line: parser.problem_mark.line, scalars: parser.problem_mark.column)
    // libyaml looks ahead in flow style, and meets a bound of its own first.
    if problem.hasPrefix("Maximum nesting level") || problem.hasPrefix("exceeded maximum") {
      log.error(.init(location: place, span: 1), "nested more than \(Limit.depth) levels deep", nil)
      return
    }
    log.error(.init(location: place, span: 1), "not YAML: \(context)\(problem)", syntaxSuggestion(at: place, problem: problem))
  }

  private func syntaxSuggestion(at place: SourceLocation, problem: String) -> String? {
    let line = source.lines.indices.contains(place.line - 1) ? source.lines[place.line - 1].text : ""
    let character = line.dropFirst(place.column - 1).first
    if character == "\t" || line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
      return "indent with spaces: YAML does not allow tabs"
    }
    switch character {
    case "@", "`": return "put quotes about text that begins with '\(character!)'"
    case "%": return "put quotes about text that begins with '%'"
    default: break
    }
    if problem.contains("mapping values are not allowed") { return "a ': ' inside text needs quotes about the text" }
    if problem.contains("expected ',' or") { return "close what the bracket or brace before opened" }
    if problem.contains("expected <block end>") || problem.contains("could not find expected ':'") {
      return "check the indentation and that each key has a ':' followed by a space"
    }
    return nil
  }
}

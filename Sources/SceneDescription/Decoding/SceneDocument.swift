import Foundation
import WorldCore

/// The text of a scene on its way to a `Scene`: read, composed, overridden, checked, built.
struct SceneDocument {
  let log = DiagnosticLog()
  /// Which fields of the schema were asked for so far.
  let reads = FieldReads()
  var root: YAMLNode?
  let file: String
  var cause = SceneError.Cause.invalid

  /// Reads the file at `path`, at most one byte more than the limit of it.
  init(path: String) {
    file = path
    let place = YAMLNode.Place(location: SourceLocation(file: path, line: 1, column: 1), span: 1)
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      cause = .missing
      log.error(place, "there is no such file", "check the path")
      return
    }
    guard !isDirectory.boolValue, let handle = FileHandle(forReadingAtPath: path) else {
      cause = .unreadable
      log.error(
        place, isDirectory.boolValue ? "this is a folder, not a scene file" : "the file can't be opened",
        isDirectory.boolValue ? nil : "check its permissions")
      return
    }
    defer { try? handle.close() }
    var bytes = Data()
    do {
      while bytes.count <= YAMLComposer.Limit.bytes,
        let more = try handle.read(upToCount: YAMLComposer.Limit.bytes + 1 - bytes.count), !more.isEmpty
      {
        bytes.append(more)
      }
    } catch {
      cause = .unreadable
      log.error(place, "reading the file failed: \(error.localizedDescription)", nil)
      return
    }
    compose(Array(bytes))
  }

  init(bytes: [UInt8], file: String) {
    self.file = file
    compose(bytes)
  }

  /// The same document with a log of its own, and overrides in their places.
  init(root document: SceneDocument, overrides: [Scene.Override]) {
    file = document.file
    root = document.root
    apply(overrides)
  }

  private mutating func compose(_ bytes: [UInt8]) {
    let start = YAMLNode.Place(location: SourceLocation(file: file, line: 1, column: 1), span: 1)
    guard bytes.count <= YAMLComposer.Limit.bytes else {
      log.error(
        start, "the file is larger than \(YAMLComposer.Limit.bytes >> 20) MiB, the most a scene may have",
        "meshes belong into OBJ files")
      return
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      log.error(start, "the file is UTF-16, not UTF-8", "save it as UTF-8")
      return
    }
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    guard let text = String(validating: content, as: UTF8.self) else {
      logInvalidUTF8(content)
      return
    }
    root = YAMLComposer.compose(SourceText(file: file, text: text), log: log)
    if root == nil || root!.isNull, log.errorCount == 0 {
      root = nil
      log.error(start, "the file is empty", "a scene begins with `mondo: 1`")
    }
  }

  private func logInvalidUTF8(_ bytes: ArraySlice<UInt8>) {
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
    where String(validating: line, as: UTF8.self) == nil {
      // The longest prefix that is whole: all before the offending byte.
      var good = 0
      var end = 0
      while end < line.count {
        let first = line[line.startIndex + end]
        let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        let next = min(end + length, line.count)
        guard String(validating: line.dropFirst(end).prefix(next - end), as: UTF8.self) != nil else { break }
        (good, end) = (good + 1, next)
      }
      let byte = String(line[line.startIndex + min(end, line.count - 1)], radix: 16, uppercase: true)
      let location = SourceLocation(file: file, line: index + 1, column: good + 1)
      log.error(.init(location: location, span: 1), "the byte 0x\(byte) is not UTF-8 here", "save the file as UTF-8")
      return
    }
  }

  // MARK: Changes

  /// Puts the values of `--set` flags in their places.
  mutating func apply(_ overrides: [Scene.Override]) {
    for override in overrides {
      let label = "--set \(override.path)"
      let place = YAMLNode.Place(location: SourceLocation(file: label, line: 1, column: 1), span: max(1, override.value.count))
      let source = SourceText(file: label, text: override.value)
      log.add(source)
      guard let path = ScenePath(override.path) else {
        log.error(place, "'\(override.path)' is no path", "such as bodies.ball.velocity[0]")
        continue
      }
      guard let root else { continue }
      var node: YAMLNode? = YAMLNode(content: .scalar(override.value, isPlain: true), place: place)
      // A '#' would begin a comment: here it can only be a colour.
      if !override.value.hasPrefix("#") && !override.value.isEmpty { node = YAMLComposer.compose(source, log: log) }
      guard let node, let change = path.replacing(in: root, by: node, place: place, log: log) else { continue }
      self.root = change.root
    }
  }

  /// Puts a seed in place of the document's own.
  mutating func apply(seed: UInt64) {
    guard let root, root.entries != nil, let path = ScenePath("seed") else { return }
    let place = YAMLNode.Place(location: SourceLocation(file: "--seed", line: 1, column: 1), span: 1)
    let node = YAMLNode(content: .scalar("\(seed)", isPlain: true), place: place)
    self.root = path.replacing(in: root, by: node, place: place, log: log)?.root
  }

  /// Draws each varied value, from a stream of its own, and puts it in its place.
  mutating func draw(_ variations: [Variation], seed: UInt64) {
    for variation in variations {
      guard let root, let path = ScenePath(variation.path) else { continue }
      let text = variation.value(seed: seed)
      let place = YAMLNode.Place(location: variation.location ?? SourceLocation(file: file, line: 1, column: 1), span: 1)
      guard let node = YAMLComposer.compose(SourceText(file: "vary \(variation.path)", text: text), log: log),
        let change = path.replacing(in: root, by: YAMLNode(content: node.content, place: place), place: place, log: log)
      else { continue }
      self.root = change.root
    }
  }

  // MARK: The scene

  /// The scene as far as it can be made of the document; it may be used when the log has no errors.
  func build() -> Scene? {
    guard let root else { return nil }
    let checker = SchemaChecker(log: log, reads: reads)
    guard let object = checker.check(root, as: .scene, owner: nil, owningKey: nil) else { return nil }
    let slash = file.lastIndex(of: "/")
    let folder = slash.map { file[..<$0].isEmpty ? "/" : String(file[..<$0]) } ?? "."
    let name = slash.map { file[file.index(after: $0)...] } ?? file[...]
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? String(name)
    var builder = SceneBuilder(root: object, directory: folder, log: log)
    let scene = builder.build(defaultName: stem.isEmpty ? "scene" : stem)
    checkOverlaps(scene, builder)
    checkFluids(scene, builder)
    checkVariations(object, checker)
    return scene
  }

  private func checkOverlaps(_ scene: Scene, _ builder: SceneBuilder) {
    var exempt = Set(scene.joints.compactMap { joint in joint.second.map { Set([joint.first, $0]) } })
    // A joint with a mistake still tells whom it means to hold.
    for entry in builder.root.named("joints") {
      exempt.insert(Set((entry.object?.variant()?.object.list("between") ?? []).compactMap(\.text)))
    }
    for finding in OverlapCheck.findings(among: scene.bodies.filter { $0.pieceOf == nil }, exempt: exempt) {
      let (a, b) = (builder.bodyPlaces[finding.first], builder.bodyPlaces[finding.second])
      let later = [a, b].compactMap { $0 }.max {
        ($0.location.line, $0.location.column) < ($1.location.line, $1.location.column)
      }
      guard let later else { continue }
      let by = finding.depth.map { " by \(builder.short($0 * 1000)) mm" } ?? ""
      log.error(
        later, "'\(finding.first)' and '\(finding.second)' overlap at the start\(by)",
        "move one of them, or link them with a joint")
    }
  }

  private func checkFluids(_ scene: Scene, _ builder: SceneBuilder) {
    for finding in FluidCheck.findings(in: scene) {
      guard let place = builder.root.named("fluids").first(where: { $0.name == finding.fluid })?.place else { continue }
      switch finding.problem {
      case .overlap(let body, let depth):
        log.error(
          place, "'\(finding.fluid)' reaches \(builder.short(depth * 1000)) mm into '\(body)'",
          "shrink the fill to the room that '\(body)' leaves")
      case .shared(let other, let depth):
        log.error(
          place, "'\(finding.fluid)' and '\(other)' fill the same room, by \(builder.short(depth * 1000)) mm",
          "move one of the fills, or make it smaller")
      case .coarse(let body, let draft, let spacing):
        log.warning(
          place,
          "a draft of '\(body)' is only \(builder.short(draft / spacing)) particles deep, so it floats too high or too low",
          "take a spacing of \(builder.short(draft / 3)) m or less; \(builder.short(draft / 6)) m for 3 %")
      case .thin(let body, let thickness):
        log.warning(
          place,
          "'\(body)' is thinner (\(builder.short(thickness * 1000)) mm) than half a particle: water on both sides feels through it",
          "take a smaller spacing, or make the body thicker")
      case .open(let body):
        log.error(place, "the mesh of '\(body)' is not closed, so '\(finding.fluid)' passes through it", "close it")
      case .porous(let body, let limit):
        log.warning(
          place,
          "walls of '\(body)' are thinner than half a particle (\(builder.short(limit * 1000)) mm) and let '\(finding.fluid)' through",
          "take a smaller spacing, or make them thicker")
      case .bottomless(let body, let bottom):
        log.warning(
          place, "'\(body)' sinks in '\(finding.fluid)', whose bottom is no body: it falls on and on",
          "add a fixed body at z = \(builder.short(bottom)) m, such as a plane")
      case .spacing(let spacing):
        log.error(
          place, "the fluids of a scene share one spacing, here \(builder.short(spacing)) m", "write the same spacing for all")
      }
    }
  }

  /// Each bound of a varied value must be a value that its place takes.
  private func checkVariations(_ object: CheckedObject, _ checker: SchemaChecker) {
    guard let root else { return }
    let varied = object.named("vary").map(\.name)
    for entry in object.named("vary") {
      if let whole = varied.first(where: { $0 != entry.name && Scene.Override(path: $0, value: "").gives(entry.name) }) {
        log.error(entry.place, "'\(whole)' varies as a whole, and so can't '\(entry.name)'", "keep one of the two")
      }
      guard let path = ScenePath(entry.name) else {
        log.error(entry.place, "'\(entry.name)' is no path", "such as bodies.ball.velocity[0]")
        continue
      }
      guard let variation = entry.object else { continue }
      var samples = variation.list("uniform") ?? variation.list("loguniform") ?? variation.list("choice") ?? []
      for range in variation.list("ranges") ?? [] { samples += range.list ?? [] }
      if let mean = variation.object("normal")?["mean"] { samples.append(mean) }
      for sample in samples {
        guard let change = path.replacing(in: root, by: sample.node, place: entry.place, log: log) else { break }
        if case .integer = change.type, variation.list("choice") == nil {
          log.error(
            entry.place, "'\(entry.name)' is a whole number, and can't be drawn from a range", "write `choice: [1, 2, 3]`")
          break
        }
        _ = checker.check(sample.node, as: change.type, key: nil, name: entry.name)
      }
    }
  }
}

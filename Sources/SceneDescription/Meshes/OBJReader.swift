import Foundation
import WorldCore

/// Reads the geometry of a Wavefront OBJ file: `v` and `f` lines; polygons become fans of triangles. Texture coordinates,
/// normals, groups and materials are passed over.
struct OBJReader {
  static let byteLimit = 64 << 20

  /// The mesh at `path`; nil, with what is wrong logged (in the OBJ file where it is there), otherwise.
  ///
  /// - Parameter label: the value in the scene that names the file.
  static func read(path: String, label: CheckedValue, log: DiagnosticLog) -> TriangleMesh? {
    let name = label.text ?? path
    // What is wrong in a mesh is told with its lines: files of other kinds are not for telling.
    guard path.lowercased().hasSuffix(".obj") else {
      log.error(label.place, "'\(name)' is no Wavefront OBJ file", "give a file whose name ends in .obj")
      return nil
    }
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue else {
      log.error(label.place, "there is no mesh file '\(name)'", "the path is relative to the scene's folder")
      return nil
    }
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    guard size <= byteLimit else {
      log.error(label.place, "the mesh '\(name)' has \(size >> 20) MiB, more than \(byteLimit >> 20)", nil)
      return nil
    }
    guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self) else {
      log.error(label.place, "the mesh '\(name)' can't be read as UTF-8 text", nil)
      return nil
    }
    let source = SourceText(file: path, text: text)
    log.add(source)
    let before = log.errorCount
    let mesh = parse(source, log: log)
    guard log.errorCount == before else { return nil }
    guard !mesh.triangles.isEmpty else {
      log.error(label.place, "the mesh '\(name)' has no faces", nil)
      return nil
    }
    return mesh
  }

  static func parse(_ source: SourceText, log: DiagnosticLog) -> TriangleMesh {
    var mesh = TriangleMesh(vertices: [], triangles: [])
    for (index, line) in source.lines.lazy.map(\.text).enumerated() {
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard let keyword = words.first else { continue }
      func place(_ word: Substring) -> YAMLNode.Place {
        let column = line.distance(from: line.startIndex, to: word.startIndex) + 1
        return .init(location: SourceLocation(file: source.file, line: index + 1, column: column), span: word.count)
      }
      switch keyword {
      case "v":
        var numbers: [Double] = []
        for word in words.dropFirst().prefix(3) {
          if let x = Double(word), x.isFinite, abs(x) <= Limits.largest {
            numbers.append(x)
          } else {
            log.error(place(word), "expected a coordinate, not '\(word)'", nil)
          }
        }
        if words.count < 4 { log.error(place(keyword), "a vertex has three coordinates, not \(words.count - 1)", nil) }
        // A vertex that is wrong still counts, so that the numbers of those after it hold.
        mesh.vertices.append(numbers.count == 3 ? Vector3(numbers[0], numbers[1], numbers[2]) : .zero)
      case "f":
        var corners: [Int32] = []
        for word in words.dropFirst() {
          let number = Int(word.prefix { $0 != "/" })
          // Counted from 1, or from the last one back when negative.
          let corner = number.map { $0 < 0 ? mesh.vertices.count + $0 : $0 - 1 }
          if let corner, mesh.vertices.indices.contains(corner) {
            corners.append(Int32(corner))
          } else {
            let message =
              number == nil
              ? "expected the number of a vertex, not '\(word)'"
              : "there is no vertex \(number!): \(mesh.vertices.count) stand before this face"
            log.error(place(word), message, nil)
          }
        }
        guard words.count >= 4 else {
          log.error(place(keyword), "a face has three corners or more, not \(words.count - 1)", nil)
          continue
        }
        guard corners.count >= 3 else { continue }
        for i in 1..<(corners.count - 1) {
          mesh.triangles.append(SIMD3(corners[0], corners[i], corners[i + 1]))
        }
      case "vn", "vt", "vp", "o", "g", "s", "usemtl", "mtllib", "l", "p":
        continue
      default:
        if !keyword.hasPrefix("#") { log.error(place(keyword), "unknown keyword '\(keyword)' in an OBJ file", nil) }
      }
    }
    return mesh
  }
}

import Foundation
import SceneDescription
import Testing
import WorldCore

@Suite("Meshes from OBJ files")
struct MeshTests {
  private static let cube = """
    # a cube of edge 2
    o cube
    v -1 -1 -1
    v 1 -1 -1
    v 1 1 -1
    v -1 1 -1
    v -1 -1 1
    v 1 -1 1
    v 1 1 1
    v -1 1 1
    vn 0 0 1
    f 1 4 3 2
    f 5/1/1 6/2/1 7/3/1 8/4/1
    f 1//1 2//1 6//1 5//1
    f -6 -5 -1 -2
    f 2 3 7 6
    f 4 1 5 8
    """

  private func validate(_ obj: String, motion: String = "dynamic") throws -> (diagnostics: [Diagnostic], scene: Scene?) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mondo-mesh-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try obj.write(to: folder.appending(path: "it.obj"), atomically: true, encoding: .utf8)
    let file = folder.appending(path: "scene.yaml")
    try "mondo: 1\nbodies: {it: {shape: {mesh: {file: it.obj, scale: 0.5}}, motion: \(motion), density: 1000}}".write(
      to: file, atomically: true, encoding: .utf8)
    return (Scene.validate(contentsOf: file.path), try? Scene(contentsOf: file.path))
  }

  @Test("A cube has a cube's mass and inertia")
  func cubeMesh() throws {
    // The fourth face counts back from the last vertex: 3, 4, 8, 7.
    let (diagnostics, scene) = try validate(Self.cube)
    #expect(diagnostics.isEmpty, "\(diagnostics.map { $0.formatted() })")
    let properties = try #require(scene?.bodies[0].massProperties)
    #expect(abs(properties.mass - 1000) < 1e-9 && abs(properties.inertia.diagonal.x - 1000.0 / 6) < 1e-9)
  }

  @Test(
    "Mistakes are told in the OBJ file",
    arguments: [
      ("v 0 0 zero\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "expected a coordinate, not 'zero'", 1, 7),
      ("v 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "a vertex has three coordinates, not 2", 1, 1),
      ("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 4\n", "there is no vertex 4: 3 stand before this face", 4, 7),
      ("v 0 0 0\nf 1 1\n", "a face has three corners or more, not 2", 2, 1),
      ("v 0 0 nan\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "expected a coordinate, not 'nan'", 1, 7),
      ("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 x\n", "expected the number of a vertex, not 'x'", 4, 7),
      ("hello\n", "unknown keyword 'hello'", 1, 1), ("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 0 1 2\n", "there is no vertex 0", 4, 3),
    ])
  func mistakes(_ obj: String, _ message: String, _ line: Int, _ column: Int) throws {
    let match = try #require(try validate(obj, motion: "fixed").diagnostics.first { $0.message.contains(message) })
    #expect(match.location.file.hasSuffix("it.obj") && match.location.line == line && match.location.column == column)
  }

  @Test("What has no volume can't move freely")
  func volume() throws {
    let open = Self.cube.split(separator: "\n").dropLast().joined(separator: "\n")
    #expect(try validate(open).diagnostics.map(\.message) == ["the mesh of 'it' is not closed, so it has no volume"])
    #expect(try validate(open, motion: "fixed").diagnostics.isEmpty)
    #expect(try validate("v 0 0 0\n", motion: "fixed").diagnostics.map(\.message) == ["the mesh 'it.obj' has no faces"])
  }
}

import SceneDescription
import Testing
import WorldCore

@Suite("Shipped scenes")
struct ShippedSceneTests {
  @Test("There are a dozen and more, of every theme") func count() { #expect(ShippedScenes.paths.count >= 12) }

  @Test("are whole: not a warning in any", arguments: ShippedScenes.paths)
  func areWhole(_ path: String) throws {
    let diagnostics = Scene.validate(contentsOf: path)
    #expect(diagnostics.isEmpty, "\(diagnostics.map { $0.formatted() }.joined(separator: "\n"))")
    let scene = try Scene(contentsOf: path)
    #expect(scene.stage.shots.first?.start == 0)
    #expect(scene.stage.shots.last?.end == scene.duration)
    #expect(scene.bodies.contains { $0.motion == .dynamic } || !scene.cloths.isEmpty || !scene.fluids.isEmpty)
    if let first = scene.bodies.first { #expect(scene.body(first.name) == first) }
  }

  @Test("can be drawn from, and each seed draws its own", arguments: ShippedScenes.paths)
  func canBeSampled(_ path: String) throws {
    let plain = try Scene(contentsOf: path)
    let (a, b) = (try Scene.sample(contentsOf: path, seed: 1), try Scene.sample(contentsOf: path, seed: 2))
    #expect(a.seed == 1)
    #expect(try Scene.sample(contentsOf: path, seed: 1).canonicalBytes == a.canonicalBytes)
    var twin = b
    twin.seed = 1
    #expect((twin.canonicalBytes == a.canonicalBytes) == plain.variations.isEmpty)
  }

  @Test("mean the same when written another way", arguments: ShippedScenes.paths)
  func surviveRewriting(_ path: String) throws {
    let text = try ShippedScenes.text(path)
    let flow = try #require(Scene.flowText(ofYAML: text))
    #expect(flow.contains("\n") == false)
    let (a, b) = (try Scene(yaml: text, file: path), try Scene(yaml: flow, file: path))
    #expect(a.canonicalBytes == b.canonicalBytes)
    #expect(try Scene(yaml: text, file: path, seed: a.seed + 1).canonicalBytes != a.canonicalBytes)
  }
}

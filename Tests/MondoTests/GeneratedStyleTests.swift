import Foundation
import Mondo
import Testing

/// What is generated in a style looks like what is rendered in it, and like no other style.
@Suite("Styles of generated clips") struct GeneratedStyleTests {
  /// Mean and deviation of red, green and blue, and the mean step from a pixel to the next, all of 0 … 255.
  private static func features(_ picture: Image<SRGB8>) -> [Double] {
    let pixels = picture.pixels
    let colors = [\SRGB8.red, \.green, \.blue].map { channel in pixels.map { Double($0[keyPath: channel]) } }
    let means = colors.map { $0.reduce(0, +) / Double($0.count) }
    let deviations = zip(colors, means).map { values, mean in
      (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
    }
    let luma = pixels.map { 0.2126 * Double($0.red) + 0.7152 * Double($0.green) + 0.0722 * Double($0.blue) }
    let steps = (1..<luma.count).filter { $0 % picture.width > 0 }.map { abs(luma[$0] - luma[$0 - 1]) }
    return means + deviations + [steps.reduce(0, +) / Double(steps.count)]
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  @Test(
    "a clip is twice as near to its own style's render as to any other's",
    arguments: ["striped on parquet", "outdoors from above", "sunset"])
  func separation(name: String) throws {
    let thrown = try #require(RenderedThrow.all.first { $0.name == name })
    let yaml = thrown.yaml().replacingOccurrences(of: #"\d+x\d+"#, with: "128x72", options: .regularExpression)
    let scene = try Scene(yaml: yaml)
    let trajectory = try Simulation(of: scene).run()
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }

    var (rendered, generated) = ([[Double]](), [[Double]]())
    for style in GeneratorStyle.allCases {
      let options = RenderOptions(samplesPerPixel: 4, style: Stage.Style(rawValue: style.rawValue))
      let renderer = try Renderer(stage: scene.stage, options: options)
      rendered.append(Self.features(try renderer.frame(at: 4, of: trajectory).display!))

      var generation = SceneGeneration(scene, trajectory: trajectory)
      (generation.options.style, generation.options.seconds) = (style, 0.25)
      let path = folder.appending(path: "\(style.rawValue).mp4").path
      _ = try generation.write(to: path)
      let reader = try VideoReader(path: path)
      var frames: [Image<SRGB8>] = []
      while let frame = try reader.nextFrame() { frames.append(frame.image) }
      generated.append(Self.features(frames[4]))
    }
    for (style, clip) in generated.enumerated() {
      let distances = rendered.map { Self.distance(clip, $0) }
      let others = distances.indices.filter { $0 != style }.map { distances[$0] }
      #expect(2 * distances[style] < others.min()!, "\(GeneratorStyle.allCases[style]): \(distances)")
    }
  }
}

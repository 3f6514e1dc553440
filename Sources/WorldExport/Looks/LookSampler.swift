import Foundation
import SceneDescription
import WorldCore

/// Draws a style, a light and the colours of what moves.
///
/// Colours turn where paint would do: on rubber, plastic, leather and glass. Wood stays wood, and billiard balls keep theirs.
struct LookSampler {
  private let scene: Scene
  private let fixedAspects: Set<Aspect>

  /// What a scene's `vary` can claim for itself.
  enum Aspect: CaseIterable {
    case style, light, color, view

    /// Whether a path of `vary` speaks of it.
    func isMeant(by path: String) -> Bool {
      switch self {
      case .style: path.hasPrefix("picture.style") || path.hasSuffix(".style")
      case .light: path.hasPrefix("light")
      case .color: path.hasSuffix(".color") || path.hasSuffix(".material")
      case .view: path.hasPrefix("camera") || path.hasPrefix("shots")
      }
    }

    static func claimed(by scene: Scene) -> Set<Aspect> {
      Set(allCases.filter { aspect in scene.variations.contains { aspect.isMeant(by: $0.path) } })
    }
  }

  init(_ scene: Scene) {
    self.scene = scene
    fixedAspects = Aspect.claimed(by: scene)
  }

  func draw(_ stage: inout Stage, from stream: inout RandomStream) {
    if !fixedAspects.contains(.style) { drawStyle(&stage, from: &stream) }
    if !fixedAspects.contains(.light) { drawLight(&stage.light, from: &stream) }
    if !fixedAspects.contains(.color) { drawColors(&stage, seed: stream.next()) }
  }

  private func drawStyle(_ stage: inout Stage, from stream: inout RandomStream) {
    let style: Stage.Style = [.realistic, .realistic, .cinematic, .anime][stream.index(below: 4)]
    stage.picture.style = style
    for k in stage.shots.indices { stage.shots[k].style = style }
  }

  private func drawLight(_ light: inout Stage.Light, from stream: inout RandomStream) {
    light.sky = [.studio, .studio, .day, .day, .overcast, .sunset][stream.index(below: 6)]
    let azimuth = stream.uniform(in: -.pi...(.pi))
    let elevation = stream.uniform(in: 0.5...1.3)
    light.direction = Vector3(cos(elevation) * sin(azimuth), -cos(elevation) * cos(azimuth), sin(elevation))
    light.angularDiameter = exp(stream.uniform(in: log(0.03)...log(0.4)))
    light.intensity = stream.uniform(in: 0.75...1.3)
  }

  /// One turn of the hue for each material of what moves, from a stream of the material's own.
  private func drawColors(_ stage: inout Stage, seed: UInt64) {
    for (k, body) in scene.bodies.enumerated() where body.motion != .fixed {
      guard [.rubber, .plastic, .leather, .glass, .cloth].contains(body.material.sound), body.material.surface.metallic < 0.5
      else {
        continue
      }
      var stream = RandomStream(seed: seed, body.material.name)
      guard stream.uniform() < 0.65 else { continue }
      let turn = stream.uniform()
      let strength = stream.uniform(in: 0.75...1.15)
      stage.items[k].surface.color = Self.turned(stage.items[k].surface.color, by: turn, strength: strength)
    }
  }

  /// The colour with its hue turned by a part of the whole circle and its chroma scaled; greys stay grey.
  static func turned(_ color: SIMD3<Float>, by turn: Double, strength: Double) -> SIMD3<Float> {
    // A rotation about the grey axis keeps the mean; out-of-range values are brought back along the chroma.
    let mean = color.sum() / 3
    let (c, s) = (Float(cos(2 * .pi * turn)), Float(sin(2 * .pi * turn)))
    let chroma = (color - mean) * Float(strength)
    let across = SIMD3(chroma.z - chroma.y, chroma.x - chroma.z, chroma.y - chroma.x) / Float(3).squareRoot()
    let rotated = chroma * c + across * s
    var scale: Float = 1
    for k in 0..<3 {
      if mean + rotated[k] > 0.95 { scale = min(scale, (0.95 - mean) / rotated[k]) }
      if mean + rotated[k] < 0.02 { scale = min(scale, (0.02 - mean) / rotated[k]) }
    }
    return mean + rotated * max(0, scale)
  }
}

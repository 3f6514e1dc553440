public import WorldCore

/// What a shader is told of a frame as a whole: its style and, where there is no plain view to show it, the scene's sky.
public struct ShaderLook: Sendable, Equatable {
  public var style: GeneratorStyle
  /// nil where it isn't told.
  public var sky: Stage.Light.Sky?

  public init(_ style: GeneratorStyle, sky: Stage.Light.Sky? = nil) { (self.style, self.sky) = (style, sky) }

  /// Its row among the network's looks: styles first, without a sky, then each sky's.
  var number: Int {
    let place = sky.map { Stage.Light.Sky.allCases.firstIndex(of: $0)! + 1 } ?? 0
    return place * GeneratorStyle.allCases.count + style.number
  }

  static let count = (Stage.Light.Sky.allCases.count + 1) * GeneratorStyle.allCases.count
}

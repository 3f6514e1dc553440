public import WorldCore

/// How to render: what is left nil is taken from the stage or from the style.
public struct RenderOptions: Sendable, Equatable {
  /// Pixels.
  public var width: Int?
  public var height: Int?
  /// Frames per second.
  public var framesPerSecond: Double?
  /// Light paths a pixel; 1 is a quick look at the pixels' centres without soft shadows. Default: 8, for a cinematic style 16.
  public var samplesPerPixel: Int?
  public var passes: RenderPasses
  /// Overrides the styles of the picture and of every shot.
  public var style: Stage.Style?
  /// Default: one for each active core. The picture doesn't depend on it.
  public var threads: Int?
  /// Whether remaining noise is filtered; off shows the bare estimate, without bias.
  public var isFiltered: Bool
  /// Whether pixels at the edges of things get four rays where all others get one, and what a style draws there; needs the
  /// segmentation, and depth and normals to know the edges within a thing. Default: no.
  public var smoothsEdges = false
  /// The furnace test: even light of this radiance from everywhere, instead of the stage's light.
  package var furnace: Float?

  public init(
    width: Int? = nil, height: Int? = nil, framesPerSecond: Double? = nil, samplesPerPixel: Int? = nil,
    passes: RenderPasses = .color, style: Stage.Style? = nil, threads: Int? = nil, isFiltered: Bool = true
  ) {
    self.width = width
    self.height = height
    self.framesPerSecond = framesPerSecond
    self.samplesPerPixel = samplesPerPixel
    self.passes = passes
    self.style = style
    self.threads = threads
    self.isFiltered = isFiltered
  }
}

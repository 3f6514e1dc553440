/// What a frame should hold. Everything but the colour is exact and noise-free, taken at the centre of each pixel.
public struct RenderPasses: OptionSet, Sendable, Hashable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Linear RGB radiance.
  public static let color = RenderPasses(rawValue: 1 << 0)
  /// Depth along the line of view, and distance along the ray.
  public static let depth = RenderPasses(rawValue: 1 << 1)
  public static let segmentation = RenderPasses(rawValue: 1 << 2)
  public static let normals = RenderPasses(rawValue: 1 << 3)
  public static let albedo = RenderPasses(rawValue: 1 << 4)
  /// Forward and backward optical flow with their occlusion.
  public static let flow = RenderPasses(rawValue: 1 << 5)

  public static let all: RenderPasses = [.color, .depth, .segmentation, .normals, .albedo, .flow]
}

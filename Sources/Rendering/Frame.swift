public import WorldCore

/// One picture of a trajectory with its ground truth. Passes that weren't asked for are nil.
public struct Frame: Sendable {
  /// Frame number and seconds.
  public var index: Int
  public var time: Double
  /// Of the shot that this frame belongs to.
  public var shot: Int
  public var style: Stage.Style
  /// The camera at `time`: what projects the ground truth.
  public var viewpoint: Viewpoint
  /// Linear RGB radiance, scaled so that a display shows 0…1; brighter is possible.
  public var color: Image<SIMD3<Float>>?
  /// Metres along the line of view; +∞ where there is nothing.
  public var depth: Image<Float>?
  /// Metres from the eye; +∞ where there is nothing.
  public var distance: Image<Float>?
  /// Numbers into `instanceNames`.
  public var segmentation: Image<UInt16>?
  /// Unit vectors in the world frame, towards the viewer's side of the surface; zero where there is nothing.
  public var normals: Image<SIMD3<Float>>?
  /// Linear RGB reflectance with its pattern; zero where there is nothing.
  public var albedo: Image<SIMD3<Float>>?
  /// To the next and to the previous frame.
  public var forwardFlow: OpticalFlow?
  public var backwardFlow: OpticalFlow?
  /// By number in the segmentation: element 0 is the background (an empty name), element k the stage's item k − 1.
  public var instanceNames: [String]

  /// The normals in the camera's frame: x right, y up, z towards the viewer.
  public var cameraNormals: Image<SIMD3<Float>>? {
    guard let normals else { return nil }
    let (right, up, back) = (SIMD3<Float>(viewpoint.right), SIMD3<Float>(viewpoint.up), SIMD3<Float>(viewpoint.forward * -1))
    return Image(
      width: normals.width, height: normals.height,
      pixels: normals.pixels.map { SIMD3($0.dot(right), $0.dot(up), $0.dot(back)) })
  }
}

/// Where each pixel's piece of surface goes.
public struct OpticalFlow: Sendable, Equatable {
  public enum Visibility: UInt8, Sendable {
    /// Seen in both frames.
    case visible
    /// Behind something in the other frame.
    case occluded
    /// Outside the other frame's borders, the vector tells where.
    case outside
    /// There is no other frame in this shot, or the point is behind the other frame's camera; the vector is zero.
    case invalid
  }

  /// Pixels to add to a pixel's centre: x right, y down. Exact, from the rigid motion of the point and of the camera.
  public var vectors: Image<SIMD2<Float>>
  public var visibility: Image<Visibility>
}

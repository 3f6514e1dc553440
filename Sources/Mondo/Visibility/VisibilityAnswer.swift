/// What `visible --at T` answers: which bodies the camera sees, and where in the picture.
public struct VisibilityAnswer: Codable, Equatable, Sendable {
  public var query = "visible"
  public var time: Measured<Double>
  /// Which of the scene's shots, from 0.
  public var shot: Int
  /// Width and height of the picture.
  public var size: Measured<[Int]>
  /// Those of which at least one pixel is seen, the largest first. What other bodies hide doesn't count.
  public var visible: [Body]
  public var hidden: [String]

  public struct Body: Codable, Equatable, Sendable {
    public var name: String
    /// The smallest box about the pixels that are seen: left, top, right, bottom; the last two just outside.
    public var box: Measured<[Int]>
    /// The mean of the seen pixels' centres.
    public var center: Measured<[Double]>
    public var pixels: Int
    /// Of the picture's area.
    public var share: Double
    /// Whether the box reaches the picture's border.
    public var touchesBorder: Bool
    /// From the eye to its nearest seen point.
    public var distance: Measured<Double>

    enum CodingKeys: String, CodingKey {
      case name, box, center, pixels, share, distance
      case touchesBorder = "touches_border"
    }
  }
}

extension WorldHistory {
  /// What a stage's camera sees at a time within `span`, by tracing the picture: occlusion counts.
  ///
  /// - Throws: `QueryError` outside the recording; `RenderingError` where stage and trajectory don't fit.
  public func visible(at time: Double, on stage: Stage) throws -> VisibilityAnswer {
    let names = try state(at: time).bodies.map(\.name) + trajectory.cloths.map(\.name)
    let shot = stage.shotIndex(at: time)

    // A still world seen by a still camera: the instant is then frame 0.
    let viewpoint = stage.viewpoint(at: time, of: trajectory)
    var camera = stage.shots[shot].camera
    camera.position = .fixed(viewpoint.position)
    camera.target = .point(viewpoint.position + viewpoint.forward)
    var still = stage
    still.shots = [Stage.Shot(start: 0, end: 1, camera: camera, style: .realistic)]
    let renderer = try Renderer(stage: still, options: RenderOptions(passes: [.segmentation, .depth]))
    let frame = try renderer.frame(at: 0, of: frozen(at: time))
    guard let segmentation = frame.segmentation, let distance = frame.distance else {
      preconditionFailure("the renderer left out passes that were asked for")
    }

    let seen = Silhouette.all(in: segmentation, distance: distance, count: frame.instanceNames.count)
    let (width, height) = (segmentation.width, segmentation.height)
    let visible = zip(frame.instanceNames, seen).dropFirst().filter { $1.pixels > 0 }.map { name, silhouette in
      VisibilityAnswer.Body(
        name: name,
        box: Measured([silhouette.left, silhouette.top, silhouette.right + 1, silhouette.bottom + 1], "px"),
        center: Measured([silhouette.center.x, silhouette.center.y], "px"), pixels: silhouette.pixels,
        share: Double(silhouette.pixels) / Double(width * height),
        touchesBorder: silhouette.left == 0 || silhouette.top == 0 || silhouette.right == width - 1
          || silhouette.bottom == height - 1,
        distance: Measured(Double(silhouette.nearest), "m"))
    }
    let visibleNames = Set(visible.map(\.name))
    return VisibilityAnswer(
      time: Measured(time, "s"), shot: shot, size: Measured([width, height], "px"),
      visible: visible.sorted { ($1.pixels, $0.name) < ($0.pixels, $1.name) },
      hidden: names.filter { !visibleNames.contains($0) })
  }

  /// The world as it stands at a time, for ever.
  private func frozen(at time: Double) -> Trajectory {
    var still = trajectory
    still.times = [0]
    still.contacts = []
    still.scene.duration = 1
    for i in still.bodies.indices { still.bodies[i].states = [state(ofBody: i, at: time)] }
    for i in still.cloths.indices where !still.cloths[i].positions.isEmpty {
      still.cloths[i].positions = []
      still.cloths[i].append(trajectory.vertices(of: trajectory.cloths[i], at: time))
    }
    return still
  }
}

import WorldCore

/// When a frame is taken, by which camera, and where everything is then.
struct FrameMoment {
  let index: Int
  let time: Double
  let shot: Int
  let style: Stage.Style
  /// Neighbouring frames' times, nil across a cut and at the ends of the clip.
  let nextTime: Double?
  let previousTime: Double?
  private let camera: Camera
  private let frameDuration: Double
  private let trajectory: Trajectory
  private let bodies: [BodyTrack]
  private let cloths: [ClothTrack]
  private let fluids: [FluidTrack]
  private let width: Int
  private let height: Int

  init(
    index: Int, count: Int, renderer: Renderer, trajectory: Trajectory, bodies: [BodyTrack], cloths: [ClothTrack],
    fluids: [FluidTrack]
  ) {
    let (stage, fps) = (renderer.stage, renderer.framesPerSecond)
    func sameShot(_ other: Int) -> Double? {
      guard (0..<count).contains(other) else { return nil }
      let time = Double(other) / fps
      return stage.shotIndex(at: time) == stage.shotIndex(at: Double(index) / fps) ? time : nil
    }
    self.index = index
    time = Double(index) / fps
    shot = stage.shotIndex(at: time)
    style = renderer.options.style ?? stage.shots[shot].style
    nextTime = sameShot(index + 1)
    previousTime = sameShot(index - 1)
    camera = stage.shots[shot].camera
    frameDuration = 1 / fps
    self.trajectory = trajectory
    self.bodies = bodies
    self.cloths = cloths
    self.fluids = fluids
    (width, height) = (renderer.width, renderer.height)
  }

  func viewpoint(at time: Double) -> Viewpoint { camera.viewpoint(at: time, of: trajectory, width: width, height: height) }

  /// `worldFromBody` of each item of the stage. What isn't there at the frame's time, a piece before its whole breaks or the
  /// whole after, is put out of sight.
  func poses(at time: Double) -> [RigidTransform] {
    bodies.map { $0.isPresent(at: self.time) ? trajectory.state(of: $0, at: time).worldFromBody : Self.outOfSight }
  }

  private static let outOfSight = RigidTransform(translation: Vector3(0, 0, -1e6))

  /// Each sheet of the stage from one time to another.
  func sheets(from open: Double, to close: Double) -> [SheetMotion] {
    cloths.map {
      SheetMotion(
        rows: $0.rows, columns: $0.columns, open: trajectory.vertices(of: $0, at: open),
        close: close > open ? trajectory.vertices(of: $0, at: close) : [])
    }
  }

  /// The surface of each liquid of the stage, and how it moves to other times.
  ///
  /// - Parameters:
  ///   - froth: the white shares of each liquid's particles; empty for none.
  ///   - solids: what the liquids wet, at `time`.
  func liquids(at time: Double, froth: [[Float]] = [], movedTo others: [Double] = [], solids: [PlacedSolid]) -> [LiquidSurface]
  {
    fluids.indices.map { index in
      let fluid = fluids[index]
      let walls = LiquidWalls(solids: solids, spacing: fluid.spacing)
      if let grid = fluid.grid {
        return LiquidSurface(
          heights: trajectory.heights(of: fluid, at: time), moved: others.map { trajectory.heights(of: fluid, at: $0) },
          grid: grid, walls: walls)
      }
      let (places, velocities) = trajectory.particleMotion(of: fluid, at: time)
      // Where particles come and go, who is there at both times is found along the velocities.
      let moved = others.map { other in
        fluid.isOpen
          ? zip(places, velocities).map { $0 + $1 * Float(other - time) } : trajectory.particles(of: fluid, at: other)
      }
      return LiquidSurface(
        of: places, froth: froth.isEmpty ? [] : froth[index], moved: moved, walls: walls)
    }
  }

  /// The white share of each particle of each liquid at the frame's time.
  func froth(_ aerations: inout [Aeration]) -> [[Float]] {
    fluids.indices.map { aerations[$0].shares(of: fluids[$0], at: time, in: trajectory) }
  }

  /// Between the particles of each liquid of the stage at rest, m.
  var liquidSpacings: [Double] { fluids.map(\.spacing) }

  /// When the shutter opens and closes: around the frame's time, so that the blur is centred on where things are.
  ///
  /// Without a wish of the camera's, film is exposed for half of each frame (a 180° shutter); other styles freeze the motion.
  var shutter: (open: Double, close: Double) {
    let duration = min(max(camera.shutter ?? (style == .cinematic ? frameDuration / 2 : 0), 0), frameDuration)
    return (time - duration / 2, time + duration / 2)
  }

  /// The camera with its lens. Without a wish of the camera's, a cinematic lens opens to 1/55 of the distance in focus.
  var lensCamera: LensCamera {
    let (open, close) = shutter
    var lens = LensCamera(viewpoint: viewpoint(at: time), open: viewpoint(at: open), close: viewpoint(at: close))
    let focus = camera.focus(at: time, of: trajectory)
    let aperture = camera.aperture ?? (style == .cinematic ? focus / 55 : 0)
    lens.lensRadius = style == .anime ? 0 : Float(max(aperture, 0) / 2)
    lens.focusDistance = Float(focus)
    return lens
  }
}

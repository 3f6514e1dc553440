import WorldCore

/// The second pass: frame by frame from pictures to trails, then from trails to tracks.
struct TrackingPass {
  private let scene: Scene
  private let mask: ForegroundMask
  private var camera: CameraMotion
  private var book: TrailBook
  private var order = TemporalOrder()
  private var movingShare = 0.0
  private var frames = 0
  private var strongest = 0.0

  init(scene: Scene) throws(TrackingError) {
    self.scene = scene
    mask = ForegroundMask(background: scene.background)
    camera = CameraMotion(reference: scene.reference)
    book = TrailBook(width: scene.background.width, height: scene.background.height)
  }

  mutating func add(_ timed: TimedFrame) throws(TrackingError) {
    var frame = try WorkingFrame(timed.image)
    var inside: [UInt8]?
    if scene.cameraMoves {
      let map = camera.align(frame)
      if map != CameraMotion.identity {
        let undone = try CameraMotion.undo(map, in: frame)
        (frame, inside) = (undone.frame, undone.inside)
      }
    }
    let components = try mask.components(in: frame, inside: inside)
    let measurement = SilhouetteMeasurement(background: scene.background, frame: frame)
    var silhouettes = components.compactMap { measurement.measure($0) }
    // A change of most of the picture is light or a cut, not a thing.
    silhouettes.removeAll { $0.isShadow || $0.area > 0.4 * Double(frame.pixelCount) }

    addContent(components, width: frame.width, height: frame.height)
    book.add(silhouettes, frame: timed.index, time: timed.time)
    strongest = max(strongest, Double(components.map(\.peak).max() ?? 0))
    frames += 1
  }

  /// Where things are, on a coarse lattice; each pixel counts alike.
  private mutating func addContent(_ components: [ForegroundComponent], width: Int, height: Int) {
    var content = [Double](repeating: 0, count: TemporalOrder.columns * TemporalOrder.rows)
    var moving = 0
    for component in components {
      moving += component.pixels.count
      for pixel in component.pixels {
        let column = (pixel % width) * TemporalOrder.columns / width
        let row = (pixel / width) * TemporalOrder.rows / height
        content[row * TemporalOrder.columns + column] += 1
      }
    }
    order.add(content)
    movingShare += Double(moving) / Double(width * height)
  }

  func finish(lastFrame: Int) -> (tracks: [Track], evidence: MotionEvidence) {
    let tracks = TrackFinishing(scene: scene, trails: book.trails, lastFrame: lastFrame).tracks()
    let result = order.result
    return (
      tracks,
      MotionEvidence(
        noiseLevel: Double(scene.background.typicalNoise), movingShare: movingShare / Double(max(frames, 1)),
        orderRatio: result?.ratio, orderPValue: result?.pValue, hasStructure: strongest >= Double(ForegroundMask.high))
    )
  }
}

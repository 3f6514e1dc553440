import WorldCore

/// The second pass: frame by frame from pictures to trails, then from trails to tracks.
struct TrackingPass {
  private let scene: Scene
  private var passing: PassingScene?
  private var previousTime: Double?
  private var camera: CameraMotion
  private var book: TrailBook
  private var previous: Occupancy?
  private var order = TemporalOrder()
  private var movingShare = 0.0
  private var frames = 0
  private var first: TimedFrame?
  private var strongest = 0.0
  private var blind = Set<Int>()

  init(scene: Scene) throws(TrackingError) {
    self.scene = scene
    camera = CameraMotion(reference: scene.reference)
    book = TrailBook(width: scene.background.width, height: scene.background.height)
  }

  mutating func add(_ timed: TimedFrame) throws(TrackingError) {
    var frame = try WorkingFrame(timed)
    if scene.isPassing {
      if passing == nil, let previousTime { passing = PassingScene(frameTime: timed.time - previousTime) }
      if passing == nil {
        // The frame time shows with the second frame; the first waits for it.
        (first, previousTime) = (timed, timed.time)
        return
      }
      if let first { passing?.push(first, try WorkingFrame(first)) }
      first = nil
      passing?.push(timed, frame)
      while let ready = try passing?.pop(isEnd: false) { try read(ready.timed, ready.working, nil, ready.background) }
      return
    }
    var inside: [UInt8]?
    if scene.cameraMoves {
      let map = camera.align(frame)
      if map != CameraMotion.identity {
        let undone = try CameraMotion.undo(map, in: frame)
        (frame, inside) = (undone.frame, undone.inside)
      }
    }
    try read(timed, frame, inside, scene.background)
  }

  private mutating func read(
    _ timed: TimedFrame, _ picture: WorkingFrame, _ inside: [UInt8]?, _ background: Background
  ) throws(TrackingError) {
    let exposure = FrameExposure(of: picture, against: background.level, noise: background.typicalNoise)
    guard !exposure.isLost else {
      // A fade hides everything: what is gone there hasn't vanished, and what is there has no order.
      blind.insert(timed.index)
      frames += 1
      return
    }
    if exposure.isAltered { blind.insert(timed.index) }
    let frame = exposure.undone(in: picture)
    let components = try ForegroundMask(background: background).components(in: frame, inside: inside)
    let measurement = SilhouetteMeasurement(background: background, frame: frame)
    var silhouettes = components.compactMap { measurement.measure($0) }
    // A change of most of the picture is light or a cut, not a thing.
    silhouettes.removeAll { $0.isShadow || $0.area > 0.4 * Double(frame.pixelCount) }

    // Light that changes everywhere makes one thing of many: no end of a track at such a frame means anything.
    if components.reduce(0, { $0 + $1.pixels.count }) > frame.pixelCount / 3
      || silhouettes.count < components.filter({ $0.pixels.count > 20 }).count / 4
    {
      blind.insert(timed.index)
    }
    // Nor does it tell where things are.
    if !blind.contains(timed.index) { addContent(components, width: frame.width, height: frame.height) }
    let (now, before) = (Occupancy(frame: frame, background: background), previous)
    if let before, before.frame.rgb != frame.rgb {
      for i in silhouettes.indices { silhouettes[i].held = before.held(of: silhouettes[i], in: frame) }
    }
    book.add(
      silhouettes, frame: timed.index, time: timed.time, isOccupied: { now.contains($0, radius: $1, least: $2) },
      wasOccupied: { before?.contains($0, radius: $1, least: $2) ?? false })
    previous = now
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

  mutating func finish(lastFrame: Int) throws(TrackingError) -> (tracks: [Track], evidence: MotionEvidence) {
    while let ready = try passing?.pop(isEnd: true) { try read(ready.timed, ready.working, nil, ready.background) }
    let tracks = TrackFinishing(scene: scene, trails: book.trails, lastFrame: lastFrame, blind: blind).tracks()
    let result = order.result
    return (
      tracks,
      MotionEvidence(
        noiseLevel: Double(scene.background.typicalNoise), movingShare: movingShare / Double(max(frames, 1)),
        orderRatio: result?.ratio, orderPValue: result?.pValue, hasStructure: strongest >= Double(ForegroundMask.high),
        horizon: scene.isPassing ? nil : scene.background.horizon(factor: scene.reference.factor),
        flickers: book.trails.filter { $0.points.count < TrackFinishing.leastPoints }.map {
          $0.last.silhouette.area * Double(scene.reference.factor * scene.reference.factor)
        })
    )
  }
}

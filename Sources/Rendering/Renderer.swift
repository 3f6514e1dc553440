import CEmbree
import Foundation
import Synchronization
public import WorldCore

/// Renders a trajectory as a stage shows it.
///
/// A frame is a pure function of stage, options, trajectory and frame number: it depends on no other frame, and its bytes not
/// on the number of threads. One renderer makes one frame at a time, on all its threads; calls from several tasks wait for each
/// other.
///
/// `@unchecked Sendable`: all that changes is touched under `lock` only.
public final class Renderer: @unchecked Sendable {
  public let stage: Stage
  public let options: RenderOptions
  /// Pixels.
  public let width: Int
  public let height: Int
  public let framesPerSecond: Double

  let threads: Int
  let sky: Sky
  let looks: StageLooks
  private let device: RTCDevice
  private let geometry: StageGeometry
  private let lock = NSLock()
  // Guarded by the lock: the scene while the shutter is open, at the frame's time, and at its neighbours' times.
  private let exposed: PlacedScene
  private let now: PlacedScene
  private let previous: PlacedScene
  private let next: PlacedScene
  private var film: Film?
  private var groundTruth: GroundTruthPlanes?
  private var tables: [Int: SampleTable] = [:]
  private var aerations: [Aeration]

  public init(stage: Stage, options: RenderOptions = RenderOptions()) throws(RenderingError) {
    (width, height) = (options.width ?? stage.picture.width, options.height ?? stage.picture.height)
    guard (1...8192).contains(width), (1...8192).contains(height) else { throw .size(width: width, height: height) }
    guard (1...1024).contains(options.samplesPerPixel ?? 1) else { throw .samples(options.samplesPerPixel ?? 1) }
    guard !stage.shots.isEmpty else { throw .noShots }
    guard stage.instanceNames.count <= UInt16.max else { throw .instances(stage.instanceNames.count) }
    // Embree's own threads would only get in the way of ours: scenes are small.
    guard let device = rtcNewDevice("threads=1") else {
      throw .rayTracer("error \(rtcGetDeviceError(nil).rawValue)")
    }
    self.device = device
    self.stage = stage
    self.options = options
    framesPerSecond = options.framesPerSecond ?? stage.picture.framesPerSecond
    threads = max(1, options.threads ?? ProcessInfo.processInfo.activeProcessorCount)
    sky = Sky(stage.light, furnace: options.furnace)
    geometry = StageGeometry(stage, device: device)
    aerations = stage.liquids.map { Aeration(lifetime: $0.frothLifetime) }
    looks = StageLooks(surfaces: geometry.surfaces, liquids: geometry.liquidSurfaces, sky: sky)
    exposed = PlacedScene(geometry, device: device)
    now = PlacedScene(geometry, device: device)
    previous = PlacedScene(geometry, device: device)
    next = PlacedScene(geometry, device: device)
  }

  deinit { rtcReleaseDevice(device) }

  // MARK: Frames

  /// How many frames show `trajectory`: frame k is at k/fps, the end excluded.
  public func frameCount(of trajectory: Trajectory) -> Int {
    // A part in a billion forgives products such as 0.1 · 30.
    max(1, Int((trajectory.scene.duration * framesPerSecond * (1 + 1e-9)).rounded(.down)))
  }

  /// Frame `index` of `trajectory`.
  ///
  /// Throws `RenderingError.frame` for a number outside the clip, and `.missingBody`, `.missingCloth` or
  /// `.clothWithoutVertices` where stage and trajectory don't fit.
  public func frame(at index: Int, of trajectory: Trajectory) throws(RenderingError) -> Frame {
    let count = frameCount(of: trajectory)
    guard (0..<count).contains(index) else { throw .frame(index, count: count) }
    let (bodies, cloths, fluids) = (try tracks(of: trajectory), try cloths(of: trajectory), try fluids(of: trajectory))
    lock.lock()
    defer { lock.unlock() }
    return render(
      FrameMoment(
        index: index, count: count, renderer: self, trajectory: trajectory, bodies: bodies, cloths: cloths, fluids: fluids))
  }

  /// All frames in order, each made when it is asked for.
  public func frames(of trajectory: Trajectory) -> FrameSequence { FrameSequence(renderer: self, trajectory: trajectory) }

  /// The trajectory's bodies in the order of the stage's items.
  private func tracks(of trajectory: Trajectory) throws(RenderingError) -> [BodyTrack] {
    var tracks: [BodyTrack] = []
    for item in stage.items {
      guard let track = trajectory.body(item.name) else {
        throw .missingBody(item.name, known: trajectory.bodies.map(\.name))
      }
      guard !track.states.isEmpty else { throw .emptyTrack(item.name) }
      tracks.append(track)
    }
    return tracks
  }

  /// The trajectory's cloths in the order of the stage's sheets.
  private func cloths(of trajectory: Trajectory) throws(RenderingError) -> [ClothTrack] {
    var tracks: [ClothTrack] = []
    for sheet in stage.sheets {
      guard let track = trajectory.cloth(sheet.name) else {
        throw .missingCloth(sheet.name, known: trajectory.cloths.map(\.name))
      }
      guard track.samples > 0 else { throw .clothWithoutVertices(sheet.name) }
      tracks.append(track)
    }
    return tracks
  }

  /// The trajectory's fluids in the order of the stage's liquids.
  private func fluids(of trajectory: Trajectory) throws(RenderingError) -> [FluidTrack] {
    var tracks: [FluidTrack] = []
    for liquid in stage.liquids {
      guard let track = trajectory.fluid(liquid.name) else {
        throw .missingFluid(liquid.name, known: trajectory.fluids.map(\.name))
      }
      guard track.records > 0 else { throw .fluidWithoutParticles(liquid.name) }
      tracks.append(track)
    }
    return tracks
  }

  // MARK: One frame

  private func render(_ moment: FrameMoment) -> Frame {
    let passes = options.passes
    let style = moment.style
    let samples = options.samplesPerPixel ?? (style == .cinematic ? 16 : 8)
    var frame = Frame(
      index: moment.index, time: moment.time, shot: moment.shot, style: style, viewpoint: moment.viewpoint(at: moment.time),
      instanceNames: [""] + stage.instanceNames)

    // The exact passes, and the colour too when one sample is enough.
    let previews = passes.contains(.color) && samples == 1 && (style != .anime || options.smoothsEdges)
    if previews || !passes.subtracting(.color).isEmpty {
      traceGroundTruth(moment, colors: previews, into: &frame)
    }

    guard passes.contains(.color), !previews else { return frame }
    let (open, close) = moment.shutter
    exposed.place(
      from: moment.poses(at: open), to: moment.poses(at: close), sheets: moment.sheets(from: open, to: close),
      liquids: moment.liquids(
        at: moment.time, froth: moment.froth(&aerations), solids: geometry.solids(moment.poses(at: moment.time))))
    let lighting = looks.lighting(exposed.caster, sky: sky, pixelAngle: 1 / Float(frame.viewpoint.projection.focalLength))
    let camera = moment.lensCamera
    let table = sampleTable(samples)
    let picture: Plane2D<SIMD4<Float>>
    if style == .anime {
      picture = AnimePainter(lighting: lighting, camera: camera, width: width, height: height, threads: threads).painted(
        samples: table)
    } else {
      let film = self.film ?? Film(width: width, height: height)
      self.film = film
      expose(film, PathTracer(lighting: lighting), camera, table)
      picture = EdgeAwareFilter(film: film, threads: threads, passes: !options.isFiltered ? 0 : height <= 240 ? 4 : 5)
        .developed()
    }
    let exposure = sky.furnace == nil ? sky.exposure : 1
    frame.color = Image(
      width: width, height: height,
      pixels: [SIMD3<Float>](unsafeUninitializedCapacity: width * height) { buffer, count in
        for k in 0..<width * height {
          let c = picture.pixels[k] * exposure
          buffer.initializeElement(at: k, to: SIMD3(c.x, c.y, c.z))
        }
        count = width * height
      })
    return frame
  }

  /// Traces every path of a picture.
  private func expose(_ film: Film, _ tracer: PathTracer, _ camera: LensCamera, _ table: SampleTable) {
    let (width, samples) = (self.width, table.samplesPerPixel)
    RowDispatch.forEachRow(height, threads: threads) { y in
      withUnsafeTemporaryAllocation(of: PathSample.self, capacity: samples) { buffer in
        for x in 0..<width {
          for s in 0..<samples {
            let sampler = table.sampler(x: x, y: y, sample: s)
            let pixel = SIMD2(Float(x), Float(y)) + sampler.point(.pixel)
            let ray = camera.ray(through: pixel, lens: sampler.point(.lens), time: sampler.point(.shutter).x)
            buffer.initializeElement(at: s, to: tracer.trace(ray, sampler))
          }
          film.develop(
            UnsafeBufferPointer(buffer), x: x, y: y, pixelAngle: tracer.lighting.pixelAngle, eye: camera.position)
        }
      }
    }
  }

  private func traceGroundTruth(_ moment: FrameMoment, colors: Bool, into frame: inout Frame) {
    let passes = options.passes
    let poses = moment.poses(at: moment.time)
    let others = passes.contains(.flow) ? [moment.nextTime, moment.previousTime].compactMap(\.self) : []
    let liquids = moment.liquids(
      at: moment.time, froth: colors ? moment.froth(&aerations) : [], movedTo: others, solids: geometry.solids(poses))
    now.place(from: poses, to: poses, sheets: moment.sheets(from: moment.time, to: moment.time), liquids: liquids)
    func target(_ time: Double?, _ scene: PlacedScene) -> GroundTruthTracer.FlowTarget? {
      guard let time, let index = others.firstIndex(of: time) else { return nil }
      let poses = moment.poses(at: time)
      scene.place(
        from: poses, to: poses, sheets: moment.sheets(from: time, to: time),
        liquids: moment.liquids(at: time, solids: geometry.solids(poses)))
      return GroundTruthTracer.FlowTarget(
        caster: scene.caster, camera: LensCamera(viewpoint: moment.viewpoint(at: time)),
        liquids: zip(liquids, moment.liquidSpacings).map { LiquidMove($0, index: index, spacing: $1) },
        firstLiquid: geometry.meshes.count)
    }
    let lighting = looks.lighting(now.caster, sky: sky, pixelAngle: 1 / Float(frame.viewpoint.projection.focalLength))
    let tracer = GroundTruthTracer(
      passes: passes, viewpoint: frame.viewpoint, camera: LensCamera(viewpoint: frame.viewpoint),
      tracer: PathTracer(lighting: lighting), colors: colors,
      painter: colors && frame.style == .anime
        ? AnimePainter(
          lighting: lighting, camera: LensCamera(viewpoint: frame.viewpoint), width: width, height: height, threads: threads)
        : nil,
      exposure: sky.furnace == nil ? sky.exposure : 1, forward: target(moment.nextTime, next),
      backward: target(moment.previousTime, previous))
    let output = groundTruth ?? GroundTruthPlanes(width: width, height: height, passes: passes, colors: colors)
    groundTruth = output
    RowDispatch.forEachRow(height, threads: threads) { y in tracer.traceRow(y, into: output) }
    if options.smoothsEdges { RowDispatch.forEachRow(height, threads: threads) { y in tracer.smoothRow(y, in: output) } }

    func image<T>(_ plane: Plane2D<T>?) -> Image<T>? { plane.map { Image(width: width, height: height, pixels: $0.array) } }
    func flow(_ vectors: Plane2D<SIMD2<Float>>?, _ states: Plane2D<UInt8>?) -> OpticalFlow? {
      guard let vectors = image(vectors), let states else { return nil }
      let visibility = states.map { OpticalFlow.Visibility(rawValue: $0) ?? .invalid }
      return OpticalFlow(vectors: vectors, visibility: Image(width: width, height: height, pixels: visibility))
    }
    frame.color = image(output.color)
    frame.depth = image(output.depth)
    frame.distance = image(output.distance)
    frame.segmentation = image(output.segmentation)
    frame.normals = image(output.normals)
    frame.albedo = image(output.albedo)
    frame.forwardFlow = flow(output.forwardVectors, output.forwardVisibility)
    frame.backwardFlow = flow(output.backwardVectors, output.backwardVisibility)
  }

  private func sampleTable(_ samples: Int) -> SampleTable {
    if let table = tables[samples] { return table }
    let table = SampleTable(samplesPerPixel: samples)
    tables[samples] = table
    return table
  }
}

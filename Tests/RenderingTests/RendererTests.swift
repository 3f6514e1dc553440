import Rendering
import Testing
import WorldCore

@Suite("Renderer") struct RendererTests {
  /// Something of everything: each kind of material, moving, under a moving camera.
  static func busy(_ style: Stage.Style = .realistic, width: Int = 48, height: Int = 32) -> TestScene {
    let camera = Camera(
      position: .path([.init(time: 0, value: Vector3(0, -5, 1.5)), .init(time: 2, value: Vector3(1, -5, 2))]),
      target: .body("ball", smoothing: 0.4, offset: .zero), fieldOfView: 0.6, roll: 0.05)
    return TestScene(
      [
        .init(
          name: "floor", shape: .plane(normal: .unitZ),
          surface: Surface(pattern: .init(kind: .checker, color: SIMD3(repeating: 0.1), scale: 0.5))),
        .init(
          name: "ball", shape: .sphere(radius: 0.4),
          surface: Surface(pattern: .init(kind: .basketball, color: .zero, scale: 1)),
          position: Vector3(-0.5, 0, 0.6), velocity: Vector3(2, 0, 0), spin: Vector3(0, 9, 1)),
        .init(
          name: "glass", shape: .box(size: Vector3(0.4, 0.4, 0.4)),
          surface: Surface(color: SIMD3(repeating: 0.95), transmission: 1),
          position: Vector3(0.7, -0.5, 0.3), spin: Vector3(0, 0, 3)),
        .init(
          name: "metal", shape: .mesh(Shape.torus(radius: 0.4, tube: 0.1).tessellated()),
          surface: Surface(color: SIMD3(0.9, 0.7, 0.3), roughness: 0.2, metallic: 1), position: Vector3(-1, 0.5, 0.5),
          spin: Vector3(5, 0, 0)),
      ], camera: camera, style: style, width: width, height: height)
  }

  private func isEqual(_ a: Frame, _ b: Frame) -> Bool {
    a.color == b.color && a.depth == b.depth && a.distance == b.distance && a.segmentation == b.segmentation
      && a.normals == b.normals && a.albedo == b.albedo && a.forwardFlow == b.forwardFlow && a.backwardFlow == b.backwardFlow
      && a.display == b.display
  }

  @Test("the bytes are the same for any number of threads", arguments: Stage.Style.allCases, [nil, 1])
  func threads(style: Stage.Style, samples: Int?) throws {
    let frames = try [1, 2, 5].map { threads in
      try Self.busy(style).frame(9, RenderOptions(samplesPerPixel: samples, passes: .all, threads: threads))
    }
    #expect(isEqual(frames[0], frames[1]) && isEqual(frames[0], frames[2]))
  }

  @Test("a frame rendered alone is the frame of the clip")
  func order() async throws {
    var scene = Self.busy(.cinematic, width: 24, height: 16)
    scene.trajectory.scene.duration = 4.0 / 24
    let renderer = try Renderer(stage: scene.stage, options: RenderOptions(passes: .all))
    var clip: [Frame] = []
    for try await frame in renderer.frames(of: scene.trajectory) { clip.append(frame) }
    #expect(clip.map(\.index) == [0, 1, 2, 3] && renderer.frameCount(of: scene.trajectory) == 4)
    for index in [3, 0, 2] { #expect(isEqual(try scene.frame(index, RenderOptions(passes: .all)), clip[index])) }
    // What is taken from the picture before is what would be made anew, and nothing is taken from one of another style.
    for (before, frame) in zip(clip, clip.dropFirst()) {
      #expect(frame.display(after: before.display(after: nil))?.picture == frame.display)
      var other = before
      other.style = before.style == .anime ? .realistic : .anime
      #expect(frame.display(after: other.display(after: nil))?.picture == frame.display)
    }
  }

  @Test(
    "every shape of picture is rendered, up to full high definition",
    arguments: [(9, 16), (16, 9), (21, 9), (1, 1), (1, 40), (1920, 1080), (1080, 1920)])
  func sizes(width: Int, height: Int) throws {
    let frame = try Self.busy().frame(
      0, RenderOptions(width: width, height: height, samplesPerPixel: 1, passes: [.color, .depth, .flow]))
    let display = try #require(frame.display)
    #expect(display.width == width && display.height == height)
    #expect(frame.viewpoint.projection.width == width && frame.depth?.height == height)
    // The vertical angle of view holds in every format.
    #expect(frame.viewpoint.projection.fieldOfView == 0.6)
  }

  @Test("only what is asked for is made")
  func passes() throws {
    let frame = try Self.busy().frame(0, RenderOptions(passes: .segmentation))
    #expect(
      frame.color == nil && frame.display == nil && frame.depth == nil && frame.normals == nil && frame.forwardFlow == nil)
    #expect(frame.segmentation != nil)
  }

  @Test(
    "light is finite and not negative in every style and under every sky", arguments: Stage.Style.allCases,
    Stage.Light.Sky.allCases)
  func finite(style: Stage.Style, sky: Stage.Light.Sky) throws {
    var scene = Self.busy(style, width: 32, height: 24)
    scene.stage.light.sky = sky
    let color = try #require(try scene.frame(5, RenderOptions()).color)
    #expect(color.pixels.allSatisfy { $0.x.isFinite && $0.y.isFinite && $0.z.isFinite && $0.min() >= 0 })
    #expect(color.mean { _, _ in true }.max() > 0.01)
  }

  @Test("a spinning ball's pattern turns with it")
  func spin() throws {
    let scene = Self.busy()
    let a = try scene.frame(2, RenderOptions(passes: [.albedo, .segmentation])),
      b = try scene.frame(3, RenderOptions(passes: [.albedo]))
    let flow = try #require(try scene.frame(2, RenderOptions(passes: .flow)).forwardFlow)
    let (first, second, ids) = (try #require(a.albedo), try #require(b.albedo), try #require(a.segmentation))
    var (same, total) = (0, 0)
    for y in 0..<ids.height {
      for x in 0..<ids.width where ids[x, y] == 2 && flow.visibility[x, y] == .visible {
        let target = SIMD2(Float(x) + 0.5, Float(y) + 0.5) + flow.vectors[x, y]
        let difference = first[x, y] - second[Int(target.x), Int(target.y)]
        if max(difference.max(), -difference.min()) < 0.2 { same += 1 }
        total += 1
      }
    }
    // Only pixels on a seam's border may differ.
    #expect(total > 40 && same > total * 3 / 4)
  }

  @Test("motion blur and lens blur spread light without adding any")
  func blur() throws {
    func total(_ aperture: Double, _ shutter: Double) throws -> (sum: Float, lit: Int) {
      let camera = Camera(
        position: .fixed(Vector3(0, -6, 0)), target: .point(.zero), fieldOfView: 0.6, aperture: aperture, focusDistance: 2,
        shutter: shutter)
      let scene = TestScene(
        [
          .init(
            name: "lamp", shape: .sphere(radius: 0.2),
            surface: Surface(color: .zero, roughness: 1, emission: SIMD3(repeating: 4)), velocity: Vector3(6, 0, 0))
        ],
        camera: camera, light: .init(sky: .night, intensity: 0), width: 96, height: 64)
      let color = try #require(try scene.frame(3, RenderOptions(samplesPerPixel: 32, isFiltered: false)).color)
      return (color.pixels.map(\.y).reduce(0, +), color.pixels.count { $0.y > 0.5 })
    }
    let sharp = try total(0, 0), moved = try total(0, 1.0 / 24), soft = try total(0.2, 0)
    #expect(moved.lit > sharp.lit * 5 / 4 && soft.lit > sharp.lit * 5 / 4)
    #expect(abs(moved.sum / sharp.sum - 1) < 0.03 && abs(soft.sum / sharp.sum - 1) < 0.05)
  }

  @Test("a camera that goes with a ball sees it sharp, one that stands or goes alone sees it smeared")
  func followed() throws {
    // Half a second on, whoever moves is in the middle.
    func ball(cameraSpeed: Double, speed: Double) throws -> Image<SIMD3<Float>> {
      func way(_ y: Double) -> [Camera.Key] {
        [0.0, 2].map { Camera.Key(time: $0, value: Vector3(cameraSpeed * ($0 - 0.5), y, 0)) }
      }
      var camera = Camera(position: .path(way(-4)), target: .path(way(0)), fieldOfView: 0.6)
      camera.shutter = 1 / 48.0
      let surface = Surface(color: SIMD3(0.9, 0.1, 0.1))
      let scene = TestScene(
        [
          .init(
            name: "ball", shape: .sphere(radius: 0.4), surface: surface, position: Vector3(-0.5 * speed, 0, 0),
            velocity: Vector3(speed, 0, 0))
        ], camera: camera, light: .init(sky: .studio))
      return try #require(try scene.frame(12, RenderOptions(samplesPerPixel: 64, passes: [.color])).color)
    }
    func difference(_ a: Image<SIMD3<Float>>, _ b: Image<SIMD3<Float>>) -> Float {
      zip(a.pixels, b.pixels).reduce(0) { $0 + (($1.0 - $1.1) * ($1.0 - $1.1)).sum() }
    }
    let still = try ball(cameraSpeed: 0, speed: 0)
    let smeared = difference(try ball(cameraSpeed: 0, speed: 12), still)
    let (alongside, passing) = (try ball(cameraSpeed: 12, speed: 12), try ball(cameraSpeed: 12, speed: 0))
    #expect(difference(alongside, still) < 0.1 * smeared)
    #expect(abs(difference(passing, still) / smeared - 1) < 0.1)
  }

  @Test("mistakes are told with what, where and what to do")
  func errors() throws {
    let scene = Self.busy()
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      message { _ = try Renderer(stage: scene.stage, options: RenderOptions(width: 0, height: 9)) }
        == "a picture of 0×9 pixels can't be rendered; choose 1 to 8192 pixels a side")
    #expect(
      message { _ = try Renderer(stage: scene.stage, options: RenderOptions(samplesPerPixel: 0)) }
        == "0 samples a pixel can't be taken; choose 1 to 1024")
    #expect(message { _ = try scene.frame(48, RenderOptions()) } == "frame 48 lies outside the clip, which has frames 0 to 47")
    var stage = scene.stage
    stage.items[1].name = "globe"
    let renderer = try Renderer(stage: stage)
    #expect(
      message { _ = try renderer.frame(at: 0, of: scene.trajectory) }
        == "the stage shows a body 'globe' that the trajectory doesn't have; it has floor, ball, glass, metal")
    var empty = scene.trajectory
    empty.bodies[0].states = []
    let whole = try Renderer(stage: scene.stage)
    #expect(
      message { _ = try whole.frame(at: 0, of: empty) }
        == "the trajectory records no state of 'floor'; record at least one sample time")
    stage.shots = []
    #expect(message { _ = try Renderer(stage: stage) } == "the stage has no shot; give it at least one camera")
    #expect(RenderingError.rayTracer("no device").description == "Embree could not start: no device; `make setup` installs it")
  }

  @Test("the benchmark measures and speaks its peers' keys")
  func benchmark() throws {
    let result = try RenderBenchmark(size: 32, frames: 2).run()
    #expect(result.engine == "mondo" && result.size == 32 && result.framesPerSecond > 0)
  }
}

import Foundation
import Rendering
import Testing
import WorldCore

@Suite("Sheets of cloth") struct SheetTests {
  static let rows = 9, columns = 13
  static let size = SIMD2(1.2, 0.8)

  /// A stage with one sheet that stands upright, facing the camera, its vertices moved by `place(vertex, time)`.
  static func scene(
    _ things: [TestScene.Thing] = [], surface: Surface = Surface(), style: Stage.Style = .realistic, shutter: Double? = nil,
    place: (Vector3, Double) -> Vector3 = { p, _ in p }
  ) -> TestScene {
    var camera = TestScene.lookingAlongY
    camera.shutter = shutter
    var scene = TestScene(things, camera: camera, style: style)
    scene.stage.sheets = [Stage.Sheet(name: "sheet", size: size, surface: surface)]
    var track = ClothTrack(name: "sheet", rows: rows, columns: columns, mass: 1)
    for time in scene.trajectory.times {
      track.append(
        (0..<rows * columns).map { k in
          let x = (Double(k % columns) / Double(columns - 1) - 0.5) * size.x
          let z = (0.5 - Double(k / columns) / Double(rows - 1)) * size.y
          return place(Vector3(x, 0, z), time)
        })
    }
    scene.trajectory.cloths = [track]
    return scene
  }

  static let exact = RenderOptions(passes: [.depth, .segmentation, .normals, .flow])

  @Test("a flat sheet has its depth, its number and a normal towards the camera, from either side", arguments: [1.0, -1])
  func flat(side: Double) throws {
    let ball = TestScene.Thing(name: "ball", shape: .sphere(radius: 0.1), position: Vector3(0, -1, 0))
    let frame = try Self.scene([ball]) { p, _ in Vector3(p.x * side, p.y, p.z) }.frame(0, Self.exact)
    let (depth, ids, normals) = (try #require(frame.depth), try #require(frame.segmentation), try #require(frame.normals))
    #expect(frame.instanceNames == ["", "ball", "sheet"])
    #expect(ids[32, 24] == 1)
    var seen = 0
    for y in 0..<ids.height {
      for x in 0..<ids.width where ids[x, y] == 2 {
        seen += 1
        #expect(abs(depth[x, y] - 4) < 1e-4)
        #expect((normals[x, y] - SIMD3(0, -1, 0)).max() < 1e-4)
      }
    }
    // 1.2 × 0.8 m at 4 m with 48 pixels over 2·4·tan 0.3 m, less the ball.
    let pixelsPerMetre = 48 / (8 * tan(0.3))
    let expected = 0.96 * pixelsPerMetre * pixelsPerMetre
    #expect(Double(seen) > 0.85 * expected && Double(seen) < 1.05 * expected)
  }

  @Test("flow is the projected motion of each point of the cloth, stretched and bent as it may be")
  func flow() throws {
    func place(_ p: Vector3, _ t: Double) -> Vector3 {
      Vector3(p.x * (1 + 0.2 * t) + 0.3 * t, 0.1 * t * p.x, p.z - 0.2 * t + 0.1 * p.x * t)
    }
    let scene = Self.scene(place: place)
    let frame = try scene.frame(12, Self.exact)
    let (depth, ids, flow) = (try #require(frame.depth), try #require(frame.segmentation), try #require(frame.forwardFlow))
    let (now, then) = (12.0 / 24, 13.0 / 24)
    var checked = 0
    for y in 0..<ids.height {
      for x in 0..<ids.width where ids[x, y] == 1 {
        let pixel = SIMD2(Double(x) + 0.5, Double(y) + 0.5)
        let seen = frame.viewpoint.unproject(pixel, depth: Double(depth[x, y]))
        // The map is affine: undo it to find the point at rest.
        let restX = (seen.x - 0.3 * now) / (1 + 0.2 * now)
        let restZ = seen.z + 0.2 * now - 0.1 * restX * now
        let target = try #require(frame.viewpoint.project(place(Vector3(restX, 0, restZ), then))).pixel
        #expect((SIMD2<Double>(flow.vectors[x, y]) - (target - pixel)).max() < 2e-3)
        #expect(flow.visibility[x, y] == .visible)
        checked += 1
      }
    }
    #expect(checked > 200)
  }

  @Test("patterns lie on the cloth: they fold with it and keep their size on it")
  func pattern() throws {
    let stripes = Surface.Pattern(kind: .stripes, color: .zero, scale: 0.4)
    let surface = Surface(color: SIMD3(repeating: 1), roughness: 1, pattern: stripes)
    let options = RenderOptions(passes: [.albedo, .segmentation])
    // Shrunk to half its width, its stripes are half as wide.
    for shrink in [1.0, 0.5] {
      let frame = try Self.scene(surface: surface) { p, _ in Vector3(p.x * shrink, 0, p.z) }.frame(0, options)
      let (albedo, ids) = (try #require(frame.albedo), try #require(frame.segmentation))
      let row = (0..<ids.width).filter { ids[$0, 24] == 1 }.map { albedo[$0, 24].x > 0.5 }
      let changes = zip(row, row.dropFirst()).count { $0 != $1 }
      #expect(changes >= 5 && changes <= 6)
    }
  }

  @Test("while the shutter is open a moving sheet is blurred, one at rest is not")
  func blur() throws {
    let surface = Surface(color: SIMD3(repeating: 0.9), roughness: 1)
    let options = RenderOptions(samplesPerPixel: 32, passes: .color)
    func softness(_ speed: Double) throws -> Int {
      let scene = Self.scene(surface: surface, shutter: 1.0 / 24) { p, t in p + Vector3(speed * (t - 0.5), 0, 0) }
      let color = try #require(try scene.frame(12, options).color)
      let (inside, outside) = (color[32, 24].y, color[2, 24].y)
      return (0..<64).count { x in
        let share = (color[x, 24].y - outside) / (inside - outside)
        return share > 0.15 && share < 0.85
      }
    }
    #expect(try softness(0) <= 3)
    #expect(try softness(8) >= 6)
  }

  @Test("the refined surface dips nowhere below the floor beside a part that is lifted off it")
  func noDip() throws {
    let floor = TestScene.Thing(name: "floor", shape: .plane(normal: .unitZ))
    var scene = Self.scene([floor]) { p, _ in Vector3(p.x, p.z, p.x > 0.25 ? 0.002 + 2 * (p.x - 0.25) : 0.002) }
    scene.stage.shots[0].camera = Camera(
      position: .fixed(Vector3(-0.1, -0.05, 3)), target: .point(Vector3(-0.1, 0, 0)), fieldOfView: 0.2)
    let ids = try #require(try scene.frame(0, Self.exact).segmentation)
    #expect(ids.pixels.allSatisfy { $0 == 2 })
  }

  @Test("over a ball the refined surface bulges as the cloth does: the ball shows nowhere", arguments: [0.0, 0.4, 1.1])
  func noPoke(turn: Double) throws {
    // Chords of a cell's width that just clear the ball.
    let radius = 0.6
    let clear = radius / cos(0.5 * 0.142 / radius) + 1e-4
    let ball = TestScene.Thing(name: "ball", shape: .sphere(radius: radius))
    var scene = Self.scene([ball]) { p, _ in
      let turned = Vector3(p.x * cos(turn) - p.z * sin(turn), -1, p.x * sin(turn) + p.z * cos(turn))
      let angles = Vector3(turned.x / radius, 0, turned.z / radius)
      let reach = (angles.x * angles.x + angles.z * angles.z).squareRoot()
      guard reach > 0 else { return Vector3(0, -clear, 0) }
      return Vector3(angles.x / reach * sin(reach), -cos(reach), angles.z / reach * sin(reach)) * clear
    }
    scene.stage.shots[0].camera = Camera(position: .fixed(Vector3(0, -4, 0)), target: .point(.zero), fieldOfView: 0.09)
    let ids = try #require(try scene.frame(0, Self.exact).segmentation)
    #expect(ids.pixels.allSatisfy { $0 == 2 })
  }

  @Test(
    "over an edge of a box, and a ball barely touched, the body shows nowhere",
    arguments: [Shape.sphere(radius: 0.6), .box(size: Vector3(0.7, 2, 1.3))])
  func touching(shape: Shape) throws {
    // Each vertex lies a hair off the body, whatever its chords do.
    let body = TestScene.Thing(name: "body", shape: shape, orientation: Quaternion(axis: .unitZ, angle: 0.7))
    let turn = body.orientation
    var scene = Self.scene([body]) { p, _ in
      var low = -2.0, high = 0.0
      for _ in 0..<50 {
        let y = 0.5 * (low + high)
        let distance = SignedDistanceField(shape).sample(at: turn.unrotate(Vector3(p.x, y, p.z))).distance
        if distance > 2e-5 { low = y } else { high = y }
      }
      return Vector3(p.x, low, p.z)
    }
    scene.stage.shots[0].camera = Camera(position: .fixed(Vector3(0, -4, 0)), target: .point(.zero), fieldOfView: 0.09)
    let ids = try #require(try scene.frame(0, Self.exact).segmentation)
    #expect(ids.pixels.allSatisfy { $0 == 2 })
  }

  @Test("a stage whose cloth the trajectory lacks, or has without vertices, is told so")
  func missing() throws {
    var scene = Self.scene()
    scene.trajectory.cloths[0].positions = []
    #expect(throws: RenderingError.clothWithoutVertices("sheet")) { try scene.frame(0, Self.exact) }
    #expect(
      RenderingError.clothWithoutVertices("sheet").description
        == "the trajectory doesn't say where the vertices of 'sheet' are: its JSON form leaves them out; "
        + "record a .safetensors file")
    scene.trajectory.cloths = []
    #expect(throws: RenderingError.missingCloth("sheet", known: [])) { try scene.frame(0, Self.exact) }
    #expect(
      RenderingError.missingCloth("sheet", known: []).description
        == "the stage shows a cloth 'sheet' that the trajectory doesn't have; it has none")
  }
}

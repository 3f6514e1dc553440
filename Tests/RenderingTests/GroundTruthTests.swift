import Foundation
import Rendering
import Testing
import WorldCore

@Suite("Ground truth") struct GroundTruthTests {
  static let truth: RenderPasses = [.depth, .segmentation, .normals, .albedo]

  @Test("depth, distance and normals of a sphere are its closed forms")
  func sphere() throws {
    let center = Vector3(0.3, 0.2, -0.1)
    let scene = TestScene([.init(name: "ball", shape: .sphere(radius: 0.7), position: center)], camera: TestScene.lookingAlongY)
    let frame = try scene.frame(0, RenderOptions(passes: Self.truth))
    let (depth, distance, normals) = (try #require(frame.depth), try #require(frame.distance), try #require(frame.normals))
    let ids = try #require(frame.segmentation)
    var hits = 0
    for y in 0..<ids.height {
      for x in 0..<ids.width {
        let direction = frame.viewpoint.direction(through: SIMD2(Double(x) + 0.5, Double(y) + 0.5))
        let offset = frame.viewpoint.position - center
        let b = offset.dot(direction)
        let square = b * b - offset.lengthSquared + 0.49
        guard square > 0 else {
          #expect(ids[x, y] == 0 && depth[x, y] == .infinity && normals[x, y] == .zero)
          continue
        }
        hits += 1
        let t = -b - square.squareRoot()
        let normal = (offset + direction * t) / 0.7
        #expect(ids[x, y] == 1)
        #expect(abs(Double(distance[x, y]) - t) < 1e-5)
        #expect(abs(Double(depth[x, y]) - t * direction.dot(frame.viewpoint.forward)) < 1e-5)
        // The normal turns ever faster with distance towards the silhouette: single precision keeps 1e-5 up to 80°.
        if normal.dot(direction) < -0.17 { #expect((Vector3(normals[x, y]) - normal).length < 1e-5) }
      }
    }
    #expect(hits > 400)
  }

  @Test(
    "a torus is seen from its hole, from beside and from far where its distance from the rays is 0",
    arguments: [Vector3(0.5, 0, 0), Vector3(0, 0, 0.3), Vector3(-0.2, 0.4, 0.05), Vector3(0.9, -0.9, 0.4), Vector3(0, -4, 1)])
  func torus(eye: Vector3) throws {
    let ring = Shape.torus(radius: 0.8, tube: 0.15)
    let camera = Camera(position: .fixed(eye), target: .point(Vector3(-0.3, 0.1, 0)), fieldOfView: 1.2)
    func look(_ shape: Shape) throws -> Frame {
      try TestScene([.init(name: "ring", shape: shape)], camera: camera)
        .frame(0, RenderOptions(passes: [.depth, .segmentation, .normals]))
    }
    let frame = try look(ring)
    let (ids, distance, normals) = (
      try #require(frame.segmentation), try #require(frame.distance), try #require(frame.normals)
    )
    var seen = 0
    for y in 0..<ids.height {
      for x in 0..<ids.width {
        // Along the ray to where its distance from the body first is 0.
        let direction = frame.viewpoint.direction(through: SIMD2(Double(x) + 0.5, Double(y) + 0.5))
        var (t, gap, least) = (0.0, 1.0, 1.0)
        while t < 8, gap > 1e-7 {
          gap = ring.signedDistance(at: eye + direction * t).distance
          least = min(least, gap)
          t += gap
        }
        // A silhouette's edge may fall on either side.
        guard least > 1e-4 || gap <= 1e-7 else { continue }
        if gap <= 1e-7 { seen += 1 }
        #expect((ids[x, y] == 1) == (gap <= 1e-7), "pixel \(x), \(y)")
        guard ids[x, y] == 1, gap <= 1e-7 else { continue }
        #expect(abs(Double(distance[x, y]) - t) < 1e-3)
        #expect(abs((normals[x, y] * normals[x, y]).sum() - 1) < 1e-5)
      }
    }
    #expect(seen > 50)
  }

  @Test("a plane's depth and normal are exact out to where it fades")
  func plane() throws {
    let camera = Camera(position: .fixed(Vector3(1, -3, 2)), target: .point(.zero), fieldOfView: 0.8)
    let frame = try TestScene([.init(name: "floor", shape: .plane(normal: .unitZ))], camera: camera)
      .frame(0, RenderOptions(passes: Self.truth))
    let (distance, normals) = (try #require(frame.distance), try #require(frame.normals))
    for y in 0..<distance.height {
      for x in 0..<distance.width {
        let direction = frame.viewpoint.direction(through: SIMD2(Double(x) + 0.5, Double(y) + 0.5))
        guard direction.z < 0 else { continue }
        let t = -2 / direction.z
        #expect(abs(Double(distance[x, y]) - t) < 1e-5 * max(1, t))
        #expect(normals[x, y] == SIMD3(0, 0, 1))
      }
    }
  }

  @Test("a quick look with smooth edges is nearer to a fine picture; nothing but edges changes")
  func edges() throws {
    // Thinner than a pixel, which is 6 cm.
    let upright = Quaternion(rotationVector: Vector3(.pi / 2, 0, 0))
    let ring = TestScene(
      [.init(name: "ring", shape: .torus(radius: 0.7, tube: 0.02), orientation: upright)], camera: TestScene.lookingAlongY)
    func look(_ size: Int, smooth: Bool = false) throws -> Frame {
      var options = RenderOptions(width: size, height: size, samplesPerPixel: 1, passes: [.color, .segmentation, .depth])
      options.smoothsEdges = smooth
      return try ring.frame(0, options)
    }
    let (hard, smooth, fine) = (try look(40), try look(40, smooth: true), try look(320))
    let (a, b, c) = (try #require(hard.color), try #require(smooth.color), try #require(fine.color))
    let ids = try #require(hard.segmentation)
    #expect(smooth.segmentation?.pixels == ids.pixels && smooth.depth?.pixels == hard.depth?.pixels)
    var (errors, changed) = ((hard: 0.0, smooth: 0.0), 0)
    for y in 0..<40 {
      for x in 0..<40 {
        var mean = SIMD3<Float>.zero
        for k in 0..<64 { mean += c[8 * x + k % 8, 8 * y + k / 8] / 64 }
        func square(_ d: SIMD3<Float>) -> Double { Double((d * d).sum()) }
        errors.hard += square(a[x, y] - mean)
        errors.smooth += square(b[x, y] - mean)
        guard a[x, y] != b[x, y] else { continue }
        changed += 1
        let around = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)].map { ids[min(max(x + $0, 0), 39), min(max(y + $1, 0), 39)] }
        #expect(Set(around).count > 1, "(\(x), \(y)) is no edge")
      }
    }
    #expect(changed > 20 && errors.smooth < 0.5 * errors.hard, "\(errors)")
  }

  @Test("a quick look in anime style is the painting: its colours, its sky, its ink")
  func painting() throws {
    let scene = TestScene(
      [
        .init(name: "ball", shape: .sphere(radius: 0.5), surface: Surface(color: SIMD3(0.6, 0.1, 0.1))),
        .init(name: "block", shape: .box(size: Vector3(0.7, 0.7, 0.7)), position: Vector3(0.9, 0.3, -0.2)),
      ], camera: TestScene.lookingAlongY, light: .init(sky: .day), style: .anime, width: 96, height: 72)
    func colors(_ samples: Int, smooth: Bool) throws -> Image<SIMD3<Float>> {
      var options = RenderOptions(samplesPerPixel: samples, passes: [.color, .segmentation, .depth, .normals])
      options.smoothsEdges = smooth
      return try #require(try scene.frame(0, options).color)
    }
    let (quick, painted) = (try colors(1, smooth: true), try colors(64, smooth: false))
    func isInk(_ color: SIMD3<Float>) -> Bool { color.max() < 0.1 }
    var (near, inked, alike) = (0, 0, 0)
    for k in painted.pixels.indices {
      if (quick.pixels[k] - painted.pixels[k]).max() < 0.02 && (painted.pixels[k] - quick.pixels[k]).max() < 0.02 { near += 1 }
      guard isInk(painted.pixels[k]) else { continue }
      inked += 1
      if isInk(quick.pixels[k]) { alike += 1 }
    }
    // What is left are the edges of shades and clouds, which have one ray a pixel.
    #expect(Double(near) > 0.9 * Double(painted.pixels.count), "\(near) of \(painted.pixels.count)")
    #expect(inked > 30 && alike == inked, "\(alike) of \(inked)")
  }

  /// Distance from each shape's surface in its own frame, by its implicit equation.
  static func error(_ shape: Shape, _ p: Vector3) -> Double {
    let ring = (p.x * p.x + p.y * p.y).squareRoot()
    switch shape {
    case .sphere(let r): return abs(p.length - r)
    case .box(let s): return abs(max(abs(p.x) - s.x / 2, abs(p.y) - s.y / 2, abs(p.z) - s.z / 2))
    case .cylinder(let r, let h): return abs(max(ring - r, abs(p.z) - h / 2))
    case .capsule(let r, let h): return abs((p - Vector3(0, 0, min(max(p.z, -h / 2), h / 2))).length - r)
    case .cone(let r, let h): return abs(max((ring - r * (0.5 - p.z / h)) * h / (h * h + r * r).squareRoot(), -p.z - h / 2))
    case .torus(let r, let t): return abs(Vector3(ring - r, p.z, 0).length - t)
    default: return .infinity
    }
  }

  static let shapes: [Shape] = [
    .sphere(radius: 0.6), .box(size: Vector3(0.8, 1.0, 0.6)), .cylinder(radius: 0.4, height: 1),
    .capsule(radius: 0.3, height: 0.6),
    .cone(radius: 0.5, height: 1), .torus(radius: 0.5, tube: 0.15),
  ]

  @Test("every visible point lies on its turned and shifted shape, and agrees with the tessellation", arguments: shapes)
  func implicitForms(shape: Shape) throws {
    let place = RigidTransform(
      rotation: Quaternion(rotationVector: Vector3(0.7, -0.4, 0.9)), translation: Vector3(0.2, 0.5, -0.1))
    func frame(_ shape: Shape) throws -> Frame {
      try TestScene(
        [.init(name: "thing", shape: shape, position: place.translation, orientation: place.rotation)],
        camera: TestScene.lookingAlongY, width: 96, height: 96
      ).frame(0, RenderOptions(passes: Self.truth))
    }
    let analytic = try frame(shape), mesh = try frame(.mesh(shape.tessellated(segments: 192)))
    let (depth, normals) = (try #require(analytic.depth), try #require(analytic.normals))
    let (meshDepth, meshNormals) = (try #require(mesh.depth), try #require(mesh.normals))
    var (hits, silhouette, creased) = (0, 0, 0)
    for y in 0..<96 {
      for x in 0..<96 {
        if depth[x, y].isFinite != meshDepth[x, y].isFinite { silhouette += 1 }
        guard depth[x, y].isFinite, meshDepth[x, y].isFinite else { continue }
        hits += 1
        let pixel = SIMD2(Double(x) + 0.5, Double(y) + 0.5)
        let point = place.inverse.point(analytic.viewpoint.unproject(pixel, depth: Double(depth[x, y])))
        #expect(Self.error(shape, point) < 2e-5)
        if abs(depth[x, y] - meshDepth[x, y]) > 0.01 { silhouette += 1 }
        if (normals[x, y] * meshNormals[x, y]).sum() < 0.99 { creased += 1 }
      }
    }
    #expect(hits > 500)
    // Facets differ from the curve only at the silhouette, interpolated normals also along edges.
    #expect(silhouette < hits / 40)
    #expect(creased < hits / 12)
  }

  @Test("instances are numbered by the stage's order, parts of a compound by their body")
  func segmentation() throws {
    let compound = Shape.compound([
      .init(shape: .box(size: Vector3(0.4, 0.4, 0.4)), compoundFromPart: RigidTransform(translation: Vector3(-0.5, 0, 0))),
      .init(
        shape: .tank(size: Vector3(0.4, 0.4, 0.4), wall: 0.02),
        compoundFromPart: RigidTransform(translation: Vector3(0.5, 0, -0.2)),
        surface: Surface(color: SIMD3(1, 0, 0))),
    ])
    let scene = TestScene(
      [.init(name: "pair", shape: compound), .init(name: "ball", shape: .sphere(radius: 0.2), position: Vector3(0, 0, 0.6))],
      camera: TestScene.lookingAlongY, width: 80, height: 80)
    let frame = try scene.frame(0, RenderOptions(passes: Self.truth))
    let ids = try #require(frame.segmentation), albedo = try #require(frame.albedo)
    #expect(frame.instanceNames == ["", "pair", "ball"])
    // Areas in pixels: focal length squared times the solid shape over depth squared.
    let focal = frame.viewpoint.projection.focalLength
    let ball = ids.pixels.count { $0 == 2 }
    #expect(abs(Double(ball) - .pi * 0.04 * focal * focal / 16) < 0.06 * Double(ball))
    #expect(albedo.pixels.contains { $0 == SIMD3(1, 0, 0) } && albedo.pixels.contains { $0 == SIMD3(0.5, 0.5, 0.5) })
    for (id, color) in zip(ids.pixels, albedo.pixels) where id == 0 { #expect(color == .zero) }
    #expect(ids.pixels.count { $0 == 1 } > 2 * 80)
  }

  @Test("camera normals are world normals turned into the camera's frame")
  func cameraNormals() throws {
    let camera = Camera(position: .fixed(Vector3(2, -3, 1)), target: .point(.zero), fieldOfView: 0.6, roll: 0.4)
    let frame = try TestScene([.init(name: "ball", shape: .sphere(radius: 1))], camera: camera)
      .frame(0, RenderOptions(passes: Self.truth))
    let camera3 = try #require(frame.cameraNormals)
    let middle = camera3[32, 24]
    #expect(middle.z > 0.99)
    #expect(camera3.pixels.allSatisfy { $0 == .zero || $0.z > -1e-4 })
  }
}

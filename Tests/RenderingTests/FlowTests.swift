import Foundation
import Rendering
import Testing
import WorldCore

@Suite("Optical flow") struct FlowTests {
  static let options = RenderOptions(passes: [.depth, .segmentation, .flow])
  static let motions: [(Vector3, Vector3)] = [
    (Vector3(1.5, 0, 0), .zero), (Vector3(0, 2, 0.5), .zero), (.zero, Vector3(0, 0, 3)),
    (Vector3(0.6, -1, 0.8), Vector3(2, -4, 5)),
  ]

  @Test("flow is the projected motion of the body's point and the camera", arguments: motions.indices)
  func projectedMotion(index: Int) throws {
    let (velocity, spin) = Self.motions[index]
    let camera = Camera(
      position: .path([.init(time: 0, value: Vector3(0, -4, 0)), .init(time: 2, value: Vector3(1, -4, 0.6))]),
      target: .point(.zero),
      fieldOfView: 0.7)
    let scene = TestScene([.init(name: "ball", shape: .sphere(radius: 0.6), velocity: velocity, spin: spin)], camera: camera)
    let frame = try scene.frame(6, Self.options)
    let (depth, ids) = (try #require(frame.depth), try #require(frame.segmentation))
    for (flow, other) in [(try #require(frame.forwardFlow), 7), (try #require(frame.backwardFlow), 5)] {
      let body = scene.trajectory.bodies[0]
      let (now, then) = (body.states[6].worldFromBody, body.states[other].worldFromBody)
      let view = scene.stage.viewpoint(at: Double(other) / 24, of: scene.trajectory)
      var checked = 0
      for y in 0..<ids.height {
        for x in 0..<ids.width where ids[x, y] == 1 {
          let pixel = SIMD2(Double(x) + 0.5, Double(y) + 0.5)
          let point = frame.viewpoint.unproject(pixel, depth: Double(depth[x, y]))
          let moved = then.point(now.inverse.point(point))
          let target = try #require(view.project(moved)).pixel
          let error = SIMD2<Double>(flow.vectors[x, y]) - (target - pixel)
          #expect(abs(error.x) < 1e-3 && abs(error.y) < 1e-3)
          // On a convex body alone in the world a point is hidden exactly when it faces away from the camera.
          let facing = (moved - then.translation).dot(view.position - moved)
          if abs(facing) > 0.02 {
            let expected: OpticalFlow.Visibility =
              !view.projection.contains(target) ? .outside : facing > 0 ? .visible : .occluded
            #expect(flow.visibility[x, y] == expected)
          }
          checked += 1
        }
      }
      #expect(checked > 200)
    }
  }

  @Test("a floor is occluded where the other frame's ball stands before it, and nowhere else")
  func occlusion() throws {
    let camera = Camera(position: .fixed(Vector3(0, -4, 3)), target: .point(.zero), fieldOfView: 0.7)
    let scene = TestScene(
      [
        .init(name: "floor", shape: .plane(normal: .unitZ)),
        .init(name: "ball", shape: .sphere(radius: 0.3), position: Vector3(-0.5, 0, 0.3), velocity: Vector3(6, 0, 0)),
      ], camera: camera)
    let frame = try scene.frame(2, Self.options), other = try scene.frame(3, Self.options)
    let flow = try #require(frame.forwardFlow), ids = try #require(frame.segmentation), next = try #require(other.segmentation)
    var hidden = 0
    for y in 0..<ids.height {
      for x in 0..<ids.width where ids[x, y] == 1 {
        // Camera and floor rest: the pixel itself tells what covers the floor next.
        #expect(abs(flow.vectors[x, y].x) < 1e-3 && abs(flow.vectors[x, y].y) < 1e-3)
        #expect(flow.visibility[x, y] == (next[x, y] == 2 ? .occluded : .visible))
        if next[x, y] == 2 { hidden += 1 }
      }
    }
    #expect(hidden > 10)
  }

  @Test("there is no flow across a cut or past the ends of the clip")
  func cuts() throws {
    var scene = TestScene([.init(name: "ball", shape: .sphere(radius: 0.6))], camera: TestScene.lookingAlongY)
    let other = Camera(position: .fixed(Vector3(4, 0, 0)), target: .point(.zero), fieldOfView: 0.6)
    scene.stage.shots = [
      .init(start: 0, end: 0.5, camera: TestScene.lookingAlongY, style: .realistic),
      .init(start: 0.5, end: 2, camera: other, style: .anime),
    ]
    func isInvalid(_ flow: OpticalFlow?) -> Bool {
      flow?.visibility.pixels.allSatisfy { $0 == .invalid } == true && flow?.vectors.pixels.allSatisfy { $0 == .zero } == true
    }
    let (first, before, after, last) = (
      try scene.frame(0, Self.options), try scene.frame(11, Self.options), try scene.frame(12, Self.options),
      try scene.frame(47, Self.options)
    )
    #expect(isInvalid(first.backwardFlow) && !isInvalid(first.forwardFlow))
    #expect(isInvalid(before.forwardFlow) && !isInvalid(before.backwardFlow))
    #expect(isInvalid(after.backwardFlow) && !isInvalid(after.forwardFlow))
    #expect(isInvalid(last.forwardFlow))
    #expect(before.shot == 0 && after.shot == 1 && after.style == .anime)
    #expect(before.viewpoint.position == Vector3(0, -4, 0) && after.viewpoint.position == Vector3(4, 0, 0))
  }
}

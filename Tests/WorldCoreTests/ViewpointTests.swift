import Foundation
import Testing
import WorldCore

@Suite("Viewpoint") struct ViewpointTests {
  static let streams = (0..<20).map { RandomStream(seed: UInt64($0), "viewpoint") }

  static func viewpoint(_ stream: inout RandomStream) -> Viewpoint {
    func vector() -> Vector3 { Vector3(stream.normal(), stream.normal(), stream.normal()) }
    return Viewpoint(
      position: vector() * 5, target: vector(), roll: stream.uniform(in: -3...3),
      projection: Projection(width: 320, height: 180, fieldOfView: stream.uniform(in: 0.2...2)))
  }

  @Test("project and unproject undo each other", arguments: streams)
  func roundTrip(stream: RandomStream) throws {
    var stream = stream
    let view = Self.viewpoint(&stream)
    let pixel = SIMD2(stream.uniform(in: 0...320), stream.uniform(in: 0...180))
    let depth = stream.uniform(in: 0.1...50)
    let (back, backDepth) = try #require(view.project(view.unproject(pixel, depth: depth)))
    #expect(abs(back.x - pixel.x) < 1e-8 && abs(back.y - pixel.y) < 1e-8 && abs(backDepth - depth) < 1e-9 * depth)
    #expect(view.project(view.position - view.forward) == nil)
  }

  @Test("OpenCV's matrices find the same pixel, counted from the first pixel's centre", arguments: streams)
  func openCV(stream: RandomStream) throws {
    var stream = stream
    let view = Self.viewpoint(&stream)
    let point = view.unproject(SIMD2(stream.uniform(in: 0...320), stream.uniform(in: 0...180)), depth: 3)
    let p = view.openCVCameraFromWorld.point(point)
    let k = view.projection.openCVIntrinsics
    let pixel = try #require(view.project(point)).pixel
    #expect(abs(p.z - 3) < 1e-9)
    #expect(abs(k[0][0] * p.x / p.z + k[0][2] + 0.5 - pixel.x) < 1e-8)
    #expect(abs(k[1][1] * p.y / p.z + k[1][2] + 0.5 - pixel.y) < 1e-8)
  }

  @Test("the target is in the middle, z is up, the field of view is vertical, and roll turns the picture counter-clockwise")
  func framing() throws {
    let projection = Projection(width: 160, height: 90, fieldOfView: 0.8)
    func view(_ roll: Double) -> Viewpoint {
      Viewpoint(position: Vector3(3, -4, 1), target: Vector3(0, 0, 1), roll: roll, projection: projection)
    }
    let above = Vector3(0, 0, 1.5)
    let center = try #require(view(0).project(Vector3(0, 0, 1)))
    #expect(abs(center.pixel.x - 80) < 1e-9 && abs(center.pixel.y - 45) < 1e-9 && abs(center.depth - 5) < 1e-9)
    let up = try #require(view(0).project(above)).pixel
    #expect(abs(up.x - 80) < 1e-9 && up.y < 45)
    let top = try #require(view(0).project(Vector3(0, 0, 1 + 5 * tan(0.4)))).pixel
    #expect(abs(top.y) < 1e-9)
    // What was above the middle moves to the left.
    let turned = try #require(view(0.3).project(above)).pixel
    #expect(turned.x < 80 && turned.y < 45)
    let down = Viewpoint(position: Vector3(0, 0, 5), target: .zero, projection: projection)
    #expect((down.forward + .unitZ).length < 1e-12 && (down.up - .unitY).length < 1e-12)
  }

  @Test("a camera's path runs through its keys, smoothly, and rests outside them")
  func path() {
    let keys = [(0.0, Vector3(0, 0, 1)), (0.5, Vector3(1, 0, 1)), (2.0, Vector3(1, 3, 2)), (2.4, Vector3(0, 3, 0))]
      .map { Camera.Key(time: $0.0, value: $0.1) }
    for key in keys { #expect((keys.interpolated(at: key.time) - key.value).length < 1e-12) }
    #expect(keys.interpolated(at: -3) == keys[0].value && keys.interpolated(at: 9) == keys[3].value)
    for key in keys.dropFirst().dropLast() {
      let h = 1e-5
      let before = (keys.interpolated(at: key.time) - keys.interpolated(at: key.time - h)) / h
      let after = (keys.interpolated(at: key.time + h) - keys.interpolated(at: key.time)) / h
      #expect((before - after).length < 1e-3)
    }
    #expect([Camera.Key(time: 1, value: .unitX)].interpolated(at: 5) == .unitX)
  }

  @Test("following smooths without lagging: even motion is followed exactly, a bounce is rounded off")
  func follow() throws {
    let times = (0...200).map { Double($0) / 100 }
    func body(_ state: (Double) -> BodyState) -> Trajectory {
      let track = BodyTrack(name: "ball", motion: .dynamic, mass: 1, inertia: .zero, states: times.map(state))
      return Trajectory(
        scene: .init(name: "t", seed: 0, duration: 2, digest: ""), times: times, bodies: [track], contacts: [])
    }
    let even = body { BodyState(position: Vector3(3 * $0, 0, 1), velocity: Vector3(3, 0, 0)) }
    let camera = Camera(
      position: .fixed(Vector3(0, -9, 0)), target: .body("ball", smoothing: 0.5, offset: Vector3(0, 0, 2)), fieldOfView: 1)
    #expect((camera.aim(at: 1, of: even) - Vector3(3, 0, 3)).length < 1e-9)
    let bounce = body { BodyState(position: Vector3(0, 0, abs($0 - 1)), velocity: Vector3(0, 0, $0 < 1 ? -1 : 1)) }
    func speed(_ t: Double) -> Double {
      (camera.aim(at: t + 0.001, of: bounce).z - camera.aim(at: t - 0.001, of: bounce).z) / 0.002
    }
    // The middle one of 32 cells alone may not have turned yet: a sixteenth of the speed.
    #expect(abs(speed(1)) < 0.07 && abs(speed(0.6) + 1) < 0.01 && abs(speed(1.4) - 1) < 0.01)
    #expect(camera.aim(at: 1, of: bounce).z > 2.02)
    #expect(abs(camera.focus(at: 1, of: even) - (Vector3(3, 9, 3)).length) < 1e-9)
  }

  @Test("a picture of another shape shows all that was framed", arguments: [(256, 144), (144, 256), (144, 144), (336, 144)])
  func framing(width: Int, height: Int) throws {
    var camera = Camera(position: .fixed(Vector3(0, -5, 0)), target: .point(.zero), fieldOfView: 0.7)
    let nobody = Trajectory(scene: .init(name: "t", seed: 0, duration: 2, digest: ""), times: [0], bodies: [], contacts: [])
    func view() -> Viewpoint { camera.viewpoint(at: 0, of: nobody, width: width, height: height) }
    #expect(view().projection.fieldOfView == 0.7)
    camera.framedAspect = 16.0 / 9
    let lens = view().projection
    // Half extents of what was framed, at a distance of one: they touch the picture's edge in one direction.
    let tall = tan(0.7 / 2)
    let corner = try #require(lens.pixel(ofCameraPoint: Vector3(tall * 16 / 9, tall, -1)))
    #expect(corner.x < Double(width) + 1e-9 && corner.y > -1e-9)
    #expect(abs(corner.x - Double(width)) < 1e-9 || abs(corner.y) < 1e-9)
  }

  @Test("cuts fall on the frame whose time they name")
  func shots() {
    func camera(_ x: Double) -> Camera { Camera(position: .fixed(Vector3(x, -5, 0)), target: .point(.zero), fieldOfView: 1) }
    let stage = Stage(
      items: [],
      shots: [
        .init(start: 0, end: 0.7, camera: camera(0), style: .anime),
        .init(start: 0.7, end: 2, camera: camera(1), style: .realistic),
      ])
    // 21/30 is less than 0.7 in binary.
    #expect(
      (0..<60).map { stage.shotIndex(at: Double($0) / 30) } == Array(repeating: 0, count: 21) + Array(repeating: 1, count: 39))
    #expect(stage.shotIndex(at: -1) == 0 && stage.shotIndex(at: 99) == 1)
  }
}

import Foundation
import Safetensors

/// The simulated motion of a sample, as `mondo dataset` writes it: one row a frame and body, one a contact, one a frame for the
/// camera.
struct MotionRecord: Sendable {
  /// [frames, bodies, 13]: position, orientation, velocity, angular velocity.
  let states: [Float]
  /// [frames, bodies, 3]: pixels, depth (0 behind the camera).
  let pixels: [Float]
  /// [bodies, 16] and [contacts, 14]; see `Column`.
  let properties: [Float]
  let contacts: [Float]
  /// [frames, 9]: position and orientation of the camera, focal length in pixels, shot.
  let camera: [Float]
  let frameCount: Int
  let bodyCount: Int

  static let (stateWidth, pixelWidth, propertyWidth, contactWidth, cameraWidth) = (13, 3, 16, 14, 9)

  /// Columns of the properties and of the contacts.
  enum Property {
    static let (motion, mass, halfExtents, shape, restitution, friction, sound, color) = (0, 1, 5, 8, 9, 10, 12, 13)
  }
  enum Contact {
    static let (time, first, second, point, normal, impulse, approachSpeed, restitution, friction, kind) = (
      0, 1, 2, 3, 6, 9, 10, 11, 12, 13
    )
  }

  init(_ file: SafetensorsFile, key: String) throws {
    func rows(_ name: String, width: Int) throws -> [Float] {
      guard let shape = file[name]?.shape, shape.last == width else {
        throw TrainingDataError.badSample(key: key, problem: "its '\(name)' is missing or has an unknown form")
      }
      return try file.elements(of: name)
    }
    states = try rows("bodies.states", width: Self.stateWidth)
    pixels = try rows("bodies.pixels", width: Self.pixelWidth)
    properties = try rows("bodies.properties", width: Self.propertyWidth)
    contacts = try rows("contacts", width: Self.contactWidth)
    camera = try rows("camera", width: Self.cameraWidth)
    frameCount = camera.count / Self.cameraWidth
    bodyCount = properties.count / Self.propertyWidth
    guard frameCount > 0, states.count == frameCount * bodyCount * Self.stateWidth,
      pixels.count == frameCount * bodyCount * Self.pixelWidth
    else { throw TrainingDataError.badSample(key: key, problem: "its motion doesn't fit its frames and bodies") }
  }

  /// Frames with which another shot begins.
  var cuts: [Int] {
    (1..<max(1, frameCount)).filter { frame in
      camera[frame * Self.cameraWidth + Self.cameraWidth - 1] != camera[(frame - 1) * Self.cameraWidth + Self.cameraWidth - 1]
    }
  }

  /// A property of a body.
  func property(_ column: Int, of body: Int) -> Float { properties[body * Self.propertyWidth + column] }

  /// [13] and [3] numbers of a body in a frame.
  func state(of body: Int, frame: Int) -> [Float] {
    let start = (frame * bodyCount + body) * Self.stateWidth
    return Array(states[start..<start + Self.stateWidth])
  }
  func pixel(of body: Int, frame: Int) -> [Float] {
    let start = (frame * bodyCount + body) * Self.pixelWidth
    return Array(pixels[start..<start + Self.pixelWidth])
  }

  /// Where the camera of a frame sees a point of the world: pixels from the middle of the picture; nil behind it.
  func projection(ofX x: Float, y: Float, z: Float, frame: Int) -> (x: Double, y: Double)? {
    let row = camera[frame * Self.cameraWidth..<(frame + 1) * Self.cameraWidth].map(Double.init)
    let arm = SIMD3(Double(x) - row[0], Double(y) - row[1], Double(z) - row[2])
    // Turned by the inverse of worldFromCamera: v' = v + 2w(v × u) + 2(v × u) × u with u the vector part.
    let (w, u) = (row[3], SIMD3(row[4], row[5], row[6]))
    func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
    let s = cross(arm, u)
    let seen = arm + 2 * (w * s + cross(s, u))
    guard seen.z < -1e-6 else { return nil }
    return (row[7] * seen.x / -seen.z, -row[7] * seen.y / -seen.z)
  }
}

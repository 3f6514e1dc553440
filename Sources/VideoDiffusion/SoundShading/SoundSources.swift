import Foundation
import WorldCore

/// What makes a sound in a simulated clip, as rows of numbers for the sound shader: each body of each blow, and what slides or
/// rolls, frame by frame.
///
/// When something is heard, from how far and from which side follows from the camera; what it sounds like is the shader's to
/// know.
struct SoundSources: Sendable {
  struct Row: Sendable {
    var features: [Float]
    /// When it is heard: spectra from the clip's beginning, 384 a second.
    var time: Double
    /// ln of the energy that impulse or power and the way to the camera give, middle and side.
    var levels: SIMD2<Float>
  }

  /// In the order of contacts.
  let blows: [Row]
  /// Of what slides or rolls at a frame; heard from the frame before to the one after.
  let strokes: [Row]
  /// Spectra from one frame to the next.
  let spacing: Double
  let ambience: Stage.Ambience?

  static let (blowWidth, strokeWidth) = (bodyWidth + materials + 2 + 5 + ambiences, 2 * materials + 4)
  static let ambiences = Stage.Ambience.allCases.count
  private static let materials = Stage.SoundMaterial.allCases.count
  private static let (shapes, bodyWidth) = (10, materials + 10 + 1 + 3 + 1)
  static let perSecond = Double(AudioBuffer.standardSampleRate) / Double(MiddleSide.block)
  /// Loudness grows as the impulse's power (as 12 dB for ten times as much), so that energy does as twice that.
  private static let energyExponent = 1.2
  /// Side's share of the energy in a room whose walls answer to either ear on its own.
  private static let diffuseShare = 0.01
  /// Fainter blows, of amplitude (J / 1 N·s)^0.6 / (distance / 1 m), and strokes, √(P / 1 W) by distance, drown in anything.
  private static let (faintestBlow, faintestStroke) = (2e-4, 6e-4)

  init(_ motion: MotionRecord, ambience: Stage.Ambience?, framesPerSecond: Double) {
    self.ambience = ambience
    spacing = Self.perSecond / framesPerSecond
    let ear = Ear(motion: motion, framesPerSecond: framesPerSecond)
    let contacts = stride(from: 0, to: motion.contacts.count, by: MotionRecord.contactWidth).map {
      Contact(row: Array(motion.contacts[$0..<$0 + MotionRecord.contactWidth]))
    }
    let place = Self.choice(ambience.flatMap { Stage.Ambience.allCases.firstIndex(of: $0) } ?? -1, of: Self.ambiences)
    blows = contacts.flatMap { Self.blow($0, motion, ear, place: place) }
    strokes = Self.lasting(contacts, end: Double(motion.frameCount) / framesPerSecond).flatMap {
      Self.strokes($0.contact, until: $0.end, motion, ear)
    }
  }

  // MARK: Rows

  private struct Contact {
    let row: [Float]
    private typealias Column = MotionRecord.Contact

    var kind: ContactEvent.Kind { ContactEvent.Kind.allCases[max(0, min(Int(row[Column.kind]), 3))] }
    var time: Double { Double(row[Column.time]) }
    var bodies: [Int] { [Int(row[Column.first]), Int(row[Column.second])] }
    var point: SIMD3<Double> { vector(Column.point) }
    var normal: SIMD3<Double> { vector(Column.normal) }
    var impulse: Double { Double(row[Column.impulse]) }
    var approachSpeed: Double { Double(row[Column.approachSpeed]) }
    var restitution: Float { row[Column.restitution] }
    var friction: Double { Double(row[Column.friction]) }

    private func vector(_ column: Int) -> SIMD3<Double> {
      SIMD3(Double(row[column]), Double(row[column + 1]), Double(row[column + 2]))
    }
  }

  /// A row for each body that sounds.
  private static func blow(_ contact: Contact, _ motion: MotionRecord, _ ear: Ear, place: [Float]) -> [Row] {
    guard contact.kind == .impact || contact.kind == .break, contact.impulse > 0 else { return [] }
    let heard = ear.arrival(from: contact.point, at: contact.time)
    guard pow(contact.impulse, energyExponent / 2) * heard.level > faintestBlow else { return [] }
    let strength = energyExponent * log(contact.impulse)
    return zip(contact.bodies, contact.bodies.reversed()).filter { isHeard($0.0, motion) }.map { own, other in
      let told =
        choice(Int(motion.property(MotionRecord.Property.sound, of: other)), of: materials)
        + [massFeature(other, motion), isFixed(other, motion) ? 1 : 0]
        + [
          Float(log(contact.impulse) / 4), Float(log(max(contact.approachSpeed, 0.01)) / 2), contact.restitution,
          Float(abs(heard.side)), contact.kind == .break ? 1 : 0,
        ]
      return Row(
        features: body(own, motion) + told + place, time: (contact.time + heard.delay) * perSecond,
        levels: levels(strength, heard))
    }
  }

  /// A row for each frame of a lasting contact in which something moves along it.
  private static func strokes(_ contact: Contact, until end: Double, _ motion: MotionRecord, _ ear: Ear) -> [Row] {
    let (a, b) = (contact.bodies[0], contact.bodies[1])
    guard isHeard(a, motion) || isHeard(b, motion) else { return [] }
    let (moving, ground) = isDynamic(a, motion) ? (a, b) : (b, a)
    let rate = ear.framesPerSecond
    let first = Int((contact.time * rate).rounded(.up))
    let last = min(Int(end * rate), motion.frameCount - 1)
    guard first <= last else { return [] }
    // Where the bodies touch, seen from the middle of the one that moves, stays as it was.
    let start = Motion(motion.state(of: moving, frame: first))
    let offset = contact.point - (start.position - start.velocity * (Double(first) / rate - contact.time))
    func along(_ v: SIMD3<Double>) -> Double {
      let rest = v - contact.normal * (v * contact.normal).sum()
      return (rest * rest).sum().squareRoot()
    }
    return (first...last).compactMap { frame in
      let state = Motion(motion.state(of: moving, frame: frame))
      let point = state.position + offset
      let floor =
        isFixed(ground, motion) ? .zero : Motion(motion.state(of: ground, frame: frame)).velocity(at: point)
      let (slip, roll) = (along(state.velocity(at: point) - floor), along(state.velocity - floor))
      let mass = Double(motion.property(MotionRecord.Property.mass, of: moving))
      let power = mass * standardGravity * abs(contact.normal.z) * (contact.friction * slip + rollingFriction * roll)
      let time = Double(frame) / rate
      let heard = ear.arrival(from: point, at: time)
      guard power > 1e-7, power.squareRoot() * heard.level > faintestStroke else { return nil }
      let features =
        choice(Int(motion.property(MotionRecord.Property.sound, of: moving)), of: materials)
        + choice(Int(motion.property(MotionRecord.Property.sound, of: ground)), of: materials)
        + [Float(log(max(slip, roll, 1e-3)) / 2), Float(log(power) / 4), slip > roll / 2 ? 1 : 0, Float(abs(heard.side))]
      return Row(features: features, time: (time + heard.delay) * perSecond, levels: levels(log(power), heard))
    }
  }

  private static let standardGravity = 9.81
  /// Of a roll's load, what it loses.
  private static let rollingFriction = 0.02

  private static func levels(_ strength: Double, _ heard: Ear.Arrival) -> SIMD2<Float> {
    let far = strength + 2 * log(heard.level)
    return SIMD2(
      Float(far + log(heard.middle * heard.middle)), Float(far + log(heard.side * heard.side + diffuseShare)))
  }

  /// Each lasting contact and when it ends.
  private static func lasting(_ contacts: [Contact], end: Double) -> [(contact: Contact, end: Double)] {
    var open: [[Int]: Contact] = [:]
    var order: [[Int]] = []
    var result: [(contact: Contact, end: Double)] = []
    for contact in contacts {
      let pair = contact.bodies.sorted()
      if contact.kind == .begin {
        if open.updateValue(contact, forKey: pair) == nil { order.append(pair) }
      } else if contact.kind == .end, let begun = open.removeValue(forKey: pair) {
        order.removeAll { $0 == pair }
        result.append((begun, contact.time))
      }
    }
    return result + order.map { (open[$0]!, end) }
  }

  // MARK: Bodies

  /// Material, shape, mass, size from thin to long, whether it is fastened.
  private static func body(_ body: Int, _ motion: MotionRecord) -> [Float] {
    typealias Property = MotionRecord.Property
    let shape = Int(motion.property(Property.shape, of: body))
    // Of an endless plane the boards or the slab that a blow reaches.
    let sizes: [Float] =
      shape == planeShape
      ? [0.02, 0.6, 0.6]
      : (0..<3).map {
        let size = motion.property(Property.halfExtents + $0, of: body)
        return size.isFinite ? max(1e-3, min(size, 10)) : 10
      }.sorted()
    return choice(Int(motion.property(Property.sound, of: body)), of: materials) + choice(shape, of: shapes)
      + [massFeature(body, motion)] + sizes.map { log10($0) } + [isDynamic(body, motion) ? 1 : 0]
  }

  private static let planeShape = 6

  private static func massFeature(_ body: Int, _ motion: MotionRecord) -> Float {
    log10(max(motion.property(MotionRecord.Property.mass, of: body), 1e-4)) / 2
  }

  private static func isHeard(_ body: Int, _ motion: MotionRecord) -> Bool {
    Int(motion.property(MotionRecord.Property.sound, of: body)) != Stage.SoundMaterial.allCases.firstIndex(of: .silent)
  }

  // The numbers of the motions, as a data set lists them.
  private static func isDynamic(_ body: Int, _ motion: MotionRecord) -> Bool {
    motion.property(MotionRecord.Property.motion, of: body) == 0
  }
  private static func isFixed(_ body: Int, _ motion: MotionRecord) -> Bool {
    motion.property(MotionRecord.Property.motion, of: body) == 1
  }

  private static func choice(_ value: Int, of count: Int) -> [Float] { (0..<count).map { $0 == value ? 1 : 0 } }
}

/// A body's state of motion in a frame.
private struct Motion {
  let position, velocity, spin: SIMD3<Double>

  init(_ state: [Float]) {
    func vector(_ k: Int) -> SIMD3<Double> { SIMD3(Double(state[k]), Double(state[k + 1]), Double(state[k + 2])) }
    (position, velocity, spin) = (vector(0), vector(7), vector(10))
  }

  func velocity(at point: SIMD3<Double>) -> SIMD3<Double> { velocity + Ear.cross(spin, point - position) }
}

/// The camera of each frame as a listener.
private struct Ear {
  let motion: MotionRecord
  let framesPerSecond: Double

  /// m/s in air at 20 °C.
  private static let speedOfSound = 343.0

  /// How a sound made at a place and time arrives.
  struct Arrival {
    /// Seconds.
    var delay: Double
    /// Amplitude relative to that at 1 m, and what of it the ears share and don't, by equal-power panning.
    var level, middle, side: Double
  }

  func arrival(from point: SIMD3<Double>, at time: Double) -> Arrival {
    let frame = max(0, min(Int((time * framesPerSecond).rounded()), motion.frameCount - 1))
    let row = motion.camera[frame * MotionRecord.cameraWidth..<(frame + 1) * MotionRecord.cameraWidth].map(Double.init)
    let offset = point - SIMD3(row[0], row[1], row[2])
    let distance = (offset * offset).sum().squareRoot()
    // The camera's right in the world: its x axis, turned.
    let (w, u, x) = (row[3], SIMD3(row[4], row[5], row[6]), SIMD3(1.0, 0, 0))
    let s = Self.cross(u, x)
    let right = x + 2 * (w * s + Self.cross(u, s))
    let azimuth = distance > 1e-9 ? 0.85 * (offset * right).sum() / distance : 0
    let angle = (azimuth + 1) * Double.pi / 4
    return Arrival(
      delay: distance / Self.speedOfSound, level: 1 / max(distance, 0.5), middle: (cos(angle) + sin(angle)) / 2,
      side: (cos(angle) - sin(angle)) / 2)
  }

  static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }
}

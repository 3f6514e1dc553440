import Foundation
public import WorldCore

/// The sound of a trajectory as the cameras of a stage hear it, 48 kHz stereo.
///
/// Impacts knock and ring by the materials and sizes of the bodies (modal synthesis), what breaks by its pieces, lasting
/// contacts hiss and rumble with the speed of slip and roll, the ambience adds its quiet tone and reverberation. A sound made
/// at time t and distance d is heard at t + d/343 m/s. Sample n is the instant n/48 000 s. The samples depend on the inputs
/// alone, bit for bit.
public struct SoundTrack: Sendable {
  /// Samples of the whole clip: up to the end of the last shot.
  public let sampleCount: Int
  /// Of the impacts that are heard, in order of arrival.
  public let onsets: [Onset]

  private let impacts: [ImpactSound]
  private let frictions: [FrictionSound]
  private let reverberation: Reverberation
  private let tone: RoomTone

  /// The start of an impact's sound.
  public struct Onset: Sendable, Equatable {
    /// Index in the trajectory's contacts.
    public var contact: Int
    /// Seconds on the clip's clock: the contact's time and the way to the camera.
    public var time: Double
  }

  public init(of trajectory: Trajectory, on stage: Stage) {
    let end = stage.shots.last?.end ?? trajectory.scene.duration
    sampleCount = max(0, Int((end * Double(AudioBuffer.standardSampleRate)).rounded()))
    reverberation = Reverberation(stage.ambience)
    tone = RoomTone(stage.ambience)

    let listener = Listener(stage: stage, trajectory: trajectory)
    var bodies: [String: SoundingBody] = [:]
    for item in stage.items {
      let isFixed = trajectory.body(item.name)?.motion == .fixed
      bodies[item.name] = SoundingBody(item, isFixed: isFixed)
    }

    let ends = Self.ends(of: trajectory.contacts)
    var heard: [(onset: Onset, sound: ImpactSound)] = []
    var frictions: [FrictionSound] = []
    for (index, contact) in trajectory.contacts.enumerated() {
      let sounding = contact.bodies.compactMap { bodies[$0] }
      switch contact.kind {
      case .impact:
        let arrival = listener.arrival(from: contact.point, at: contact.time)
        if let sound = ImpactSound(contact, bodies: sounding, arrival: arrival) {
          heard.append((Onset(contact: index, time: contact.time + arrival.delay), sound))
        }
      case .break:
        // Every piece rings at once, each by its share of the blow.
        let arrival = listener.arrival(from: contact.point, at: contact.time)
        let pieces = trajectory.bodies.filter { $0.pieceOf == contact.bodies.first }
        let mass = pieces.reduce(0) { $0 + $1.mass }
        for piece in pieces {
          var share = contact
          share.impulse *= piece.mass / mass
          if let sound = ImpactSound(share, bodies: [bodies[piece.name]].compactMap { $0 }, arrival: arrival) {
            heard.append((Onset(contact: index, time: contact.time + arrival.delay), sound))
          }
        }
      case .begin:
        let until = ends[index] ?? trajectory.times.last ?? contact.time
        if let sound = FrictionSound(
          contact, interval: contact.time...max(contact.time, until), sounding: sounding, trajectory: trajectory,
          stage: stage, listener: listener)
        {
          frictions.append(sound)
        }
      case .end: break
      }
    }
    heard.sort { ($0.onset.time, $0.onset.contact) < ($1.onset.time, $1.onset.contact) }
    onsets = heard.map(\.onset)
    impacts = heard.map(\.sound)
    self.frictions = frictions
  }

  /// When each lasting contact ends, by the index of its `begin`; those that last to the end of the world have none.
  private static func ends(of contacts: [ContactEvent]) -> [Int: Double] {
    var ends: [Int: Double] = [:]
    var open: [[String]: Int] = [:]
    for (index, contact) in contacts.enumerated() {
      let pair = contact.bodies.sorted()
      if contact.kind == .begin { open[pair] = index }
      if contact.kind == .end, let begin = open.removeValue(forKey: pair) { ends[begin] = contact.time }
    }
    return ends
  }

  /// The whole track.
  public func render() -> AudioBuffer { render(from: 0, to: sampleCount) }

  /// The samples `start ..< end` of the track, the same bits as in the whole. Samples outside the clip are silent.
  ///
  /// Each call reaches back as far as the room answers (up to 1.5 s), so that stretches of a second or more are best.
  public func render(from start: Int, to end: Int) -> AudioBuffer {
    precondition(start <= end, "a stretch of sound ends after it starts, not \(start) ..< \(end)")
    let early = start - reverberation.memory
    var dry = [SIMD2<Double>](repeating: .zero, count: end - early)
    for sound in impacts { sound.add(to: &dry, range: early..<end) }
    for sound in frictions { sound.add(to: &dry, range: early..<end) }
    let wet = reverberation.answer(to: dry)
    var tone = tone
    var samples = [SIMD2<Float>](repeating: .zero, count: end - start)
    for k in samples.indices where (0..<sampleCount).contains(start + k) {
      var value = dry[k + reverberation.memory] + wet[k]
      if !tone.isSilent { value += tone.sample(start + k) }
      samples[k] = SIMD2(Float(Self.limit(value.x)), Float(Self.limit(value.y)))
    }
    return AudioBuffer(samples: samples)
  }

  /// Full scale is never reached: above 0.7 the curve bends smoothly towards 0.89, a decibel below it, which coders need for the
  /// peaks that they add between the samples.
  static func limit(_ value: Double) -> Double {
    let (knee, ceiling) = (0.7, 0.89)
    guard abs(value) > knee else { return value }
    let bent = knee + (ceiling - knee) * tanh((abs(value) - knee) / (ceiling - knee))
    return value < 0 ? -bent : bent
  }
}

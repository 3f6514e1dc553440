import Foundation
import SoundSynthesis
import Testing
import WorldCore

private let rate = 48_000.0

/// A world of one ball over a floor, in which only the contacts matter.
private func world(
  _ contacts: [ContactEvent], duration: Double = 2, velocity: Vector3 = .zero, spin: Vector3 = .zero
) -> Trajectory {
  let times = (0...Int(duration * 240)).map { Double($0) / 240 }
  let ball = times.map {
    BodyState(position: Vector3(0, 0, 0.05) + velocity * $0, velocity: velocity, angularVelocity: spin)
  }
  let floor = times.map { _ in BodyState(position: .zero) }
  return Trajectory(
    scene: Trajectory.SceneIdentity(name: "test", seed: 0, duration: duration, digest: ""), times: times,
    bodies: [
      BodyTrack(name: "ball", motion: .dynamic, mass: 0.5, inertia: .one, states: ball),
      BodyTrack(name: "floor", motion: .fixed, mass: 0, inertia: .zero, states: floor),
    ], contacts: contacts)
}

private func stage(
  ball: Stage.SoundMaterial = .wood, floor: Stage.SoundMaterial = .wood, camera: Vector3 = Vector3(0, -3, 0),
  ambience: Stage.Ambience = .silence, duration: Double = 2, size: Double = 0.1
) -> Stage {
  let view = Camera(position: .fixed(camera), target: .point(.zero), fieldOfView: 0.8)
  return Stage(
    items: [
      Stage.Item(name: "ball", shape: .box(size: Vector3(size, size, size * 0.2)), sound: ball),
      Stage.Item(name: "floor", shape: .plane(normal: .unitZ), sound: floor),
    ], shots: [Stage.Shot(start: 0, end: duration, camera: view, style: .realistic)], ambience: ambience)
}

private func impact(_ time: Double, impulse: Double = 1, speed: Double = 3, point: Vector3 = .zero) -> ContactEvent {
  ContactEvent(
    time: time, bodies: ["ball", "floor"], point: point, normal: .unitZ, impulse: impulse, approachSpeed: speed,
    restitution: 0.5, friction: 0.5, kind: .impact)
}

private func lasting(_ kind: ContactEvent.Kind, _ time: Double) -> ContactEvent {
  ContactEvent(
    time: time, bodies: ["ball", "floor"], point: .zero, normal: .unitZ, impulse: 0, approachSpeed: 0, restitution: 0.5,
    friction: 0.5, kind: kind)
}

private func peak(_ sound: AudioBuffer, _ seconds: ClosedRange<Double> = 0...1e6) -> Double {
  var highest = 0.0
  for (n, sample) in sound.samples.enumerated() where seconds.contains(Double(n) / rate) {
    highest = max(highest, Double(max(abs(sample.x), abs(sample.y))))
  }
  return highest
}

private func energy(_ sound: AudioBuffer, _ seconds: ClosedRange<Double> = 0...1e6) -> Double {
  var sum = 0.0
  for (n, sample) in sound.samples.enumerated() where seconds.contains(Double(n) / rate) {
    sum += Double(sample.x) * Double(sample.x) + Double(sample.y) * Double(sample.y)
  }
  return sum
}

/// Seconds at which the sound first passes a tenth of its peak.
private func onset(_ sound: AudioBuffer) -> Double? {
  let threshold = Float(peak(sound) / 10)
  return sound.samples.firstIndex { max(abs($0.x), abs($0.y)) > threshold }.map { Double($0) / rate }
}

/// Hz, weighed by energy: the mean rate of zero crossings of the derivative's kind, √(∫ẋ²/∫x²)/2π.
private func brightness(_ sound: AudioBuffer) -> Double {
  var (steps, whole) = (0.0, 0.0)
  for (a, b) in zip(sound.samples, sound.samples.dropFirst()) {
    steps += Double((b.x - a.x) * (b.x - a.x))
    whole += Double(a.x * a.x)
  }
  return (steps / whole).squareRoot() * rate / (2 * Double.pi)
}

@Suite struct SoundTrackTests {
  @Test(arguments: Stage.SoundMaterial.allCases.filter { $0 != .silent }, [0.4, 0.700_013_7])
  func onsetsFollowContactAndDistance(material: Stage.SoundMaterial, time: Double) throws {
    for distance in [1.0, 7.3, 40] {
      let track = SoundTrack(
        of: world([impact(time)]), on: stage(ball: material, floor: material, camera: Vector3(0, -distance, 0)))
      let expected = time + distance / 343
      #expect(track.onsets.map(\.time) == [expected] && track.onsets.map(\.contact) == [0])
      let heard = try #require(onset(track.render()))
      #expect(abs(heard - expected) < 0.001, "\(material): \((heard - expected) * 1000) ms")
    }
  }

  /// 12 dB for each tenfold impulse, whatever the material.
  @Test(arguments: [Stage.SoundMaterial.wood, .metal, .rubber, .glass])
  func loudnessFollowsImpulse(material: Stage.SoundMaterial) {
    func level(_ impulse: Double) -> Double {
      20 * log10(peak(SoundTrack(of: world([impact(0.1, impulse: impulse)]), on: stage(ball: material)).render()))
    }
    let levels = [0.001, 0.01, 0.1, 1].map(level)
    for (a, b) in zip(levels, levels.dropFirst()) { #expect(abs(b - a - 12) < 0.5, "\(levels)") }
  }

  @Test func loudnessFallsWithDistance() {
    func level(_ distance: Double) -> Double {
      peak(SoundTrack(of: world([impact(0.1, impulse: 0.05)]), on: stage(camera: Vector3(0, -distance, 0))).render())
    }
    #expect(abs(level(2) / level(8) - 4) < 0.05)
    #expect(abs(level(8) / level(24) - 3) < 0.05)
  }

  /// The chain of hardness, and within one material of speed.
  @Test func harderAndFasterIsBrighter() {
    func centre(_ material: Stage.SoundMaterial, speed: Double = 3) -> Double {
      let contact = impact(0.1, impulse: 0.5 * speed * 1.5, speed: speed)
      return brightness(SoundTrack(of: world([contact]), on: stage(ball: material, floor: .stone)).render())
    }
    #expect(centre(.glass) > centre(.wood))
    #expect(centre(.wood) > centre(.rubber))
    #expect(centre(.metal) > centre(.rubber) * 3)
    #expect(centre(.rubber, speed: 10) > centre(.rubber, speed: 0.5))
  }

  /// Metal rings on, wood and rubber don't.
  @Test func ringingFollowsTheMaterial() {
    func tail(_ material: Stage.SoundMaterial) -> Double {
      let sound = SoundTrack(of: world([impact(0.1)]), on: stage(ball: material, floor: .silent, size: 0.4)).render()
      return energy(sound, 0.25...1) / energy(sound)
    }
    #expect(tail(.metal) > tail(.glass))
    #expect(tail(.glass) > tail(.ceramic))
    #expect(tail(.ceramic) >= tail(.wood))
    #expect(tail(.metal) > 0.02)
    #expect(tail(.wood) < 1e-4 && tail(.rubber) < 1e-4)
  }

  @Test func largerIsDeeper() {
    func centre(_ size: Double) -> Double {
      brightness(SoundTrack(of: world([impact(0.1)]), on: stage(ball: .metal, floor: .silent, size: size)).render())
    }
    #expect(centre(0.1) > 1.5 * centre(0.4))
  }

  @Test func silentMakesNoSound() {
    let contacts = [impact(0.1), lasting(.begin, 0.3)]
    let track = SoundTrack(of: world(contacts, velocity: .unitX), on: stage(ball: .silent, floor: .silent))
    #expect(track.onsets.isEmpty)
    #expect(track.render().samples.allSatisfy { $0 == .zero })
    #expect(track.sampleCount == 96_000)
  }

  @Test func sidesAreThoseOfThePicture() {
    func sides(_ x: Double) -> (left: Double, right: Double) {
      let sound = SoundTrack(of: world([impact(0.1, point: Vector3(x, 0, 0))]), on: stage()).render()
      return (sound.samples.map { Double(abs($0.x)) }.max() ?? 0, sound.samples.map { Double(abs($0.y)) }.max() ?? 0)
    }
    #expect(sides(2).right > 1.5 * sides(2).left)
    #expect(sides(-2).left > 1.5 * sides(-2).right)
    #expect(abs(sides(0).left / sides(0).right - 1) < 1e-6)
  }

  /// The listener is the camera of the shot in which the contact happens.
  @Test func cutsMoveTheListener() {
    var set = stage()
    let far = Camera(position: .fixed(Vector3(0, -30, 0)), target: .point(.zero), fieldOfView: 0.8)
    set.shots = [
      Stage.Shot(start: 0, end: 1, camera: set.shots[0].camera, style: .realistic),
      Stage.Shot(start: 1, end: 2, camera: far, style: .realistic),
    ]
    let track = SoundTrack(of: world([impact(0.5), impact(1.5)]), on: set)
    #expect(track.onsets.map(\.time) == [0.5 + 3 / 343.0, 1.5 + 30 / 343.0])
  }

  @Test(arguments: Stage.Ambience.allCases) func anyStretchEqualsTheWhole(ambience: Stage.Ambience) {
    let contacts = [impact(0.1), impact(0.33, speed: 1), lasting(.begin, 0.5), impact(0.71), lasting(.end, 1.2)]
    let track = SoundTrack(
      of: world(contacts, velocity: Vector3(0.7, 0, 0)), on: stage(ball: .metal, floor: .glass, ambience: ambience))
    let whole = track.render()
    #expect(whole.samples.count == 96_000)
    for size in [96_000, 31_337, 48_000] {
      var joined: [SIMD2<Float>] = []
      var start = 0
      while start < track.sampleCount {
        let end = min(track.sampleCount, start + size)
        joined += track.render(from: start, to: end).samples
        start = end
      }
      let isSame = joined == whole.samples
      #expect(isSame, "\(ambience) in stretches of \(size)")
    }
    let again = SoundTrack(
      of: world(contacts, velocity: Vector3(0.7, 0, 0)), on: stage(ball: .metal, floor: .glass, ambience: ambience)
    ).render()
    #expect(again == whole)
  }

  @Test func fullScaleIsNeverReached() {
    let contacts = (0..<50).map { impact(0.1 + Double($0) * 0.003, impulse: 1000, speed: 20) }
    for ambience in [Stage.Ambience.silence, .pool] {
      let sound = SoundTrack(of: world(contacts), on: stage(ball: .metal, ambience: ambience)).render()
      #expect(peak(sound) < 0.9)
      #expect(peak(sound) > 0.85)
    }
  }

  @Test func ambienceIsQuietAndLasting() {
    for ambience in Stage.Ambience.allCases where ambience != .silence {
      let sound = SoundTrack(of: world([]), on: stage(ambience: ambience)).render()
      let level = 10 * log10(energy(sound) / Double(2 * sound.samples.count))
      #expect((-75 ... -30).contains(level), "\(ambience): \(level) dB")
      // No half second of it is missing, and it has no standing offset.
      for k in 0..<4 { #expect(energy(sound, Double(k) / 2...Double(k + 1) / 2) > energy(sound) / 40) }
      let mean = sound.samples.reduce(0) { $0 + Double($1.x) } / Double(sound.samples.count)
      #expect(abs(mean) < 0.2 * pow(10, level / 20))
    }
  }

  @Test func roomsAnswer() {
    func tail(_ ambience: Stage.Ambience) -> Double {
      let still = SoundTrack(of: world([]), on: stage(ambience: ambience)).render()
      let struck = SoundTrack(of: world([impact(0.1)]), on: stage(ambience: ambience)).render()
      let answer = zip(struck.samples, still.samples).map { $0 - $1 }
      return energy(AudioBuffer(samples: answer), 0.3...0.5)
    }
    #expect(tail(.gym) > tail(.room) * 2)
    #expect(tail(.room) > tail(.silence))
  }

  /// A slide is heard between its begin and its end, louder when faster; rest is not heard.
  @Test func slidesFollowTheSpeed() {
    func level(_ speed: Double) -> Double {
      let contacts = [lasting(.begin, 0.5), lasting(.end, 1.0)]
      let sound = SoundTrack(of: world(contacts, velocity: Vector3(speed, 0, 0)), on: stage()).render()
      #expect(energy(sound, 0...0.5) == 0)
      #expect(energy(sound, 1.05...2) == 0)
      return energy(sound)
    }
    #expect(level(0) == 0)
    #expect(level(0.5) > 0)
    #expect(level(2) > 1.5 * level(0.5))
  }

  /// What slides is as loud as the root of the force it is pressed on with: of gravity, of its share across a slope, of none.
  @Test func slidingIsAsLoudAsItsLoad() {
    func level(gravity: Vector3) -> Double {
      var set = stage()
      set.gravity = gravity
      let sliding = world([lasting(.begin, 0.2), lasting(.end, 1.8)], velocity: .unitX)
      return energy(SoundTrack(of: sliding, on: set).render()).squareRoot()
    }
    let whole = level(gravity: Vector3(0, 0, -9.81))
    #expect(whole > 0)
    #expect(abs(level(gravity: Vector3(0, 0, -1.62)) / whole - (1.62 / 9.81).squareRoot()) < 1e-3)
    #expect(abs(level(gravity: 9.81 * Vector3(0.6, 0, -0.8)) / whole - 0.8.squareRoot()) < 1e-3)
    #expect(level(gravity: Vector3(0, 9.81, 0)) == 0 && level(gravity: .zero) == 0)
  }

  /// Pure rolling has no slip at the contact and is quieter than sliding at the same speed.
  @Test func rollingIsQuieterThanSliding() {
    let contacts = [lasting(.begin, 0.2)]
    var set = stage()
    set.items[0].shape = .sphere(radius: 0.05)
    let sliding = SoundTrack(of: world(contacts, velocity: .unitX), on: set).render()
    let rolling = SoundTrack(of: world(contacts, velocity: .unitX, spin: Vector3(0, 20, 0)), on: set).render()
    #expect(energy(rolling) > 0)
    #expect(energy(sliding) > 5 * energy(rolling))
  }

  /// Contacts with what the stage doesn't show, without impulse, or with hostile numbers.
  @Test func strangeContacts() {
    var stranger = impact(0.1)
    stranger.bodies = ["ghost", "spectre"]
    var broken = impact(0.2)
    broken.impulse = .nan
    var endless = impact(0.3)
    endless.approachSpeed = .infinity
    let contacts = [stranger, broken, endless, impact(0.4, impulse: 0), impact(-1), impact(99), lasting(.end, 0.5)]
    let sound = SoundTrack(of: world(contacts), on: stage()).render()
    #expect(sound.samples.allSatisfy { $0.x.isFinite && $0.y.isFinite })
  }
}

import Foundation
public import WorldCore

/// Where liquid comes into the world: a tap, a hose, a cloud.
public struct FluidInlet: Sendable, Equatable {
  public enum Mouth: Sendable, Equatable {
    /// A round nozzle of this radius, m, across the direction: a jet that fills it.
    case nozzle(radius: Double)
    /// A level rectangle of this size, m, from which single drops fall, this volume of liquid per area and time, m/s.
    case rain(size: SIMD2<Double>, intensity: Double)
  }
  public var mouth: Mouth
  /// Of the mouth's middle, m.
  public var position: Vector3
  /// Unit vector.
  public var direction: Vector3
  /// m/s
  public var speed: Double
  /// When it is open, s.
  public var from: Double
  public var to: Double
  /// Of the places and times of drops.
  public var seed: UInt64

  public init(
    mouth: Mouth, position: Vector3, direction: Vector3 = -.unitZ, speed: Double, from: Double = 0, to: Double = .infinity,
    seed: UInt64 = 0
  ) {
    self.mouth = mouth
    self.position = position
    self.direction = direction
    self.speed = speed
    self.from = from
    self.to = to
    self.seed = seed
  }

  /// m³/s
  public var flow: Double {
    switch mouth {
    case .nozzle(let radius): .pi * radius * radius * speed
    case .rain(let size, let intensity): size.x * size.y * intensity
    }
  }
}

/// A region where liquid leaves the world.
public struct FluidOutlet: Sendable, Equatable {
  public var region: Shape
  public var worldFromRegion: RigidTransform
  /// When it is open, s.
  public var from: Double
  public var to: Double

  public init(region: Shape, worldFromRegion: RigidTransform = .identity, from: Double = 0, to: Double = .infinity) {
    self.region = region
    self.worldFromRegion = worldFromRegion
    self.from = from
    self.to = to
  }
}

/// What an inlet has let in so far, and what comes next.
struct InletProgress {
  private let inlet: FluidInlet
  /// Places of a layer's particles, from the mouth's middle; one at a random place for rain.
  private let layer: [Vector3]
  /// Between layers, s: what makes the flow exact.
  private let interval: Double
  private var next = 0
  private var random: RandomStream

  init(_ inlet: FluidInlet, spacing d: Double) {
    self.inlet = inlet
    random = RandomStream(seed: inlet.seed, "fluid inlet")
    switch inlet.mouth {
    case .nozzle(let radius): layer = Self.disc(radius: radius, spacing: d, across: inlet.direction)
    case .rain: layer = [.zero]
    }
    interval = Double(layer.count) * d * d * d / inlet.flow
  }

  /// As many places of a square lattice as the disc has room for, those nearest to its middle.
  private static func disc(radius: Double, spacing d: Double, across direction: Vector3) -> [Vector3] {
    let count = max(1, Int((.pi * radius * radius / (d * d)).rounded()))
    let turn = Quaternion(from: .unitZ, to: direction)
    let reach = Int(radius / d) + 1
    // Of an odd and an even lattice, the one whose places lie closer to the middle.
    func places(_ shift: Double) -> [Vector3] {
      var all: [Vector3] = []
      for y in -reach...reach {
        for x in -reach...reach { all.append(Vector3((Double(x) + shift) * d, (Double(y) + shift) * d, 0)) }
      }
      let near = all.indices.sorted { (all[$0].lengthSquared, $0) < (all[$1].lengthSquared, $1) }.prefix(count)
      return near.map { all[$0] }
    }
    func spread(_ places: [Vector3]) -> Double { places.reduce(0) { $0 + $1.lengthSquared } }
    let (odd, even) = (places(0), places(0.5))
    return (spread(odd) <= spread(even) ? odd : even).map { turn.rotate($0) }
  }

  /// Whether it is open within the next `dt` seconds, and so decides how long a step may be.
  func isOpen(at time: Double, within dt: Double) -> Bool { inlet.from <= time + dt && time < inlet.to }

  var speed: Double { inlet.speed }
  var position: Vector3 { inlet.position }

  /// What has come in until `time`, s: where it is by then, going straight on, and its velocity.
  mutating func particles(until time: Double) -> [(place: Vector3, velocity: Vector3)] {
    var particles: [(Vector3, Vector3)] = []
    while true {
      let due = inlet.from + Double(next) * interval
      guard due <= time, due < inlet.to else { return particles }
      let velocity = inlet.direction * inlet.speed
      let way = velocity * (time - due)
      for place in layer {
        if case .rain(let size, _) = inlet.mouth {
          // Any place of the rectangle, and any time of the interval: a drop that comes late is a little higher.
          let place = Vector3((random.uniform() - 0.5) * size.x, (random.uniform() - 0.5) * size.y, 0)
          particles.append((inlet.position + place + way - velocity * (random.uniform() * interval), velocity))
        } else {
          particles.append((inlet.position + place + way, velocity))
        }
      }
      next += 1
    }
  }
}

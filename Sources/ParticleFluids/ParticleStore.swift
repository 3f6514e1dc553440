import CFluidKernels
import WorldCore

/// The particles of all fluids as structs of arrays, in the order of their grid cells.
///
/// Arrays have room for a few more than `count`, so that sixteen can be read from any place. They grow as particles come.
final class ParticleStore {
  private(set) var capacity: Int
  private(set) var count = 0
  /// w: pressure over reference density, m²/s².
  private(set) var position: UnsafeMutablePointer<FKVector>
  /// w: dynamic viscosity over reference density, m²/s.
  private(set) var velocity: UnsafeMutablePointer<FKVector>
  /// w: surface tension over reference density, m³/s². While particles are sorted, room for one array in its new order.
  private(set) var acceleration: UnsafeMutablePointer<FKVector>
  /// Within a substep only: see Tension.h.
  private var skin: UnsafeMutablePointer<FKVector>
  private(set) var density: UnsafeMutablePointer<Float>
  private(set) var rate: UnsafeMutablePointer<Float>
  private(set) var response: UnsafeMutablePointer<Float>
  /// Reference density over the liquid's.
  private(set) var lightness: UnsafeMutablePointer<Float>
  /// The other solve's pressures, each kept for the next substep to start from.
  private(set) var keptPressure: UnsafeMutablePointer<Float>
  /// Which particle this is.
  private(set) var number: UnsafeMutablePointer<ParticleNumber>
  private var spareFloats: UnsafeMutablePointer<Float>

  /// What the particles of each fluid have in common.
  private let liquids: [Constants]

  /// What the kernels read.
  let view: UnsafeMutablePointer<FKParticles>

  private static let slack = 64

  /// What all particles of a fluid have in common, as the kernels want it.
  struct Constants {
    var viscosity: Float
    var tension: Float
    var lightness: Float
  }

  init(room: Int, spacing: Double, liquids: [Constants]) {
    capacity = room + Self.slack
    self.liquids = liquids
    (position, velocity) = (Self.zeros(capacity), Self.zeros(capacity))
    (acceleration, skin) = (Self.zeros(capacity), Self.zeros(capacity))
    (density, rate, response) = (Self.zeros(capacity), Self.zeros(capacity), Self.zeros(capacity))
    (lightness, keptPressure, spareFloats) = (Self.zeros(capacity), Self.zeros(capacity), Self.zeros(capacity))
    number = .allocate(capacity: capacity)
    number.initialize(repeating: ParticleNumber(fluid: 0, index: 0), count: capacity)
    view = .allocate(capacity: 1)
    view.initialize(
      to: FKParticles(
        count: 0, position: position, velocity: velocity, acceleration: acceleration, skin: skin,
        density: density, lastPressure: spareFloats, rate: rate, response: response, lightness: lightness,
        spacing: Float(spacing)))
  }

  deinit {
    view.deallocate()
    for pointer in [position, velocity, acceleration, skin] { pointer.deallocate() }
    for pointer in [density, rate, response, lightness, keptPressure, spareFloats] { pointer.deallocate() }
    number.deallocate()
  }

  private static func zeros(_ capacity: Int) -> UnsafeMutablePointer<FKVector> {
    let pointer = UnsafeMutablePointer<FKVector>.allocate(capacity: capacity)
    pointer.initialize(repeating: FKVector(), count: capacity)
    return pointer
  }

  private static func zeros(_ capacity: Int) -> UnsafeMutablePointer<Float> {
    let pointer = UnsafeMutablePointer<Float>.allocate(capacity: capacity)
    pointer.initialize(repeating: 0, count: capacity)
    return pointer
  }

  static let bytesPerParticle = 4 * MemoryLayout<FKVector>.stride + 6 * 4 + MemoryLayout<ParticleNumber>.stride

  // MARK: Coming and going

  /// Adds a particle behind the others; it takes its place at the next sorting.
  func append(_ number: ParticleNumber, at place: Vector3, velocity v: Vector3) {
    if count + Self.slack == capacity { grow() }
    let (i, liquid) = (count, liquids[number.fluid])
    position[i] = FKVector(x: Float(place.x), y: Float(place.y), z: Float(place.z), w: 0)
    velocity[i] = FKVector(x: Float(v.x), y: Float(v.y), z: Float(v.z), w: liquid.viscosity)
    acceleration[i] = FKVector(x: 0, y: 0, z: 0, w: liquid.tension)
    lightness[i] = liquid.lightness
    keptPressure[i] = 0
    self.number[i] = number
    count += 1
    refreshView()
  }

  /// Removes the particles that `leaves` says, keeping the others' order.
  func remove(where leaves: (Int) -> Bool) {
    var kept = 0
    for i in 0..<count where !leaves(i) {
      if kept != i {
        position[kept] = position[i]
        velocity[kept] = velocity[i]
        acceleration[kept] = acceleration[i]
        lightness[kept] = lightness[i]
        keptPressure[kept] = keptPressure[i]
        number[kept] = number[i]
      }
      kept += 1
    }
    count = kept
    refreshView()
  }

  /// Half as much room again.
  private func grow() {
    let room = capacity + capacity / 2
    func move<T>(_ old: inout UnsafeMutablePointer<T>, _ zero: T) {
      let new = UnsafeMutablePointer<T>.allocate(capacity: room)
      new.update(from: old, count: capacity)
      (new + capacity).initialize(repeating: zero, count: room - capacity)
      old.deallocate()
      old = new
    }
    move(&position, FKVector())
    move(&velocity, FKVector())
    move(&acceleration, FKVector())
    move(&skin, FKVector())
    for path in [\ParticleStore.density, \.rate, \.response, \.lightness, \.keptPressure, \.spareFloats] {
      move(&self[keyPath: path], 0)
    }
    move(&number, ParticleNumber(fluid: 0, index: 0))
    capacity = room
  }

  // MARK: Order

  /// Puts the particles in the order of their cells, those of one cell as they were.
  ///
  /// - Parameters:
  ///   - cells: how many there are.
  ///   - cell: the cell of particle i.
  /// - Returns: where each cell's particles begin, and one more: where the last one's end.
  func sort(cells: Int, cell: (Int) -> Int) -> [Int32] {
    // How many each has, shifted by two places; then where each begins, by one: filling moves that on to where the next begins.
    var starts = [Int32](repeating: 0, count: cells + 2)
    // Densities and responses are found anew afterwards: their room holds cells and order meanwhile.
    let cellOf = UnsafeMutableRawPointer(density).bindMemory(to: Int32.self, capacity: capacity)
    let order = UnsafeMutableRawPointer(response).bindMemory(to: Int32.self, capacity: capacity)
    for i in 0..<count {
      let c = cell(i)
      cellOf[i] = Int32(c)
      starts[c + 2] += 1
    }
    for c in 2..<starts.count { starts[c] += starts[c - 1] }
    starts.withUnsafeMutableBufferPointer { starts in
      for i in 0..<count {
        let c = Int(cellOf[i]) + 1
        order[Int(starts[c])] = Int32(i)
        starts[c] += 1
      }
    }

    // Everything into its place; what a fluid's particles have in common follows from their numbers.
    for i in 0..<count { acceleration[i] = position[Int(order[i])] }
    swap(&position, &acceleration)
    for i in 0..<count { acceleration[i] = velocity[Int(order[i])] }
    swap(&velocity, &acceleration)
    for i in 0..<count { spareFloats[i] = keptPressure[Int(order[i])] }
    swap(&keptPressure, &spareFloats)
    spareFloats.withMemoryRebound(to: ParticleNumber.self, capacity: count) { spare in
      for i in 0..<count { spare[i] = number[Int(order[i])] }
      number.update(from: spare, count: count)
    }
    _ = UnsafeMutableRawPointer(density).bindMemory(to: Float.self, capacity: capacity)
    _ = UnsafeMutableRawPointer(response).bindMemory(to: Float.self, capacity: capacity)
    for i in 0..<count {
      let liquid = liquids[number[i].fluid]
      acceleration[i].w = liquid.tension
      lightness[i] = liquid.lightness
    }
    refreshView()
    return starts
  }

  /// Shows the kernels where the arrays are now.
  private func refreshView() {
    view.pointee.count = Int64(count)
    view.pointee.position = position
    view.pointee.velocity = velocity
    view.pointee.acceleration = acceleration
    view.pointee.skin = skin
    view.pointee.density = density
    view.pointee.lastPressure = spareFloats
    view.pointee.rate = rate
    view.pointee.response = response
    view.pointee.lightness = UnsafePointer(lightness)
  }
}

/// Which particle: its fluid, and its number in the order in which the fluid's particles came.
struct ParticleNumber: Hashable {
  private var bits: UInt32
  private static let indexBits: UInt32 = 26

  static let mostFluids = 1 << (32 - indexBits)
  /// Particles that a fluid may have had in all.
  static let mostParticles = 1 << indexBits

  init(fluid: Int, index: Int) { bits = UInt32(fluid) << Self.indexBits | UInt32(index) }
  var fluid: Int { Int(bits >> Self.indexBits) }
  var index: Int { Int(bits & (1 << Self.indexBits - 1)) }
}

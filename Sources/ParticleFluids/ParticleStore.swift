import CFluidKernels
import WorldCore

/// The particles of all fluids as structs of arrays, in the order of their grid cells.
///
/// Arrays have room for a few more than `count`, so that sixteen can be read from any place.
final class ParticleStore {
  let capacity: Int
  private(set) var count: Int
  /// w: pressure over reference density, m²/s².
  private(set) var position: UnsafeMutablePointer<FKVector>
  /// w: dynamic viscosity over reference density, m²/s.
  private(set) var velocity: UnsafeMutablePointer<FKVector>
  /// w: cohesion, m/s².
  private(set) var acceleration: UnsafeMutablePointer<FKVector>
  let density: UnsafeMutablePointer<Float>
  let rate: UnsafeMutablePointer<Float>
  let response: UnsafeMutablePointer<Float>
  /// Reference density over the liquid's.
  private(set) var lightness: UnsafeMutablePointer<Float>
  /// The other solve's pressures, each kept for the next substep to start from.
  private(set) var keptPressure: UnsafeMutablePointer<Float>
  /// The particle's number from the start.
  private(set) var number: UnsafeMutablePointer<Int32>
  /// Cells while sorting; then of no meaning.
  let cell: UnsafeMutablePointer<Int32>
  private let order: UnsafeMutablePointer<Int32>
  private var spareVectors: UnsafeMutablePointer<FKVector>
  private var spareFloats: UnsafeMutablePointer<Float>

  /// What the kernels read.
  let view: UnsafeMutablePointer<FKParticles>

  private static let slack = 64

  init(count: Int, spacing: Double) {
    self.count = count
    capacity = count + Self.slack
    func make<T>(_ zero: T, _ capacity: Int) -> UnsafeMutablePointer<T> {
      let pointer = UnsafeMutablePointer<T>.allocate(capacity: capacity)
      pointer.initialize(repeating: zero, count: capacity)
      return pointer
    }
    (position, velocity, acceleration) = (make(FKVector(), capacity), make(FKVector(), capacity), make(FKVector(), capacity))
    (density, rate, response) = (make(0, capacity), make(0, capacity), make(0, capacity))
    (lightness, keptPressure, number) = (make(1, capacity), make(0, capacity), make(0, capacity))
    (cell, order) = (make(0, capacity), make(0, capacity))
    (spareVectors, spareFloats) = (make(FKVector(), capacity), make(0, capacity))
    view = .allocate(capacity: 1)
    view.initialize(
      to: FKParticles(
        count: Int64(count), position: position, velocity: velocity, acceleration: acceleration, density: density,
        lastPressure: spareFloats, rate: rate, response: response, lightness: lightness, spacing: Float(spacing)))
  }

  deinit {
    view.deallocate()
    for pointer in [position, velocity, acceleration, spareVectors] { pointer.deallocate() }
    for pointer in [density, rate, response, lightness, keptPressure, spareFloats] { pointer.deallocate() }
    for pointer in [number, cell, order] { pointer.deallocate() }
  }

  static let bytesPerParticle = 4 * MemoryLayout<FKVector>.stride + 6 * 4 + 3 * 4

  /// Puts the particles in the order of their cells, those of one cell as they were.
  ///
  /// - Parameter start: where each cell's particles begin; in: how many each has, shifted by one place.
  func sort(into start: UnsafeMutablePointer<Int32>) {
    for i in 0..<count {
      let c = Int(cell[i])
      order[Int(start[c])] = Int32(i)
      start[c] += 1
    }
    permute(&position)
    permute(&velocity)
    for i in 0..<count { spareFloats[i] = acceleration[Int(order[i])].w }
    for i in 0..<count { acceleration[i].w = spareFloats[i] }
    permute(&lightness)
    permute(&keptPressure)
    // The cells' array holds the numbers meanwhile.
    for i in 0..<count { cell[i] = number[Int(order[i])] }
    number.update(from: cell, count: count)
    refreshView()
  }

  private func permute(_ array: inout UnsafeMutablePointer<FKVector>) {
    for i in 0..<count { spareVectors[i] = array[Int(order[i])] }
    swap(&array, &spareVectors)
  }

  private func permute(_ array: inout UnsafeMutablePointer<Float>) {
    for i in 0..<count { spareFloats[i] = array[Int(order[i])] }
    swap(&array, &spareFloats)
  }

  /// Shows the kernels where the arrays are now.
  private func refreshView() {
    view.pointee.position = position
    view.pointee.velocity = velocity
    view.pointee.acceleration = acceleration
    view.pointee.lightness = UnsafePointer(lightness)
    view.pointee.lastPressure = spareFloats
  }
}

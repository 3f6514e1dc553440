import CFluidKernels
import Testing
import WorldCore

/// The lists that the kernels of one processor level make, read by those of the least level, so that all else is equal.
@Suite struct NeighborListTests {
  private static let spacing: Float = 0.1
  private static let side = 5

  /// Particles at random in a cube of cells as wide as the kernel's support, cell by cell, and where each cell begins.
  private static func cloud(_ count: Int) -> (places: [FKVector], starts: [Int32]) {
    var random = RandomStream(seed: 5, "neighbour lists")
    let cell = 2 * spacing
    var cells = [[FKVector]](repeating: [], count: side * side * side)
    for _ in 0..<count {
      let p = (0..<3).map { _ in Float(random.uniform() * Double(side)) }
      let c = p.map { min(Int($0), side - 1) }
      cells[(c[2] * side + c[1]) * side + c[0]].append(FKVector(x: p[0] * cell, y: p[1] * cell, z: p[2] * cell, w: 0))
    }
    return (cells.flatMap { $0 }, cells.reduce(into: [0]) { $0.append($0.last! + Int32($1.count)) })
  }

  /// Densities and their gradients from one level's lists.
  private static func densities(lists level: UnsafePointer<FKKernels>, _ places: [FKVector], _ starts: [Int32]) -> [FKVector] {
    // The kernels read whole lanes, beyond the last particle too.
    let room = places.count + 64
    func vectors() -> UnsafeMutablePointer<FKVector> {
      let pointer = UnsafeMutablePointer<FKVector>.allocate(capacity: room)
      pointer.initialize(repeating: FKVector(), count: room)
      return pointer
    }
    func numbers() -> UnsafeMutablePointer<Float> {
      let pointer = UnsafeMutablePointer<Float>.allocate(capacity: room)
      pointer.initialize(repeating: 1, count: room)
      return pointer
    }
    let (position, velocity, acceleration, skin) = (vectors(), vectors(), vectors(), vectors())
    let (density, last, rate, response, lightness) = (numbers(), numbers(), numbers(), numbers(), numbers())
    let lists = FKListsCreate()
    defer {
      for pointer in [position, velocity, acceleration, skin] { pointer.deallocate() }
      for pointer in [density, last, rate, response, lightness] { pointer.deallocate() }
      FKListsDestroy(lists)
    }
    for (i, place) in places.enumerated() { position[i] = place }
    FKListsResize(lists, Int64(places.count))
    var particles = FKParticles(
      count: Int64(places.count), position: position, velocity: velocity, acceleration: acceleration, skin: skin,
      density: density, lastPressure: last, rate: rate, response: response, lightness: lightness, spacing: spacing)
    let reader = FKKernelsNamed("baseline")!
    var body = FKBody()
    starts.withUnsafeBufferPointer { starts in
      var grid = FKGrid(
        cellStart: starts.baseAddress!, nx: Int32(side), ny: Int32(side), nz: Int32(side), origin: (0, 0, 0),
        inverseSize: 1 / (2 * spacing))
      for block in 0..<Int64((places.count + Int(FKBlockSize) - 1) / Int(FKBlockSize)) {
        level.pointee.findNeighbors(&particles, &grid, lists, block)
        reader.pointee.densities(&particles, lists, &body, block)
      }
    }
    return places.indices.map {
      FKVector(x: acceleration[$0].x, y: acceleration[$0].y, z: acceleration[$0].z, w: density[$0])
    }
  }

  /// Sums over lists in another order, or with one neighbour more or less, would have other bits.
  @Test("every level lists the same neighbours in the same order", arguments: ["avx2", "avx512"])
  func levelsAgree(name: String) throws {
    guard let level = FKKernelsNamed(name) else { return }
    let (places, starts) = Self.cloud(1000)
    let plain = Self.densities(lists: try #require(FKKernelsNamed("baseline")), places, starts)
    let found = Self.densities(lists: level, places, starts)
    let unlike = zip(plain, found).filter { $0.x != $1.x || $0.y != $1.y || $0.z != $1.z || $0.w != $1.w }.count
    #expect(unlike == 0, "\(unlike) of \(places.count) particles")
  }

  /// δ = Σ V W with the cubic spline of support 2 d over all pairs.
  @Test func theyAreAllThatIsNear() throws {
    let (places, starts) = Self.cloud(1000)
    let found = Self.densities(lists: try #require(FKKernelsNamed("baseline")), places, starts)
    for (p, density) in zip(places, found.map(\.w)) {
      var sum = 0.0
      for q in places {
        let way = SIMD3(Double(p.x - q.x), Double(p.y - q.y), Double(p.z - q.z)) / Double(Self.spacing)
        let r = (way * way).sum().squareRoot()
        let (near, far) = (max(1 - r, 0), max(2 - r, 0))
        sum += (far * far * far - 4 * near * near * near) / (4 * .pi)
      }
      #expect(abs(Double(density) / sum - 1) < 1e-5, "\(density), not \(sum)")
    }
  }
}

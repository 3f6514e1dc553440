import CFluidKernels
import WorldCore

/// Viscosity of thick liquids, implicitly: the velocities after the step are those that viscosity at the step's end makes of
/// the ones before (Weiler et al. 2018, section 4), v − Δt a(v) = v*, found by conjugate gradients without a matrix.
///
/// Bodies take part with their velocity and spin. With masses as the inner product's weights the operator is symmetric and
/// positive, and as every viscous force has its counterforce, each iterate keeps both momenta.
struct ViscositySolve {
  /// One vector of unknowns: a velocity for each particle, and a motion with its impulse for each body.
  private struct BodyPart {
    /// m/s and rad/s
    var motion: FKMotion
    /// The momentum of that motion over the reference mass.
    var impulse: FKMotion
  }

  private let residual: UnsafeMutablePointer<FKVector>
  private let direction: UnsafeMutablePointer<FKVector>
  private let count: Int

  /// Room for the store's particles.
  init(_ count: Int) {
    self.count = count
    // Sixteen more, as the kernels read.
    (residual, direction) = (.allocate(capacity: count + 64), .allocate(capacity: count + 64))
    residual.initialize(repeating: FKVector(), count: count + 64)
    direction.initialize(repeating: FKVector(), count: count + 64)
  }

  func deallocate() {
    residual.deallocate()
    direction.deallocate()
  }

  private static let iterationLimit = 200

  /// Changes the velocities of the particles and gives what the bodies are to take, over the reference mass; and the
  /// iterations.
  func run(_ world: FluidWorld, _ dt: Double, _ proxies: [BodyProxy]) -> (given: [FKMotion], iterations: Int) {
    let store = world.store
    let (velocity, lightness) = (store.velocity, store.lightness)
    var bodies = proxies.map(\.kernelBody)
    var view = store.view.pointee

    // Accelerations a(u) of the particles into the store's, and the forces on the bodies.
    func accelerate(_ field: UnsafeMutablePointer<FKVector>, _ bodies: [FKBody]) -> [FKMotion] {
      view.velocity = field
      withUnsafePointer(to: view) { view in
        forEachBlock(of: world.blockCount, workers: world.options.workers) {
          world.kernels.pointee.viscousForces(
            view, world.lists, bodies, Int64(bodies.count), 0, world.given + $0 * bodies.count, Int64($0))
        }
      }
      return world.sumGiven(bodies.count)
    }
    func sum(_ term: (Int) -> Float) -> Double {
      // In the blocks' order: the same on any number of workers.
      var total = 0.0
      for i in 0..<count { total += Double(term(i)) }
      return total
    }
    func square(_ a: [BodyPart]) -> Double { a.reduce(0) { $0 + $1.impulse.dot($1.motion) } }

    // r = v* − A v*, p = r.
    let forces = accelerate(velocity, bodies)
    let acceleration = store.acceleration
    let step = Float(dt)
    for i in 0..<count {
      let (a, v) = (acceleration[i], velocity[i])
      residual[i] = FKVector(x: a.x * step, y: a.y * step, z: a.z * step, w: 0)
      direction[i] = FKVector(x: residual[i].x, y: residual[i].y, z: residual[i].z, w: v.w)
    }
    var r = proxies.indices.map { b in
      let impulse = forces[b].scaled(dt)
      return BodyPart(motion: proxies[b].response(to: impulse, scale: world.referenceMass), impulse: impulse)
    }
    for b in r.indices where proxies[b].inverseMass == 0 { r[b].impulse = FKMotion() }
    var p = r
    var given = [FKMotion](repeating: FKMotion(), count: proxies.count)
    // What immovable bodies take isn't an unknown, but is told all the same.
    for b in given.indices where proxies[b].inverseMass == 0 { given[b] = forces[b].scaled(dt) }

    var rr = sum { residual[$0].lengthSquared / lightness[$0] } + square(r)
    let whole = sum { velocity[$0].lengthSquared / lightness[$0] }
    let bound = world.options.viscosityTolerance * world.options.viscosityTolerance * whole
    var iterations = 0
    while rr > bound && iterations < Self.iterationLimit {
      // A p = p − Δt a(p)
      for b in bodies.indices {
        bodies[b].velocity = Vector3(p[b].motion.linear).floats
        bodies[b].spin = Vector3(p[b].motion.angular).floats
      }
      let forces = accelerate(direction, bodies)
      let bodyImages = proxies.indices.map { b in
        proxies[b].inverseMass == 0 ? FKMotion() : p[b].impulse.adding(forces[b], times: -dt)
      }
      var pAp = sum { i in
        let (a, u) = (acceleration[i], direction[i])
        return (u.x * (u.x - a.x * step) + u.y * (u.y - a.y * step) + u.z * (u.z - a.z * step)) / lightness[i]
      }
      for b in p.indices { pAp += bodyImages[b].dot(p[b].motion) }
      guard pAp > 0 else { break }
      let alpha = rr / pAp
      let factor = Float(alpha)
      for i in 0..<count {
        let (a, u) = (acceleration[i], direction[i])
        velocity[i].x += factor * u.x
        velocity[i].y += factor * u.y
        velocity[i].z += factor * u.z
        residual[i].x -= factor * (u.x - a.x * step)
        residual[i].y -= factor * (u.y - a.y * step)
        residual[i].z -= factor * (u.z - a.z * step)
      }
      for b in p.indices {
        if proxies[b].inverseMass == 0 {
          given[b] = given[b].adding(forces[b], times: alpha * dt)
          continue
        }
        given[b] = given[b].adding(p[b].impulse, times: alpha)
        r[b].impulse = r[b].impulse.adding(bodyImages[b], times: -alpha)
        r[b].motion = proxies[b].response(to: r[b].impulse, scale: world.referenceMass)
      }
      let next = sum { residual[$0].lengthSquared / lightness[$0] } + square(r)
      let beta = next / rr
      for i in 0..<count {
        direction[i].x = residual[i].x + Float(beta) * direction[i].x
        direction[i].y = residual[i].y + Float(beta) * direction[i].y
        direction[i].z = residual[i].z + Float(beta) * direction[i].z
      }
      for b in p.indices {
        p[b].impulse = r[b].impulse.adding(p[b].impulse, times: beta)
        p[b].motion = proxies[b].response(to: p[b].impulse, scale: world.referenceMass)
      }
      rr = next
      iterations += 1
    }
    return (given, iterations)
  }
}

extension FKMotion {
  fileprivate func scaled(_ factor: Double) -> FKMotion { FKMotion().adding(self, times: factor) }

  fileprivate func adding(_ other: FKMotion, times factor: Double) -> FKMotion {
    FKMotion(
      linear: (Vector3(linear) + Vector3(other.linear) * factor).tuple,
      angular: (Vector3(angular) + Vector3(other.angular) * factor).tuple)
  }

  fileprivate func dot(_ other: FKMotion) -> Double {
    Vector3(linear).dot(Vector3(other.linear)) + Vector3(angular).dot(Vector3(other.angular))
  }
}

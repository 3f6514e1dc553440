import CFluidKernels

/// What moves all particles at once.
extension ParticleStore {
  /// Velocities by the accelerations and gravity.
  func kick(_ dt: Double, gravity: SIMD3<Double> = .zero) {
    let (dt, g) = (Float(dt), SIMD3<Float>(gravity * dt))
    for i in 0..<count {
      velocity[i].x += acceleration[i].x * dt + g.x
      velocity[i].y += acceleration[i].y * dt + g.y
      velocity[i].z += acceleration[i].z * dt + g.z
    }
  }

  /// Places by the velocities.
  func drift(_ dt: Double) { drift(dt, by: velocity) }

  func drift(_ factor: Double, by field: UnsafeMutablePointer<FKVector>) {
    let factor = Float(factor)
    for i in 0..<count {
      position[i].x += field[i].x * factor
      position[i].y += field[i].y * factor
      position[i].z += field[i].z * factor
    }
  }

  /// m/s²
  var greatestAcceleration: Double {
    var square: Float = 0
    for i in 0..<count { square = max(square, acceleration[i].lengthSquared) }
    return Double(square).squareRoot()
  }

  /// Where the sweeps' momentum starts.
  func rememberPressures() { for i in 0..<count { view.pointee.lastPressure[i] = position[i].w } }

  /// The pressures become zero, as do those of the sweep before.
  func forgetPressures() { for i in 0..<count { (position[i].w, view.pointee.lastPressure[i]) = (0, 0) } }

  /// Puts the pressures aside and zeros in their place, or back.
  func exchangePressures() {
    for i in 0..<count {
      let pressure = position[i].w
      position[i].w = keptPressure[i]
      keptPressure[i] = pressure
    }
  }
}

extension FKVector {
  var vector: SIMD3<Float> { SIMD3(x, y, z) }
  var lengthSquared: Float { x * x + y * y + z * z }
}

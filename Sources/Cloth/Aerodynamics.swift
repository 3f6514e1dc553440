import Foundation
import WorldCore

/// The stream's force on each triangle: pressure across it and skin friction along it.
///
/// With v the stream relative to the triangle, vₙ its part along the normal and vₜ the rest,
/// F = ½ρA(1 − porosity)·Cₙ|vₙ|vₙ + ½ρA·Cₜ|v|vₜ. The air's own inertia (added mass) and wakes are left out.
struct Aerodynamics {
  private let air: ClothAir
  private let gusts: [Gust]

  /// One wave of the random Fourier field of Kraichnan 1970: across its wave vector, so that the gusts are divergence-free.
  private struct Gust {
    var waveVector: Vector3
    var amplitude: Vector3
    var phase: Double
    var frequency: Double
  }

  init(_ air: ClothAir) {
    self.air = air
    let speed = air.wind.length
    guard air.gustiness > 0, speed > 0 else {
      gusts = []
      return
    }
    // Sixteen waves round the gust length; each adds amplitude²/2 to the variance, a third of it along each axis.
    var stream = RandomStream(seed: air.seed, "gusts")
    let count = 16
    let amplitude = air.gustiness * speed * (6 / Double(count)).squareRoot()
    gusts = (0..<count).map { _ in
      let direction = Vector3(stream.normal(), stream.normal(), stream.normal()).normalized
      let wave = direction * (2 * .pi / air.gustLength * exp(0.5 * stream.normal()))
      let across = Vector3(stream.normal(), stream.normal(), stream.normal()).cross(direction).normalized
      // Frozen turbulence (Taylor 1938): the field drifts with the mean wind.
      return Gust(
        waveVector: wave, amplitude: across * amplitude, phase: stream.uniform() * 2 * .pi, frequency: -wave.dot(air.wind))
    }
  }

  /// Looks up the stream at every node: it changes little while a step lasts.
  func lookUp(_ sheets: [Sheet], time: Double) {
    guard air.density > 0 else { return }
    for sheet in sheets {
      for node in 0..<sheet.count { sheet.wind[node] = wind(at: sheet.position[node], time: time) }
    }
  }

  private func wind(at point: Vector3, time: Double) -> Vector3 {
    var wind = air.wind
    for gust in gusts { wind += gust.amplitude * cos(gust.waveVector.dot(point) + gust.frequency * time + gust.phase) }
    return wind
  }

  /// Adds the impulse of the next `duration` seconds to the velocities; gives the total and its moment about the world's
  /// origin.
  func apply(to sheet: Sheet, duration dt: Double) -> (linear: Vector3, angular: Vector3) {
    guard air.density > 0 else { return (.zero, .zero) }
    let material = sheet.definition.material
    let (x, v, w, wind) = (sheet.position, sheet.velocity, sheet.inverseMass, sheet.wind)
    let pressure = 0.5 * air.density * material.normalDrag * (1 - material.porosity)
    let skin = 0.5 * air.density * material.tangentialDrag
    var (linear, angular) = (Vector3.zero, Vector3.zero)
    for t in sheet.triangles {
      let (a, b, c) = (Int(t.x), Int(t.y), Int(t.z))
      let doubleArea = (x[b] - x[a]).cross(x[c] - x[a])
      let twice = doubleArea.length
      guard twice > 0 else { continue }
      let normal = doubleArea / twice
      // Under water it meets no air.
      let dry = sheet.immersion.map { max(1 - ($0[a] + $0[b] + $0[c]) / 3, 0) } ?? 1
      let stream = (wind[a] + wind[b] + wind[c] - v[a] - v[b] - v[c]) / 3
      let across = stream.dot(normal)
      let alongVector = stream - normal * across
      // A rate of velocity change r decays the stream by 1/(1 + r Δt): the implicit step, which never turns it round.
      let acrossRate = pressure * abs(across), alongRate = skin * stream.length
      let share = dt / material.arealDensity
      let acrossForce = normal * (acrossRate * across / (1 + acrossRate * share))
      let alongForce = alongVector * (alongRate / (1 + alongRate * share))
      let impulse = (acrossForce + alongForce) * (0.5 * twice * dry * dt / 3)
      for node in [a, b, c] {
        if w[node] > 0 { v[node] += impulse * w[node] } else { sheet.blown[node] += impulse }
        linear += impulse
        angular += x[node].cross(impulse)
      }
    }
    return (linear, angular)
  }
}

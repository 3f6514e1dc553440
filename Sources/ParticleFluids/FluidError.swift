public import WorldCore

/// Why a fluid can't be made or carried on.
public enum FluidError: Error, Equatable, CustomStringConvertible {
  case badSpacing(Double)
  case badLiquid(fluid: String, quantity: String, value: Double)
  case emptyRegion(fluid: String)
  case tooMany(fluid: String, particles: Int, limit: Int)
  case badFlow(fluid: String, flow: Double)
  case badDuration(Double)
  case notFinite(fluid: String, time: Double, position: Vector3)
  case tooFast(fluid: String, time: Double, position: Vector3, speed: Double)

  public var description: String {
    func place(_ p: Vector3) -> String { "(\(short(p.x)), \(short(p.y)), \(short(p.z)))" }
    return switch self {
    case .badSpacing(let spacing):
      "a spacing of \(spacing) m between particles can't be used; it must be positive and finite"
    case .badLiquid(let fluid, let quantity, let value):
      "fluid '\(fluid)': the liquid's \(quantity) is \(value), which no liquid has"
    case .emptyRegion(let fluid):
      "fluid '\(fluid)': no particle fits into its region outside the bodies; make the spacing smaller or the region larger"
    case .tooMany(let fluid, let particles, let limit):
      "fluid '\(fluid)': the spacing asks for \(particles) particles, more than \(limit); take a wider spacing"
    case .badFlow(let fluid, let flow):
      "fluid '\(fluid)': \(flow) m^3/s can't flow in; an inlet has a width and a speed"
    case .badDuration(let duration):
      "a step of \(duration) s can't be taken; its duration must be positive and finite"
    case .notFinite(let fluid, let time, let position):
      "fluid '\(fluid)': a particle near \(place(position)) has no finite place or speed at \(short(time)) s; look for a body that "
        + "is not finite or squeezes the fluid, or take a smaller spacing"
    case .tooFast(let fluid, let time, let position, let speed):
      "fluid '\(fluid)': exploded at \(short(time)) s near \(place(position)) (\(short(speed)) m/s); a body may press fluid into a "
        + "closed space, or start deep inside it: make room, or take a smaller spacing"
    }
  }
}

private func short(_ x: Double) -> String {
  let rounded = (x * 1e4).rounded() / 1e4
  return "\(rounded)"
}

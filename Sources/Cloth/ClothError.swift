/// Why a cloth can't be made or carried on.
public enum ClothError: Error, Equatable, CustomStringConvertible {
  case badSize(cloth: String)
  case tooCoarse(cloth: String, spacing: Double, limit: Double)
  case tooFine(cloth: String, nodes: Int, limit: Int)
  case badMaterial(cloth: String, quantity: String, value: Double)
  case unknownPin(cloth: String, pin: String)
  case pinOutside(cloth: String, row: Int, column: Int, rows: Int, columns: Int)
  case pinTooFar(cloth: String, distance: Double, limit: Double)
  case noSuchBody(cloth: String, body: Int)
  case notFinite(cloth: String, row: Int, column: Int, time: Double)
  case notAtRest(time: Double, kineticEnergy: Double)
  case badDuration(Double)

  public var description: String {
    switch self {
    case .badSize(let cloth):
      "cloth '\(cloth)': size and spacing must be positive and finite lengths in metres"
    case .tooCoarse(let cloth, let spacing, let limit):
      "cloth '\(cloth)': a spacing of \(spacing) m leaves fewer than two cells along an edge; take at most \(limit) m"
    case .tooFine(let cloth, let nodes, let limit):
      "cloth '\(cloth)': the spacing asks for \(nodes) nodes, more than \(limit); take a wider spacing"
    case .badMaterial(let cloth, let quantity, let value):
      "cloth '\(cloth)': the material's \(quantity) is \(value), which no cloth has"
    case .unknownPin(let cloth, let pin):
      "cloth '\(cloth)': no pin is called '\(pin)'; the names are \(ClothPin.names.joined(separator: ", "))"
    case .pinOutside(let cloth, let row, let column, let rows, let columns):
      "cloth '\(cloth)': a pin at row \(row), column \(column) is outside the \(rows) rows and \(columns) columns"
    case .pinTooFar(let cloth, let distance, let limit):
      "cloth '\(cloth)': a pin's point is \(distance) m from the cloth; bring it within \(limit) m"
    case .noSuchBody(let cloth, let body):
      "cloth '\(cloth)': a pin holds on to collider \(body), which the step was not given"
    case .notFinite(let cloth, let row, let column, let time):
      "cloth '\(cloth)': the node at row \(row), column \(column) has no finite place at \(time) s; look for a force or a body "
        + "that is not finite, or take shorter steps"
    case .notAtRest(let time, let energy):
      "the cloths still move after \(time) s (kinetic energy \(energy) J); pin them or give them something to rest on"
    case .badDuration(let duration):
      "a step of \(duration) s can't be taken; its duration must be positive and finite"
    }
  }
}

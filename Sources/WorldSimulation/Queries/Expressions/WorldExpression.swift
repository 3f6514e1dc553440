import WorldCore

/// A quantity or condition of a world at an instant, such as `bodies.ball.position.z < 0.12`.
///
/// The language is small and safe: it reads the world, computes, and can do nothing else. A plain number takes the unit of what
/// it stands beside (SI).
///
/// ```
/// or  and  not            contact(a, b) is a condition; so is every comparison
/// <  <=  >  >=  ==  !=    of quantities of one dimension
/// +  -  *  /              and unary minus; (…)
/// abs sqrt sin cos min max length    length(v) is that of a vector
/// distance(a, b) speed(a) tilt(a)    m; m/s; rad between the body's z axis and the vertical
/// time  energy.kinetic  energy.potential  energy.total  momentum.linear  momentum.angular
/// bodies.NAME.position velocity angular_velocity (vectors: .x .y .z)  mass speed kinetic_energy
/// fluids.NAME.center_of_mass (a vector)  level mass
/// cloths.NAME.center_of_mass lower upper (vectors)
/// ```
public struct WorldExpression: Sendable {
  public let text: String
  let root: Node
  /// What the expression compares by `==` or `!=`, as differences: they may hold at single instants.
  let equalities: [Scalar]

  /// What an expression is worth.
  enum Kind: Equatable {
    case condition
    /// nil: a plain number, which fits any dimension.
    case scalar(Dimension?)
    case vector(Dimension?)
  }

  /// Evaluates at a time within the history's span.
  typealias Scalar = @Sendable (WorldHistory, Double) -> Double
  typealias Vector = @Sendable (WorldHistory, Double) -> Vector3
  typealias Condition = @Sendable (WorldHistory, Double) -> Bool

  /// A checked expression, ready to be evaluated.
  enum Node: Sendable {
    case condition(Condition)
    case scalar(Dimension?, Scalar)
    case vector(Dimension?, Vector)

    var kind: Kind {
      switch self {
      case .condition: .condition
      case .scalar(let dimension, _): .scalar(dimension)
      case .vector(let dimension, _): .vector(dimension)
      }
    }
  }

  /// - Parameter history: the world whose bodies, fluids and cloths the expression may name.
  /// - Throws: `ExpressionError`.
  public init(_ text: String, in history: WorldHistory) throws(ExpressionError) {
    self.text = text
    var parser = try ExpressionParser(text, history: history)
    root = try parser.parse()
    equalities = parser.equalities
  }

  /// The condition; throws where the expression is a quantity.
  func condition() throws(ExpressionError) -> Condition {
    guard case .condition(let condition) = root else {
      throw ExpressionError(
        expression: text, column: 1, message: "this is a quantity, not a condition", suggestion: "compare it: \(text) > 0")
    }
    return condition
  }

  /// The quantity and its unit; throws where the expression is a condition or a vector.
  func quantity() throws(ExpressionError) -> (unit: String, value: Scalar) {
    switch root {
    case .scalar(let dimension, let value): return ((dimension ?? .one).unit, value)
    case .condition: throw ExpressionError(expression: text, column: 1, message: "this is a condition, not a quantity")
    case .vector:
      throw ExpressionError(
        expression: text, column: 1, message: "this is a vector, not a quantity",
        suggestion: "take a component, \(text).z, or its length, length(\(text))")
    }
  }
}

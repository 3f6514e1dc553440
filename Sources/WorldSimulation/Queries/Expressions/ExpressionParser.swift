import Foundation
import WorldCore

/// Recursive descent over an expression; checks names and dimensions as it goes.
struct ExpressionParser {
  /// Parentheses, signs and calls inside one another.
  static let depthLimit = 64

  let text: String
  let history: WorldHistory
  private var lexer: ExpressionLexer
  private(set) var token: ExpressionToken
  private var depth = 0
  /// What is compared by `==` or `!=`: the left side less the right one.
  private(set) var equalities: [WorldExpression.Scalar] = []

  typealias Node = WorldExpression.Node

  init(_ text: String, history: WorldHistory) throws(ExpressionError) {
    self.text = text
    self.history = history
    lexer = try ExpressionLexer(text)
    token = try lexer.next()
  }

  mutating func parse() throws(ExpressionError) -> Node {
    if token.kind == .end { throw error("the expression is empty", at: token) }
    let node = try disjunction()
    if token.kind != .end { throw error("expected an operator or the end, found \(token.shown)", at: token) }
    return node
  }

  // MARK: Levels of precedence, loosest first

  private mutating func disjunction() throws(ExpressionError) -> Node {
    var node = try conjunction()
    while let place = try take(word: "or") {
      let (a, b) = (try condition(node, at: place), try condition(try conjunction(), at: place))
      node = .condition { a($0, $1) || b($0, $1) }
    }
    return node
  }

  private mutating func conjunction() throws(ExpressionError) -> Node {
    var node = try negation()
    while let place = try take(word: "and") {
      let (a, b) = (try condition(node, at: place), try condition(try negation(), at: place))
      node = .condition { a($0, $1) && b($0, $1) }
    }
    return node
  }

  private mutating func negation() throws(ExpressionError) -> Node {
    guard let place = try take(word: "not") else { return try comparison() }
    try descend(place)
    let inner = try condition(try negation(), at: place)
    depth -= 1
    return .condition { !inner($0, $1) }
  }

  private mutating func comparison() throws(ExpressionError) -> Node {
    let left = try sum()
    for sign in ["<", "<=", ">", ">=", "==", "!="] {
      guard let place = try take(sign: sign) else { continue }
      let right = try sum()
      let (a, b, _) = try scalars(left, right, verb: "compare", at: place)
      if case .sign(let next) = token.kind, ["<", "<=", ">", ">=", "==", "!="].contains(next) {
        throw error("comparisons don't chain", at: token, suggestion: "join two with 'and'")
      }
      if sign == "==" || sign == "!=" {
        equalities.append { a($0, $1) - b($0, $1) }
        let equal = equality(a, b)
        guard sign == "!=" else { return .condition(equal) }
        return .condition { !equal($0, $1) }
      }
      switch sign {
      case "<": return .condition { a($0, $1) < b($0, $1) }
      case "<=": return .condition { a($0, $1) <= b($0, $1) }
      case ">": return .condition { a($0, $1) > b($0, $1) }
      default: return .condition { a($0, $1) >= b($0, $1) }
      }
    }
    return left
  }

  /// Quantities that move are equal at the instants at which one passes the other, known to the tolerance of roots. Where one
  /// jumps over the other, as a velocity does in an impact, they aren't.
  private func equality(
    _ a: @escaping WorldExpression.Scalar, _ b: @escaping WorldExpression.Scalar
  ) -> WorldExpression.Condition {
    { (history: WorldHistory, time: Double) -> Bool in
      func difference(_ shift: Double) -> Double {
        let moment = min(max(time + shift, history.span.lowerBound), history.span.upperBound)
        return a(history, moment) - b(history, moment)
      }
      let here = difference(0)
      guard here != 0, here.isFinite else { return here == 0 }
      let step = WorldHistory.timeTolerance
      let (before, after) = (difference(-step), difference(step))
      guard before.isFinite, after.isFinite, (before < 0) != (after < 0) else { return false }
      // What is continuous changes by less in a shorter time; a jump doesn't.
      return abs(after - before) < 0.5 * abs(difference(1000 * step) - difference(-1000 * step))
    }
  }

  private mutating func sum() throws(ExpressionError) -> Node {
    var node = try product()
    while true {
      if let place = try take(sign: "+") {
        node = try add(node, try product(), scale: 1, at: place)
      } else if let place = try take(sign: "-") {
        node = try add(node, try product(), scale: -1, at: place)
      } else {
        return node
      }
    }
  }

  private mutating func product() throws(ExpressionError) -> Node {
    var node = try factor()
    while true {
      if let place = try take(sign: "*") {
        node = try multiply(node, try factor(), at: place)
      } else if let place = try take(sign: "/") {
        guard case .scalar(let below, let b) = try factor() else { throw error("can only divide by a quantity", at: place) }
        let inverse = Node.scalar(below.map(\.inverse)) { 1 / b($0, $1) }
        // A quotient of scalars is one division, not a product with a rounded inverse.
        if case .scalar(let above, let a) = node {
          node = .scalar(Self.dimension(above, below?.inverse)) { a($0, $1) / b($0, $1) }
        } else {
          node = try multiply(node, inverse, at: place)
        }
      } else {
        return node
      }
    }
  }

  private mutating func factor() throws(ExpressionError) -> Node {
    if let place = try take(sign: "-") {
      try descend(place)
      let inner = try factor()
      depth -= 1
      return try multiply(.scalar(nil) { _, _ in -1 }, inner, at: place)
    }
    return try components(of: try primary())
  }

  private mutating func primary() throws(ExpressionError) -> Node {
    let place = token
    switch token.kind {
    case .number(let value):
      try advance()
      return .scalar(nil) { _, _ in value }
    case .sign("("):
      try advance()
      try descend(place)
      let node = try disjunction()
      depth -= 1
      try expect(")")
      return node
    case .name(let name):
      // What may follow decides how the next word is read: bodies' names have hyphens.
      if name == "bodies" {
        try advance()
        guard token.kind == .sign(".") else { throw error("expected '.' and a body's name after 'bodies'", at: token) }
        try advance(asBodyName: true)
        return try bodyQuantity(try bodyName())
      }
      if name == "fluids" || name == "cloths" {
        try advance()
        let kind = name == "fluids" ? "fluid" : "cloth"
        guard token.kind == .sign(".") else { throw error("expected '.' and a \(kind)'s name after '\(name)'", at: token) }
        try advance(asBodyName: true)
        return name == "fluids" ? try fluidQuantity() : try clothQuantity()
      }
      try advance()
      if token.kind == .sign("(") { return try call(name, at: place) }
      return try worldQuantity(name, at: place)
    default:
      throw error("expected a quantity, found \(token.shown)", at: token)
    }
  }

  // MARK: Calls

  private mutating func call(_ name: String, at place: ExpressionToken) throws(ExpressionError) -> Node {
    try descend(place)
    defer { depth -= 1 }
    let node: Node
    switch name {
    case "contact", "distance":
      try advance(asBodyName: true)
      let a = try bodyName()
      guard token.kind == .sign(",") else { throw error("\(name) takes two bodies: \(name)(a, b)", at: token) }
      try advance(asBodyName: true)
      let b = try bodyName()
      node =
        name == "contact"
        ? .condition { $0.areTouching(a, b, at: $1) }
        : .scalar(.length) { ($0.state(ofBody: a, at: $1).position - $0.state(ofBody: b, at: $1).position).length }
    case "speed", "tilt":
      try advance(asBodyName: true)
      let a = try bodyName()
      node =
        name == "speed"
        ? .scalar(.speed) { $0.state(ofBody: a, at: $1).velocity.length }
        : .scalar(.angle) { acos(max(-1, min(1, $0.state(ofBody: a, at: $1).orientation.rotate(.unitZ).z))) }
    case "abs", "sqrt", "sin", "cos", "length", "min", "max":
      try advance()
      node = try function(name, try arguments(), at: place)
    default:
      let known = ["abs", "contact", "cos", "distance", "length", "max", "min", "sin", "speed", "sqrt", "tilt"]
      throw error("there is no function '\(name)'", at: place, suggestion: Self.nearest(to: name, in: known))
    }
    try expect(")")
    return node
  }

  private mutating func arguments() throws(ExpressionError) -> [Node] {
    var list = [try disjunction()]
    while try take(sign: ",") != nil { list.append(try disjunction()) }
    return list
  }

  private func function(_ name: String, _ arguments: [Node], at place: ExpressionToken) throws(ExpressionError) -> Node {
    let wanted = name == "min" || name == "max" ? 2 : 1
    guard arguments.count == wanted else {
      throw error("\(name) takes \(wanted == 1 ? "one argument" : "two arguments"), not \(arguments.count)", at: place)
    }
    if name == "length" {
      guard case .vector(let dimension, let v) = arguments[0] else { throw error("length takes a vector", at: place) }
      return .scalar(dimension) { v($0, $1).length }
    }
    if wanted == 2 {
      let (a, b, dimension) = try scalars(arguments[0], arguments[1], verb: "take the \(name) of", at: place)
      return name == "min" ? .scalar(dimension) { min(a($0, $1), b($0, $1)) } : .scalar(dimension) { max(a($0, $1), b($0, $1)) }
    }
    guard case .scalar(let dimension, let a) = arguments[0] else { throw error("\(name) takes a quantity", at: place) }
    switch name {
    case "abs": return .scalar(dimension) { abs(a($0, $1)) }
    case "sqrt":
      guard let dimension else { return .scalar(nil) { a($0, $1).squareRoot() } }
      guard let root = dimension.squareRoot else { throw error("there is no root of \(dimension.unit)", at: place) }
      return .scalar(root) { a($0, $1).squareRoot() }
    default:
      guard (dimension ?? .one).isCompatible(with: .one) else {
        throw error("\(name) takes an angle or a plain number, not \((dimension ?? .one).unit)", at: place)
      }
      return name == "sin" ? .scalar(.one) { sin(a($0, $1)) } : .scalar(.one) { cos(a($0, $1)) }
    }
  }

  // MARK: Tokens

  mutating func advance(asBodyName: Bool = false) throws(ExpressionError) { token = try lexer.next(asBodyName: asBodyName) }

  /// Takes a body's name and gives its index.
  private mutating func bodyName() throws(ExpressionError) -> Int {
    guard case .name(let name) = token.kind else { throw error("expected a body's name, found \(token.shown)", at: token) }
    guard let index = history.body(name) else {
      let names = history.trajectory.bodies.map(\.name)
      throw error("there is no body '\(name)'", at: token, suggestion: Self.nearest(to: name, in: names))
    }
    try advance()
    return index
  }

  private mutating func take(sign: String) throws(ExpressionError) -> ExpressionToken? {
    guard token.kind == .sign(sign) else { return nil }
    let place = token
    try advance()
    return place
  }

  private mutating func take(word: String) throws(ExpressionError) -> ExpressionToken? {
    guard token.kind == .name(word) else { return nil }
    let place = token
    try advance()
    return place
  }

  private mutating func expect(_ sign: String) throws(ExpressionError) {
    guard try take(sign: sign) != nil else { throw error("expected '\(sign)', found \(token.shown)", at: token) }
  }

  private mutating func descend(_ place: ExpressionToken) throws(ExpressionError) {
    depth += 1
    if depth > Self.depthLimit { throw error("the expression nests more than \(Self.depthLimit) deep", at: place) }
  }

  // MARK: Errors

  func error(_ message: String, at token: ExpressionToken, suggestion: String? = nil) -> ExpressionError {
    ExpressionError(expression: text, column: token.column, message: message, suggestion: suggestion)
  }
}

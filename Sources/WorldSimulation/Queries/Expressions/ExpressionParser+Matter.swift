import WorldCore

// What an expression can ask of fluids and cloths: what the state of the world shows of them.
extension ExpressionParser {
  private static let fluidMembers = ["center_of_mass", "level", "mass"]
  private static let clothMembers = ["center_of_mass", "lower", "upper"]

  /// After `fluids.`.
  mutating func fluidQuantity() throws(ExpressionError) -> Node {
    let place = token
    let fluids = history.trajectory.fluids
    let index = try matterName("fluid", among: fluids.map(\.name))
    guard !fluids[index].levels.isEmpty else {
      throw error("this trajectory records nothing of '\(fluids[index].name)'", at: place)
    }
    let (name, memberPlace) = try member(of: "a fluid")
    switch name {
    case "level": return .scalar(.length) { $0.level(of: $0.trajectory.fluids[index], at: $1) }
    case "mass": return .scalar(.mass) { $0.mass(of: $0.trajectory.fluids[index], at: $1) }
    case "center_of_mass": return .vector(.length) { $0.centerOfMass(of: $0.trajectory.fluids[index], at: $1) }
    default:
      throw error("a fluid has no '\(name)'", at: memberPlace, suggestion: Self.nearest(to: name, in: Self.fluidMembers))
    }
  }

  /// After `cloths.`.
  mutating func clothQuantity() throws(ExpressionError) -> Node {
    let place = token
    let cloths = history.trajectory.cloths
    let index = try matterName("cloth", among: cloths.map(\.name))
    guard cloths[index].samples > 0 else {
      throw error(
        "this trajectory records no vertices of '\(cloths[index].name)'", at: place,
        suggestion: "ask the scene, or a trajectory in .safetensors")
    }
    let (name, memberPlace) = try member(of: "a cloth")
    switch name {
    case "center_of_mass": return .vector(.length) { $0.centerOfMass(of: $0.trajectory.cloths[index], at: $1) }
    case "lower": return .vector(.length) { $0.bounds(of: $0.trajectory.cloths[index], at: $1).lower }
    case "upper": return .vector(.length) { $0.bounds(of: $0.trajectory.cloths[index], at: $1).upper }
    default:
      throw error("a cloth has no '\(name)'", at: memberPlace, suggestion: Self.nearest(to: name, in: Self.clothMembers))
    }
  }

  /// Takes the name of a fluid or a cloth and gives its index.
  private mutating func matterName(_ kind: String, among names: [String]) throws(ExpressionError) -> Int {
    guard case .name(let name) = token.kind else { throw error("expected a \(kind)'s name, found \(token.shown)", at: token) }
    guard let index = names.firstIndex(of: name) else {
      let suggestion = names.isEmpty ? "there are none here" : Self.nearest(to: name, in: names)
      throw error("there is no \(kind) '\(name)'", at: token, suggestion: suggestion)
    }
    try advance()
    return index
  }
}

extension Ground {
  /// Name of the body, and its material in the scene language.
  func surface(material: String?, color: String?) -> (name: String, material: String) {
    let (name, usual, shade): (String, String, String?) =
      switch self {
      case .floor: ("floor", "concrete", nil)
      case .ground: ("ground", "concrete", "'#9a9488'")
      case .table: ("table", "oak", nil)
      case .baize: ("table", "felt", nil)
      case .grass: ("ground", "concrete", "'#6f8f4e'")
      case .street: ("ground", "concrete", "'#55565a'")
      case .sand: ("ground", "clay", "'#d8c08a'")
      case .snow: ("ground", "clay", "'#eef2f6'")
      case .lane: ("lane", "maple", nil)
      case .ice: ("ground", "ice", nil)
      case .carpet: ("floor", "felt", "'#7a4a44'")
      }
    let stuff = material ?? usual
    guard let color = color ?? (material == nil ? shade : nil) else { return (name, stuff) }
    return (name, "{like: \(stuff), color: \(color)}")
  }

  var ambience: String {
    switch self {
    case .grass, .street, .sand, .snow, .ice, .ground: "outdoors"
    default: "room"
    }
  }
}

/// Finds what somebody may have meant.
enum Suggestion {
  /// The candidate nearest to `word`: equal but for case, within a third of its length in edits, or the start or end of it;
  /// nil when none is near. Among equals the first in alphabetical order.
  static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let folded = word.lowercased().replacing("-", with: "_").replacing(" ", with: "_")
    guard word.count <= 64 else { return nil }
    var best: (distance: Int, candidate: String)?
    for candidate in candidates.sorted() {
      let target = candidate.lowercased().replacing("-", with: "_")
      var distance = editDistance(folded, target)
      if folded.count >= 3 && (target.hasPrefix(folded) || target.hasSuffix("_" + folded)) { distance = min(distance, 1) }
      if distance <= max(1, max(folded.count, target.count) / 3), distance < best?.distance ?? .max {
        best = (distance, candidate)
      }
    }
    return best?.candidate
  }

  /// The least number of insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`
  /// (optimal string alignment).
  static func editDistance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var rows = [Array(0...b.count)]
    for i in 1...a.count {
      var row = [i]
      for j in 1...b.count {
        var cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, rows[i - 2][j - 2] + 1) }
        row.append(cost)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }

  /// Words of other tools for what the scene language calls otherwise.
  static let synonyms = [
    "pos": "position", "location": "position", "center": "position", "origin": "position", "translation": "position",
    "orientation": "rotation", "quaternion": "rotation", "rot": "rotation", "euler": "rotation",
    "vel": "velocity", "speed": "velocity", "linear_velocity": "velocity",
    "angular_velocity": "spin", "omega": "spin", "colour": "color", "bounciness": "restitution", "elasticity": "restitution",
    "bounce": "restitution", "mu": "friction", "weight": "mass", "geometry": "shape", "type": "motion", "static": "fixed",
    "kinematic": "scripted", "extends": "like", "base": "like", "ior": "refractive_index", "metalness": "metallic",
    "metal": "metallic", "fps": "fps", "framerate": "fps", "resolution": "size", "width": "size", "extents": "size",
    "dimensions": "size", "half_extents": "size", "diameter": "radius", "target": "look_at", "lookat": "look_at",
    "field_of_view": "fov", "pivot": "anchor", "wind": "air", "time": "at", "start": "from", "end": "to", "text": "say",
    "length": "duration", "description": "about", "title": "name", "forever": "for", "during": "for", "lasting": "for",
    "objects": "bodies", "constraints": "joints", "actions": "events", "cameras": "shots", "lights": "light",
    "randomize": "vary", "variations": "vary", "ball_joint": "ball", "prismatic": "slider", "revolute": "hinge",
    "weld": "fixed", "string": "rope", "cube": "box", "disc": "cylinder", "ground": "plane", "ring": "torus",
  ]

  /// Of several allowed words: `did you mean 'x'?`, or else the whole list when it is short.
  static func sentence(for word: String, among candidates: [String], listing limit: Int = 12) -> String? {
    if let nearest = nearest(to: word, among: candidates) { return "did you mean '\(nearest)'?" }
    if let synonym = synonyms[word.lowercased()], candidates.contains(synonym) { return "here it is called '\(synonym)'" }
    guard !candidates.isEmpty else { return nil }
    let shown = candidates.prefix(limit).joined(separator: ", ")
    return candidates.count <= limit ? "one of: \(shown)" : "one of: \(shown), … (\(candidates.count) in all)"
  }
}

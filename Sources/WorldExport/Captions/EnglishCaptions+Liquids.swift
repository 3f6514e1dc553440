import Foundation

/// What liquids do, in English.
extension EnglishCaptions {
  /// One sentence a liquid, and one more for its rain: `a column of water collapses, spreads out and splashes up`.
  var liquids: [String] {
    story.liquids.flatMap { liquid in
      let deeds = liquid.deeds.map(\.deed)
      let rain = deeds.contains(.rains) ? [rainfall(liquid.noun)] : []
      let others = deeds.filter { $0 != .rains }
      return rain + (others.isEmpty ? [] : [Self.subject(liquid.noun, others[0]) + " " + Self.list(others.flatMap(clauses))])
    }
  }

  /// A sentence a deed, with the time where it doesn't begin with the clip.
  var timedLiquids: [String] {
    story.liquids.flatMap { liquid in
      var isNamed = false
      return liquid.deeds.map { deed, time in
        let when = time > Self.lateStart ? "after \(Self.seconds(time)) " : ""
        guard deed != .rains else { return when + rainfall(liquid.noun) }
        let subject = isNamed ? "it" : Self.subject(liquid.noun, deed)
        isNamed = true
        return when + subject + " " + Self.list(clauses(deed))
      }
    }
  }

  /// Seconds: what begins sooner begins with the clip.
  static let lateStart = 0.3

  /// `water, pouring, splash`.
  var liquidCatchwords: [String] {
    story.liquids.flatMap { liquid in
      [liquid.noun.english.one]
        + liquid.deeds.map { deed, _ in
          switch deed {
          case .rests: "still surface"
          case .waves: "waves"
          case .sloshes: "sloshing"
          case .falls: "falling liquid"
          case .splashes: "splash"
          case .rains: "rain"
          case .collapses: "dam break"
          case .pours, .leaves: "pouring"
          case .drains: "draining"
          }
        }
    }
  }

  /// `floating`, `sinking`, of whatever is in a liquid.
  var fates: [String] {
    story.fates.map { fate in
      switch fate {
      case .surfaces, .floats: "floating"
      case .bobs: "bobbing"
      case .sinks, .reachesBottom: "sinking"
      }
    }
  }

  static func fate(_ fate: Story.Immersion.Fate, many: Bool) -> String {
    switch fate {
    case .surfaces: many ? "come up again" : "comes up again"
    case .bobs: many ? "bob up and down" : "bobs up and down"
    case .floats: many ? "float" : "floats"
    case .sinks: many ? "sink" : "sinks"
    case .reachesBottom: many ? "sink to the bottom" : "sinks to the bottom"
    }
  }

  /// `the ball`, `two of the three blocks`, `the three blocks`.
  func some(_ n: Int, of index: Int) -> String {
    n == story.actors[index].count ? definite(index) : "\(Self.number(n)) of \(definite(index))"
  }

  /// As sentences behind one another.
  static func sentences(_ clauses: [String]) -> String { clauses.map { $0.uppercasedFirst + "." }.joined(separator: " ") }

  private static func subject(_ noun: Noun, _ deed: Story.LiquidDeed) -> String {
    switch deed {
    case .falls, .pours: noun.english.one
    case .collapses: "a column of " + noun.english.one
    default: "the " + noun.english.one
    }
  }

  private func rainfall(_ noun: Noun) -> String {
    noun.english.one == "water" ? "rain falls" : "drops of \(noun.english.one) rain down"
  }

  private func clauses(_ deed: Story.LiquidDeed) -> [String] {
    switch deed {
    case .rests: ["lies still"]
    case .waves: ["rises in waves"]
    case .sloshes: ["sloshes to and fro"]
    case .falls: ["falls"]
    case .splashes: ["splashes up"]
    case .rains: ["rains down"]
    case .collapses(let slowly): [slowly ? "slowly sinks" : "collapses", "spreads out"]
    case .pours(let way, let slowly): [Self.pour(way, slowly: slowly)]
    case .leaves(let vessel): ["runs out of " + definite(vessel)]
    case .drains(let all): [all ? "drains away completely" : "drains away"]
    }
  }

  private static func pour(_ way: Story.LiquidDeed.Way, slowly: Bool) -> String {
    switch way {
    case .down: slowly ? "flows down slowly" : "pours down"
    case .sideways: slowly ? "wells out slowly" : "shoots out in a jet"
    case .up: slowly ? "wells up slowly" : "spouts up"
    }
  }
}

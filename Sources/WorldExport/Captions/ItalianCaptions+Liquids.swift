import Foundation

/// What liquids do, in Italian.
extension ItalianCaptions {
  /// One sentence a liquid, and one more for its rain: `una colonna d'acqua crolla, si allarga e schizza in alto`.
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
        let when = time > EnglishCaptions.lateStart ? "dopo \(Self.seconds(time)) " : ""
        guard deed != .rains else { return when + rainfall(liquid.noun) }
        let subject = isNamed ? "" : Self.subject(liquid.noun, deed) + " "
        isNamed = true
        return when + subject + Self.list(clauses(deed))
      }
    }
  }

  /// `acqua, getto, schizzi`.
  var liquidCatchwords: [String] {
    story.liquids.flatMap { liquid in
      [liquid.noun.italian.one]
        + liquid.deeds.map { deed, _ in
          switch deed {
          case .rests: "superficie immobile"
          case .waves: "onde"
          case .sloshes: "sciabordio"
          case .falls: "liquido che cade"
          case .splashes: "schizzi"
          case .rains: "pioggia"
          case .collapses: "crollo di una diga"
          case .pours, .leaves: "getto"
          case .drains: "deflusso"
          }
        }
    }
  }

  /// `galleggiamento`, `affondamento`, of whatever is in a liquid.
  var fates: [String] {
    story.fates.map { fate in
      switch fate {
      case .surfaces, .floats: "galleggiamento"
      case .bobs: "dondolio"
      case .sinks, .reachesBottom: "affondamento"
      }
    }
  }

  static func fate(_ fate: Story.Immersion.Fate, many: Bool) -> String {
    switch fate {
    case .surfaces: many ? "tornano a galla" : "torna a galla"
    case .bobs: many ? "vanno su e giù a galla" : "va su e giù a galla"
    case .floats: many ? "galleggiano" : "galleggia"
    case .sinks: many ? "affondano" : "affonda"
    case .reachesBottom: many ? "vanno a fondo" : "va a fondo"
    }
  }

  /// `la palla galleggia`, `dei tre blocchi ne galleggiano due`.
  func some(_ n: Int, of index: Int, verb: String) -> String {
    let actor = story.actors[index]
    guard n < actor.count else { return definite(index) + " " + verb }
    let one = actor.noun.isFeminine ? "una" : "uno"
    return "\(n == 1 ? one : Self.number(n)) \(Self.joined("di", article(actor, many: true)))\(numbered(actor)) \(verb)"
  }

  /// `nell'acqua`, `nel latte`.
  static func into(_ liquid: Noun) -> String { joined("ne", article(liquid)) + liquid.italian.one }

  private static func article(_ liquid: Noun) -> String {
    definiteArticle(before: liquid.italian.one, feminine: liquid.isFeminine, plural: false)
  }

  /// `d'acqua`, `di latte`.
  private static func of(_ liquid: Noun) -> String {
    (startsWithVowel(liquid.italian.one) ? "d'" : "di ") + liquid.italian.one
  }

  private static func subject(_ noun: Noun, _ deed: Story.LiquidDeed) -> String {
    switch deed {
    case .falls, .pours: joined("di", article(noun)) + noun.italian.one
    case .collapses: "una colonna " + of(noun)
    default: article(noun) + noun.italian.one
    }
  }

  private func rainfall(_ noun: Noun) -> String {
    noun.english.one == "water" ? "cade la pioggia" : "piovono gocce " + Self.of(noun)
  }

  private func clauses(_ deed: Story.LiquidDeed) -> [String] {
    switch deed {
    case .rests: ["resta immobile"]
    case .waves: ["si alza in onde"]
    case .sloshes: ["sciaborda avanti e indietro"]
    case .falls: ["cade"]
    case .splashes: ["schizza in alto"]
    case .rains: ["piove"]
    case .collapses(let slowly): [slowly ? "si abbassa lentamente" : "crolla", "si allarga"]
    case .pours(let way, let slowly): [Self.pour(way, slowly: slowly)]
    case .leaves(let vessel):
      ["esce " + Self.joined("da", article(story.actors[vessel], many: false)) + story.actors[vessel].noun.italian.one]
    case .drains(let all): [all ? "defluisce del tutto" : "defluisce"]
    }
  }

  private static func pour(_ way: Story.LiquidDeed.Way, slowly: Bool) -> String {
    switch way {
    case .down: slowly ? "scende lentamente" : "scende a getto"
    case .sideways: slowly ? "esce lentamente" : "esce a getto"
    case .up: slowly ? "sale lentamente" : "zampilla verso l'alto"
    }
  }
}

import Foundation
import WorldCore

/// The story in Italian, in the same phrasings as in English.
package struct ItalianCaptions {
  let story: Story

  static func of(_ story: Story) -> [String] {
    let words = ItalianCaptions(story: story)
    guard story.lead != nil else {
      let told = words.liquids + words.cloths
      let plain = told.isEmpty ? "Nulla si muove." : EnglishCaptions.sentences(told)
      let timed = told.isEmpty ? plain : EnglishCaptions.sentences(words.timedLiquids + words.cloths)
      let things = words.liquidCatchwords + (words.cloths.isEmpty ? [] : ["telo"])
      return [
        plain, words.setting + ": " + plain.lowercasedFirst, timed + " " + "Il video dura \(seconds(story.duration)).",
        (things + [words.medium.lowercasedFirst, words.light]).joined(separator: ", "),
      ]
    }
    let plain = words.plain
    return [plain, words.setting + ": " + plain.lowercasedFirst, words.timed, words.catchwords]
  }

  // MARK: Phrasings

  /// `Una palla rossa cade, rimbalza tre volte sul pavimento e si ferma.`
  private var plain: String {
    var clauses = [startClause] + story.beats.map(clause)
    if let ending { clauses.append(ending) }
    let own = subject(0) + " " + Self.list(clauses)
    return EnglishCaptions.sentences((story.liquidsLead ? liquids + [own] : [own] + liquids) + outcomes)
  }

  /// `Una palla rossa cade. Dopo 0,5 s urta il pavimento a 4,4 m/s e rimbalza.`
  private var timed: String {
    var sentences = story.liquidsLead ? timedLiquids : []
    sentences += [
      (story.delay > 0.3 && story.start != .rests ? "dopo \(Self.seconds(story.delay)) " : "") + subject(0) + " " + startClause
        + (story.speed > 0.05 ? " a \(Self.decimal(story.speed)) m/s" : "")
    ]
    for beat in story.beats {
      let speed = Self.decimal(beat.speed) + " m/s"
      let deed: String
      switch beat.deed {
      case .bounces:
        deed = "\(verb("urta", "urtano")) \(beat.object.map(definite) ?? "") a \(speed) e \(verb("rimbalza", "rimbalzano"))"
      case .lands, .hits, .collide, .plunges, .meetsCloth, .reboundsFromCloth:
        deed = "\(clause(Story.Beat(deed: beat.deed.single, object: beat.object, time: 0, speed: 0))) a \(speed)"
      }
      sentences.append("dopo \(Self.seconds(beat.time)) \(deed)")
    }
    // Before others are told of: a verb without a subject means who was named last.
    if let ending { sentences.append("alla fine \(ending)") }
    if !story.liquidsLead { sentences += timedLiquids }
    sentences += outcomes
    sentences.append("il video dura \(Self.seconds(story.duration))")
    return EnglishCaptions.sentences(sentences)
  }

  /// `palla rossa, pavimento, caduta, rimbalzo, video realistico, alla luce del giorno`
  private var catchwords: String {
    var words = [bare(story.actors[0])]
    words += story.beats.compactMap { $0.object.map { bare(story.actors[$0]) } }
    let doing: String? =
      switch story.start {
      case .falls: "caduta"
      case .arcs: "lancio"
      case .flies: "volo"
      case .rolls: "rotolamento"
      case .slides: "scivolamento"
      case .swings: "oscillazione"
      case .turns, .spins: "rotazione"
      case .drifts: "moto rettilineo"
      case .tilts: "inclinazione"
      case .rests, .afloat: nil
      }
    if let doing { words.append(doing) }
    for beat in story.beats {
      switch beat.deed {
      case .bounces: words.append("rimbalzo")
      case .lands: words.append("atterraggio")
      case .hits, .collide: words.append("urto")
      case .plunges: words.append("tuffo")
      case .meetsCloth: words.append("telo")
      case .reboundsFromCloth: words += ["telo", "rimbalzo"]
      }
    }
    if story.outcomes.contains(where: { if case .topple = $0.outcome { true } else { false } }) { words.append("crollo") }
    words += fates + liquidCatchwords
    var seen: Set<String> = []
    return (words.filter { seen.insert($0).inserted } + [medium.lowercasedFirst, light]).joined(separator: ", ")
  }

  private var setting: String {
    medium + ", " + light + (story.shotCount > 1 ? ", \(Self.number(story.shotCount)) inquadrature" : "")
  }

  private var medium: String {
    switch story.style {
    case .realistic: "Video realistico"
    case .cinematic: "Ripresa cinematografica"
    case .anime: "Animazione in stile anime"
    }
  }

  private var light: String {
    switch story.sky {
    case .studio: "in studio"
    case .day: "alla luce del giorno"
    case .overcast: "sotto un cielo coperto"
    case .sunset: "al tramonto"
    case .night: "di notte"
    }
  }

  // MARK: Clauses

  private func verb(_ one: String, _ many: String) -> String { story.actors[0].isPlural ? many : one }

  private var startClause: String {
    clause(story.start, heading: story.heading, of: story.actors[0], leads: true)
  }

  /// - Parameter leads: whether it is the lead, whose ground and further deeds are told.
  private func clause(_ start: Story.Start, heading: Story.Heading?, of actor: Story.Actor, leads: Bool) -> String {
    func verb(_ one: String, _ many: String) -> String { actor.isPlural ? many : one }
    let way = Self.way(heading, of: actor).map { " " + $0 } ?? ""
    let ground = leads ? story.support.map { " " + on($0) } ?? "" : ""
    switch start {
    case .falls: return verb("cade", "cadono")
    case .arcs:
      return heading == nil
        ? verb("sale in aria e ricade", "salgono in aria e ricadono")
        : verb("vola", "volano") + way + " descrivendo un arco"
    case .flies: return verb("vola", "volano") + (way.isEmpty ? " in aria" : way)
    case .rolls: return verb("rotola", "rotolano") + way + ground
    case .slides: return verb("scivola", "scivolano") + way + ground
    case .swings: return verb("oscilla", "oscillano") + (leads && !story.beats.isEmpty ? "" : " avanti e indietro")
    case .turns: return verb("gira sui cardini", "girano sui cardini")
    case .drifts: return verb("si muove", "si muovono") + way
    case .spins: return verb("ruota", "ruotano") + " in assenza di peso"
    case .tilts: return verb("viene", "vengono") + " " + Self.agreeing("inclinat", actor)
    case .afloat: return verb("è", "sono") + " " + (story.bath.map(Self.into) ?? "nel liquido")
    case .rests: return verb("è", "sono") + " " + Self.agreeing("ferm", actor)
    }
  }

  private static func way(_ heading: Story.Heading?, of actor: Story.Actor) -> String? {
    switch heading {
    case .left: "verso sinistra"
    case .right: "verso destra"
    case .towards: "verso la telecamera"
    case .away: "verso il fondo"
    case .together: actor.noun.isFeminine ? "l'una verso l'altra" : "l'uno verso l'altro"
    case nil: nil
    }
  }

  private func clause(_ beat: Story.Beat) -> String {
    switch beat.deed {
    case .bounces(let n): return verb("rimbalza", "rimbalzano") + Self.times(n) + " " + (beat.object.map(on) ?? "")
    case .lands: return verb("finisce", "finiscono") + " " + (beat.object.map(on) ?? "")
    case .hits(let n): return verb("colpisce", "colpiscono") + Self.times(n) + " " + (beat.object.map(definite) ?? "")
    case .plunges(let liquid): return verb("finisce", "finiscono") + " " + Self.into(liquid)
    case .meetsCloth: return verb("cade", "cadono") + " nel telo"
    case .reboundsFromCloth(let n): return verb("rimbalza", "rimbalzano") + Self.times(n) + " sul telo"
    case .collide: return story.actors[0].count == 2 ? "si scontrano" : "si urtano"
    }
  }

  private var ending: String? {
    switch story.ending {
    case .rests: return verb("si ferma", "si fermano")
    case .swings: return verb("continua", "continuano") + " a oscillare"
    case .moves: return verb("continua", "continuano") + " a muoversi"
    case .leaves(let side):
      let where_ =
        switch side {
        case .left: "a sinistra"
        case .right: "a destra"
        case .top: "in alto"
        case .bottom: "in basso"
        }
      return verb("esce", "escono") + " dall'inquadratura " + where_
    case .afloat(let fate): return Self.fate(fate, many: story.actors[0].isPlural)
    case nil: return nil
    }
  }

  /// What cloths do, once each.
  private var cloths: [String] {
    var told: [String] = []
    for deed in story.cloths {
      let sentence =
        switch deed {
        case .falls: "un telo cade e si posa formando delle pieghe"
        case .flutters: "un telo sventola nel vento"
        case .sways: "un telo pende e ondeggia"
        }
      if !told.contains(sentence) { told.append(sentence) }
    }
    return told
  }

  private var outcomes: [String] {
    cloths
      + story.outcomes.map { index, outcome in
        let actor = story.actors[index]
        let all = definite(index)
        let inFile = actor.noun.isFeminine ? " una dopo l'altra" : " uno dopo l'altro"
        switch outcome {
        case .topple(let n, let inTurn):
          let how = inTurn ? inFile : ""
          if actor.count == 1 { return "\(all) cade" }
          if n == actor.count {
            let every = actor.noun.isFeminine ? "tutte" : "tutti"
            let things = Self.definiteArticle(before: actor.noun.italian.many, feminine: actor.noun.isFeminine, plural: true)
            return "cadono \(every) e \(Self.number(n)) \(things)\(actor.noun.italian.many)" + how
          }
          let of = Self.joined("di", article(actor, many: true)) + numbered(actor)
          let one = actor.noun.isFeminine ? "una" : "uno"
          return n == 1 ? "\(of) ne cade \(one)" : "\(of) ne cadono \(Self.number(n))" + how
        case .shatter(let n):
          if actor.count == 1 || n == actor.count { return "\(all) \(actor.isPlural ? "vanno" : "va") in pezzi" }
          let one = actor.noun.isFeminine ? "una" : "uno"
          return
            "\(Self.joined("di", article(actor, many: true)) + numbered(actor)) ne \(n == 1 ? "va in pezzi \(one)" : "vanno in pezzi \(Self.number(n))")"
        case .end(let n, let fate): return some(n, of: index, verb: Self.fate(fate, many: n > 1))
        case .plunge(let n, let liquid, let fate):
          let end = fate.map { " e " + Self.fate($0, many: n > 1) } ?? ""
          return some(n, of: index, verb: (n > 1 ? "finiscono " : "finisce ") + Self.into(liquid) + end)
        case .carried(let n, let liquid):
          let by = Self.joined(
            "da", Self.definiteArticle(before: liquid.italian.one, feminine: liquid.isFeminine, plural: false))
          let ending = actor.noun.isFeminine ? (n > 1 ? "e" : "a") : (n > 1 ? "i" : "o")
          return some(
            n, of: index, verb: "\(n > 1 ? "vengono trascinat" : "viene trascinat")\(ending) via \(by)\(liquid.italian.one)")
        case .scatter: return "\(all) si sparpagliano"
        case .startMoving: return "\(all) si \(actor.isPlural ? "mettono" : "mette") in moto"
        case .moves(let start, let heading):
          return (actor.isRest ? all : subject(index)) + " " + clause(start, heading: heading, of: actor, leads: false)
        case .startSwinging: return "\(all) \(actor.isPlural ? "cominciano" : "comincia") a oscillare"
        case .turn: return "\(all) \(actor.isPlural ? "girano" : "gira") sui cardini"
        }
      }
  }

  // MARK: Noun phrases

  /// With the adjective behind it.
  private func noun(_ actor: Story.Actor) -> String {
    let word = actor.isPlural ? actor.noun.italian.many : actor.noun.italian.one
    if let color = actor.color { return word + " " + color.italian(feminine: actor.noun.isFeminine, plural: actor.isPlural) }
    guard let substance = actor.substance?.italian, !actor.isMixed, !actor.noun.isOfItself else { return word }
    return word + " " + substance
  }

  /// `una palla rossa`, `cinque palle di materiali diversi`.
  private func subject(_ index: Int) -> String {
    let actor = story.actors[index]
    guard actor.isPlural else { return Self.indefinite(actor.noun) + noun(actor) }
    return Self.number(actor.count) + " " + noun(actor) + (actor.isMixed && actor.color == nil ? " di materiali diversi" : "")
  }

  private func bare(_ actor: Story.Actor) -> String { noun(actor) }

  /// `dieci birilli`, `altre quattro palle`; standing things are rarely counted.
  func numbered(_ actor: Story.Actor) -> String {
    let other = actor.isRest ? "altr" + (actor.noun.isFeminine ? "e " : "i ") : ""
    return other + (actor.isFixed ? "" : Self.number(actor.count) + " ") + actor.noun.italian.many
  }

  /// `il pavimento`, `i dieci birilli`, `le altre quattro palle`, `l'altra palla`.
  func definite(_ index: Int) -> String {
    let actor = story.actors[index]
    if actor.isPlural { return article(actor, many: true) + numbered(actor) }
    if actor.isRest { return (actor.noun.isFeminine ? "l'altra " : "l'altro ") + actor.noun.italian.one }
    return article(actor, many: false) + actor.noun.italian.one
  }

  /// The definite article with its space or apostrophe, for what follows it: the noun, `altri` or a number.
  func article(_ actor: Story.Actor, many: Bool) -> String {
    let next = many ? numbered(actor) : actor.noun.italian.one
    return Self.definiteArticle(before: next, feminine: actor.noun.isFeminine, plural: many)
  }

  /// `sul pavimento`, `sulla lastra`.
  private func on(_ index: Int) -> String {
    let actor = story.actors[index]
    let all = definite(index)
    let article = actor.isPlural ? article(actor, many: true) : actor.isRest ? "l'" : article(actor, many: false)
    return Self.joined("su", article) + all.dropFirst(article.count)
  }
}

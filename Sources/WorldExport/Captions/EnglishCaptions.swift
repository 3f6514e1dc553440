import Foundation
import WorldCore

/// The story in English, in several phrasings: plain, set in its scene, with times and speeds, in catchwords.
package struct EnglishCaptions {
  let story: Story

  static func of(_ story: Story) -> [String] {
    let words = EnglishCaptions(story: story)
    guard story.lead != nil else {
      let told = words.liquids + words.cloths
      let plain = told.isEmpty ? "Nothing moves." : sentences(told)
      let timed = told.isEmpty ? plain : sentences(words.timedLiquids + words.cloths)
      let things = words.liquidCatchwords + (words.cloths.isEmpty ? [] : ["cloth"])
      return [
        plain, words.setting + ": " + plain.lowercasedFirst, timed + " " + "The clip lasts \(seconds(story.duration)).",
        (things + [words.medium.lowercasedFirst, words.light]).joined(separator: ", "),
      ]
    }
    let plain = words.plain
    return [plain, words.setting + ": " + plain.lowercasedFirst, words.timed, words.catchwords]
  }

  // MARK: Phrasings

  /// `A red ball falls, bounces three times on the floor and comes to rest.`
  private var plain: String {
    let lead = story.actors[0]
    var clauses = [startClause] + story.beats.map { clause($0, plural: lead.isPlural) }
    if let ending { clauses.append(ending) }
    let own = subject(0) + " " + Self.list(clauses)
    return Self.sentences((story.liquidsLead ? liquids + [own] : [own] + liquids) + outcomes)
  }

  /// `A red ball falls. After 0.45 s it bounces on the floor at 4.4 m/s.`
  private var timed: String {
    let lead = story.actors[0]
    let pronoun = lead.isPlural ? "they" : "it"
    var sentences = story.liquidsLead ? timedLiquids : []
    sentences += [
      (story.delay > 0.3 && story.start != .rests ? "after \(Self.seconds(story.delay)), " : "") + subject(0) + " "
        + startClause
        + (story.speed > 0.05 ? String(format: " at %.1f m/s", story.speed) : "")
    ]
    for beat in story.beats {
      let speed = String(format: "%.1f m/s", beat.speed)
      let verb: String
      switch beat.deed {
      case .bounces:
        verb =
          "\(lead.isPlural ? "hit" : "hits") \(beat.object.map(definite) ?? "") at \(speed) and \(lead.isPlural ? "bounce" : "bounces")"
      case .collide, .plunges: verb = "\(clause(beat, plural: lead.isPlural)) at \(speed)"
      case .lands, .hits, .meetsCloth, .reboundsFromCloth:
        verb =
          "\(clause(Story.Beat(deed: beat.deed.single, object: beat.object, time: 0, speed: 0), plural: lead.isPlural)) at \(speed)"
      }
      sentences.append("after \(Self.seconds(beat.time)) \(pronoun) \(verb)")
    }
    // Before others are told of: a pronoun means who was named last.
    if let ending { sentences.append("\(pronoun) \(ending)") }
    if !story.liquidsLead { sentences += timedLiquids }
    sentences += outcomes
    sentences.append("the clip lasts \(Self.seconds(story.duration))")
    return Self.sentences(sentences)
  }

  /// `red ball, floor, falling, bouncing, realistic video, in daylight`
  private var catchwords: String {
    var words = [bare(story.actors[0])]
    words += story.beats.compactMap { $0.object.map { bare(story.actors[$0]) } }
    let doing: String? =
      switch story.start {
      case .falls: "falling"
      case .arcs: "thrown"
      case .flies: "flying"
      case .rolls: "rolling"
      case .slides: "sliding"
      case .swings: "swinging"
      case .turns: "turning"
      case .drifts: "drifting"
      case .spins: "spinning"
      case .tilts: "tilting"
      case .rests, .afloat: nil
      }
    if let doing { words.append(doing) }
    for beat in story.beats {
      switch beat.deed {
      case .bounces: words.append("bouncing")
      case .lands: words.append("landing")
      case .hits, .collide: words.append("collision")
      case .plunges: words.append("splashdown")
      case .meetsCloth: words.append("cloth")
      case .reboundsFromCloth: words += ["cloth", "bouncing"]
      }
    }
    if story.outcomes.contains(where: { if case .topple = $0.outcome { true } else { false } }) { words.append("toppling") }
    words += fates + liquidCatchwords
    var seen: Set<String> = []
    return (words.filter { seen.insert($0).inserted } + [medium.lowercasedFirst, light]).joined(separator: ", ")
  }

  private var setting: String {
    medium + ", " + light + (story.shotCount > 1 ? ", \(Self.number(story.shotCount)) shots" : "")
  }

  private var medium: String {
    switch story.style {
    case .realistic: "Realistic video"
    case .cinematic: "Cinematic shot"
    case .anime: "Anime-style animation"
    }
  }

  private var light: String {
    switch story.sky {
    case .studio: "in a studio"
    case .day: "in daylight"
    case .overcast: "under an overcast sky"
    case .sunset: "at sunset"
    case .night: "at night"
    }
  }

  // MARK: Clauses

  private var startClause: String {
    clause(story.start, heading: story.heading, of: story.actors[0], leads: true)
  }

  /// - Parameter leads: whether it is the lead, whose ground and further deeds are told.
  private func clause(_ start: Story.Start, heading: Story.Heading?, of actor: Story.Actor, leads: Bool) -> String {
    func verb(_ one: String, _ plural: String) -> String { actor.isPlural ? plural : one }
    let way = Self.way(heading).map { " " + $0 } ?? ""
    let ground = leads ? story.support.map { " on " + definite($0) } ?? "" : ""
    switch start {
    case .falls: return verb("falls", "fall")
    case .arcs:
      return heading == nil
        ? verb("is thrown", "are thrown") + " into the air" : verb("flies", "fly") + way + " in an arc"
    case .flies: return verb("flies", "fly") + (way.isEmpty ? " through the air" : way)
    case .rolls: return verb("rolls", "roll") + way + ground
    case .slides: return verb("slides", "slide") + way + ground
    case .swings: return verb("swings", "swing") + (leads && !story.beats.isEmpty ? "" : " to and fro")
    case .turns: return verb("turns on its hinges", "turn on their hinges")
    case .drifts: return verb("moves", "move") + way
    case .spins: return verb("spins", "spin") + " weightlessly"
    case .tilts: return verb("is tilted", "are tilted")
    case .afloat: return verb("lies", "lie") + " in the " + (story.bath?.english.one ?? "liquid")
    case .rests: return verb("stands", "stand") + " still"
    }
  }

  private static func way(_ heading: Story.Heading?) -> String? {
    switch heading {
    case .left: "to the left"
    case .right: "to the right"
    case .towards: "towards the camera"
    case .away: "away from the camera"
    case .together: "towards each other"
    case nil: nil
    }
  }

  private func clause(_ beat: Story.Beat, plural: Bool) -> String {
    func verb(_ one: String, _ many: String) -> String { plural ? many : one }
    let object = beat.object.map(definite) ?? ""
    switch beat.deed {
    case .bounces(let n): return verb("bounces", "bounce") + Self.times(n) + " on " + object
    case .lands: return verb("lands", "land") + " on " + object
    case .hits(let n): return verb("hits", "hit") + " " + object + Self.times(n)
    case .plunges(let liquid): return verb("plunges", "plunge") + " into the " + liquid.english.one
    case .meetsCloth: return verb("falls", "fall") + " into the cloth"
    case .reboundsFromCloth(let n): return verb("bounces", "bounce") + Self.times(n) + " on the cloth"
    case .collide: return story.actors[0].count == 2 ? "collide" : "knock into one another"
    }
  }

  private var ending: String? {
    let many = story.actors[0].isPlural
    switch story.ending {
    case .rests: return many ? "come to rest" : "comes to rest"
    case .swings: return many ? "keep swinging" : "keeps swinging"
    case .moves: return many ? "keep moving" : "keeps moving"
    case .leaves(let side):
      let where_ =
        switch side {
        case .left: "on the left"
        case .right: "on the right"
        case .top: "at the top"
        case .bottom: "at the bottom"
        }
      return (many ? "leave" : "leaves") + " the picture " + where_
    case .afloat(let fate): return Self.fate(fate, many: many)
    case nil: return nil
    }
  }

  /// What cloths do, once each.
  private var cloths: [String] {
    var told: [String] = []
    for deed in story.cloths {
      let sentence =
        switch deed {
        case .falls: "a cloth falls and settles in folds"
        case .flutters: "a cloth flutters in the wind"
        case .sways: "a cloth hangs and sways"
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
        switch outcome {
        case .topple(let n, let inTurn):
          let how = inTurn ? " one after the other" : " over"
          if actor.count == 1 { return "\(all) falls over" }
          if n == actor.count { return "all \(Self.number(n)) \(actor.noun.english.many) fall" + how }
          return "\(Self.number(n)) of \(all) \(n == 1 ? "falls" : "fall")" + how
        case .shatter(let n):
          if actor.count == 1 { return "\(all) breaks into pieces" }
          let which = n == actor.count ? all : "\(Self.number(n)) of \(all)"
          return "\(which) \(n == 1 ? "breaks" : "break") into pieces"
        case .end(let n, let fate): return some(n, of: index) + " " + Self.fate(fate, many: n > 1)
        case .plunge(let n, let liquid, let fate):
          return some(n, of: index) + (n > 1 ? " plunge" : " plunges") + " into the " + liquid.english.one
            + (fate.map { " and " + Self.fate($0, many: n > 1) } ?? "")
        case .carried(let n, let liquid):
          return some(n, of: index) + (n > 1 ? " are" : " is") + " carried along by the " + liquid.english.one
        case .scatter: return "\(all) scatter"
        case .startMoving: return "\(all) \(actor.isPlural ? "are" : "is") set moving"
        case .moves(let start, let heading):
          return (actor.isRest ? all : subject(index)) + " " + clause(start, heading: heading, of: actor, leads: false)
        case .startSwinging: return "\(all) \(actor.isPlural ? "are" : "is") set swinging"
        case .turn: return "\(all) \(actor.isPlural ? "turn on their" : "turns on its") hinges"
        }
      }
  }

  // MARK: Noun phrases

  private func adjectives(_ actor: Story.Actor) -> String {
    if let color = actor.color { return color.english + " " }
    guard let word = actor.substance?.english, !actor.isMixed, !actor.noun.isOfItself else { return "" }
    return word + " "
  }

  /// `a red ball`, `five balls of different materials`.
  private func subject(_ index: Int) -> String {
    let actor = story.actors[index]
    let words = adjectives(actor)
    guard actor.isPlural else { return Self.article(words + actor.noun.english.one) }
    return Self.number(actor.count) + " " + words + actor.noun.english.many + (actor.isMixed ? " of different materials" : "")
  }

  /// Without article and number.
  private func bare(_ actor: Story.Actor) -> String {
    adjectives(actor) + (actor.isPlural ? actor.noun.english.many : actor.noun.english.one)
  }

  /// `the floor`, `the ten pins`, `the other four balls`.
  func definite(_ index: Int) -> String {
    let actor = story.actors[index]
    let other = actor.isRest ? "other " : ""
    guard actor.isPlural else { return "the \(other)\(actor.noun.english.one)" }
    // Standing things are rarely counted.
    return "the \(other)\(actor.isFixed ? "" : Self.number(actor.count) + " ")\(actor.noun.english.many)"
  }
}

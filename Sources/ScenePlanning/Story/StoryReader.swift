/// Makes a story of a prompt's meanings, from left to right.
///
/// A thing before a verb acts, things after it are acted on, by the preposition before each. After `and` a thing acts if a verb
/// follows. Adjectives go with the nearest thing: in front of it in English, behind it in Italian where there is one.
struct StoryReader {
  private(set) var story = PromptStory()

  // What was read since the last thing.
  private var count: Int?
  private var isDefinite = false
  private var adjectives: [Meaning] = []
  private var arrangement: Arrangement?
  private var pendingExtent: Double?
  private var pendingMass: Double?
  private var pendingAngle: Double?
  private var participle: Verb?
  private var relation: Relation?
  private var isAfter = false

  private var subjects: [Int] = []
  /// Things after `and`, which act if a verb comes.
  private var candidates: [Int] = []
  private var hasVerb = false
  private var isJoined = false
  private var isRelative = false
  private var lastThing: Int?
  /// Whether what was named last is the ground, and whether adjectives still describe it.
  private var lastIsGround = false
  private var isOpen = false
  private var isNewSentence = true
  /// Whether a liquid stands where who acts does.
  private var liquidActs = false
  private let behind: Bool

  init(_ reading: PromptReading) {
    behind = reading.putsAdjectivesBehind
    let elements = reading.elements
    for (k, element) in elements.enumerated() {
      switch element {
      case .end: endSentence()
      case .quantity(let unit): take(unit)
      case .meaning(let meaning): take(meaning, next: elements.dropFirst(k + 1).lazy.compactMap(Self.noun).first)
      }
    }
    endSentence()
  }

  /// What adjectives wait for: a thing or the ground right behind them; a stop in between is anything else.
  private static func noun(_ element: PromptReading.Element) -> Bool? {
    switch element {
    case .meaning(.thing), .meaning(.ground), .meaning(.liquid), .meaning(.arrangement): true
    case .meaning(.color), .meaning(.material), .meaning(.size), .meaning(.weight), .meaning(.pattern), .quantity(.mass),
      .quantity(.length):
      nil
    default: false
    }
  }

  // MARK: Words

  private mutating func take(_ meaning: Meaning, next: Bool?) {
    switch meaning {
    case .thing(.glassMarble, isPlural: false) where next == true && !behind: adjectives.append(.material("marble"))
    case .thing(let kind, let isPlural): take(kind, isPlural)
    // `On ice`: the ground is of it.
    case .material(let name) where next != true && relation == .on && !isOpen && count == nil:
      (story.groundMaterial, relation) = (name, nil)
    // `A cork`, `a stone`: a stuff that nothing follows is a thing.
    case .material(let name) where next != true && !isOpen && (count != nil || isDefinite) && !lastIsGround:
      adjectives.append(meaning)
      take(name == "granite" ? .stone : .ball, (count ?? 1) > 1)
    case .ground(let ground): take(ground)
    case .liquid(let name): takeLiquid(name)
    case .arrangement(let value): (arrangement, count) = (value, nil)
    // `Two spinning spheres`: in front of a noun it tells how that begins.
    case .verb(let verb) where next == true && (count != nil || isDefinite) && !isOpen: participle = verb
    case .verb(let verb): take(verb)
    case .color, .material, .size, .weight, .pattern:
      // `la palla rossa`, `a ball of steel`; but `a glass marble`, `a row of red dominoes`.
      if isOpen, behind || relation == .of && next != true { describeLast(meaning) } else { adjectives.append(meaning) }
    case .haste(let factor): if !story.deeds.isEmpty { story.deeds[story.deeds.count - 1].haste *= factor }
    case .number(let n): (count, isOpen) = (n, false)
    case .relation(let value): (relation, isJoined, isOpen) = (value, false, false)
    case .of: relation = .of
    case .heading(let way): if !story.deeds.isEmpty { story.deeds[story.deeds.count - 1].heading = way }
    case .setting(let setting): take(setting)
    case .definite: (isDefinite, isOpen) = (true, false)
    case .indefinite: (count, isOpen) = (count ?? 1, false)
    case .relative: isRelative = true
    case .and: (isJoined, relation, isOpen) = (true, nil, false)
    case .after: isAfter = true
    case .pronoun, .filler, .unit: break
    }
  }

  private mutating func take(_ unit: Unit) {
    // `After 0.5 s it hits the floor at 4 m/s` is what comes of it.
    if isAfter { return }
    switch unit {
    case .length(let value):
      if relation == .from || relation == .off, hasVerb, !story.deeds.isEmpty {
        story.deeds[story.deeds.count - 1].height = value
        relation = nil
      } else if let thing = lastThing, relation == .of || count == nil && adjectives.isEmpty && hasVerb == false {
        story.things[thing].extent = value
        relation = nil
      } else {
        pendingExtent = value
      }
    case .speed(let value): if !story.deeds.isEmpty { story.deeds[story.deeds.count - 1].speed = value }
    case .mass(let value): pendingMass = value
    case .time(let value): if relation == .during { story.duration = value }
    case .angle(let value): if let thing = lastThing { story.things[thing].angle = value } else { pendingAngle = value }
    }
    if case .mass = unit, let thing = lastThing, relation == .of {
      (story.things[thing].mass, pendingMass, relation) = (pendingMass, nil, nil)
    }
  }

  private mutating func take(_ setting: Setting) {
    switch setting {
    case .sky(let name): story.sky = name
    case .style(let name): story.style = name
    case .gravity(let value): story.gravity = value
    case .wind: story.isWindy = true
    case .ambience(let name): story.ambience = name
    }
    relation = nil
  }

  // MARK: Things

  private mutating func take(_ kind: ThingKind, _ isPlural: Bool) {
    if isNewSentence, !hasVerb { (subjects, isNewSentence) = ([], false) }
    let index = known(kind) ?? add(kind, isPlural)
    if let participle {
      story.deeds.insert(
        PromptStory.Deed(verb: participle, subjects: [index]), at: hasVerb ? max(0, story.deeds.count - 1) : story.deeds.count)
      self.participle = nil
    }
    defer {
      (lastThing, lastIsGround, isOpen) = (index, false, true)
      (count, isDefinite, adjectives, arrangement, pendingExtent, pendingMass, pendingAngle) = (
        nil, false, [], nil, nil, nil, nil
      )
      relation = nil
    }
    if relation == .of, let last = lastThing, story.things[last].kind == .tower || story.things[last].kind == .wall {
      story.things[index].arrangement = story.things[last].kind == .tower ? .stack : .wall
    }
    if hasVerb, !isJoined, !story.deeds.isEmpty {
      attach(index)
    } else if hasVerb {
      candidates.append(index)
    } else if let relation, relation != .of, let last = subjects.last {
      if relation == .on || relation == .over { story.things[last].support = index }
    } else if !subjects.contains(index) {
      subjects.append(index)
    }
  }

  /// A thing that was named before: `the ball`, of the colour that is said.
  private func known(_ kind: ThingKind) -> Int? {
    guard isDefinite || count == nil && adjectives.isEmpty && arrangement == nil else { return nil }
    let color = adjectives.lazy.compactMap { if case .color(let name) = $0 { name } else { nil } }.first
    return story.things.lastIndex {
      $0.kind == kind && (color == nil || $0.color == color) && (count == nil || $0.count == count)
    }
  }

  private mutating func add(_ kind: ThingKind, _ isPlural: Bool) -> Int {
    var thing = Thing(kind: kind)
    thing.count = max(1, count ?? (isPlural ? (arrangement == nil ? 3 : 8) : 1))
    thing.arrangement = arrangement
    (thing.extent, thing.mass, thing.angle) = (pendingExtent, pendingMass, pendingAngle)
    for adjective in adjectives { thing.describe(adjective) }
    story.things.append(thing)
    return story.things.count - 1
  }

  private mutating func describeLast(_ meaning: Meaning) {
    if lastIsGround {
      if case .color(let name) = meaning { story.groundColor = name }
      if case .material(let name) = meaning { story.groundMaterial = name }
    } else if let lastThing {
      story.things[lastThing].describe(meaning)
    }
  }

  private mutating func take(_ ground: Ground) {
    let isLeft = relation == .off || relation == .from
    if ground == .table, isLeft, !story.deeds.isEmpty {
      story.deeds[story.deeds.count - 1].leavesTable = true
    } else {
      story.ground = ground
    }
    for adjective in adjectives {
      if case .color(let name) = adjective { story.groundColor = name }
      if case .material(let name) = adjective { story.groundMaterial = name }
    }
    (adjectives, count, isDefinite, relation, lastIsGround, isOpen) = ([], nil, false, nil, true, true)
  }

  private mutating func takeLiquid(_ name: String) {
    story.liquid = name
    if !hasVerb, relation != .of { liquidActs = true }
    if hasVerb, !isJoined, relation != .of, !story.deeds.isEmpty { story.deeds[story.deeds.count - 1].entersLiquid = true }
    (adjectives, count, isDefinite, relation) = ([], nil, false, nil)
  }

  // MARK: Deeds

  private mutating func take(_ verb: Verb) {
    if isRelative, let lastThing {
      (subjects, isRelative) = ([lastThing], false)
    } else if !candidates.isEmpty {
      subjects = candidates
    }
    candidates = []
    (isJoined, relation, isOpen, hasVerb, isNewSentence) = (false, nil, false, true, false)
    (count, adjectives, arrangement) = (nil, [], nil)
    story.deeds.append(PromptStory.Deed(verb: verb, subjects: subjects))
  }

  private mutating func attach(_ index: Int) {
    let deed = story.deeds.count - 1
    // `Throw a ball at a wall`: who acts comes behind the verb.
    if story.deeds[deed].subjects.isEmpty, !liquidActs {
      story.deeds[deed].subjects = [index]
      subjects = [index]
    } else if !story.deeds[deed].subjects.contains(index) {
      story.deeds[deed].objects.append((relation ?? .against, index))
    }
  }

  private mutating func endSentence() {
    // What came after `and` and did nothing is acted on, or is there.
    for index in candidates where !story.deeds.isEmpty { attach(index) }
    (candidates, hasVerb, isJoined, isRelative, relation, isAfter) = ([], false, false, false, nil, false)
    (adjectives, count, isDefinite, isOpen, liquidActs, isNewSentence) = ([], nil, false, false, false, true)
  }
}

extension Thing {
  mutating func describe(_ meaning: Meaning) {
    switch meaning {
    case .color(let name): if color == nil { color = name } else { secondColor = name }
    case .pattern(let name): pattern = name
    case .material(let name): material = name
    case .size(let factor): size *= factor
    case .weight(let factor): weight *= factor
    default: break
    }
  }
}

/// What a thing does in the world that is laid out: how it starts, and what it is aimed at.
struct Role {
  enum Start { case rests, falls, rolls, slides, flies, swings, spins, floats }

  var start = Start.rests
  /// An index of things.
  var target: Int?
  /// m/s and m, where the prompt says.
  var speed: Double?
  var height: Double?
  var haste = 1.0
  var heading: Heading?
  var entersLiquid = false
  var leavesTable = false
  /// A ramp's index.
  var ramp: Int?
  var misses = false
  /// Whether it meets another of its own, from the other side.
  var meets: Int?
}

extension PromptStory {
  /// The role of each thing, of all that is told of it: the first deed is how it starts, later ones say what it meets.
  mutating func roles() -> [Role] {
    var roles = Array(repeating: Role(), count: things.count)
    let falling = Set(
      deeds.filter { ($0.verb == .falls || $0.verb == .topples) && $0.height == nil }.flatMap(\.subjects).filter {
        things[$0].kind == .domino && things[$0].count > 1
      })
    for deed in deeds {
      // `A block is hit by a ball`: who comes behind acts.
      if deed.verb == .isHit {
        for object in deed.objects {
          roles[object.thing].target = deed.subjects.first
          let usual = things[object.thing].kind.usualStart
          let isHigh = deed.subjects.contains { things[$0].isHigh }
          begin(&roles[object.thing], things[object.thing].kind, usual == .rolls && isHigh ? .flies : usual, deed)
        }
        continue
      }
      for subject in deed.subjects { tell(deed, of: subject, &roles) }
    }
    // Dominoes fall by a push; where the prompt has none a marble gives it.
    for k in things.indices where falling.contains(k) && !roles.contains(where: { $0.target == k }) {
      things.append(Thing(kind: .glassMarble))
      roles.append(Role(start: .rolls, target: k))
    }
    for k in roles.indices {
      if let target = roles[k].target, things[target].kind == .pane { things[target].breaks = true }
    }
    return roles
  }

  private mutating func tell(_ deed: Deed, of subject: Int, _ roles: inout [Role]) {
    let kind = things[subject].kind
    let object = deed.objects.first { $0.relation != .beside && things[$0.thing].kind != .basin }
    let isWet = deed.entersLiquid || deed.objects.contains { things[$0.thing].kind == .basin }
    switch deed.verb {
    case .topples where object == nil: break
    case .falls where kind == .domino && things[subject].count > 1 && deed.height == nil: break
    case .falls, .bounces, .topples:
      begin(&roles[subject], kind, .falls, deed)
      aim(&roles[subject], at: object?.thing)
    case .rolls, .slides, .moves:
      begin(&roles[subject], kind, deed.verb == .rolls ? .rolls : .slides, deed)
      for (relation, thing) in deed.objects {
        if things[thing].kind == .ramp {
          roles[subject].ramp = thing
        } else if relation != .beside {
          aim(&roles[subject], at: thing)
        }
      }
    case .flies:
      begin(&roles[subject], kind, .flies, deed)
      aim(&roles[subject], at: object?.thing)
    case .hits, .misses, .shatters:
      if deed.verb == .misses { roles[subject].misses = true }
      guard let object else {
        if deed.verb == .shatters { things[subject].breaks = true }
        break
      }
      if deed.verb == .shatters { things[object.thing].breaks = true }
      // A window is above the ground, and what is high falls when it is hit high up.
      let start = kind.usualStart == .rolls && things[object.thing].isHigh ? .flies : kind.usualStart
      begin(&roles[subject], kind, start, deed)
      aim(&roles[subject], at: object.thing)
    case .collides:
      begin(&roles[subject], kind, kind.usualStart == .swings ? .swings : kind.isRound ? .rolls : .slides, deed)
      if let object { aim(&roles[subject], at: object.thing) }
      if roles[subject].start == .spins { roles[subject].start = .rolls }
      if deed.subjects.count == 2 { roles[subject].meets = deed.subjects.first { $0 != subject } }
      if deed.subjects.count == 1, things[subject].count == 2 { roles[subject].meets = subject }
    case .swings: begin(&roles[subject], kind, .swings, deed)
    case .spins: begin(&roles[subject], kind, .spins, deed)
    case .floats, .sinks:
      begin(&roles[subject], kind, .floats, deed)
      roles[subject].entersLiquid = true
      liquid = liquid ?? "water"
    case .flutters: isWindy = true
    case .rests, .pours, .isHit: break
    }
    if isWet, kind.isMovable {
      roles[subject].entersLiquid = true
      liquid = liquid ?? "water"
    }
    roles[subject].heading = roles[subject].heading ?? deed.heading
  }

  /// Starts a thing that hasn't been told to yet.
  private func begin(_ role: inout Role, _ kind: ThingKind, _ start: Role.Start, _ deed: Deed) {
    guard role.start == .rests, kind.isMovable || kind == .sheet && start == .falls else { return }
    role.start = start
    (role.speed, role.height, role.haste, role.leavesTable) = (deed.speed, deed.height, deed.haste, deed.leavesTable)
  }

  private func aim(_ role: inout Role, at thing: Int?) { if role.target == nil { role.target = thing } }
}

extension Thing {
  var isHigh: Bool { [.pane, .tower, .brickWall, .pyramid].contains(kind) || arrangement == .stack || arrangement == .wall }
}

extension ThingKind {
  /// How it sets about hitting something.
  var usualStart: Role.Start {
    switch self {
    case .pendulum, .wreckingBall: .swings
    case .basketball: .flies
    default: isRound ? .rolls : isMovable ? .flies : .rests
    }
  }
}

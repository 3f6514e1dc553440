import Foundation
import SceneDescription
import WorldCore

/// What a clip shows, before it is put into words: who starts how, who meets whom, what comes of it, how it ends.
struct Story: Sendable {
  /// Things of one name that behave alike.
  struct Actor: Sendable {
    var noun: Noun
    /// Rows of the trajectory's bodies.
    var members: [Int]
    var color: ColorTerm?
    var substance: Stage.SoundMaterial?
    /// Whether the members are of several materials.
    var isMixed: Bool
    /// Whether there are others of the same name that the story speaks of earlier.
    var isRest = false
    var isFixed: Bool

    var count: Int { members.count }
  }

  enum Start: Sendable { case falls, arcs, flies, rolls, slides, swings, turns, drifts, spins, tilts, afloat, rests }
  enum Heading: Sendable { case left, right, towards, away, together }

  enum Deed: Sendable {
    /// On a surface below, so many times.
    case bounces(Int)
    case lands
    /// So many times.
    case hits(Int)
    /// Members of one actor meet.
    case collide
    /// Into a liquid.
    case plunges(Noun)
    case meetsCloth
    /// So many times.
    case reboundsFromCloth(Int)
  }
  struct Beat: Sendable {
    var deed: Deed
    /// Index in `actors`; nil for a liquid or a cloth.
    var object: Int?
    /// Seconds, and closing speed in m/s.
    var time: Double
    var speed: Double
  }

  enum Outcome: Sendable {
    /// So many of the actor's members fell over.
    case topple(Int, inTurn: Bool)
    case scatter
    case startMoving
    /// By itself, beside the lead.
    case moves(Start, Heading?)
    case startSwinging
    case turn
    /// So many of the actor's members break.
    case shatter(Int)
    /// So many of the actor's members end so in a liquid, or meet it.
    case end(Int, Immersion.Fate)
    case plunge(Int, Noun, then: Immersion.Fate?)
    case carried(Int, Noun)
  }

  enum ClothDeed: Sendable { case falls, flutters, sways }

  enum LiquidDeed: Sendable, Equatable {
    enum Way: Sendable { case down, sideways, up }
    case rests, waves, sloshes, falls, splashes, rains
    case collapses(slowly: Bool)
    case pours(Way, slowly: Bool)
    /// A tilted vessel: an index in `actors`.
    case leaves(Int)
    case drains(all: Bool)
  }
  /// What one liquid does.
  struct Liquid: Sendable {
    var noun: Noun
    /// In order of time, s.
    var deeds: [(deed: LiquidDeed, time: Double)]
  }
  /// A body in a liquid.
  struct Immersion: Sendable {
    enum Entry: Sendable, Equatable {
      /// From the start.
      case there
      /// s, and m/s
      case plunges(time: Double, speed: Double)
      /// The liquid comes to it, and takes it along or doesn't.
      case carried, reached
    }
    enum Fate: Sendable, Hashable, CaseIterable { case surfaces, bobs, floats, sinks, reachesBottom }
    var liquid: Noun
    var entry: Entry
    /// nil where it stands, or lies where it has lain.
    var fate: Fate?

    /// Whether the liquid can't be called still.
    var stirs: Bool {
      switch entry {
      case .plunges, .carried: true
      case .there, .reached: fate == .bobs || fate == .surfaces
      }
    }
  }

  enum Side: Sendable { case left, right, top, bottom }
  enum Ending: Sendable { case rests, swings, moves, leaves(Side), afloat(Immersion.Fate) }

  /// The lead is first.
  var actors: [Actor] = []
  var start = Start.rests
  var heading: Heading?
  /// Seconds until the lead moves at all.
  var delay = 0.0
  /// Of the lead as it starts, m/s, where the start is a motion of its own; 0 otherwise.
  var speed = 0.0
  /// Of the clip, seconds.
  var duration: Double
  /// Index in `actors` of what the lead lies on.
  var support: Int?
  /// Of the lead, in order of time.
  var beats: [Beat] = []
  /// By actor.
  var outcomes: [(actor: Int, outcome: Outcome)] = []
  var ending: Ending?
  /// What cloths do, each told by itself.
  var cloths: [ClothDeed] = []
  var liquids: [Liquid] = []
  /// What the lead lies in at the start.
  var bath: Noun?
  var style: Stage.Style
  var sky: Stage.Light.Sky
  var shotCount: Int

  /// nil where nothing but cloth and liquids moves.
  var lead: Actor? { actors.first.flatMap { $0.isFixed ? nil : $0 } }
}

extension Story {
  /// Whether the liquids are told of first: where the lead waits for them or lies in them.
  var liquidsLead: Bool { (start == .rests || start == .afloat) && !liquids.isEmpty }

  /// How things end in liquids, each told once.
  var fates: [Immersion.Fate] {
    var found: Set<Immersion.Fate> = []
    if case .afloat(let fate) = ending { found.insert(fate) }
    for (_, outcome) in outcomes {
      switch outcome {
      case .end(_, let fate), .plunge(_, _, then: .some(let fate)): found.insert(fate)
      default: break
      }
    }
    return Immersion.Fate.allCases.filter(found.contains)
  }
}

extension Story.Actor {
  var isPlural: Bool { count > 1 }
}

extension Story.Deed {
  /// Told once.
  var single: Story.Deed {
    switch self {
    case .bounces: .bounces(1)
    case .hits: .hits(1)
    case .reboundsFromCloth: .reboundsFromCloth(1)
    case .lands, .collide, .plunges, .meetsCloth: self
    }
  }
}

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

  enum Start: Sendable { case falls, arcs, flies, rolls, slides, swings, turns, drifts, spins, rests }
  enum Heading: Sendable { case left, right, towards, away, together }

  enum Deed: Sendable {
    /// On a surface below, so many times.
    case bounces(Int)
    case lands
    /// So many times.
    case hits(Int)
    /// Members of one actor meet.
    case collide
  }
  struct Beat: Sendable {
    var deed: Deed
    /// Index in `actors`.
    var object: Int
    /// Seconds, and closing speed in m/s.
    var time: Double
    var speed: Double
  }

  enum Outcome: Sendable {
    /// So many of the actor's members fell over.
    case topple(Int, inTurn: Bool)
    case scatter
    case startMoving
    case startSwinging
    case turn
    /// So many of the actor's members break.
    case shatter(Int)
  }

  enum ClothDeed: Sendable { case falls, flutters, sways }

  enum Side: Sendable { case left, right, top, bottom }
  enum Ending: Sendable { case rests, swings, moves, leaves(Side) }

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
  var style: Stage.Style
  var sky: Stage.Light.Sky
  var shotCount: Int

  /// nil where nothing but cloth moves.
  var lead: Actor? { actors.first.flatMap { $0.isFixed ? nil : $0 } }
}

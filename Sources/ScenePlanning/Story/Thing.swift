/// What a prompt can name.
enum ThingKind: String, CaseIterable {
  case ball, basketball, football, tennisBall, billiardBall, bowlingBall, glassMarble, pin, domino, block, brick, box, crate,
    barrel, can, log, disc, cylinder, rod, plank, cone, ring, iceCube, stone
  case pane, ramp, basin, hoop, flag, sheet, pendulum, wreckingBall, wall, brickWall, tower, pyramid

  /// Whether it is a thing of its own that can move, rather than part of the set.
  var isMovable: Bool {
    switch self {
    case .pane, .ramp, .basin, .hoop, .flag, .sheet, .wall, .brickWall, .tower, .pyramid: false
    default: true
    }
  }

  var isRound: Bool {
    switch self {
    case .ball, .basketball, .football, .tennisBall, .billiardBall, .bowlingBall, .glassMarble, .stone, .pendulum,
      .wreckingBall:
      true
    default: false
    }
  }
}

/// What is under everything.
enum Ground: String, CaseIterable { case floor, ground, table, baize, grass, street, sand, snow, lane, ice, carpet }

/// A thing, or several alike, as the prompt describes it.
struct Thing {
  var kind: ThingKind
  var count = 1
  var color: String?
  var material: String?
  /// Of the scene language, in a second colour.
  var pattern: String?
  var secondColor: String?
  var size = 1.0
  var weight = 1.0
  /// m, of the whole height or width; nil where the prompt doesn't say.
  var extent: Double?
  /// kg
  var mass: Double?
  /// Degrees, of a ramp.
  var angle: Double?
  var arrangement: Arrangement?
  var breaks = false
  /// What it stands on: an index of things.
  var support: Int?
  /// m, how high it begins.
  var height: Double?
}

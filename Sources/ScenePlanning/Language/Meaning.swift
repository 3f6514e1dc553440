/// What a word, or a few words together, mean to the planner.
enum Meaning: Equatable {
  case thing(ThingKind, isPlural: Bool)
  case ground(Ground)
  /// Of the scene language's library.
  case liquid(String)
  case arrangement(Arrangement)
  case verb(Verb)
  /// A CSS name.
  case color(String)
  /// Of the scene language's library.
  case material(String)
  /// Of the scene language's patterns.
  case pattern(String)
  case size(Double)
  /// Times the mass.
  case weight(Double)
  /// Times the speed.
  case haste(Double)
  case number(Int)
  case unit(Unit)
  case relation(Relation)
  case heading(Heading)
  case setting(Setting)
  /// `the`, `il`: what was named before.
  case definite
  /// `a`, `un`.
  case indefinite
  /// `it`, `they`: the subject goes on.
  case pronoun
  /// `that`, `which`: what was named last acts.
  case relative
  case and
  /// `of`, `di`.
  case of
  case after
  case filler
}

/// What things do.
enum Verb: String {
  case falls, bounces, rolls, slides, flies, hits, collides, swings, floats, sinks, spins, topples, shatters, rests, flutters,
    pours, moves, misses
  /// In the passive: who strikes comes after it.
  case isHit
}

enum Relation { case on, into, from, down, off, against, over, beside, of, at, during }

enum Heading { case left, right, towards, away }

/// How several of a thing stand.
enum Arrangement { case stack, row, pyramid, wall }

/// What the world is like besides its things.
enum Setting: Equatable {
  /// Values of the scene language's `light.sky` and `picture.style`.
  case sky(String), style(String)
  /// m/s²
  case gravity(Double)
  case wind
  /// A value of `sound.ambience`.
  case ambience(String)
}

/// What a length, a speed or another quantity of a prompt is measured in, with its value in SI.
enum Unit: Equatable {
  case length(Double), speed(Double), mass(Double), time(Double), angle(Double)
}

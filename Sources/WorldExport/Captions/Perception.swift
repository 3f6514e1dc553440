import Foundation

/// What an onlooker notices: the bounds between one word and another. None is a law of physics; each stands where a viewer of a
/// clip some hundred pixels wide, of a scene some metres wide, starts to see the thing that the word says.
enum Perception {
  // MARK: Motion

  /// m/s; slower than 5 cm in a second nothing is said to move.
  static let leastSpeed = 0.05
  /// Of half a body's largest extent: moved by less (a pixel or two of a body of thirty) it still stands.
  static let leastShift = 0.1
  /// rad (6°): turned by less it still stands.
  static let leastTurn = 0.1
  /// rad/s; a turn takes over ten seconds below it.
  static let leastSpin = 0.5
  /// m/s²; below a twentieth of the Earth's nothing is seen to fall within seconds.
  static let leastGravity = 0.5
  /// Seconds from the first motion within which others start together with it, as long as no blow has passed motion on…
  static let togetherSpan = 0.25
  /// …and within which they do even so: five samples at 240 Hz.
  static let simultaneousSpan = 0.02
  /// Seconds between looks for what is in the picture: nothing that is there for less is noticed.
  static let glance = 0.05
  /// Cosine of 45°: an axis or a normal nearer to upright than to level.
  static let uprightCosine = 0.7
  /// Rad (20°): a scripted vessel that turns further is tilted, not moved.
  static let tilt = 20 * Double.pi / 180

  // MARK: How it starts

  /// Seconds: what lies on something and waits longer stands still, whatever happens later.
  static let patience = 0.6
  /// Seconds after which a ball on the ground has found out whether it rolls: sliding friction of 0.5 takes a ball of 3 m/s to
  /// rolling in 2/7 of 3 m/s over 0.5 g, 0.17 s.
  static let rollingDelay = 0.4
  /// Of the speed of a ball that rolls, ω r; halfway between sliding and rolling.
  static let rollingShare = 0.5
  /// Seconds and m/s: what touches sooner and slower (a drop from 3 cm) lies there from the start.
  static let touchdown = (time: 0.3, speed: 0.8)
  /// m/s upwards (2 cm high) and share of the level speed (14°): a throw with an arc to be seen.
  static let arc = (speed: 0.6, share: 0.25)
  /// m/s; what is let go with less level speed falls rather than flies.
  static let flight = 0.3
  /// Seconds over which a heading is seen.
  static let headingSpan = 0.3
  /// Of the picture's width, of the distance, and of one in the other: a shift that shows which way it goes.
  static let heading = (shift: 0.02, depth: 0.04, shiftOverDepth: 0.5)
  /// 1/s: two close in on each other faster than a twentieth of their distance a second.
  static let closing = 0.05

  // MARK: Blows

  /// m/s, a fall from 2 mm, and share of the clip's hardest: softer touches aren't told.
  static let blow = (speed: 0.2, share: 0.1)
  /// m/s after the blow: 8 mm high; lower is a landing.
  static let bounce = 0.4
  /// A sentence holds so many.
  static let toldBlows = 4
  /// Rad (50°): leaned further, nothing that stands comes back.
  static let topple = 50 * Double.pi / 180
  /// Fewer in a row, and fewer of the pairs in order, don't fall one after the other.
  static let row = (count: 4, share: 0.85)
  /// More that move at once scatter.
  static let scatter = 2

  // MARK: Cloth and the end

  /// Of a cloth's longer side: its middle sinks by more when it falls rather than hangs.
  static let clothFall = 0.2
  /// m/s; light air (1 on Beaufort's scale begins at 0.3), under which cloth hangs.
  static let leastWind = 0.5
  /// Seconds at the end over which what swings is watched, and rad/s that it must reach.
  static let swing = (span: 1.0, speed: 0.2)
  /// m/s and rad/s at the end: slower is at rest.
  static let rest = (speed: 0.04, spin: 0.4)
  /// m/s at the end: faster still moves.
  static let onward = 0.15

  // MARK: Liquids

  /// Spacings of particles: settling after the fill moves them by less.
  static let stir = 2.0
  /// Of the particles: so many must be stirred for the liquid to be seen to move.
  static let stirredShare = 0.1
  /// Of a liquid's level extent: its middle goes to and fro by more when it sloshes.
  static let slosh = 0.01
  /// Of the particles: when so many are below where the lowest was, the liquid falls.
  static let fallenShare = 0.5
  /// Of a standing liquid's height over its foot: a column that has lost a quarter has collapsed.
  static let collapse = 0.75
  /// Times of free fall through its height: what takes longer to collapse does it slowly; a dam of water takes about 1.
  static let slowCollapse = 3.0
  /// Reynolds number of a jet of the nozzle's width, ρ v d / μ: below ten viscosity rules and it creeps; water's is thousands.
  static let creeping = 10.0
  /// Spacings that particles rise from their lowest, of how many of them (and at least how many): a splash.
  static let splash = (rise: 4.0, share: 0.005, count: 5)
  /// Of a surface's longer side: lower waves are less than a pixel of five hundred.
  static let wave = 0.002
  /// Of the liquid: less that has gone isn't missed; with less than that left it is all gone.
  static let drained = (least: 0.05, left: 0.02)
  /// Of a body's height under the surface: below, it is dry; above, it is under.
  static let immersion = (dry: 0.02, under: 0.97)
  /// m/s downwards as it meets a liquid, a drop from 5 mm: slower it is the liquid that comes.
  static let plunge = 0.3
  /// Particles about a body that make a liquid rather than drops.
  static let leastNeighbors = 10
  /// Of a body's height, over the second half of its time in the liquid: going up and down by more is bobbing.
  static let bob = 0.1
}

extension PhysicsCase {
  /// In the order of PHYSICS.md's table.
  static let all: [PhysicsCase] =
    [
      bounce, cradle, tumbling, sliding, ramp, rolling, pendulum, doublePendulum, dryPendulum, chain, collision, stack, air,
      missedShot, bullet,
    ] + cloth + water
}

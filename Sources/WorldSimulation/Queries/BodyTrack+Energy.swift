import WorldCore

extension BodyTrack {
  /// ½ m v² + ½ ω·Iω, in joules.
  func kineticEnergy(in state: BodyState) -> Double {
    let principal = (state.orientation * inertiaAxes).unrotate(state.angularVelocity)
    let turning = (inertia * principal * principal).sum()
    return (mass * state.velocity.lengthSquared + turning) / 2
  }
}

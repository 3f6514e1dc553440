import WorldCore

/// Everything the laws read: the tracks as motion, the gravity they share, what the caller knows.
struct SceneMotion: Sendable {
  let motions: [TrackMotion]
  let gravity: SharedGravity
  let evidence: MotionEvidence
  let options: JudgeOptions
  let clip: ClipDescription

  init(tracks: [Track], evidence: MotionEvidence, clip: ClipDescription, options: JudgeOptions) {
    motions = tracks.map(TrackMotion.init)
    gravity = SharedGravity(motions)
    self.evidence = evidence
    self.options = options
    self.clip = clip
  }

  /// Another mover is within reach of this track's body at a time between two sightings: it may push, carry, hide or be
  /// mistaken for it.
  func hasCompany(_ index: Int, during span: ClosedRange<Double>) -> Bool {
    let motion = motions[index]
    let own = motion.track.sightings.filter { span.contains($0.time) }
    for (other, company) in motions.enumerated() where other != index {
      for s in company.track.sightings where s.time >= span.lowerBound - 1e-9 && s.time <= span.upperBound + 1e-9 {
        let near = own.contains { mine in
          abs(mine.time - s.time) < 1.5 * motion.frameTime
            && (mine.position - s.position).length < 0.75 * (mine.axes.x + s.axes.x) + 3
        }
        if near { return true }
      }
    }
    return false
  }

  /// `px/s²` to the unit in use, with its name.
  var accelerationUnit: (factor: Double, name: String) {
    options.pixelsPerMetre.map { (1 / $0, "m/s^2") } ?? (1, "px/s^2")
  }

  /// Energy per mass from px²/s² to J/kg where a scale is known.
  func energy(_ squarePixels: Double, fall g: Double) -> String {
    if let scale = options.pixelsPerMetre { return "\(Sentence.number(squarePixels / (scale * scale))) J/kg" }
    // Without a scale: the height it would be lifted by that energy, which needs none.
    return "the energy of a lift by \(Sentence.number(squarePixels / g)) px"
  }
}

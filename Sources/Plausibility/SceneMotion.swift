import Foundation
import WorldCore

/// Everything the laws read: the tracks as motion, the gravity they share, what the caller knows.
struct SceneMotion: Sendable {
  let motions: [TrackMotion]
  let gravity: SharedGravity
  let evidence: MotionEvidence
  let options: JudgeOptions
  let clip: ClipDescription
  /// What is heard, where the clip has sound at its own speed.
  let sound: SoundEvidence?
  /// What is seen of liquids and cloths, where a scene tells of them.
  let matter: [MatterEvidence]

  /// So many things move at a time that nobody can say who struck, hid or was taken for whom.
  let isCrowd: Bool

  /// Ids of the tracks that are shadows or mirror images, each with its body's: `motions` leaves them out.
  let images: [Int: Int]

  init(
    tracks: [Track], evidence: MotionEvidence, sound: SoundEvidence? = nil, matter: [MatterEvidence] = [],
    clip: ClipDescription, options: JudgeOptions
  ) {
    let seen = tracks.map { TrackMotion($0, setting: options.trackViews[$0.id]?.setting) }
    let cast = CastImages(seen, falls: SharedGravity.falls(of: seen)).bodies
    images = Dictionary(uniqueKeysWithValues: cast.map { (seen[$0.key].track.id, seen[$0.value].track.id) })
    motions = seen.indices.filter { cast[$0] == nil }.map { seen[$0] }
    gravity = SharedGravity(motions)
    isCrowd = Self.isCrowd(motions)
    self.evidence = evidence
    self.options = options
    self.clip = clip
    self.sound = sound
    self.matter = matter
  }

  /// Another mover is within reach of this track's body at a time between two sightings: it may push, carry, hide or be
  /// mistaken for it.
  ///
  /// - Parameters:
  ///   - impact: of a bounce off a floor; the mirror image that then rises to meet the body is no company.
  ///   - reach: px that the body may have gone from where it was seen.
  func hasCompany(
    _ index: Int, during span: ClosedRange<Double>, at impact: Junction? = nil, reach: Double = 0
  ) -> Bool {
    let motion = motions[index]
    let own = motion.sightings(during: span)
    let usual = motion.sightings.map(\.area).sorted()
    let least = Self.leastCompany * (usual.isEmpty ? 0 : usual[usual.count / 2])
    let moment = (span.lowerBound - 1e-9)...(span.upperBound + 1e-9)
    for other in motions.indices where other != index && motions[other].typicalArea > least {
      let company = motions[other].sightings(during: moment)
      if company.isEmpty { continue }
      if let impact, isMirrored(motions[other], in: impact, of: motion) { continue }
      for s in company {
        let near = own.contains { mine in
          abs(mine.time - s.time) < 1.5 * motion.frameTime
            && (mine.position - s.position).length < 0.75 * (mine.axes.x + s.axes.x) + 3 + reach
        }
        if near { return true }
      }
    }
    return false
  }

  /// Another mover of more than a share of this track's area comes within a distance of where it goes, px, while it is
  /// followed.
  func hasNeighbour(of index: Int, within distance: Double, largerThan share: Double = leastCompany) -> Bool {
    let motion = motions[index]
    let usual = motion.sightings.map(\.area).sorted()
    let least = share * (usual.isEmpty ? 0 : usual[usual.count / 2])
    return motions.indices.contains { other in
      guard other != index, motions[other].typicalArea > least, !Self.isShade(motions[other].track) else { return false }
      return motions[other].track.sightings.contains { s in
        let mine =
          motion.track.sighting(at: s.frame) ?? motion.track.sightings.min {
            abs($0.frame - s.frame) < abs($1.frame - s.frame)
          }!
        return (mine.position - s.position).length < distance + 0.5 * (mine.axes.x + s.axes.x)
      }
    }
  }

  /// It mostly only darkens the scene: a shadow, as far as colours tell.
  private static func isShade(_ track: Track) -> Bool {
    let shades = track.sightings.map(\.shade).sorted()
    return shades[shades.count / 2] > CastImages.darkening
  }

  /// What shows less than this share of a body's silhouette doesn't push it: coders and shadows leave such bits behind.
  static let leastCompany = 0.12
  /// Sightings within this many frames of an impact tell whether something mirrors the body.
  private static let mirroredFrames = 5.0

  /// Whether it is where the floor of an impact would show the body's mirror image, before the impact and after it.
  private func isMirrored(_ company: TrackMotion, in impact: Junction, of body: TrackMotion) -> Bool {
    let down = gravity.down
    let floor = impact.place.dot(down) + body.diameter / 2
    var sides = (before: 0, after: 0)
    let reach = Self.mirroredFrames * body.frameTime
    for s in company.sightings(during: (impact.time - reach)...(impact.time + reach)) {
      guard let mine = body.track.sighting(at: s.frame), !mine.isShared, !mine.isCut else { continue }
      let image = mine.position + 2 * (floor - mine.position.dot(down)) * down
      guard (s.position - image).length < 0.75 * body.diameter else { return false }
      if s.time < impact.time { sides.before += 1 } else { sides.after += 1 }
    }
    return sides.before > 0 && sides.after > 0
  }

  /// Something else may be what was seen on one side of a gap: another mover that looks alike is near this track's place on
  /// either side of it.
  func hasDouble(_ index: Int, across gap: ClosedRange<Double>) -> Bool {
    let motion = motions[index]
    let margin = 2.5 * motion.frameTime
    let span = (gap.lowerBound - margin)...(gap.upperBound + margin)
    let ends = [
      motion.sightings.last { $0.time <= gap.lowerBound + 1e-9 }, motion.sightings.first { $0.time >= gap.upperBound - 1e-9 },
    ].compactMap(\.self)
    for other in motions.indices where other != index {
      for s in motions[other].sightings(during: span) {
        let isNear = ends.contains {
          ($0.position - s.position).length < ($0.axes.x + s.axes.x) + 3 && Self.lookAlike($0, s)
        }
        if isNear { return true }
      }
    }
    return false
  }

  /// One silhouette could be taken for the other: areas within a factor, colours within a distance in encoded levels.
  private static func lookAlike(_ a: Track.Sighting, _ b: Track.Sighting) -> Bool {
    let colors = a.color - b.color
    return abs(log(a.area / b.area)) < log(2.5) && (colors * colors).sum().squareRoot() < 60
  }

  /// How often a valid clip shows what a test says of a track that is taken to fall freely: where the fall isn't sure, wings, an
  /// engine or a thread may do as much, which is doubt, no verdict.
  func supposingFall(_ pValue: Double, of index: Int) -> Double {
    let isSure = gravity.falls[index]?.isSure ?? false || setting(of: index)?.isFree ?? false
    return isSure ? pValue : max(pValue, ScoreCalibration.doubt)
  }

  /// When others came out of a silhouette or went into it, s: what does so was part of that for a while.
  func meetings(besides index: Int, where counts: (Int) -> Bool = { _ in true }) -> [Double] {
    motions.indices.filter { $0 != index && counts($0) }.flatMap { other -> [Double] in
      let track = motions[other].track
      return (track.start == .merged ? [track.sightings[0].time] : [])
        + (track.end == .merged ? [track.sightings[track.sightings.count - 1].time] : [])
    }
  }

  /// What the scene says of how a track is seen.
  func view(of index: Int) -> JudgeOptions.TrackView? { options.trackViews[motions[index].track.id] }

  /// The tracks' covariances are measured, and known to a factor only: what the laws allow for that makes their p-values larger
  /// than chance does.
  var isMeasured: Bool { motions.contains { $0.track.varianceError > 0 } }

  /// The p-value below which a law that isn't sharp calls a clip implausible, so that a share α of valid clips is.
  var bound: Double { isMeasured ? ScoreCalibration.bound(alpha: options.alpha) : options.alpha }

  /// Sweeps over the frames: those that have come by then, less those that have gone before.
  private static func isCrowd(_ motions: [TrackMotion]) -> Bool {
    let begins = motions.map { $0.track.firstFrame }.sorted()
    let ends = motions.map { $0.track.lastFrame }.sorted()
    var gone = 0
    for (come, begin) in begins.enumerated() {
      while ends[gone] < begin { gone += 1 }
      if come + 1 - gone > fewest { return true }
    }
    return false
  }

  private static let fewest = 3

  /// What a scene tells of a track's surroundings.
  func setting(of index: Int) -> SceneSetting? { view(of: index)?.setting }

  /// Pixels a metre at a track's depth, where it is known.
  func scale(of index: Int) -> Double? { view(of: index)?.meanPixelsPerMetre ?? options.pixelsPerMetre }

  /// `px/s²` to the unit in use, with its name.
  func accelerationUnit(of index: Int) -> (factor: Double, name: String) {
    scale(of: index).map { (1 / $0, "m/s^2") } ?? (1, "px/s^2")
  }

  /// Energy per mass from px²/s² to J/kg where a scale is known.
  func energy(_ squarePixels: Double, of index: Int, fall g: Double) -> String {
    if let scale = scale(of: index) { return "\(Sentence.number(squarePixels / (scale * scale))) J/kg" }
    // Without a scale: the height it would be lifted by that energy, which needs none.
    return "the energy of a lift by \(Sentence.number(squarePixels / g)) px"
  }
}

import Foundation
import Plausibility
import WorldCore

/// A body that goes where a formula says, followed by a perfect tracker with known noise.
struct SyntheticTrack {
  var id = 1
  var fps = 30.0
  var frames = 60
  var size = SIMD2(480.0, 320.0)
  var diameter = 18.0
  /// Standard deviation of a position, px.
  var noise = 0.2
  var start = Track.End.clip
  var end = Track.End.clip
  /// Share of the diameter by which widths scatter.
  var widthNoise = 0.01

  /// - Parameters:
  ///   - place: px at a time, s; nil where it isn't seen.
  ///   - outline: full axes, px, and angle of the major one at a time; a disc of `diameter` unless given.
  func track(
    _ stream: inout RandomStream, outline: ((Double) -> (axes: SIMD2<Double>, angle: Double))? = nil, edges: UInt8? = nil,
    _ place: (Double) -> SIMD2<Double>?
  ) -> Track {
    var sightings: [Track.Sighting] = []
    for frame in 0..<frames {
      let time = Double(frame) / fps
      guard let p = place(time) else { continue }
      let shape = outline?(time) ?? (axes: SIMD2(repeating: diameter), angle: 0.0)
      let axes = shape.axes * (1 + stream.normal(standardDeviation: widthNoise))
      sightings.append(
        .init(
          frame: frame, time: time,
          position: p + SIMD2(stream.normal(standardDeviation: noise), stream.normal(standardDeviation: noise)),
          covariance: Covariance2(isotropic: noise * noise), area: .pi / 4 * axes.x * axes.y, axes: axes, angle: shape.angle,
          edges: edges, color: SIMD3(200, 80, 40)))
    }
    return Track(id: id, kind: .compact, sightings: sightings, start: start, end: end)
  }

  var clip: ClipDescription {
    ClipDescription(
      file: "synthetic", fps: fps, size: [Int(size.x), Int(size.y)], frames: frames, duration: Double(frames) / fps)
  }

  func judged(
    _ tracks: [Track], sound: SoundEvidence? = nil, evidence: MotionEvidence = SyntheticFlight.quietEvidence,
    options: JudgeOptions = JudgeOptions()
  ) -> ScoreDocument {
    Judge(options: options).score(tracks: tracks, evidence: evidence, sound: sound, clip: clip)
  }
}

/// What many seeds say of one law.
struct LawSample {
  var findings: [LawFinding] = []
  var verdicts: [ScoreDocument.Verdict] = []

  /// - Parameter make: a judged clip of a seed; findings of `law` that apply are kept.
  init(_ law: String, seeds: Int, _ make: (inout RandomStream) -> ScoreDocument) {
    for seed in 0..<seeds {
      var stream = RandomStream(seed: UInt64(seed), law)
      let document = make(&stream)
      findings += document.laws.filter { $0.law == law && $0.applies }.prefix(1)
      verdicts.append(document.verdict)
    }
  }

  var pValues: [Double] { findings.compactMap(\.pValue).sorted() }

  /// Share of p-values below a bound.
  func share(below p: Double) -> Double { Double(pValues.count { $0 < p }) / Double(max(1, pValues.count)) }

  /// Share of the clips that are called implausible.
  var alarms: Double { Double(verdicts.count { $0 == .implausible }) / Double(verdicts.count) }

  /// The largest distance of the p-values' distribution from the uniform one (Kolmogorov and Smirnov).
  var distanceFromUniform: Double {
    let p = pValues
    return p.indices.map { max(abs(p[$0] - Double($0) / Double(p.count)), abs(p[$0] - Double($0 + 1) / Double(p.count))) }.max()
      ?? 1
  }

  /// Share of the 95 % intervals that hold a value.
  func coverage(of truth: (Int) -> Double) -> Double {
    let held = findings.indices.count { i in
      guard let e = findings[i].estimate else { return false }
      return e.ci95[0] <= truth(i) && truth(i) <= e.ci95[1]
    }
    return Double(held) / Double(max(1, findings.count))
  }
}

import Foundation
import MotionTracking
import Plausibility
import Testing
import WorldCore

/// Masks, overlaps and distances against figures that numpy and OpenCV's Python computed from the same painted clips
/// (Evaluation/Peers/reference_metrics.py).
@Suite("Reference metrics of painted clips") struct ReferenceMetricTests {
  private static let (width, height, count) = (160, 96, 20)

  struct Fixture: Decodable {
    struct Scores: Decodable { var original: Double, verified: Double }
    struct Distances: Decodable {
      var l2: Double, l2Euclidean: Double, chamfer: Double, iou: Double
      enum CodingKeys: String, CodingKey {
        case l2, chamfer, iou
        case l2Euclidean = "l2_euclidean"
      }
    }
    var moving: [[Int]]
    var takes: MotionMaskOverlap
    var generated: MotionMaskOverlap
    var scores: Scores
    var pisa: Distances
  }

  let fixture: Fixture

  init() throws {
    let url = try #require(Bundle.module.url(forResource: "reference-metrics", withExtension: "json", subdirectory: "Fixtures"))
    fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
  }

  private static func disc(_ clip: Int, _ k: Int) -> (x: Int, y: Int, radius: Int) {
    (16 + (5 + clip) * k, 20 + k * k / (9 - clip) + clip, 12 + 2 * clip)
  }

  private static func paint(_ clip: Int, _ k: Int) -> Image<SRGB8> {
    let (cx, cy, r) = disc(clip, k)
    var image = Image(width: width, height: height, filledWith: SRGB8(red: 0, green: 0, blue: 0))
    for y in 0..<height {
      for x in 0..<width {
        let isDisc = (x - cx) * (x - cx) + (y - cy) * (y - cy) <= r * r
        image[x, y] =
          isDisc
          ? SRGB8(red: UInt8(230 - 20 * clip), green: 40, blue: UInt8(30 + 50 * clip))
          : SRGB8(
            red: UInt8(40 + (x * x + 3 * y * y + x * y) / 16 % 120), green: UInt8(60 + (x + 2 * y) % 90),
            blue: UInt8(50 + (3 * x + y * y / 8) % 100))
      }
    }
    return image
  }

  private static func masks(_ clip: Int) throws -> MotionMasks {
    var recorder = MotionMaskRecorder(width: width, height: height)
    for k in 0..<count { try recorder.add(paint(clip, k)) }
    return recorder.masks
  }

  private static func close(_ a: MotionMaskOverlap, _ b: MotionMaskOverlap) -> Bool {
    abs(a.spatiotemporal - b.spatiotemporal) < 1e-6 && abs(a.spatial - b.spatial) < 1e-6
      && abs(a.weightedSpatial - b.weightedSpatial) < 1e-6 && abs(a.meanSquaredError - b.meanSquaredError) < 1e-6
  }

  @Test("Physics-IQ's masks, overlaps and scores agree with OpenCV's Python to 1e-6")
  func physicsIQ() throws {
    let clips = try (0..<3).map(Self.masks)
    for (masks, expected) in zip(clips, fixture.moving) { #expect(masks.frames.map { $0.count { $0 != 0 } } == expected) }
    let (takes, generated) = (MotionMaskOverlap(clips[0], clips[1]), MotionMaskOverlap(clips[0], clips[2]))
    #expect(Self.close(takes, fixture.takes), "\(takes)")
    #expect(Self.close(generated, fixture.generated), "\(generated)")
    let score = PhysicsIQScore(of: generated, takes: takes)
    #expect(abs(score.original - fixture.scores.original) < 1e-6 && abs(score.verified - fixture.scores.verified) < 1e-6)
  }

  @Test("a clip against itself overlaps wholly, and the takes themselves score 100")
  func identity() throws {
    let (a, b) = (try Self.masks(0), try Self.masks(1))
    #expect(
      MotionMaskOverlap(a, a) == MotionMaskOverlap(spatiotemporal: 1, spatial: 1, weightedSpatial: 1, meanSquaredError: 0))
    let takes = MotionMaskOverlap(a, b)
    let score = PhysicsIQScore(of: takes, takes: takes)
    #expect(abs(score.original - 100) < 1e-9 && abs(score.verified - 100) < 1e-4)
  }

  private static func appearance(_ clip: Int, _ k: Int) -> BodyComparison.Appearance? {
    let (cx, cy, r) = disc(clip, k)
    var runs: [Track.PixelRun] = []
    var (sum, pixels) = (SIMD2<Double>.zero, 0.0)
    for y in max(0, cy - r)...max(max(0, cy - r), min(height - 1, cy + r)) {
      let half = Int(Double(max(0, r * r - (y - cy) * (y - cy))).squareRoot())
      let (from, to) = (max(0, cx - half), min(width, cx + half + 1))
      guard abs(y - cy) <= r, from < to else { continue }
      runs.append(.init(row: y, from: from, to: to))
      for x in from..<to { sum += SIMD2(Double(x), Double(y)) }
      pixels += Double(to - from)
    }
    return pixels > 0 ? .init(center: sum / pixels, outline: runs) : nil
  }

  private static func comparison(sight: (Int, BodyComparison.Appearance) -> BodyComparison.Sight) -> BodyComparison {
    BodyComparison(
      body: "disc",
      frames: (0..<count).compactMap { k in
        guard let expected = appearance(0, k), let seen = appearance(2, k) else { return nil }
        return .init(index: k, expected: expected, sight: sight(k, seen))
      })
  }

  @Test("PISA's distances agree with numpy to 1e-6")
  func pisa() {
    let bodies = [Self.comparison { .seen($1) }]
    let size = SIMD2(Double(Self.width), Double(Self.height))
    #expect(abs(PathDistance.of(bodies, size: size, form: .coordinates)! - fixture.pisa.l2) < 1e-6)
    #expect(abs(PathDistance.of(bodies, size: size, form: .euclidean)! - fixture.pisa.l2Euclidean) < 1e-6)
    #expect(abs(ChamferDistance.of(bodies, size: size)! - fixture.pisa.chamfer) < 1e-6)
    #expect(abs(SilhouetteOverlap.of(bodies)! - fixture.pisa.iou) < 1e-6)
  }

  @Test("a body that has gone makes every distance worse; one that may be hidden makes none")
  func vanished() {
    let size = SIMD2(Double(Self.width), Double(Self.height))
    let whole = [Self.comparison { .seen($1) }]
    let gone = [Self.comparison { $0 < 8 ? .seen($1) : .missing }]
    let hidden = [Self.comparison { $0 < 8 ? .seen($1) : .unknown }]
    for form in PathDistance.Form.allCases {
      #expect(PathDistance.of(gone, size: size, form: form)! > PathDistance.of(whole, size: size, form: form)! + 0.1)
      #expect(PathDistance.of(hidden, size: size, form: form)! < PathDistance.of(gone, size: size, form: form)!)
    }
    #expect(ChamferDistance.of(gone, size: size)! > ChamferDistance.of(whole, size: size)! + 0.5)
    #expect(SilhouetteOverlap.of(gone)! < SilhouetteOverlap.of(whole)!)
    #expect(VelocityError.seenShare(gone)! < 0.6 && VelocityError.seenShare(whole) == 1 && VelocityError.seenShare(hidden) == 1)
  }
}

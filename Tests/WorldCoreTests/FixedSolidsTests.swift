import Foundation
import Testing
import WorldCore

@Suite("Fixed solids")
struct FixedSolidsTests {
  /// Beside the closed form: a ray meets a ball where it passes its middle nearer than by the radius, before the point.
  @Test("a ball hides what a ray to it meets the ball before", arguments: 1...4)
  func hiding(seed: UInt64) {
    var stream = RandomStream(seed: seed, "rays")
    let (radius, margin, middle) = (0.5, 0.05, Vector3(0.3, -0.2, 1))
    let ball = FixedSolids([(Stage.Item(name: "ball", shape: .sphere(radius: radius)), BodyState(position: middle))])
    var hidden = 0
    for _ in 0..<500 {
      let eye = middle + Vector3(stream.normal(), stream.normal(), stream.normal()).normalized * stream.uniform(in: 0.8...4)
      let point = middle + Vector3(stream.normal(), stream.normal(), stream.normal()).normalized * stream.uniform(in: 0.2...3)
      let way = point - eye
      let (direction, length) = (way.normalized, way.length - margin)
      let nearest = (middle - eye).dot(direction)
      let aside = (middle - eye - direction * nearest).length
      let entry = nearest - max(0, radius * radius - aside * aside).squareRoot()
      let isMet = aside < radius && entry > 0 && entry < length
      // Within a millimetre or so of grazing, or of the margin's end, either may be told.
      guard abs(aside - radius) > 3e-3, aside > radius || abs(entry - length) > 3e-3 else { continue }
      #expect(ball.hide(point, margin: margin, from: eye) == isMet, "\(eye) \(point)")
      hidden += isMet ? 1 : 0
    }
    #expect((50...400).contains(hidden))
    #expect(!FixedSolids([]).hide(.zero, margin: 0, from: .unitX))
  }
}

import Foundation
import MotionTracking
import Testing
import WorldCore

@Suite("Temporal order") struct TemporalOrderTests {
  static let cells = TemporalOrder.columns * TemporalOrder.rows

  /// A thing of three cells' width at a place along the lattice's rows, 0…1.
  static func content(at place: Double) -> [Double] {
    var content = [Double](repeating: 0, count: cells)
    let center = place * Double(cells - 4) + 2
    for k in 0..<cells { content[k] = max(0, 1.5 - abs(Double(k) - center)) }
    return content
  }

  static func order(_ places: [Double]) -> (ratio: Double, pValue: Double)? {
    var order = TemporalOrder()
    for place in places { order.add(content(at: place)) }
    return order.result
  }

  @Test("smooth motion is in order", arguments: [20, 60, 300])
  func smooth(count: Int) throws {
    let result = try #require(Self.order((0..<count).map { Double($0) / Double(count) * 0.05 }))
    #expect(result.ratio < 0.5 && result.pValue < 0.01)
  }

  @Test("a random order shows none, as often as promised")
  func random() {
    var stream = RandomStream(seed: 1, "order")
    var ordered = 0
    for _ in 0..<200 {
      guard let result = Self.order((0..<48).map { _ in stream.uniform() }) else { continue }
      if result.pValue < 0.01 { ordered += 1 }
    }
    // Each of two tests at 0.01.
    #expect(ordered <= 9)
  }

  @Test("what repeats every few frames is in order though neighbours differ", arguments: [3.7, 4.0, 4.4])
  func periodic(period: Double) throws {
    let result = try #require(Self.order((0..<60).map { 0.5 + 0.45 * sin(2 * .pi * Double($0) / period) }))
    #expect(result.pValue < 0.01)
  }

  @Test("what stays where it is says nothing")
  func still() {
    #expect(Self.order([Double](repeating: 0.4, count: 40)) == nil)
    #expect(Self.order([0.1, 0.9, 0.2]) == nil)
  }
}

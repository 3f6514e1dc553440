import Foundation
import MotionTracking
import Testing
import WorldCore

@Suite("Temporal order") struct TemporalOrderTests {
  static let cells = TemporalOrder.columns * TemporalOrder.rows

  /// A thing of sixteen cells' width at a place along the lattice, 0…1.
  static func content(at place: Double) -> [Double] {
    let center = place * Double(cells - 20) + 10
    return (0..<cells).map { max(0, 8 - abs(Double($0) - center)) }
  }

  static func order(_ places: [Double]) -> (ratio: Double, pValue: Double)? {
    var order = TemporalOrder()
    for place in places { order.add(content(at: place)) }
    return order.result
  }

  @Test("smooth motion is in order", arguments: [40, 60, 300])
  func smooth(count: Int) throws {
    let result = try #require(Self.order((0..<count).map { Double($0) / Double(count) }))
    #expect(result.ratio < 0.6 && result.pValue < 0.01)
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

  @Test("what repeats every few frames is in order though neighbours differ", arguments: [4.96, 5.04, 6.98])
  func periodic(period: Double) throws {
    let result = try #require(Self.order((0..<60).map { 0.5 + 0.45 * sin(2 * .pi * Double($0) / period) }))
    #expect(result.pValue < 0.01)
  }

  @Test("what stays where it is says nothing")
  func still() {
    #expect(Self.order([Double](repeating: 0.4, count: 40)) == nil)
    #expect(Self.order([0.1, 0.9, 0.2]) == nil)
  }

  @Test("a few flashes among frames that show nothing say nothing of their order")
  func flashes() {
    var order = TemporalOrder()
    for k in 0..<80 {
      order.add([30, 33, 47, 52].contains(k) ? Self.content(at: Double(k % 7) / 7) : .init(repeating: 0, count: Self.cells))
    }
    #expect(order.result == nil)
  }
}

import Testing
import VideoDiffusion

@Suite struct PartChangeTests {
  /// 2 × 2 cells of 48 pixels' numbers and two more.
  private static let values = (0..<200).map(Float.init)

  @Test("mirrored twice is as it was, and the order of colours that undoes itself too", arguments: [0, 1, 2, 5])
  func involution(order: Int) {
    let change = PartChange(isMirrored: true, order: order)
    let once = change.applied(to: Self.values, columns: 2, blocks: 1, signed: [49])
    #expect(once != Self.values && once.map(abs).sorted() == Self.values)
    #expect(change.applied(to: once, columns: 2, blocks: 1, signed: [49]) == Self.values)
  }

  @Test("the right cell's right pixel comes to the left, and what points sideways turns round")
  func mirror() {
    let turned = PartChange(isMirrored: true, order: 0).applied(to: Self.values, columns: 2, blocks: 1, signed: [49])
    // The second cell's fourth pixel of the first row: numbers 50 + 9, 10, 11.
    #expect(turned[0..<3] == [59, 60, 61] && turned[48] == 98 && turned[49] == -99)
    let repainted = PartChange(isMirrored: false, order: 5).applied(to: Self.values, columns: 2, blocks: 1, signed: [49])
    #expect(repainted[0..<6] == [2, 1, 0, 5, 4, 3] && repainted[48..<50] == [48, 49])
  }
}

import Foundation
import Tensors

/// Where a token is, for rotary embedding (Su et al. 2021) along three axes; nil along those where it is nowhere.
///
/// Time is in sixths of a second, the length of a video token at 24 frames a second, rows and columns in video tokens. So a
/// sound, a contact and the pictures of one moment have one time, and a contact has its place in the picture.
package struct TokenPosition: Sendable, Equatable {
  package var time: Double?
  package var row: Double?
  package var column: Double?

  package init(time: Double? = nil, row: Double? = nil, column: Double? = nil) {
    (self.time, self.row, self.column) = (time, row, column)
  }

  static let unitsPerSecond = 6.0
}

/// Rotations of a head's pairs: half of them turn with time, a quarter with the row, a quarter with the column.
struct RotaryTables {
  let cosines, sines: Tensor

  /// [positions.count, headWidth / 2]
  init(_ positions: [TokenPosition], headWidth: Int) {
    let pairs = headWidth / 2
    let (time, row) = (pairs / 2, pairs / 4)
    let groups = [0..<time, time..<time + row, time + row..<pairs]
    var angles = [Float](repeating: 0, count: positions.count * pairs)
    for (k, position) in positions.enumerated() {
      for (group, place) in zip(groups, [position.time, position.row, position.column]) {
        guard let place else { continue }
        for pair in group {
          // From a turn in six tokens to one in about six hundred.
          let exponent = Double(pair - group.lowerBound) / Double(max(1, group.count - 1))
          angles[k * pairs + pair] = Float(place * pow(0.01, exponent))
        }
      }
    }
    cosines = Tensor(angles.map { cos($0) }, shape: [positions.count, pairs])
    sines = Tensor(angles.map { sin($0) }, shape: [positions.count, pairs])
  }
}

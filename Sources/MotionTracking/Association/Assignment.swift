/// The cheapest one-to-one assignment of rows to columns (Hungarian method with potentials, O(n²m); Kuhn 1955, Munkres 1957).
///
/// `cost[row][column]` is finite, or infinite where a pair is impossible. Answers each row's column, nil where it has none.
package func cheapestAssignment(_ cost: [[Double]]) -> [Int?] {
  guard let columns = cost.first?.count, columns > 0 else { return Array(repeating: nil, count: cost.count) }
  let rows = cost.count

  // Every row may also stay alone, in a column of its own, at a price above any possible pair: then a perfect matching exists.
  let finite = cost.joined().filter(\.isFinite)
  let alone = (finite.max() ?? 0) * Double(rows + 1) + 1
  let width = columns + rows
  func price(_ i: Int, _ j: Int) -> Double { j < columns ? (cost[i][j].isFinite ? cost[i][j] : 4 * alone) : alone }

  var rowPotential = [Double](repeating: 0, count: rows + 1)
  var columnPotential = [Double](repeating: 0, count: width + 1)
  var rowOf = [Int](repeating: 0, count: width + 1)  // 1-based; 0 is free
  var previous = [Int](repeating: 0, count: width + 1)
  for i in 1...rows {
    rowOf[0] = i
    var column = 0
    var least = [Double](repeating: .infinity, count: width + 1)
    var used = [Bool](repeating: false, count: width + 1)
    repeat {
      used[column] = true
      let row = rowOf[column]
      var (delta, next) = (Double.infinity, 0)
      for j in 1...width where !used[j] {
        let reduced = price(row - 1, j - 1) - rowPotential[row] - columnPotential[j]
        if reduced < least[j] {
          least[j] = reduced
          previous[j] = column
        }
        if least[j] < delta { (delta, next) = (least[j], j) }
      }
      for j in 0...width {
        if used[j] {
          rowPotential[rowOf[j]] += delta
          columnPotential[j] -= delta
        } else {
          least[j] -= delta
        }
      }
      column = next
    } while rowOf[column] != 0
    repeat {
      let j = previous[column]
      rowOf[column] = rowOf[j]
      column = j
    } while column != 0
  }
  var answer = [Int?](repeating: nil, count: rows)
  for j in 1...columns where rowOf[j] > 0 && cost[rowOf[j] - 1][j - 1].isFinite { answer[rowOf[j] - 1] = j - 1 }
  return answer
}

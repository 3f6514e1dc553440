import WorldCore

/// The cells of a surface as places see them: fields are sampled and deposited bilinearly, one the other's transpose.
struct WaveGrid {
  /// The basin's lowest x and y, m.
  let corner: SIMD2<Double>
  /// m
  let cell: SIMD2<Double>
  let counts: SIMD2<Int>

  /// Whether a place is over the basin.
  func contains(_ p: Vector3) -> Bool {
    let at = (SIMD2(p.x, p.y) - corner) / cell
    return at.x >= 0 && at.y >= 0 && at.x <= Double(counts.x) && at.y <= Double(counts.y)
  }

  /// The cells within a distance of a place.
  func patch(round p: Vector3, _ distance: Double) -> WaveModes.Patch {
    func range(_ x: Double, _ side: Double, _ count: Int) -> Range<Int> {
      let (low, high) = (((x - distance) / side - 1).rounded(.down), ((x + distance) / side + 1).rounded(.up))
      let first = Int(min(max(low, 0), Double(count - 1)))
      return first..<max(Int(min(max(high, 0), Double(count))), first + 1)
    }
    let at = SIMD2(p.x, p.y) - corner
    return WaveModes.Patch(
      columns: range(at.x, cell.x, counts.x), rows: range(at.y, cell.y, counts.y))
  }

  /// The four cells of a patch round a place, or its nearest, each with its share.
  func cells(_ p: Vector3, _ patch: WaveModes.Patch) -> [(index: Int, share: Double)] {
    let at = (SIMD2(p.x, p.y) - corner) / cell - 0.5
    let low = SIMD2(Int(at.x.rounded(.down)), Int(at.y.rounded(.down)))
    let t = at - SIMD2(Double(low.x), Double(low.y))
    func index(_ x: Int, _ y: Int) -> Int {
      let column = min(max(x, patch.columns.lowerBound), patch.columns.upperBound - 1) - patch.columns.lowerBound
      let row = min(max(y, patch.rows.lowerBound), patch.rows.upperBound - 1) - patch.rows.lowerBound
      return row * patch.columns.count + column
    }
    return [
      (index(low.x, low.y), (1 - t.x) * (1 - t.y)), (index(low.x + 1, low.y), t.x * (1 - t.y)),
      (index(low.x, low.y + 1), (1 - t.x) * t.y), (index(low.x + 1, low.y + 1), t.x * t.y),
    ]
  }

  func sample(_ field: [Double], _ patch: WaveModes.Patch, _ p: Vector3) -> Double {
    cells(p, patch).reduce(0) { $0 + field[$1.index] * $1.share }
  }

  func deposit(_ amount: Double, at p: Vector3, into field: inout [Double], _ patch: WaveModes.Patch) {
    for (index, share) in cells(p, patch) { field[index] += amount * share }
  }
}

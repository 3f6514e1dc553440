import WorldCore

extension Background {
  /// Shares of the picture: least distance of a horizon from its upper and lower edge, height of the narrow bands on either
  /// side of it (haze blurs the edge between them), height of the wide bands that must differ as well.
  private static let horizonBands = (margin: 0.06, narrow: 0.025, wide: 0.12)
  /// Least difference between the sides, encoded levels, and the share of the picture's width that has to show it.
  private static let horizonStep = (levels: 9.0, width: 0.85)
  /// Rise over run of a camera's roll, and its steps.
  private static let horizonSlopes = stride(from: -0.09, through: 0.09, by: 0.015)
  private static let horizonColumns = 48

  /// The topmost nearly level line right across the still scene whose sides differ all along: the horizon, or the foot of a
  /// wall. nil where there is none, as in most views from above.
  ///
  /// - Parameter factor: clip pixels per working pixel.
  func horizon(factor: Int) -> MotionEvidence.Horizon? {
    let columns = min(Self.horizonColumns, width / 2)
    let (margin, narrow) = (
      Int(Self.horizonBands.margin * Double(height)), max(2, Int(Self.horizonBands.narrow * Double(height)))
    )
    let wide = max(2 * narrow, Int(Self.horizonBands.wide * Double(height)))
    guard columns >= 8, height > 2 * (margin + narrow) + 8 else { return nil }
    let sums = columnSums(columns)

    /// Mean of a column's rows [from, to), clipped to the picture; nil where nothing is left.
    func mean(_ column: Int, _ from: Int, _ to: Int) -> SIMD3<Double>? {
      let (a, b) = (max(0, from), min(height, to))
      guard b - a >= 2 else { return nil }
      return (sums[column * (height + 1) + b] - sums[column * (height + 1) + a]) / Double(b - a)
    }
    /// Whether the sides differ alike all along a line; by how much.
    func step(at row: Int, slope: Double) -> Double? {
      var steps: [SIMD3<Double>] = []
      var (total, far) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
      for column in 0..<columns {
        let x = (Double(column) + 0.5) / Double(columns) * Double(width) - Double(width) / 2
        let y = row + Int((slope * x).rounded())
        guard let above = mean(column, y - 2 * narrow, y - narrow / 2),
          let below = mean(column, y + narrow / 2, y + 2 * narrow),
          let sky = mean(column, y - wide, y - narrow), let ground = mean(column, y + narrow, y + wide)
        else { return nil }
        steps.append(above - below)
        total += above - below
        far += sky - ground
      }
      let size = (total * total).sum().squareRoot()
      guard size > 0, size / Double(columns) > max(Self.horizonStep.levels, 3 * Double(typicalNoise)) else { return nil }
      let unit = total / size
      let typical = size / Double(columns)
      let agreeing = steps.count { ($0 * unit).sum() > 0.4 * typical }
      guard Double(agreeing) >= Self.horizonStep.width * Double(columns) else { return nil }
      guard (far * unit).sum() > 0.5 * size else { return nil }
      return typical
    }

    var row = margin + narrow
    while row < height - margin - narrow {
      let here = Self.horizonSlopes.compactMap { slope in step(at: row, slope: slope).map { (row, slope, $0) } }
      guard !here.isEmpty else {
        row += 1
        continue
      }
      // A soft edge shows over several rows and slopes: the steepest is the line.
      let near =
        here
        + ((row + 1)..<min(row + 2 * narrow, height - margin)).flatMap { next in
          Self.horizonSlopes.compactMap { slope in step(at: next, slope: slope).map { (next, slope, $0) } }
        }
      let best = near.max { $0.2 < $1.2 }!
      return MotionEvidence.Horizon(
        height: (Double(best.0) - best.1 * Double(width) / 2) * Double(factor), slope: best.1)
    }
    return nil
  }

  /// Running sums down each of so many columns, mean over the column's width: `columns × (height + 1)`.
  private func columnSums(_ columns: Int) -> [SIMD3<Double>] {
    var sums = [SIMD3<Double>](repeating: .zero, count: columns * (height + 1))
    for column in 0..<columns {
      let (from, to) = (column * width / columns, (column + 1) * width / columns)
      for row in 0..<height {
        var sum = SIMD3<Double>.zero
        for x in from..<to {
          let i = 3 * (row * width + x)
          sum += SIMD3(Double(level[i]), Double(level[i + 1]), Double(level[i + 2]))
        }
        let base = column * (height + 1) + row
        sums[base + 1] = sums[base] + sum / Double(to - from)
      }
    }
    return sums
  }
}

import WorldCore

/// Finds the nearest place on sheets that move evenly from one place to another.
///
/// A grid of cells over the sheets lists the triangles whose way comes within reach of each.
struct SheetIndex {
  /// A place on a sheet.
  struct Place {
    var sheet: Int
    /// Nodes of its triangle, and how much of each the place is.
    var nodes: SIMD3<Int32>
    var weights: Vector3
    /// m
    var distance: Double
    /// Unit normal of the triangle, on the side where its nodes run counter-clockwise.
    var normal: Vector3
    var point: Vector3

    /// Of the normal and the way to p: ±1 before a face, less beside the sheet's edge.
    func cosine(_ p: Vector3) -> Double { distance > 1e-9 ? (p - point).dot(normal) / distance : 1 }
    /// 1 where the normal points.
    func side(_ p: Vector3) -> Double { (p - point).dot(normal) < 0 ? -1 : 1 }
    /// Whether p is before a face rather than beside an edge.
    func isBefore(_ p: Vector3) -> Bool { abs(cosine(p)) > 0.7 }
  }

  private let reach: Double
  private var low = Vector3.zero
  private var size = 1.0
  private var counts = SIMD3<Int>(repeating: 0)
  /// Where each cell's triangles begin in `entries`, and one more.
  private var starts: [Int32] = []
  private var entries: [(sheet: Int32, triangle: Int32)] = []

  /// Cells at most; they grow where that would take more.
  private static let limit = 1 << 18

  /// - Parameters:
  ///   - sheets: their nodes at the start.
  ///   - ends: their nodes at the end.
  ///   - reach: how far off a place may be, m.
  init(_ sheets: [FluidSheet], ends: [[Vector3]], reach: Double) {
    self.reach = reach
    var boxes: [(low: Vector3, high: Vector3, sheet: Int32, triangle: Int32)] = []
    var (lowest, highest) = (Vector3(repeating: .infinity), Vector3(repeating: -.infinity))
    for (number, sheet) in sheets.enumerated() {
      for (index, t) in sheet.triangles.enumerated() {
        var (low, high) = (Vector3(repeating: .infinity), Vector3(repeating: -.infinity))
        for node in [Int(t.x), Int(t.y), Int(t.z)] {
          low = pointwiseMin(low, pointwiseMin(sheet.positions[node], ends[number][node]))
          high = pointwiseMax(high, pointwiseMax(sheet.positions[node], ends[number][node]))
        }
        boxes.append((low - reach, high + reach, Int32(number), Int32(index)))
        lowest = pointwiseMin(lowest, low - reach)
        highest = pointwiseMax(highest, high + reach)
      }
    }
    guard !boxes.isEmpty, lowest.isFinite, highest.isFinite else { return }
    low = lowest
    size = 2 * reach
    func cells() -> SIMD3<Int> {
      let n = (highest - lowest) / size
      return SIMD3(Int(min(n.x, 1e6)), Int(min(n.y, 1e6)), Int(min(n.z, 1e6))) &+ 1
    }
    counts = cells()
    while counts.x * counts.y * counts.z > Self.limit {
      size *= 1.25
      counts = cells()
    }

    // How many triangles each cell has, then where they begin, then which they are.
    starts = [Int32](repeating: 0, count: counts.x * counts.y * counts.z + 1)
    for box in boxes { forEachCell(box.low, box.high) { starts[$0 + 1] += 1 } }
    for cell in 1..<starts.count { starts[cell] += starts[cell - 1] }
    entries = Array(repeating: (0, 0), count: Int(starts.last!))
    var next = starts
    for box in boxes {
      forEachCell(box.low, box.high) { cell in
        entries[Int(next[cell])] = (box.sheet, box.triangle)
        next[cell] += 1
      }
    }
  }

  private func forEachCell(_ low: Vector3, _ high: Vector3, _ body: (Int) -> Void) {
    let (from, to) = (cell(low), cell(high))
    for z in from.z...to.z { for y in from.y...to.y { for x in from.x...to.x { body((z * counts.y + y) * counts.x + x) } } }
  }

  private func cell(_ p: Vector3) -> SIMD3<Int> {
    let scaled = (p - low) / size
    func clamp(_ x: Double, _ n: Int) -> Int { Int(min(max(x, 0), Double(n - 1))) }
    return SIMD3(clamp(scaled.x, counts.x), clamp(scaled.y, counts.y), clamp(scaled.z, counts.z))
  }

  /// The nearest place within reach; of two as near, the first.
  ///
  /// - Parameter position: where a node of a sheet is now.
  func nearest(to p: Vector3, _ sheets: [FluidSheet], position: (Int, Int) -> Vector3) -> Place? {
    guard !entries.isEmpty else { return nil }
    let scaled = (p - low) / size
    guard scaled.min() >= 0, scaled.x < Double(counts.x), scaled.y < Double(counts.y), scaled.z < Double(counts.z) else {
      return nil
    }
    let index = (Int(scaled.z) * counts.y + Int(scaled.y)) * counts.x + Int(scaled.x)
    var best: Place?
    for k in Int(starts[index])..<Int(starts[index + 1]) {
      let sheet = Int(entries[k].sheet)
      let nodes = sheets[sheet].triangles[Int(entries[k].triangle)]
      let (a, b, c) = (position(sheet, Int(nodes.x)), position(sheet, Int(nodes.y)), position(sheet, Int(nodes.z)))
      let closest = TriangleClosestPoint(to: p, on: a, b, c)
      let distance = (p - closest.point).length
      guard distance < (best?.distance ?? reach) else { continue }
      best = Place(
        sheet: sheet, nodes: nodes, weights: closest.weights, distance: distance, normal: (b - a).cross(c - a),
        point: closest.point)
    }
    return best.map { found in
      var place = found
      place.normal = found.normal.normalized
      return place
    }
  }
}

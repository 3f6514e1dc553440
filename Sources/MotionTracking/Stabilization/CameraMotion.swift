internal import COpenCV
import Foundation
import WorldCore

/// Finds how the camera turned and shifted since a reference frame, and undoes it.
///
/// Rotation and translation by maximising the enhanced correlation coefficient (Evangelidis & Psarakis 2008) of shrunken
/// gradient pictures: light that changes leaves edges where they are. A large mover can drag a least-squares alignment along,
/// so an alignment counts only when it lowers the difference to the reference over four fifths of the still scene's edges.
struct CameraMotion {
  private let reference: [UInt8]
  private let outline: [UInt8]
  private let width: Int
  private let height: Int
  private let factor: Int
  /// Where the reference has edges: only there does a shift show.
  private let edges: [Int]
  /// Of those edges, mean, levels a pixel.
  private let slope: Double
  /// referenceFrom → current, working pixels, as OpenCV orders it; the last answer starts the next search.
  private var map: [Double] = [1, 0, 0, 0, 1, 0]

  /// What the last alignment left: typical luma difference at the reference's edges.
  private(set) var residual = 0.0

  static let identity: [Double] = [1, 0, 0, 0, 1, 0]
  /// Shorter displacements than this, in working pixels, are within what an alignment can be wrong by.
  static let negligible = 0.2

  init(reference frame: WorkingFrame) {
    factor = max(1, Int((Double(frame.pixelCount) / 80_000).squareRoot().rounded()))
    (reference, width, height) = Self.shrink(frame, by: factor)
    outline = Self.outline(reference, width: width, height: height)
    edges = Self.strongEdges(reference, width: width, height: height)
    let (luma, w) = (reference, width)
    slope =
      edges.reduce(0) { sum, i in
        // Central differences span two pixels.
        sum + hypot(Double(luma[i + 1]) - Double(luma[i - 1]), Double(luma[i + w]) - Double(luma[i - w])) / 2
      } / Double(max(1, edges.count))
  }

  private static func shrink(_ frame: WorkingFrame, by factor: Int) -> (luma: [UInt8], width: Int, height: Int) {
    let luma = frame.luma()
    guard factor > 1 else { return (luma, frame.width, frame.height) }
    let (w, h) = (frame.width / factor, frame.height / factor)
    var out = [UInt8](repeating: 0, count: w * h)
    for y in 0..<h {
      for x in 0..<w {
        var sum = 0
        for dy in 0..<factor { for dx in 0..<factor { sum += Int(luma[(y * factor + dy) * frame.width + x * factor + dx]) } }
        out[y * w + x] = UInt8(sum / (factor * factor))
      }
    }
    return (out, w, h)
  }

  /// The map that takes reference coordinates (working pixels) to this frame's; identity when the camera did not move
  /// measurably.
  mutating func align(_ frame: WorkingFrame) -> [Double] {
    let (luma, _, _) = Self.shrink(frame, by: factor)
    let still = typicalDifference(luma, map: Self.identity)
    residual = still
    // Where the edges differ by no more than coding makes them, nothing tells that the camera moved: before a plain wall the
    // movers' own edges would be taken for the scene's.
    guard still > Double(Background.noiseFloor) else { return Self.identity }
    // A shift changes an edge by its slope times its length, and some half of that on average over all directions: one that
    // leaves less is too short to matter, and isn't looked for.
    guard still * Double(factor) > Self.negligible * slope / 2 else { return Self.identity }
    var candidate = map
    var correlation = 0.0
    let status = mcv_align(
      outline, Self.outline(luma, width: width, height: height), nil, Int32(width), Int32(height), 25, 1e-4, &candidate,
      &correlation)
    let aligned = status == MCV_OK ? typicalDifference(luma, map: candidate) : still
    residual = min(still, aligned)
    guard aligned < 0.85 * still, isShownAllOver(luma, candidate) else { return Self.identity }
    map = candidate

    // Shrunken pixel x covers working pixels factor·x … factor·x + factor − 1, so centres map with half a block's offset.
    var full = candidate
    let f = Double(factor), o = (f - 1) / 2
    full[2] = f * candidate[2] + o - (candidate[0] * o + candidate[1] * o)
    full[5] = f * candidate[5] + o - (candidate[3] * o + candidate[4] * o)
    return Self.displacement(full, width: frame.width, height: frame.height) > Self.negligible ? full : Self.identity
  }

  /// Cells across and down in which edges are asked by themselves, the share of them that must gain, edges that tell, and the
  /// share of the columns in which some gain: a camera moves all of the picture.
  private static let cells = (columns: 8, rows: 6, share: 0.67, least: 5, breadth: 0.75)

  /// Whether the alignment brings the still scene's edges together all over the picture: a mover before a plain wall, whose own
  /// edges are most of those there are, gains in a few places and loses elsewhere, if there is anything.
  private func isShownAllOver(_ luma: [UInt8], _ map: [Double]) -> Bool {
    let groups = Dictionary(grouping: edges) { index in
      (index / width) * Self.cells.rows / height * Self.cells.columns + (index % width) * Self.cells.columns / width
    }
    var (gaining, telling) = (0, 0)
    var columns = Set<Int>()
    for (cell, group) in groups where group.count >= Self.cells.least {
      let still = typicalDifference(luma, map: Self.identity, at: group)
      let aligned = typicalDifference(luma, map: map, at: group)
      guard max(still, aligned) > 2 * Double(Background.noiseFloor) else { continue }
      telling += 1
      guard aligned < 0.85 * still else { continue }
      gaining += 1
      columns.insert(cell % Self.cells.columns)
    }
    return Double(gaining) >= Self.cells.share * Double(telling)
      && Double(columns.count) >= Self.cells.breadth * Double(Self.cells.columns)
  }

  /// How far the corners of the picture move, px, at most.
  static func displacement(_ map: [Double], width: Int, height: Int) -> Double {
    var largest = 0.0
    for (x, y) in [(0, 0), (width, 0), (0, height), (width, height)] {
      let (u, v) = (Double(x), Double(y))
      let dx = map[0] * u + map[1] * v + map[2] - u
      let dy = map[3] * u + map[4] * v + map[5] - v
      largest = max(largest, (dx * dx + dy * dy).squareRoot())
    }
    return largest
  }

  /// Gradient magnitude, compressed to a byte by its square root so that no single edge rules.
  private static func outline(_ luma: [UInt8], width: Int, height: Int) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: luma.count)
    for y in 1..<max(1, height - 1) {
      for x in 1..<max(1, width - 1) {
        let i = y * width + x
        let across = abs(Int(luma[i + 1]) - Int(luma[i - 1])) + abs(Int(luma[i + width]) - Int(luma[i - width]))
        out[i] = UInt8((Double(across) * 127).squareRoot())
      }
    }
    return out
  }

  /// The tenth of the interior pixels with the steepest luma.
  private static func strongEdges(_ luma: [UInt8], width: Int, height: Int) -> [Int] {
    guard width > 8, height > 8 else { return [] }
    var strengths: [(strength: Int, index: Int)] = []
    for y in 3..<(height - 3) {
      for x in 3..<(width - 3) {
        let i = y * width + x
        let across = abs(Int(luma[i + 1]) - Int(luma[i - 1])) + abs(Int(luma[i + width]) - Int(luma[i - width]))
        strengths.append((across, i))
      }
    }
    strengths.sort { ($0.strength, $1.index) > ($1.strength, $0.index) }
    return strengths.prefix(strengths.count / 10).map(\.index).sorted()
  }

  /// Mean of the smaller four fifths of the luma differences to the reference, at the reference's edges, exposure drift taken
  /// out.
  private func typicalDifference(_ luma: [UInt8], map: [Double], at edges: [Int]? = nil) -> Double {
    let edges = edges ?? self.edges
    var differences: [Double] = []
    differences.reserveCapacity(edges.count)
    for index in edges {
      let (x, y) = (Double(index % width), Double(index / width))
      let u = map[0] * x + map[1] * y + map[2]
      let v = map[3] * x + map[4] * y + map[5]
      guard u >= 0, v >= 0, u < Double(width - 1), v < Double(height - 1) else { continue }
      let (iu, iv) = (Int(u), Int(v))
      let (fu, fv) = (u - Double(iu), v - Double(iv))
      let i = iv * width + iu
      let top = Double(luma[i]) * (1 - fu) + Double(luma[i + 1]) * fu
      let bottom = Double(luma[i + width]) * (1 - fu) + Double(luma[i + width + 1]) * fu
      differences.append(top * (1 - fv) + bottom * fv - Double(reference[index]))
    }
    guard !differences.isEmpty else { return 0 }
    differences.sort()
    let drift = differences[differences.count / 2]
    let sizes = differences.map { abs($0 - drift) }.sorted().prefix(max(1, differences.count * 4 / 5))
    return sizes.reduce(0, +) / Double(sizes.count)
  }

  /// The frame as the reference camera would have seen it, and where it has no picture (0).
  static func undo(_ map: [Double], in frame: WorkingFrame) throws(TrackingError) -> (frame: WorkingFrame, inside: [UInt8]) {
    var warped = frame
    var inside = [UInt8](repeating: 0, count: frame.pixelCount)
    let status = mcv_warp_rgb(frame.rgb, Int32(frame.width), Int32(frame.height), map, &warped.rgb, &inside)
    guard status == MCV_OK else { throw .visionLibrary(operation: "undoing the camera's motion", status: status) }
    return (warped, inside)
  }
}

package import WorldCore

/// Where a clip cuts from one camera to another: frames whose picture has little to do with the one before, for good.
///
/// Each frame is boiled down to a coarse lattice of mean grey levels. A cut changes most cells at once and far more than the
/// frames around it do; a thing that moves changes a few cells, a camera that moves changes many a little, noise averages out.
/// Memory: one number a frame, and two lattices for each change as large as a cut's.
package struct ShotBoundaries {
  private static let columns = 16
  private static let rows = 9
  /// Grey levels (0…255) by which a cell has changed, and the share of cells that a cut changes at least.
  private static let changedLevel: Float = 10
  private static let changedShare = 0.35
  /// A cut's mean change stands out of its neighbours' median by this factor.
  private static let prominence: Float = 5
  /// Beside a camera that pans, a cut's mean change is larger than any of the pan's by this factor; a pan that sets in is not.
  private static let lead: Float = 1.4
  /// Frames on either side that a cut is compared with; a shot has at least that many, or its ends are no cuts but a flicker.
  private static let neighbours = 6

  private var previous: [Float] = []
  private var changes: [(mean: Float, share: Double)] = []
  /// What was seen before and after each change as large as a cut's.
  private var sides: [Int: (before: [Float], after: [Float])] = [:]

  /// Frames that are known to begin a shot.
  private var known = Set<Int>()

  package init() {}

  /// Says that the last frame added begins a shot.
  package mutating func cut() { known.insert(changes.count - 1) }

  package mutating func add(_ image: Image<SRGB8>) {
    let lattice = Self.lattice(of: image)
    if previous.isEmpty {
      changes.append((0, 0))
    } else {
      let change = Self.change(from: previous, to: lattice)
      if change.share >= Self.changedShare { sides[changes.count] = (previous, lattice) }
      changes.append(change)
    }
    previous = lattice
  }

  /// The shots as ranges of frame numbers, in order, covering all frames.
  package var shots: [Range<Int>] {
    var starts = [0]
    let undone = self.undone
    for k in changes.indices where known.contains(k) || (changes[k].share >= Self.changedShare && isProminent(k)) {
      // Of two cuts closer than a shot's least length the later one is dropped, and both where the picture is then what it was
      // before: a flash, or something large that passed.
      if undone.contains(k) && !known.contains(k) { continue }
      if k - starts[starts.count - 1] >= Self.neighbours && changes.count - k >= Self.neighbours { starts.append(k) }
    }
    return zip(starts, starts.dropFirst() + [changes.count]).map { $0..<$1 }
  }

  /// Changes after which the picture soon is what it was before them, and those that bring it back.
  private var undone: Set<Int> {
    var found = Set<Int>()
    for (k, side) in sides {
      for later in k + 1..<k + Self.neighbours {
        guard let after = sides[later]?.after, Self.change(from: side.before, to: after).share < Self.changedShare / 2 else {
          continue
        }
        found.formUnion([k, later])
      }
    }
    return found
  }

  private static func change(from a: [Float], to b: [Float]) -> (mean: Float, share: Double) {
    let differences = zip(a, b).map { abs($0 - $1) }
    let changed = differences.count { $0 > changedLevel }
    return (differences.reduce(0, +) / Float(differences.count), Double(changed) / Double(differences.count))
  }

  /// Whether a change stands out of its neighbours: of all of them, or, where one camera rests and the other moves, far out of
  /// the calm side and clearly out of every change of the moving one.
  private func isProminent(_ k: Int) -> Bool {
    let before = changes[max(1, k - Self.neighbours)..<max(1, k)].map(\.mean)
    let after = changes[k + 1..<min(changes.count, k + 1 + Self.neighbours)].map(\.mean)
    let mean = changes[k].mean
    func standsOut(of others: [Float]) -> Bool {
      others.isEmpty || mean > Self.prominence * others.sorted()[others.count / 2]
    }
    if standsOut(of: before + after) { return true }
    let largest = (before + after).max() ?? 0
    return (standsOut(of: before) || standsOut(of: after)) && mean > Self.lead * largest
  }

  private static func lattice(of image: Image<SRGB8>) -> [Float] {
    var sums = [Float](repeating: 0, count: columns * rows)
    var counts = [Float](repeating: 0, count: columns * rows)
    // A few thousand pixels are plenty for the mean of 144 cells.
    let step = max(1, min(image.width / (4 * columns), image.height / (4 * rows)))
    image.pixels.withUnsafeBufferPointer { pixels in
      for y in stride(from: 0, to: image.height, by: step) {
        let row = y * rows / image.height * columns
        for x in stride(from: 0, to: image.width, by: step) {
          let pixel = pixels[y * image.width + x]
          let cell = row + x * columns / image.width
          sums[cell] += 0.299 * Float(pixel.red) + 0.587 * Float(pixel.green) + 0.114 * Float(pixel.blue)
          counts[cell] += 1
        }
      }
    }
    return zip(sums, counts).map { $0 / max($1, 1) }
  }
}

/// A basin of liquid, and where the next thing goes in.
struct Basin {
  /// m: of the liquid's surface, and of the basin's middle.
  var level: Double
  var middle: Double
  var width: Double
  /// How many go in, and how many have.
  var guests: Int
  private(set) var taken = 0

  init(level: Double, middle: Double, width: Double, guests: Int) {
    (self.level, self.middle, self.width, self.guests) = (level, middle, width, guests)
  }

  /// x of the next guest, spread evenly over the width.
  mutating func next() -> Double {
    defer { taken += 1 }
    return middle + width * ((Double(taken) + 0.5) / Double(max(1, guests)) - 0.5)
  }
}

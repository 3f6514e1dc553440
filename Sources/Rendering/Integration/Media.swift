/// The clear bodies that a ray is inside of, two at most, by their refractive indices.
///
/// Where two overlap the denser counts, as glass does where a liquid's surface, which is known to within a share of a particle, reaches
/// into a tank's wall ("Simple nested dielectrics in ray traced images", Schmidt & Budge 2002).
struct Media {
  // 1 is air.
  private var first: Float = 1
  private var second: Float = 1

  /// Of what the ray is in.
  var index: Float { max(first, second) }

  func holds(_ index: Float) -> Bool { first == index || second == index }

  mutating func enter(_ index: Float) {
    if first == 1 { first = index } else { second = index }
  }

  mutating func leave(_ index: Float) {
    if first == index { (first, second) = (second, 1) } else if second == index { second = 1 }
  }
}

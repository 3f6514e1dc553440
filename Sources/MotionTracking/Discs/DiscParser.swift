import LinearAlgebra
public import WorldCore

/// Finds discs of known colours before a plain ground to hundredths of a pixel, each frame by itself.
///
/// The clips of PhyWorld's protocol (Kang et al., "How far is video generation from world model", 2024) are such: flat, without
/// shadows, each disc of its own colour. Their own parser counts the pixels of a colour whole; here each pixel counts by the share
/// of it that is the disc's, for the protocol's errors are below what whole pixels tell.
public struct DiscParser: Sendable {
  /// A disc in a picture.
  public struct Sight: Sendable, Equatable {
    /// px; pixel centres are at +0.5.
    public var center: SIMD2<Double>
    /// px, by the area.
    public var radius: Double
  }

  /// The directions of the discs' colours from grey.
  private let hues: [SIMD3<Double>]

  /// Colours less apart than this, as directions from grey, can't be told from one another: 60°.
  private static let closest = 0.5
  /// How far a disc's colour is from grey at least, of 255 levels: coding leaves greys within 5.
  private static let leastChroma = 20.0
  /// Pixels of the strongest colour that may be a glint: the protocol's smallest disc covers 185 at 256 × 256.
  private static let glint = 60
  /// Width of a disc's rim, px: an edge's own pixel, and what coding colours at half the resolution spreads.
  private static let rim = 4.0
  /// Shares below this are noise of the ground, 4 levels of 100.
  private static let leastShare = 0.04

  /// - Parameter colors: of the discs, linear RGB.
  /// - Returns: nil where a colour is grey or two of them are much alike, so that colour doesn't tell discs apart.
  public init?(colors: [SIMD3<Float>]) {
    hues = colors.map { color in
      let shown = SIMD3<Double>((0..<3).map { Double(SRGB.encode(color[$0])) })
      let chroma = shown - shown.sum() / 3
      return chroma / (chroma * chroma).sum().squareRoot()
    }
    guard hues.allSatisfy({ $0.x.isFinite }) else { return nil }
    for (k, hue) in hues.enumerated() {
      guard hues[..<k].allSatisfy({ ($0 * hue).sum() < Self.closest }) else { return nil }
    }
  }

  /// The discs of one picture, in the order of the colours; nil where there is none.
  public func discs(in picture: Image<SRGB8>) -> [Sight?] {
    let pixels = picture.pixels.map { SIMD3(Double($0.red), Double($0.green), Double($0.blue)) }
    let cores = cores(of: pixels)
    var sights = cores.map { core in Self.sight(core.map { ($0, 1.0) }, width: picture.width) }
    guard let ground = Ground(of: pixels, width: picture.width, beside: sights.compactMap(\.self), margin: Self.rim + 2) else {
      return sights.map { _ in nil }
    }
    let colors = zip(cores, sights).map { core, sight -> SIMD3<Double>? in
      guard let sight else { return nil }
      let inside = core.filter { Self.distance($0, sight.center, picture.width) < max(sight.radius - 2, 1) }
      return inside.isEmpty ? nil : inside.reduce(.zero) { $0 + pixels[$1] } / Double(inside.count)
    }
    for k in sights.indices where sights[k] != nil {
      guard let color = colors[k] else { continue }
      // Where the weights reach changes with the place that they give: three rounds settle it to 1e-3 px.
      for _ in 0..<3 {
        guard let sight = sights[k] else { break }
        let shares = window(of: sight, picture).map { place in
          (
            place,
            share(of: color, at: place, pixels, ground, others: colors.indices.filter { $0 != k }.compactMap { colors[$0] })
          )
        }
        sights[k] = Self.sight(shares.filter { $0.1 > Self.leastShare }, width: picture.width)
      }
    }
    return sights
  }

  /// The pixels (indices) in which each disc's colour is the strongest and more than half as strong as anywhere.
  private func cores(of pixels: [SIMD3<Double>]) -> [[Int]] {
    let strengths = hues.map { hue in pixels.map { ($0 * hue).sum() } }
    return strengths.map { own in
      let strongest = own.sorted(by: >).dropFirst(Self.glint).first ?? 0
      guard strongest > Self.leastChroma else { return [] }
      return own.indices.filter { place in
        own[place] > strongest / 2 && strengths.allSatisfy { $0[place] <= own[place] }
      }
    }
  }

  /// How much of a pixel has a colour: least squares over the ground, this disc and the one of the others that explains most.
  private func share(
    of color: SIMD3<Double>, at place: Int, _ pixels: [SIMD3<Double>], _ ground: Ground, others: [SIMD3<Double>]
  ) -> Double {
    let behind = ground.color(at: place)
    let (own, seen) = (color - behind, pixels[place] - behind)
    let (oo, os) = ((own * own).sum(), (own * seen).sum())
    var best = (share: os / oo, left: ((seen - own * (os / oo)) * (seen - own * (os / oo))).sum())
    for other in others {
      let rival = other - behind
      let (rr, or, rs) = ((rival * rival).sum(), (own * rival).sum(), (rival * seen).sum())
      let determinant = oo * rr - or * or
      guard determinant > 1e-6 * oo * rr else { continue }
      let (a, b) = ((os * rr - rs * or) / determinant, (rs * oo - os * or) / determinant)
      guard b > 0 else { continue }
      let rest = seen - own * a - rival * b
      if (rest * rest).sum() < best.left { best = (a, (rest * rest).sum()) }
    }
    return min(max(best.share, 0), 1)
  }

  private func window(of sight: Sight, _ picture: Image<SRGB8>) -> [Int] {
    let reach = sight.radius + Self.rim
    func range(_ middle: Double, _ count: Int) -> Range<Int> {
      let low = max(0, Int(middle - reach))
      return low..<max(low, min(count, Int(middle + reach) + 1))
    }
    return range(sight.center.y, picture.height).flatMap { y in
      range(sight.center.x, picture.width).map { y * picture.width + $0 }
    }.filter { Self.distance($0, sight.center, picture.width) < reach }
  }

  private static func sight(_ weights: [(place: Int, share: Double)], width: Int) -> Sight? {
    let area = weights.reduce(0) { $0 + $1.share }
    guard area > 1 else { return nil }
    let sum = weights.reduce(SIMD2<Double>.zero) { $0 + center(of: $1.place, width) * $1.share }
    return Sight(center: sum / area, radius: (area / .pi).squareRoot())
  }

  private static func center(of place: Int, _ width: Int) -> SIMD2<Double> {
    SIMD2(Double(place % width) + 0.5, Double(place / width) + 0.5)
  }

  private static func distance(_ place: Int, _ center: SIMD2<Double>, _ width: Int) -> Double {
    let offset = self.center(of: place, width) - center
    return (offset * offset).sum().squareRoot()
  }

  /// The plain ground: a polynomial of second order in the place, colour by colour, which a vignette and a sky are close to.
  private struct Ground {
    private var coefficients: [SIMD3<Double>]
    private let width: Int
    private static let terms = 6

    init?(of pixels: [SIMD3<Double>], width: Int, beside discs: [Sight], margin: Double) {
      self.width = width
      coefficients = []
      var normal = Matrix(rows: Self.terms, columns: Self.terms)
      var right = [SIMD3<Double>](repeating: .zero, count: Self.terms)
      for place in pixels.indices {
        guard discs.allSatisfy({ DiscParser.distance(place, $0.center, width) > $0.radius + margin }) else { continue }
        let terms = terms(at: place)
        for i in 0..<Self.terms {
          for j in 0..<Self.terms { normal[i, j] += terms[i] * terms[j] }
          right[i] += terms[i] * pixels[place]
        }
      }
      guard let inverse = try? normal.positiveInverse() else { return nil }
      coefficients = (0..<Self.terms).map { i in
        (0..<Self.terms).reduce(SIMD3<Double>.zero) { $0 + inverse[i, $1] * right[$1] }
      }
    }

    private func terms(at place: Int) -> [Double] {
      let p = DiscParser.center(of: place, width) / Double(width) - 0.5
      return [1, p.x, p.y, p.x * p.x, p.x * p.y, p.y * p.y]
    }

    func color(at place: Int) -> SIMD3<Double> {
      zip(coefficients, terms(at: place)).reduce(.zero) { $0 + $1.0 * $1.1 }
    }
  }
}

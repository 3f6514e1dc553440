import Foundation
import WorldCore

/// A body as a resonator: the frequencies at which it rings and how fast each dies.
///
/// The lowest frequency is that of a free bar, f₁ = 1.03 (h/L) c/L with length L, thickness h and wave speed c (Euler and
/// Bernoulli); the overtones follow the family of the shape. Van den Doel & Pai, "The sounds of physical shapes", 1998.
struct SoundingBody {
  struct Mode {
    /// Hz.
    var frequency: Double
    /// 1/s: the amplitude falls as exp(−decay t).
    var decay: Double
    /// Relative to the other modes of the body.
    var weight: Double
  }

  var acoustics: MaterialAcoustics
  var modes: [Mode]
  /// Radius of curvature where it is struck, m.
  var contactRadius: Double

  /// Nothing above is heard, or survives a clip's sound track.
  private static let highestFrequency = 18_000.0
  private static let modeCount = 14
  /// What is fastened to the world gives its vibration away: added to every decay, 1/s.
  private static let mountingLoss = 35.0

  /// nil for a silent body.
  init?(_ item: Stage.Item, isFixed: Bool) {
    guard let acoustics = MaterialAcoustics.of(item.sound) else { return nil }
    self.acoustics = acoustics
    let form = Form(item.shape)
    contactRadius = form.contactRadius
    let fundamental = 1.03 * form.slenderness * acoustics.waveSpeed / form.length

    // Real bodies are never perfect: each overtone is a little off, always the same for the same body.
    var random = RandomStream(seed: 0, "modes of " + item.name)
    modes = []
    for (index, ratio) in form.overtones(Self.modeCount).enumerated() {
      let frequency = fundamental * ratio * random.uniform(in: 0.98...1.02)
      let weight = random.uniform(in: 0.6...1) / Double(index + 1).squareRoot()
      guard frequency < Self.highestFrequency else { continue }
      let decay = Double.pi * acoustics.lossFactor * frequency + (isFixed ? Self.mountingLoss : 1.5)
      modes.append(Mode(frequency: frequency, decay: decay, weight: weight))
    }
  }
}

/// A shape reduced to what its sound depends on.
private struct Form {
  /// Largest extent, m.
  var length: Double
  /// Thickness by length.
  var slenderness: Double
  var contactRadius: Double
  var family: Family

  enum Family { case bar, ring, plate }

  init(_ shape: Shape) {
    switch shape {
    case .sphere(let radius): self.init(extents: Vector3(repeating: 2 * radius), contactRadius: radius, family: .ring)
    case .torus(let radius, let tube):
      self.init(extents: Vector3(2 * (radius + tube), 2 * (radius + tube), 2 * tube), contactRadius: tube, family: .ring)
    case .plane:
      // A floor sounds like the boards or the slab of it that a blow reaches.
      self.init(extents: Vector3(1.2, 1.2, 0.04), contactRadius: 1, family: .plate)
    default:
      let extents = Self.extents(of: shape)
      let sorted = [extents.x, extents.y, extents.z].sorted()
      // Corners and edges are sharper than the body is thick.
      self.init(extents: extents, contactRadius: sorted[0] / 4, family: sorted[2] > 3 * sorted[1] ? .bar : .plate)
    }
  }

  private init(extents: Vector3, contactRadius: Double, family: Family) {
    length = max(extents.max(), 1e-3)
    slenderness = min(max(extents.min() / length, 0.03), 0.3)
    self.contactRadius = max(contactRadius, 1e-4)
    self.family = family
  }

  /// Frequencies over the lowest.
  func overtones(_ count: Int) -> [Double] {
    (0..<count).map { k in
      let n = Double(k + 2)
      switch family {
      // A free bar: the squares of (2k + 3)/3.0112, the first corrected (Rayleigh).
      case .bar: return k == 0 ? 1 : pow((2 * Double(k) + 3) / 3.0112, 2)
      // A ring's bending modes n = 2, 3, 4 … (Love).
      case .ring: return n * (n * n - 1) / (n * n + 1).squareRoot() / 2.683
      // A plate's modes lie evenly in frequency.
      case .plate: return 1 + 0.62 * Double(k)
      }
    }
  }

  private static func extents(of shape: Shape) -> Vector3 {
    switch shape {
    case .plane: return Vector3(1.2, 1.2, 0.04)
    case .tank(let size, let wall): return Vector3(size.x, size.y, wall)
    case .compound(let parts):
      // The spread of the parts, and the thickness of the thinnest.
      guard let spread = shape.bounds(placed: .identity)?.size.max() else { return .one }
      return Vector3(spread, spread, parts.map { extents(of: $0.shape).min() }.min() ?? spread)
    default: return shape.bounds(placed: .identity)?.size ?? .one
    }
  }
}

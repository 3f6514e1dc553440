import WorldCore

/// What a cloth is made of, as laboratories measure it.
///
/// The weave has two thread directions: weft along a row (left to right), warp along a column (top to bottom). Moduli are those
/// of the sheet, a unit of width, so that nothing depends on the grid. The Kawabata system (KES-F; Kawabata, The
/// Standardization and Analysis of Hand Evaluation, 1980) reports bending in gf·cm²/cm = 9.807e-5 N·m and shear in gf/(cm·deg)
/// = 56.19 N/m.
public struct ClothMaterial: Sendable, Equatable {
  public var name: String
  /// kg/m²
  public var arealDensity: Double
  /// Tension a unit of width for a unit of strain along each thread direction, N/m.
  public var warpStretch: Double
  public var weftStretch: Double
  /// Shear force a unit of width for a unit of shear angle, N/m.
  public var shear: Double
  /// Moment a unit of width for a unit of curvature along each thread direction, N·m.
  public var warpBending: Double
  public var weftBending: Double
  /// m; keeps two layers this far apart and the middle surface half of it from a body.
  public var thickness: Double
  /// Coulomb's coefficient of the cloth against itself; against a body it is combined with the body's own.
  public var friction: Double
  /// Kelvin–Voigt relaxation times: stress = modulus · (strain + time · strain rate), s.
  public var membraneDamping: Double
  public var bendingDamping: Double
  /// Pressure and skin-friction coefficients of a patch in a stream, referred to ½ρv² and the patch's area.
  public var normalDrag: Double
  public var tangentialDrag: Double
  /// The share of the stream that passes through, 0…1.
  public var porosity: Double
  /// Of the fibres themselves, kg/m³: what makes a wet cloth sink or swim.
  public var solidDensity: Double

  public init(
    name: String, arealDensity: Double, warpStretch: Double, weftStretch: Double, shear: Double, warpBending: Double,
    weftBending: Double, thickness: Double, friction: Double, membraneDamping: Double = 5e-4, bendingDamping: Double = 5e-3,
    normalDrag: Double = 1.28, tangentialDrag: Double = 0.02, porosity: Double = 0, solidDensity: Double = 1400
  ) {
    self.name = name
    self.arealDensity = arealDensity
    self.warpStretch = warpStretch
    self.weftStretch = weftStretch
    self.shear = shear
    self.warpBending = warpBending
    self.weftBending = weftBending
    self.thickness = thickness
    self.friction = friction
    self.membraneDamping = membraneDamping
    self.bendingDamping = bendingDamping
    self.normalDrag = normalDrag
    self.tangentialDrag = tangentialDrag
    self.porosity = porosity
    self.solidDensity = solidDensity
  }

  /// The rigidity against twist: the geometric mean of both bendings (Huber's rule for orthotropic plates), N·m.
  public var twisting: Double { (warpBending * weftBending).squareRoot() }

  /// What is wrong with the numbers, if anything.
  func firstFault() -> (quantity: String, value: Double)? {
    let positive: [(String, Double)] = [
      ("areal density", arealDensity), ("warp stretch", warpStretch), ("weft stretch", weftStretch), ("thickness", thickness),
      ("solid density", solidDensity),
    ]
    let notNegative: [(String, Double)] = [
      ("shear", shear), ("warp bending", warpBending), ("weft bending", weftBending), ("friction", friction),
      ("membrane damping", membraneDamping), ("bending damping", bendingDamping), ("normal drag", normalDrag),
      ("tangential drag", tangentialDrag), ("porosity", porosity), ("what porosity leaves", 1 - porosity),
    ]
    return positive.first { !($0.1 > 0 && $0.1.isFinite) } ?? notNegative.first { !($0.1 >= 0 && $0.1.isFinite) }
  }
}

extension ClothMaterial {
  // Numbers are round values inside the published KES-F ranges of each class of cloth: stretch is the secant up to the 490 N/m
  // (500 gf/cm) of that test, E = 490 N/m over its extension EMT. Its tensile resilience of 50 to 60 % is a loss factor near
  // 0.1, which 0.5 ms give at 30 Hz; rubber's 0.1 at 3 Hz takes 5 ms. The normal drag is a flat plate's, less for loose weaves.

  /// A shirting of 120 g/m²: EMT 4 % and 8 %, B 0.07 and 0.04 gf·cm²/cm, G 0.8 gf/(cm·deg).
  public static let cotton = ClothMaterial(
    name: "cotton", arealDensity: 0.120, warpStretch: 12_000, weftStretch: 6_000, shear: 45, warpBending: 7e-6,
    weftBending: 4e-6, thickness: 0.4e-3, friction: 0.5, porosity: 0.05, solidDensity: 1520)

  /// A habotai of 60 g/m²: EMT 4 % and 6 %, B 0.03 and 0.02, G 0.3.
  public static let silk = ClothMaterial(
    name: "silk", arealDensity: 0.060, warpStretch: 12_000, weftStretch: 8_000, shear: 17, warpBending: 3e-6,
    weftBending: 2e-6, thickness: 0.2e-3, friction: 0.25, porosity: 0.02, solidDensity: 1340)

  /// A twelve-ounce twill of 400 g/m²: EMT 2.5 % and 5 %, B 0.7 and 0.3, G 3.
  public static let denim = ClothMaterial(
    name: "denim", arealDensity: 0.400, warpStretch: 20_000, weftStretch: 10_000, shear: 170, warpBending: 7e-5,
    weftBending: 3e-5, thickness: 0.9e-3, friction: 0.6, solidDensity: 1520)

  /// A plain duck of 500 g/m²: EMT 1.2 % and 2 %, B 3 and 2, G 5.
  public static let canvas = ClothMaterial(
    name: "canvas", arealDensity: 0.500, warpStretch: 40_000, weftStretch: 25_000, shear: 280, warpBending: 3e-4,
    weftBending: 2e-4, thickness: 0.8e-3, friction: 0.55, solidDensity: 1520)

  /// Natural rubber, 1 mm: Young's modulus E 1.5 MPa, density 1000 kg/m³, Poisson's ratio ½, so that stretch is E·t, shear
  /// E·t/3 and bending E·t³/12, that of a strip. The contraction across a pull is left out.
  public static let rubberSheet = ClothMaterial(
    name: "rubber sheet", arealDensity: 1.0, warpStretch: 1500, weftStretch: 1500, shear: 500, warpBending: 1.25e-4,
    weftBending: 1.25e-4, thickness: 1e-3, friction: 0.9, membraneDamping: 5e-3, solidDensity: 1000)

  public static let all: [ClothMaterial] = [.cotton, .silk, .denim, .canvas, .rubberSheet]
}

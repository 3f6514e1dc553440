import CEmbree
import WorldCore

/// A stage taken apart into primitives: what never changes while its bodies move.
struct StageGeometry {
  /// One primitive's place in its body.
  struct Piece {
    var form: Primitive.Form
    var extent: Float3
    var item: Int
    var material: Int
    var mesh: Int
    var bodyFromShape: RigidTransform
  }

  /// Analytic pieces first, then meshes, then sheets, then planes.
  private(set) var pieces: [Piece] = []
  private(set) var surfaces: [Surface] = []
  private(set) var meshes: [MeshGeometry] = []
  /// Width and height of each sheet, m.
  private(set) var sheetSizes: [SIMD2<Double>] = []
  private(set) var liquidCount = 0
  /// Which of the surfaces are those of liquids.
  private(set) var liquidSurfaces = 0..<0
  /// The distance to each item of the stage, where sheets are kept out of them or liquids wet them; none elsewhere.
  private var fields: [SignedDistanceField] = []
  private var bodyFromShape: [RigidTransform] = []
  private(set) var analyticCount = 0
  private(set) var sheetStart = 0
  private(set) var planeStart = 0

  init(_ stage: Stage, device: RTCDevice) {
    for (index, item) in stage.items.enumerated() {
      surfaces.append(item.surface)
      add(
        item.shape, item: index, material: surfaces.count - 1, device: device,
        bodyFromShape: RigidTransform(translation: item.centerOfMass * -1))
    }
    for (index, sheet) in stage.sheets.enumerated() {
      surfaces.append(sheet.surface)
      pieces.append(
        Piece(
          form: .sheet, extent: .zero, item: stage.items.count + index, material: surfaces.count - 1, mesh: index,
          bodyFromShape: .identity))
    }
    sheetSizes = stage.sheets.map(\.size)
    liquidSurfaces = surfaces.count..<surfaces.count + stage.liquids.count
    // A liquid's mesh is made anew for each moment; its number follows those of the meshes that stay.
    for (index, liquid) in stage.liquids.enumerated() {
      surfaces.append(liquid.surface)
      pieces.append(
        Piece(
          form: .mesh, extent: .zero, item: stage.items.count + stage.sheets.count + index, material: surfaces.count - 1,
          mesh: meshes.count + index, bodyFromShape: .identity))
    }
    liquidCount = stage.liquids.count
    if !stage.sheets.isEmpty || !stage.liquids.isEmpty {
      fields = stage.items.map { SignedDistanceField($0.shape) }
      bodyFromShape = stage.items.map { RigidTransform(translation: $0.centerOfMass * -1) }
    }
    func rank(_ piece: Piece) -> Int {
      switch piece.form {
      case .plane: 3
      case .sheet: 2
      case .mesh: 1
      default: 0
      }
    }
    // Stable, so that the order of the stage decides between surfaces that coincide.
    pieces = (0...3).flatMap { wanted in pieces.filter { rank($0) == wanted } }
    analyticCount = pieces.count { rank($0) == 0 }
    sheetStart = pieces.count { rank($0) < 2 }
    planeStart = pieces.count { rank($0) < 3 }
  }

  /// The stage's items where they are: what sheets are kept out of and liquids wet. Empty where there are neither.
  ///
  /// - Parameter poses: `worldFromBody` by the stage's items.
  func solids(_ poses: [RigidTransform]) -> [PlacedSolid] {
    fields.indices.map { PlacedSolid(fields[$0], worldFromShape: poses[$0] * bodyFromShape[$0]) }
  }

  private mutating func add(_ shape: Shape, item: Int, material: Int, device: RTCDevice, bodyFromShape: RigidTransform) {
    func analytic(_ form: Primitive.Form, _ x: Double, _ y: Double = 0, _ z: Double = 0) {
      let extent = Float3(Float(x), Float(y), Float(z))
      pieces.append(Piece(form: form, extent: extent, item: item, material: material, mesh: -1, bodyFromShape: bodyFromShape))
    }
    func triangles(_ mesh: TriangleMesh) {
      meshes.append(MeshGeometry(mesh, device: device))
      pieces.append(
        Piece(form: .mesh, extent: .zero, item: item, material: material, mesh: meshes.count - 1, bodyFromShape: bodyFromShape))
    }
    switch shape {
    case .sphere(let r): analytic(.sphere, r)
    case .box(let size): analytic(.box, size.x / 2, size.y / 2, size.z / 2)
    case .cylinder(let r, let h): analytic(.cylinder, r, 0, h / 2)
    case .capsule(let r, let h): analytic(.capsule, r, 0, h / 2)
    case .cone(let r, let h): analytic(.cone, r, 0, h / 2)
    case .torus(let r, let tube): analytic(.torus, r, 0, tube)
    case .plane(let normal):
      let n = normal.normalized
      analytic(.plane, n.x, n.y, n.z)
    case .tank: triangles(shape.tessellated())
    case .mesh(let mesh): triangles(mesh)
    case .compound(let parts):
      for part in parts {
        var own = material
        if let surface = part.surface {
          surfaces.append(surface)
          own = surfaces.count - 1
        }
        add(part.shape, item: item, material: own, device: device, bodyFromShape: bodyFromShape * part.compoundFromPart)
      }
    }
  }
}

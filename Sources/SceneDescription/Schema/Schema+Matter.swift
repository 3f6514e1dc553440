import WorldCore

/// Fluids, cloths and figures.
extension Schema {
  static let fluid = ObjectType(
    doc: "A liquid that starts in a region of the world, comes in through emitters, or both.",
    fields: [
      .optional(
        "liquid", .either([.reference(.liquid), .object(.liquid)]), "water",
        "A built-in liquid's name, or one written in place."),
      .optional(
        "kind", .choice(Fluid.Kind.allCases.map(\.rawValue)), "particles",
        "What it is computed as. Particles splash and pour. A surface is a height field over a box: calm water of tens of metres, its waves and what floats in it."
      ),
      .optional("fill", .object(.fill), nil, "The region it fills at the start; by default none."),
      .optional(
        "spacing", .quantity(.length, .range(1e-4...10)), "4 cm",
        "Between particles, of all such fluids alike, or between the heights of a surface: smaller shows more and takes longer."
      ),
      .optional("velocity", .vector(.speed, velocityLimit), "[0, 0, 0]", "Of what fills the region, at the start."),
      .optional("emitters", .named(.emitter), "{}", "Where more of it comes in, by name."),
      .optional("drains", .named(.drain), "{}", "Where it leaves the world, by name."),
    ])

  static let fill = ObjectType.variant(
    "A region in the world.",
    [
      .optional("box", .object(.filledBox), nil, "A cuboid."),
      .optional("sphere", .object(.filledSphere), nil, "A ball."),
      .optional("cylinder", .object(.filledCylinder), nil, "An upright cylinder."),
      .optional("vessel", .object(.filledVessel), nil, "What a body holds."),
    ])

  static let emitter = ObjectType.variant(
    "Where liquid comes into the world.",
    [
      .optional("nozzle", .object(.nozzle), nil, "A tap or a hose: a round jet."),
      .optional("rain", .object(.rain), nil, "A cloud or a shower: drops over an area."),
    ])

  private static let opening = Field.optional("from", .time, "0 s", "When it opens.")
  private static let closing = Field.optional("to", .time, nil, "When it closes; by default never.")

  static let nozzle = ObjectType(
    doc: "A tap or a hose.",
    fields: [
      .required("position", .vector(.length, place), "The middle of its mouth."),
      .required(
        "radius", length, "Of its mouth. A jet thinner than a particle comes as a string of drops with the right flow."),
      .required("speed", .quantity(.speed, Limits(lower: 0, upper: 300, isLowerOpen: true)), "Of the jet."),
      .optional("direction", .vector(.none), "[0, 0, -1]", "Where it points."), opening, closing,
    ])

  static let rain = ObjectType(
    doc:
      "Drops that fall from a level rectangle, at places and times drawn from the seed: of a particle each, or blows on a surface.",
    fields: [
      .required("center", .vector(.length, place), "The rectangle's middle."),
      .required("size", .list(length, count: 2...2), "Its extents along x and y."),
      .required(
        "intensity", .quantity(.speed, Limits(lower: 0, upper: 1, isLowerOpen: true)),
        "Volume per area and time: heavy rain is 50 mm/h, a shower head 0.5 mm/s over its width."),
      .optional(
        "speed", .quantity(.speed, Limits(lower: 0, upper: 300, isLowerOpen: true)), "2 m/s", "Of the drops as they start."),
      .optional("drop", .quantity(.length, .range(1e-4...0.1)), "4 mm", "Diameter of a drop on a surface."),
      .optional("direction", .vector(.none), "[0, 0, -1]", "Where they go."), opening, closing,
    ])

  static let drain = ObjectType(
    doc: "A region where the fluid leaves the world: a plughole, a gutter, the edge of the picture.",
    fields: [
      .optional("box", .object(.filledBox), nil, "A cuboid."),
      .optional("sphere", .object(.filledSphere), nil, "A ball."),
      .optional("cylinder", .object(.filledCylinder), nil, "An upright cylinder."), opening, closing,
    ], groups: [.init(count: .exactlyOne, keys: ["box", "sphere", "cylinder"])])

  private static let center = Field.required("center", .vector(.length, place), "Its middle.")
  private static let length = ValueType.quantity(.length, .size)

  static let filledBox = ObjectType(
    doc: "A cuboid along the axes.", fields: [center, .required("size", .list(length, count: 3...3), "Full extents.")])
  static let filledSphere = ObjectType(doc: "A ball.", fields: [center, .required("radius", length, "Radius.")])
  static let filledCylinder = ObjectType(
    doc: "An upright cylinder.",
    fields: [center, .required("radius", length, "Radius."), .required("height", length, "Along z.")])

  static let filledVessel = ObjectType(
    doc: "The hollow of a body, however it is shaped, filled up to a level.",
    fields: [
      .required("body", .reference(.body), "A tank, a glass, a basin of several parts."),
      .required("level", .quantity(.length, place), "Height of the liquid's surface, along the world's z."),
    ])

  static let liquid = ObjectType(
    doc: "What a fluid is. What is left out comes from `like`.",
    fields: [
      .optional("like", .reference(.liquid), "water", "A built-in liquid that this one extends."),
      .optional("density", .quantity(.density, Limits(lower: 1, upper: 30_000)), nil, "Mass per volume."),
      .optional("viscosity", .quantity(.viscosity, .range(0...1e6)), nil, "Dynamic viscosity."),
      .optional("surface_tension", .quantity(.stiffness, .range(0...10)), nil, "Force per length of edge."),
      .optional("color", .color, nil, "Of the liquid."),
      .optional("transmission", .number(.unit), nil, "0 opaque, 1 clear."),
    ])

  static let cloth = ObjectType(
    doc: "A rectangular sheet. In its own frame it lies in the xy plane about the origin, its top edge towards +y.",
    fields: [
      .required("size", .list(length, count: 2...2), "Width and height at rest."),
      .optional(
        "material", .either([.reference(.fabric), .object(.fabric)]), "cotton",
        "A built-in fabric's name, or one written in place."),
      .optional("position", .vector(.length, place), "[0, 0, 0]", "Of its middle."),
      .optional("rotation", rotation, "[1, 0, 0, 0]", "Of the sheet."),
      .optional("velocity", .vector(.speed, velocityLimit), "[0, 0, 0]", "Of the whole sheet at the start."),
      .optional(
        "pins", .list(.either([.choice(parts), .vector(.length, place), .object(.pin)]), count: 0...1000), "[]",
        "What is held: corners, edges, middles, or points of the world near the sheet; a [pin](#pin) says more."),
      .optional(
        "spacing", .quantity(.length, .range(1e-3...10)), "3 cm",
        "Between vertices: smaller shows finer folds and takes longer. At most half of each side."),
    ])

  private static let parts = Cloth.Part.allCases.map(\.rawValue)

  static let pin = ObjectType(
    doc: "Vertices of a cloth that are held, and how.",
    fields: [
      .required(
        "at", .either([.choice(parts), .vector(.length, place)]), "A part of the sheet, or the point of the world they are at."),
      .optional("to", .reference(.body), nil, "The body that carries them; by default the world holds them still."),
      .optional(
        "tears_at", .quantity(.force, .positive), nil, "Force at which a held vertex tears off; by default never."),
      .optional(
        "clamped", .boolean, "false",
        "Whether the thread beside an edge is held too, so that the sheet leaves it at right angles to the edge."),
    ])

  static let fabric = ObjectType(
    doc: "What a cloth is made of. What is left out comes from `like`. Weft runs along the sheet's x, warp along its y.",
    fields: [
      .optional("like", .reference(.fabric), "cotton", "A built-in fabric that this one extends."),
      .optional("areal_density", .quantity(.arealDensity, Limits(lower: 1e-3, upper: 100)), nil, "Mass per area."),
      .optional("thickness", .quantity(.length, .range(1e-6...0.1)), nil, "Thickness."),
      .optional(
        "stretch_stiffness", directional(.quantity(.stiffness, .positive)), nil,
        "Force per width and strain; or [weft, warp]."),
      .optional("shear_stiffness", .quantity(.stiffness, .notNegative), nil, "Shear force per width and shear angle."),
      .optional("bend_stiffness", directional(.quantity(.torque, .notNegative)), nil, "Flexural rigidity; or [weft, warp]."),
      .optional("friction", .number(coefficient), nil, "Coulomb's coefficient."),
      .optional(
        "stretch_damping", .quantity(.time, .range(0...1)), nil, "Relaxation time of stretch and shear (Kelvin–Voigt)."),
      .optional("bend_damping", .quantity(.time, .range(0...10)), nil, "Relaxation time of bending (Kelvin–Voigt)."),
      .optional("drag", .number(.range(0...10)), nil, "Drag coefficient of a patch that stands across the wind."),
      .optional("porosity", .number(.unit), nil, "Share of the wind that passes through."),
      .optional("color", .color, nil, "Of the cloth."),
      .optional("roughness", .number(.unit), nil, "0 mirror-smooth, 1 matt."),
      .optional("pattern", .object(.pattern), nil, "A woven or printed texture."),
    ])

  private static func directional(_ type: ValueType) -> ValueType { .either([type, .list(type, count: 2...2)]) }

  /// What figures can do.
  static let skills = [
    "stand", "jump", "back-tuck", "front-tuck", "cartwheel", "triple-axel", "full-twisting-layout", "giant-swing", "vault",
  ]

  static let figure = ObjectType(
    doc: "A jointed human figure.",
    fields: [
      .optional("height", .quantity(.length, .range(0.5...2.5)), "1.70 m", "From sole to crown."),
      .optional("mass", .quantity(.mass, .range(5...300)), "65 kg", "Of the whole body."),
      .optional("position", .vector(.length, place), "[0, 0, 0]", "Of the point between its soles."),
      .optional("facing", .quantity(.angle, .range(-1000...1000)), "0", "Direction it looks in, about z from the x axis."),
      .optional("on", .reference(.body), nil, "The body that it stands on."),
      .optional("routine", .list(.object(.cue), count: 0...1000), "[]", "What it does, and when."),
    ])

  static let cue = ObjectType(
    doc: "A skill in a routine.",
    fields: [
      .required("skill", .choice(skills), "Which one."),
      .required("at", .time, "When it begins."),
    ])
}

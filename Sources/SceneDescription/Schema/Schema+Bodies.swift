import WorldCore

/// Materials, bodies, shapes and repetition.
extension Schema {
  static let coefficient = Limits.range(0...100)
  static let place = Limits.range(-1e7...1e7)
  static let velocityLimit = Limits.range(-1e6...1e6)

  static let material = ObjectType(
    doc: "What a body is made of. What is left out comes from the material named by `like`; without `like`, from the built-in "
      + "material of the same name if there is one, else from `default`.",
    fields: [
      .optional("like", .reference(.material), nil, "Another material that this one extends."),
      .optional("restitution", .number(.unit), nil, "Part of the closing speed that a collision gives back."),
      .optional("friction", .number(coefficient), nil, "Coulomb's coefficient of sliding and holding."),
      .optional(
        "rolling_friction", .number(coefficient), nil,
        "Torque against rolling, divided by normal force and radius of the rolling body."),
      .optional(
        "spinning_friction", .number(coefficient), nil,
        "Torque against turning about the contact's normal, divided by normal force and radius of the body."),
      .optional("density", .quantity(.density, Limits(lower: 0, upper: 1e6, isLowerOpen: true)), nil, "Mass per volume."),
      .optional("color", .color, nil, "Of the surface; of the reflection for a metal."),
      .optional("roughness", .number(.unit), nil, "0 mirror-smooth, 1 matt."),
      .optional("metallic", .number(.unit), nil, "0 dielectric, 1 metal."),
      .optional("transmission", .number(.unit), nil, "0 opaque, 1 clear."),
      .optional("refractive_index", .number(.range(1...4)), nil, "Of a dielectric: water 1.33, glass 1.5."),
      .optional("emission", .object(.emission), nil, "Light given off."),
      .optional("pattern", .object(.pattern), nil, "A texture fixed to the body, which shows its spin."),
      .optional("sound", .choice(Stage.SoundMaterial.allCases.map(\.rawValue)), nil, "What it sounds like when struck."),
    ])

  static let pattern = ObjectType(
    doc: "A procedural texture, fixed to the shape.",
    fields: [
      .required("kind", .choice(Surface.Pattern.Kind.allCases.map(\.rawValue)), "Which one."),
      .optional("color", .color, "white", "The second colour; the first is the material's own."),
      .optional("scale", .quantity(.length, .size), "10 cm", "Size of one repeat."),
      .optional("number", .integer(0...15), "0", "Painted on a billiard ball; 9 and above are striped."),
    ])

  static let emission = ObjectType(
    doc: "Light that a surface gives off.",
    fields: [
      .optional("color", .color, "white", "Of the light."),
      .optional("strength", .number(.range(0...10_000)), "1", "Times the radiance of a white surface in full light."),
    ])

  static let body = ObjectType(
    doc: "A rigid thing. `position` and `rotation` place its shape frame.",
    fields: [
      .required("shape", .object(.shape), "Its form."),
      .optional(
        "motion", .choice(BodyTrack.Motion.allCases.map(\.rawValue)), "dynamic",
        "`dynamic` obeys forces, `fixed` never moves, `scripted` follows `path` whatever is in its way."),
      .optional("path", .list(.object(.keyframe), count: 1...10_000), nil, "Where a scripted body is when."),
      .optional(
        "mass", .quantity(.mass, Limits(lower: 0, upper: 1e12, isLowerOpen: true)), nil, "By default density times volume."),
      .optional(
        "density", .quantity(.density, Limits(lower: 0, upper: 1e6, isLowerOpen: true)), nil, "By default the material's."),
      .optional(
        "inertia", .list(.quantity(.inertia, Limits.range(-1e15...1e15)), count: 3...6), nil,
        "About the centre of mass along the shape's axes: [xx, yy, zz] or [xx, yy, zz, xy, xz, yz]. By default that of the shape "
          + "filled evenly."),
      .optional(
        "material", .either([.reference(.material), .object(.material)]), "default",
        "A material's name, or one written in place."),
      .optional("position", .vector(.length, place), "[0, 0, 0]", "Of the shape's origin."),
      .optional("rotation", rotation, "[1, 0, 0, 0]", "Of the shape: axis and angle, or a unit quaternion [w, x, y, z]."),
      .optional("velocity", .vector(.speed, velocityLimit), "[0, 0, 0]", "Of the centre of mass."),
      .optional("spin", .vector(.angularVelocity, velocityLimit), "[0, 0, 0]", "Angular velocity in the world frame."),
      .optional(
        "breaks_at", .quantity([.force, .impulse], .positive), nil,
        "Force of one contact at which it breaks into its pieces, or the impulse of a blow that does it; a blow counts as spread "
          + "over 10 ms. By default never."),
      .optional(
        "pieces", .integer(2...64), "8",
        "How many it breaks into: body `pane` into `pane-piece-1`, … A compound falls into its parts, a tank into its walls."),
      .optional(
        "repeat", .object(.repeat), nil,
        "Makes many: body `pin` becomes `pin-1`, `pin-2`, … Joints and cameras name those."),
    ],
    groups: [.init(count: .atMostOne, keys: ["mass", "density"])])

  static let rotation = ValueType.either([.list(.number(.range(-1...1)), count: 4...4), .object(.turn)])

  static let turn = ObjectType(
    doc: "A rotation about an axis, counter-clockwise seen from its tip.",
    fields: [
      .required("axis", .vector(.none), "Direction of any length but 0."),
      .required("angle", .quantity(.angle, .range(-1000...1000)), "How far."),
    ])

  static let keyframe = ObjectType(
    doc: "A place on a scripted path. Between two, position runs straight and rotation along the shortest arc.",
    fields: [
      .required("at", .time, "When."),
      .optional("position", .vector(.length, place), nil, "Of the shape's origin; by default the body's."),
      .optional("rotation", rotation, nil, "Of the shape; by default the body's."),
    ])

  static let shape = ObjectType.variant(
    "A form. Round shapes stand along z.",
    [
      .optional("sphere", .object(.sphere), nil, "A ball."),
      .optional("box", .object(.box), nil, "A cuboid."),
      .optional("cylinder", .object(.cylinder), nil, "A cylinder."),
      .optional("capsule", .object(.capsule), nil, "A cylinder with round caps."),
      .optional("cone", .object(.cone), nil, "A cone, tip up."),
      .optional("torus", .object(.torus), nil, "A ring."),
      .optional("plane", .object(.plane), nil, "An endless flat ground or wall; never dynamic."),
      .optional("tank", .object(.tank), nil, "An open-topped box. The middle of its inner floor is the origin."),
      .optional("mesh", .object(.mesh), nil, "Triangles from a file."),
      .optional("compound", .object(.compound), nil, "Several shapes as one."),
    ])

  private static let length = ValueType.quantity(.length, .size)

  static let sphere = ObjectType(doc: "A ball about the origin.", fields: [.required("radius", length, "Radius.")])

  static let box = ObjectType(
    doc: "A cuboid about the origin.",
    fields: [.required("size", .list(length, count: 3...3), "Full extents along x, y and z.")])

  static let cylinder = ObjectType(
    doc: "A cylinder about the origin.",
    fields: [.required("radius", length, "Radius."), .required("height", length, "Length along z.")])

  static let capsule = ObjectType(
    doc: "A cylinder with half balls on both ends, about the origin.",
    fields: [.required("radius", length, "Radius."), .required("height", length, "Length of the straight part along z.")])

  static let cone = ObjectType(
    doc: "A cone whose base is at −height/2 and whose tip is at +height/2.",
    fields: [.required("radius", length, "Radius of the base."), .required("height", length, "Length along z.")])

  static let torus = ObjectType(
    doc: "A ring about the z axis.",
    fields: [
      .required("radius", length, "From the centre to the middle of the tube."),
      .required("tube", length, "Radius of the tube."),
    ])

  static let plane = ObjectType(
    doc: "Everything behind a flat face through the origin.",
    fields: [.optional("normal", .vector(.none), "[0, 0, 1]", "Direction out of the face.")])

  static let tank = ObjectType(
    doc: "An open-topped box.",
    fields: [
      .required("size", .list(length, count: 3...3), "Inner extents."),
      .optional("wall", length, "2 cm", "Thickness of walls and floor."),
    ])

  static let mesh = ObjectType(
    doc: "A surface of triangles, counter-clockwise seen from outside.",
    fields: [
      .required(
        "file", .text(maximumLength: 1000, pattern: nil, form: nil), "A Wavefront OBJ file, relative to the scene's folder."),
      .optional("scale", .number(Limits(lower: 1e-9, upper: 1e9)), "1", "Multiplies every coordinate."),
    ])

  static let compound = ObjectType(
    doc: "Several shapes held together; they should not overlap, because each adds its mass.",
    fields: [.required("parts", .list(.object(.part), count: 1...1000), "The shapes.")])

  static let part = ObjectType(
    doc: "A shape in a compound.",
    fields: [
      .required("shape", .object(.shape), "Its form."),
      .optional("position", .vector(.length, place), "[0, 0, 0]", "Of its origin in the compound."),
      .optional("rotation", rotation, "[1, 0, 0, 0]", "In the compound."),
      .optional(
        "material", .either([.reference(.material), .object(.material)]), nil,
        "Where it looks and weighs otherwise than its body; contacts are the body's."),
    ])

  static let repetition = ObjectType(
    doc: "Makes many of one: `name-1`, `name-2`, … Instance 1 stands where the body is written.",
    fields: [
      .optional("line", .object(.line), nil, "Each a step, and a turn, on from the one before."),
      .optional("grid", .object(.grid), nil, "Rows, columns and layers."),
      .optional("rack", .object(.rack), nil, "A triangle of 1, 2, 3, … as of pins or billiard balls."),
      .optional(
        "materials", .list(.reference(.material), count: 1...1000), nil, "Materials of the instances in turn, again and again."),
    ],
    groups: [.init(count: .exactlyOne, keys: ["line", "grid", "rack"])])

  static let line = ObjectType(
    doc: "Instances along a line, or with a turn along an arc or a spiral stair.",
    fields: [
      .required("count", .integer(1...10_000), "How many."),
      .optional("step", .vector(.length, place), "[0, 0, 0]", "From each to the next."),
      .optional("turn", .quantity(.angle, .range(-1000...1000)), "0", "About z from each to the next."),
      .optional("about", .vector(.length, place), nil, "The point that the turn is about; by default the body's position."),
    ])

  static let grid = ObjectType(
    doc: "Instances counted along x first, then y, then z.",
    fields: [
      .required("count", .list(.integer(1...10_000), count: 3...3), "How many along x, y and z; 10 000 in all at most."),
      .required("step", .vector(.length, place), "From each to its neighbour along x, y and z."),
    ])

  static let rack = ObjectType(
    doc: "A triangle of rows: 1 in front, 2 behind it, then 3, …, nearest neighbours at equal distances.",
    fields: [
      .required("rows", .integer(1...100), "How many rows."),
      .required("spacing", .quantity(.length, .size), "Between the centres of neighbours."),
      .optional(
        "facing", .quantity(.angle, .range(-1000...1000)), "0",
        "Direction from the back to the front, about z from the −x axis."),
    ])
}

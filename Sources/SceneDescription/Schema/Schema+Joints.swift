/// Joints and events.
extension Schema {
  static let joint = ObjectType.variant(
    "A link between two bodies, or a body and the `world`. Anchors and axes are in the world frame as the scene starts.",
    [
      .optional("hinge", .object(.hinge), nil, "Turns about an axis, as a door."),
      .optional("ball", .object(.ball), nil, "Turns about a point in any direction."),
      .optional("slider", .object(.slider), nil, "Slides along an axis, as a drawer."),
      .optional("fixed", .object(.fixed), nil, "Holds both together as if glued."),
      .optional("spring", .object(.spring), nil, "Pulls and pushes towards its rest length."),
      .optional("rope", .object(.rope), nil, "Lets its ends come nearer but not further apart."),
    ])

  private static let between = Field.required(
    "between", .list(.reference(.bodyOrWorld), count: 2...2), "The two bodies; the second may be `world`.")
  private static let breaksAt = Field.optional(
    "breaks_at", .quantity([.force, .impulse], .positive), nil,
    "Force at which it gives way, or the impulse of a blow that does it; a blow counts as spread over 10 ms. By default never.")
  private static let restitution = Field.optional(
    "restitution", .number(.range(0...1)), "0", "How much of its speed it gets back at a limit.")
  private static let repeatField = Field.optional(
    "repeat", .object(.repeat), nil,
    "Makes many: joint k links the instances k of the repeated bodies it names, its anchors moved on in the same way.")
  private static func collide(_ value: Bool) -> Field {
    .optional("collide", .boolean, "\(value)", "Whether the two bodies can also touch each other.")
  }
  private static let anchor = Field.required("anchor", .vector(.length, place), "A point on the axis, or of the joint.")
  private static let axis = Field.required("axis", .vector(.none), "Direction of the axis, of any length but 0.")
  private static let anchors = Field.optional(
    "anchors", .list(.vector(.length, place), count: 2...2), nil,
    "Where it holds the first and the second; by default their positions.")

  static let hinge = ObjectType(
    doc: "Turns about an axis. Its angle is that of the first body relative to the second, 0 at the start.",
    fields: [
      between, anchor, axis,
      .optional(
        "limits", .list(.quantity(.angle, .range(-1000...1000)), count: 2...2), nil,
        "Least and greatest angle; by default none."),
      .optional("friction", .quantity(.torque, .notNegative), "0", "Torque of dry friction."),
      .optional("damping", .quantity(.angularDamping, .notNegative), "0", "Torque per angular velocity."),
      .optional("stiffness", .quantity(.angularStiffness, .notNegative), "0", "Torque per angle, towards the start."),
      .optional("motor", .object(.motor), nil, "Drives it."),
      restitution, breaksAt, collide(false), repeatField,
    ])

  static let ball = ObjectType(
    doc: "Turns about a point in any direction.",
    fields: [
      between, anchor,
      .optional("friction", .quantity(.torque, .notNegative), "0", "Torque of dry friction."),
      .optional("damping", .quantity(.angularDamping, .notNegative), "0", "Torque per angular velocity."),
      breaksAt, collide(false), repeatField,
    ])

  static let slider = ObjectType(
    doc: "Slides along an axis. Its displacement is that of the first body relative to the second, 0 at the start.",
    fields: [
      between,
      .optional("anchor", .vector(.length, place), nil, "A point on the axis; by default the first body's position."),
      axis,
      .optional(
        "limits", .list(.quantity(.length, place), count: 2...2), nil, "Least and greatest displacement; by default none."),
      .optional("friction", .quantity(.force, .notNegative), "0", "Force of dry friction."),
      .optional("damping", .quantity(.damping, .notNegative), "0", "Force per speed."),
      .optional("stiffness", .quantity(.stiffness, .notNegative), "0", "Force per displacement, towards the start."),
      .optional("motor", .object(.push), nil, "Drives it."),
      restitution, breaksAt, collide(false), repeatField,
    ])

  static let fixed = ObjectType(
    doc: "Holds both together as if glued.",
    fields: [
      between,
      .optional(
        "anchor", .vector(.length, place), nil,
        "Where the force is measured that breaks it; by default the first body's position."),
      breaksAt, collide(false), repeatField,
    ])

  static let spring = ObjectType(
    doc: "Pulls and pushes along the line between its ends; it has no mass and isn't drawn.",
    fields: [
      between, anchors,
      .required("stiffness", .quantity(.stiffness, .notNegative), "Force per extension."),
      .optional("damping", .quantity(.damping, .notNegative), "0", "Force per speed of extension."),
      .optional(
        "length", .quantity(.length, .notNegative), nil, "At rest; by default the distance of the anchors at the start."),
      breaksAt, collide(true), repeatField,
    ])

  static let rope = ObjectType(
    doc: "Holds its ends no further apart than its length; it has no mass and isn't drawn.",
    fields: [
      between, anchors,
      .optional("length", .quantity(.length, .size), nil, "By default the distance of the anchors at the start."),
      breaksAt, collide(true), repeatField,
    ])

  static let motor = ObjectType(
    doc: "Drives a hinge.",
    fields: [
      .required("speed", .quantity(.angularVelocity, velocityLimit), "What it aims at."),
      .required("torque", .quantity(.torque, .positive), "The most it uses."),
    ])

  static let push = ObjectType(
    doc: "Drives a slider.",
    fields: [
      .required("speed", .quantity(.speed, velocityLimit), "What it aims at."),
      .required("force", .quantity(.force, .positive), "The most it uses."),
    ])

  // MARK: Events

  static let event = ObjectType(
    doc: "Something done to the world from outside. Vectors are in the world frame.",
    fields: [
      .required("at", .time, "When."),
      .optional("impulse", .object(.impulse), nil, "A blow."),
      .optional("angular_impulse", .object(.angularImpulse), nil, "A twist."),
      .optional("force", .object(.force), nil, "A push for some time."),
      .optional("torque", .object(.torque), nil, "A turning push for some time."),
      .optional("set_velocity", .object(.setVelocity), nil, "Gives a body another velocity at once."),
      .optional("release", .object(.release), nil, "Lets a joint go."),
      .optional("set_motor", .object(.setMotor), nil, "Gives a joint's motor another speed."),
    ],
    groups: [
      .init(
        count: .exactlyOne,
        keys: ["impulse", "angular_impulse", "force", "torque", "set_velocity", "release", "set_motor"])
    ])

  private static let target = Field.required("body", .reference(.body), "On which body.")
  private static let point = Field.optional(
    "point", .vector(.length, place), nil, "Where on the body, in its shape frame; by default its centre of mass.")
  private static let lasting = Field.required("for", .quantity(.time, .positive), "How long.")

  static let impulse = ObjectType(
    doc: "A blow.", fields: [target, .required("vector", .vector(.impulse), "Force times time."), point])

  static let angularImpulse = ObjectType(
    doc: "A twist.", fields: [target, .required("vector", .vector(.angularImpulse), "Torque times time.")])

  static let force = ObjectType(
    doc: "A push for some time.", fields: [target, .required("vector", .vector(.force), "The force."), lasting, point])

  static let torque = ObjectType(
    doc: "A turning push for some time.", fields: [target, .required("vector", .vector(.torque), "The torque."), lasting])

  static let setVelocity = ObjectType(
    doc: "Gives a body another velocity at once.",
    fields: [
      target,
      .optional("velocity", .vector(.speed, velocityLimit), nil, "Of the centre of mass; by default as it is."),
      .optional("spin", .vector(.angularVelocity, velocityLimit), nil, "Angular velocity; by default as it is."),
    ])

  static let release = ObjectType(
    doc: "Lets a joint go.", fields: [.required("joint", .reference(.joint), "Which one.")])

  static let setMotor = ObjectType(
    doc: "Gives a joint's motor another speed.",
    fields: [
      .required("joint", .reference(.joint), "A hinge or slider with a motor."),
      .required("speed", .quantity([.angularVelocity, .speed], velocityLimit), "rad/s for a hinge, m/s for a slider."),
    ])
}

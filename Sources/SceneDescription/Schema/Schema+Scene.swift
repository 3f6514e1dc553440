import WorldCore

/// The top level, and what holds for the whole scene.
extension Schema {
  static let scene = ObjectType(
    doc:
      "A scene: one YAML document. Lengths in metres, masses in kilograms, times in seconds, angles in radians where no unit is "
      + "written; z is up.",
    fields: [
      .required("mondo", .integer(1...1), "Version of the scene language."),
      .optional(
        "name",
        .text(
          maximumLength: 100, pattern: #"[^\x00-/:-@\[-`{-\x7F][^\x00-\x1F!-,/:-@\[-\^`{-\x7F]*"#,
          form: "letters, digits, spaces, '-', '_' and '.'"),
        nil, "What the scene is called; by default the file's name."),
      .optional("about", .text, "''", "What happens, in a sentence."),
      .optional("seed", .integer(0...Int.max), "0", "Seed of all randomness."),
      .optional(
        "duration", .quantity(.time, Limits(lower: 0, upper: 3600, isLowerOpen: true)), "5 s", "How long the scene lasts."),
      .optional("gravity", .vector(.acceleration, .range(-1000...1000)), "[0, 0, -9.81]", "Acceleration of free fall."),
      .optional("air", .object(.air), nil, "The air; without it the scene is in a vacuum. `air: {}` is air at 20 °C."),
      .optional("contact", .object(.contact), "{}", "How the coefficients of two touching materials combine."),
      .optional("materials", .named(.material), "{}", "Materials by name, beside the built-in ones."),
      .optional("bodies", .named(.body), "{}", "Rigid things by name."),
      .optional("joints", .named(.joint), "{}", "Links between bodies by name."),
      .optional("fluids", .named(.fluid), "{}", "Liquids by name."),
      .optional("cloths", .named(.cloth), "{}", "Sheets of cloth by name."),
      .optional("figures", .named(.figure), "{}", "Human figures by name."),
      .optional("events", .list(.object(.event), count: 0...10_000), "[]", "What is done to the world, and when."),
      .optional("sound", .object(.sound), "{}", "What is heard besides the contacts."),
      .optional("light", .object(.light), "{}", "Sky and key light."),
      .optional("camera", .object(.camera), nil, "The only camera; without it and `shots` one is chosen that sees everything."),
      .optional("shots", .list(.object(.shot), count: 1...1000), nil, "Cameras in turn, from 0 to the duration without gaps."),
      .optional("picture", .object(.picture), "{}", "Size, rate and style of the clip."),
      .optional(
        "vary", .paths(.variation), "{}",
        "Values to draw anew per seed, by path such as `bodies.ball.velocity[0]`. Only data sets and evaluations draw; elsewhere "
          + "the scene's own values hold."),
    ],
    groups: [.init(count: .atMostOne, keys: ["camera", "shots"])])

  static let air = ObjectType(
    doc: "The air that moving bodies feel.",
    fields: [
      .optional("density", .quantity(.density, .range(0...100)), "1.204 kg/m^3", "Mass per volume."),
      .optional("drag", .boolean, "true", "Whether air slows moving bodies and bends the path of spinning ones."),
      .optional("wind", .vector(.speed, .range(-500...500)), "[0, 0, 0]", "Velocity of the air."),
      .optional(
        "gustiness", .number(.unit), "0",
        "Standard deviation of the wind as a share of its speed. Cloth feels the gusts, bodies the mean."),
      .optional("gust_length", .quantity(.length, .range(0.01...1e4)), "2 m", "Size of the gusts, which drift with the wind."),
    ])

  static let contact = ObjectType(
    doc: "How the coefficients of two touching materials combine into the pair's.",
    fields: [
      .optional("restitution", .choice(Scene.ContactRules.Rule.allCases.map(\.rawValue)), "geometric", "Rule for restitution."),
      .optional(
        "friction", .choice(Scene.ContactRules.Rule.allCases.map(\.rawValue)), "geometric",
        "Rule for sliding, rolling and spinning friction."),
    ])

  static let variation = ObjectType.variant(
    "How a value is drawn. Numbers may carry units.",
    [
      .optional("uniform", .list(.anyQuantity, count: 2...2), nil, "Evenly between two bounds."),
      .optional(
        "ranges", .list(.list(.anyQuantity, count: 2...2), count: 1...100), nil,
        "Evenly over several ranges, each as likely as it is long."),
      .optional("normal", .object(.normal), nil, "Normally distributed."),
      .optional("loguniform", .list(.anyQuantity, count: 2...2), nil, "Evenly in the logarithm between two positive bounds."),
      .optional("choice", .list(.anything, count: 1...10_000), nil, "One of these, each as likely."),
    ])

  static let normal = ObjectType(
    doc: "A normal distribution.",
    fields: [
      .required("mean", .anyQuantity, "Its mean."),
      .required("deviation", .anyQuantity, "Its standard deviation, at least 0."),
    ])
}

import WorldCore

/// What is seen and heard.
extension Schema {
  static let sound = ObjectType(
    doc: "What is heard besides the contacts.",
    fields: [
      .optional("ambience", .choice(Stage.Ambience.allCases.map(\.rawValue)), "silence", "The place's own sound."),
      .optional("dialogue", .list(.object(.dialogue), count: 0...1000), "[]", "What is said."),
    ])

  static let dialogue = ObjectType(
    doc: "Words that somebody says.",
    fields: [
      .optional("who", .reference(.speaker), nil, "The figure or body that speaks; by default a narrator."),
      .required("at", .time, "When it begins."),
      .required("say", .text(maximumLength: 500, pattern: nil, form: nil), "The words."),
    ])

  static let light = ObjectType(
    doc: "The light of the set: a sky and one soft key light.",
    fields: [
      .optional("sky", .choice(Stage.Light.Sky.allCases.map(\.rawValue)), "studio", "The sky."),
      .optional("direction", .vector(.none), "[0.35, -0.5, 0.8]", "Towards the key light."),
      .optional(
        "angular_diameter", .quantity(.angle, .range(0...1.5)), "0.12", "Of the key light's disc: larger makes softer shadows."),
      .optional("intensity", .number(.range(0...1000)), "1", "Of the key light, relative to the sky's standard."),
    ])

  private static let target = ValueType.either([.reference(.body), .vector(.length, place)])

  static let camera = ObjectType(
    doc: "A camera: where it stands, and what it looks at.",
    fields: [
      .optional("position", .vector(.length, place), nil, "Where it stands."),
      .optional(
        "path", .list(.object(.cameraKey), count: 2...1000), nil, "Or how it moves: a smooth curve through these places."),
      .optional("look_at", target, nil, "A point or a body in the middle of the picture."),
      .optional("follow", .reference(.body), nil, "Or a body to follow with a smooth movement."),
      .optional("offset", .vector(.length, place), "[0, 0, 0]", "From the followed body's centre to the point looked at."),
      .optional("smoothing", .quantity(.time, .range(0...60)), "0.25 s", "How far `follow` smooths the movement."),
      .optional(
        "fov", .quantity(.angle, .range(0.01...3)), "40 deg",
        "Vertical angle of view; pictures narrower than the scene's (`--size`) keep the horizontal one."),
      .optional(
        "roll", .quantity(.angle, .range(-1000...1000)), "0", "About the line of sight, counter-clockwise in the picture."),
      .optional(
        "aperture", .quantity(.length, .range(0...1)), nil,
        "Diameter of the lens; 0 has everything sharp. By default the style's."),
      .optional("focus", .quantity(.length, .size), nil, "Distance in focus; by default that of what it looks at."),
      .optional(
        "shutter", .quantity(.time, .range(0...10)), nil,
        "How long the shutter is open for a frame, at most the frame's own time. By default the style's."),
    ],
    groups: [.init(count: .exactlyOne, keys: ["position", "path"]), .init(count: .atMostOne, keys: ["look_at", "follow"])])

  static let cameraKey = ObjectType(
    doc: "A place on a camera's path.",
    fields: [
      .required("at", .time, "When, on the scene's clock."),
      .required("position", .vector(.length, place), "Where it stands then."),
      .optional("look_at", .vector(.length, place), nil, "What it looks at then; on all places of a path or on none."),
    ])

  static let shot = ObjectType(
    doc: "One camera's stretch of the clip.",
    fields: [
      .required("from", .time, "Its start; that of the first is 0."),
      .required("to", .time, "Its end, where the next one starts; that of the last is the duration."),
      .required("camera", .object(.camera), "Its camera."),
      .optional("style", .choice(Stage.Style.allCases.map(\.rawValue)), nil, "By default the picture's."),
    ])

  static let picture = ObjectType(
    doc: "The clip's raster and style.",
    fields: [
      .optional(
        "size", .text(maximumLength: 12, pattern: "[0-9]{1,5}x[0-9]{1,5}", form: "WIDTHxHEIGHT, such as 256x144"), "256x144",
        "Width and height in pixels, both even, from 16 to 1920."),
      .optional("fps", .number(.range(1...240)), "24", "Frames per second; frame k shows the world at k/fps."),
      .optional("style", .choice(Stage.Style.allCases.map(\.rawValue)), "realistic", "The look."),
    ])
}

extension Vocabulary {
  static let english = Vocabulary(
    units
      + numbers(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
      )
      + tens("thirty forty fifty sixty seventy eighty ninety") + things + surroundings + descriptions + deeds + grammar,
    putsAdjectivesBehind: false)

  private static let things: [(String, Meaning)] = [
    kind(.ball, "ball|sphere", "balls|spheres"), kind(.basketball, "basketball", "basketballs"),
    kind(.football, "football|soccer ball", "footballs|soccer balls"), kind(.tennisBall, "tennis ball", "tennis balls"),
    kind(.billiardBall, "billiard ball|pool ball|cue ball", "billiard balls|pool balls"),
    kind(.bowlingBall, "bowling ball", "bowling balls"), kind(.glassMarble, "marble|glass marble", "marbles|glass marbles"),
    kind(.pin, "pin|bowling pin|skittle", "pins|bowling pins|skittles"), kind(.domino, "domino", "dominoes|dominos"),
    kind(.block, "block|cube", "blocks|cubes"), kind(.brick, "brick", "bricks"),
    kind(.box, "box|cardboard box", "boxes|cardboard boxes"), kind(.crate, "crate", "crates"),
    kind(.barrel, "barrel", "barrels"), kind(.can, "tin can|soda can", "cans|tin cans|soda cans"), kind(.log, "log", "logs"),
    kind(.disc, "disc|disk|puck", "discs|disks|pucks"), kind(.cylinder, "cylinder", "cylinders"),
    kind(.rod, "rod|stick|bar", "rods|sticks|bars"), kind(.plank, "plank|board|raft", "planks|boards|rafts"),
    kind(.cone, "cone", "cones"), kind(.ring, "ring|tyre|tire", "rings|tyres|tires"), kind(.iceCube, "ice cube", "ice cubes"),
    kind(.stone, "rock|pebble|boulder", "rocks|stones|pebbles|boulders"),
    kind(.pane, "window|pane|window pane|glass pane", "windows|panes"),
    kind(.ramp, "ramp|slope|incline", "ramps|slopes"), kind(.basin, "tank|basin|pool|aquarium|pond", "tanks|basins|pools"),
    kind(.hoop, "hoop|basket|basketball hoop|backboard|rim", "hoops|baskets"),
    kind(.flag, "flag|banner", "flags|banners"), kind(.sheet, "cloth|sheet|tablecloth|blanket|towel", "sheets|blankets"),
    kind(.pendulum, "pendulum", "pendulums"), kind(.wreckingBall, "wrecking ball", "wrecking balls"),
    kind(.wall, "wall", "walls"),
  ].flatMap { $0 }

  private static let surroundings: [(String, Meaning)] = [
    ("floor", .ground(.floor)), ("ground", .ground(.ground)), ("table|tabletop|desk", .ground(.table)),
    ("grass|lawn|meadow|field", .ground(.grass)), ("street|road|asphalt|pavement", .ground(.street)),
    ("pool table|billiard table", .ground(.baize)), ("sand|beach|desert", .ground(.sand)), ("snow", .ground(.snow)),
    ("lane|bowling lane", .ground(.lane)),
    ("ice rink|frozen lake|rink", .ground(.ice)), ("carpet|rug", .ground(.carpet)),
    ("water", .liquid("water")), ("seawater|sea", .liquid("seawater")), ("oil", .liquid("oil")), ("honey", .liquid("honey")),
    ("milk", .liquid("milk")), ("mercury", .liquid("mercury")), ("alcohol", .liquid("alcohol")),
    ("stack of|tower of|pile of|column of", .arrangement(.stack)), ("stack|tower|pile", .thing(.tower, isPlural: false)),
    ("stacks|towers|piles", .thing(.tower, isPlural: true)), ("row of|line of", .arrangement(.row)),
    ("pyramid of", .arrangement(.pyramid)), ("pyramid", .thing(.pyramid, isPlural: false)),
    ("wall of", .arrangement(.wall)), ("brick wall", .thing(.brickWall, isPlural: false)),
    ("daylight|by day|sunny|sunlight|sunshine|outdoors", .setting(.sky("day"))),
    ("sunset|dusk|sunrise|dawn", .setting(.sky("sunset"))),
    ("night|moonlight", .setting(.sky("night"))),
    ("overcast|cloudy|overcast sky|cloudy sky|grey sky", .setting(.sky("overcast"))),
    ("studio", .setting(.sky("studio"))),
    ("anime|cartoon|anime style|anime-style|anime-style animation", .setting(.style("anime"))),
    ("cinematic|cinematic shot|film|movie", .setting(.style("cinematic"))),
    ("realistic|photorealistic|realistic video", .setting(.style("realistic"))),
    ("moon|on the moon|lunar gravity", .setting(.gravity(1.62))), ("mars|on mars", .setting(.gravity(3.71))),
    ("weightless|weightlessly|weightlessness|zero gravity|no gravity|without gravity|in space|space", .setting(.gravity(0))),
    ("wind|windy|breeze|gale|storm", .setting(.wind)), ("gym|gymnasium", .setting(.ambience("gym"))),
    ("hall|room", .setting(.ambience("hall"))), ("stadium", .setting(.ambience("stadium"))),
    ("workshop|factory", .setting(.ambience("workshop"))),
  ]

  private static let descriptions: [(String, Meaning)] =
    [
      "black", "white", "grey", "red", "orange", "brown", "yellow", "green", "cyan", "blue", "purple", "pink", "turquoise",
      "beige",
    ]
    .map { ($0, .color($0)) } + [
      ("gray", .color("grey")), ("violet", .color("purple")), ("light blue", .color("skyblue")), ("dark blue", .color("navy")),
      ("dark green", .color("darkgreen")), ("dark red", .color("darkred")),
      ("wooden|wood|oak", .material("oak")), ("pine", .material("pine")), ("steel", .material("steel")),
      ("metal|metallic|iron", .material("iron")), ("glass", .material("glass")), ("rubber", .material("rubber")),
      ("plastic", .material("plastic")), ("stone|granite", .material("granite")), ("ice|icy", .material("ice")),
      ("leather", .material("leather")), ("cork", .material("cork")), ("paper", .material("paper")),
      ("cardboard", .material("cardboard")), ("gold|golden", .material("gold")), ("copper", .material("copper")),
      ("brass", .material("brass")), ("lead|leaden", .material("lead")), ("aluminium|aluminum", .material("aluminium")),
      ("foam", .material("foam")), ("ceramic|porcelain", .material("ceramic")), ("concrete", .material("concrete")),
      ("clay", .material("clay")), ("striped|stripy", .pattern("stripes")), ("checkered|chequered", .pattern("checker")),
      ("tiled|tiles", .material("tiles")),
      ("big|large", .size(1.6)), ("huge|giant|enormous", .size(2.5)), ("small|little", .size(0.6)), ("tiny", .size(0.35)),
      ("heavy", .weight(4)), ("light|lightweight", .weight(0.25)),
      ("fast|quickly|hard|swiftly|at high speed|rapidly", .haste(1.8)), ("slowly|gently|slow|softly", .haste(0.5)),
    ]

  private static let deeds: [(String, Meaning)] = [
    ("fall|falls|falling|fell|drop|drops|dropped|dropping|is dropped|are dropped|falls down|fall down", .verb(.falls)),
    ("plunge|plunges|dive|dives|splash|splashes|plummets", .verb(.falls)),
    ("bounce|bounces|bouncing|rebounds|rebound|bounces away|lands|land", .verb(.bounces)),
    ("roll|rolls|rolling|rolled", .verb(.rolls)),
    ("slide|slides|sliding|glide|glides", .verb(.slides)),
    (
      "fly|flies|flying|thrown|throw|throws|is thrown|are thrown|tossed|is tossed|launched|is launched|kicked|is kicked|hurled|is shot|shot",
      .verb(.flies)
    ),
    (
      "hit|hits|hitting|strike|strikes|striking|crashes into|crash into|smashes into|bumps into|runs into|knocks|knocks over|knocks down|knock over|knocks into",
      .verb(.hits)
    ),
    ("is hit by|are hit by|hit by|is struck by|are struck by|struck by", .verb(.isHit)),
    ("collide|collides|colliding|crash|crashes|meet|knock into one another|knock into each other", .verb(.collides)),
    ("swing|swings|swinging|hangs|hang", .verb(.swings)), ("float|floats|floating|bob|bobs", .verb(.floats)),
    ("sink|sinks|sinking", .verb(.sinks)), ("spin|spins|spinning|rotates|rotate|whirls|turns", .verb(.spins)),
    ("topple|topples|topples over|topple over|falls over|fall over|collapse|collapses|comes down", .verb(.topples)),
    ("shatter|shatters|break|breaks|smash|smashes", .verb(.shatters)),
    (
      "stand|stands|rest|rests|lie|lies|sits|standing|lying|stacked|comes to rest|come to rest|comes to a stop|stops|stop",
      .verb(.rests)
    ),
    ("flutter|flutters|waves|streams|sways|blows", .verb(.flutters)), ("pour|pours|pouring|flows|is poured", .verb(.pours)),
    ("move|moves|moving|drift|drifts", .verb(.moves)), ("miss|misses", .verb(.misses)),
  ]

  private static let grammar: [(String, Meaning)] = [
    ("metre|metres|meter|meters", .unit(.length(1))), ("centimetre|centimetres|centimeters", .unit(.length(0.01))),
    ("second|seconds|sec", .unit(.time(1))), ("kilogram|kilograms|kilos", .unit(.mass(1))), ("gram|grams", .unit(.mass(0.001))),
    ("degree|degrees", .unit(.angle(1))), ("metres per second|meters per second", .unit(.speed(1))),
    ("mph", .unit(.speed(0.44704))),
    ("on|onto|upon|on top of|across|along", .relation(.on)), ("in|into|inside|through", .relation(.into)),
    ("from", .relation(.from)),
    ("from a height of|from the height of", .relation(.from)), ("down", .relation(.down)),
    ("off|off of|over the edge of", .relation(.off)),
    ("against|towards|toward|to|at a|at the", .relation(.against)), ("over|above", .relation(.over)),
    ("beside|next to|near|behind|in front of|between", .relation(.beside)), ("at", .relation(.at)),
    ("for|lasts", .relation(.during)),
    ("to the left|left|leftwards|from right to left", .heading(.left)),
    ("to the right|right|rightwards|from left to right", .heading(.right)),
    ("towards the camera|toward the camera|to the camera", .heading(.towards)), ("away from the camera", .heading(.away)),
    ("the|its|their", .definite), ("a|an", .indefinite), ("a pair of|a couple of", .number(2)), ("several|some", .number(5)),
    ("a dozen|dozen", .number(12)), ("many", .number(12)),
    ("it|they|them|each other|one another|towards each other|toward each other", .pronoun),
    ("that|which|who", .relative), ("and|then|while|as|but", .and), ("of|made of|with", .of), ("after", .after),
    (
      "is|are|be|being|up|other|another|all|again|and again|twice|once|times|three times|several times|one after the other|to and fro|air|in the air|into the air|through the air|high|deep|long|wide|clip|video|scene|by|until|set|set moving|camera|fixed camera|static camera|each|each time|lower|time|pieces|into pieces|height",
      .filler
    ),
  ]
}

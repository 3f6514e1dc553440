import ArgumentParser
import Mondo

struct Query: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask what happens in a scene, or in a recorded trajectory.",
    usage: "mondo query SCENE WHAT [options]",
    discussion: """
      SCENE is a scene file, or a trajectory that `simulate -o` wrote (.json,
      .safetensors). Answers are tables, or JSON with units (--json). Exit code 1:
      `first` found no instant.

      WHAT
        state --at T [--body B]         place and motion of bodies
        events [--body B]… [--kind K]   impact, begin, end; break: bodies, joints
        first --when CONDITION          when it first holds, and the state then
        extremum --of QUANTITY --max    the greatest (--min: least) value
        distance A B --at T             between two centres of mass
        visible --at T                  what the camera sees, with pixel boxes
        compare --set PATH=VALUE        what a change changes, when, how much

      CONDITIONS AND QUANTITIES, in SI units
        bodies.NAME.position .velocity .angular_velocity  (then .x .y .z;
          of the centre of mass, whatever the shape's origin is)
        bodies.NAME.speed .mass .kinetic_energy
        fluids.NAME.level .mass .center_of_mass  (then .x .y .z)
        cloths.NAME.center_of_mass .lower .upper  (then .x .y .z)
        distance(a, b)  contact(a, b)  speed(a)  tilt(a)
        time  energy.total .kinetic .potential  momentum.linear .angular
        + - * /  < <= > >= == !=  and or not
        abs sqrt sin cos min max length

      EXAMPLES
        mondo query Scenes/balls/missed-shot.yaml events --kind impact
        mondo query Scenes/balls/missed-shot.yaml \\
          first --when "contact(ball, board) or time > 3"
        mondo query Scenes/balls/missed-shot.yaml \\
          extremum --of bodies.ball.position.z --max
        mondo query Scenes/balls/missed-shot.yaml \\
          compare --set "bodies.ball.velocity[0]=6.4"
      """)

  enum What: String, ExpressibleByArgument, CaseIterable {
    case state, events, first, extremum, distance, visible, compare
  }

  @Argument(help: ArgumentHelp("A scene or a recorded trajectory.", valueName: "scene"))
  var scene: String

  @Argument(help: ArgumentHelp("What to ask.", valueName: "what"))
  var what: What

  @Argument(help: ArgumentHelp("The two bodies of `distance`.", valueName: "body"))
  var names: [String] = []

  @Option(parsing: .unconditional, help: ArgumentHelp("The instant asked about, seconds.", valueName: "t"))
  var at: Double?

  @Option(name: .customLong("body"), help: ArgumentHelp("Only this body; with `events`, repeatable.", valueName: "name"))
  var bodies: [String] = []

  @Option(help: ArgumentHelp("Only events of this kind: impact, begin, end or break.", valueName: "kind"))
  var kind: ContactKind?

  @Option(parsing: .unconditional, help: ArgumentHelp("A condition.", valueName: "condition"))
  var when: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("A quantity.", valueName: "quantity"))
  var of: String?

  @Flag(help: "The greatest value.")
  var max = false

  @Flag(help: "The least value.")
  var min = false

  @OptionGroup var changes: SceneChanges
  @OptionGroup var outputOptions: OutputOptions

  func run() throws {
    try checkOptions()
    // The counterfactual's changes make the other world, not this one.
    let source = try QuerySource(
      path: scene, changes: changes, assignments: what == .compare ? [] : changes.assignments, quiet: outputOptions.quiet)
    let history = source.history
    switch what {
    case .state: try tell(try history.state(at: try required(at, "--at"), body: bodies.first))
    case .events: try tell(try history.events(of: bodies, kind: kind?.kind))
    case .first:
      let answer = try history.first(when: try required(when, "--when"))
      try tell(answer)
      if !answer.found { throw ExitCode.answerIsNo }
    case .extremum: try tell(try history.extremum(of: try required(of, "--of"), max ? .maximum : .minimum))
    case .distance: try tell(try history.distance(from: names[0], to: names[1], at: try required(at, "--at")))
    case .visible: try tell(try source.visible(at: try required(at, "--at")))
    case .compare: try tell(try source.comparison(changes, quiet: outputOptions.quiet))
    }
  }

  private func tell(_ answer: some Encodable & Presentable) throws {
    if outputOptions.json { try outputOptions.print(answer) } else { try StandardStream.output.print(answer.text) }
  }

  /// Options that the question needs or doesn't know.
  private func checkOptions() throws {
    let name = what.rawValue
    if what == .distance, names.count != 2 {
      throw UsageError("distance takes two bodies: mondo query SCENE distance A B --at T")
    }
    if what != .distance, let extra = names.first { throw UsageError("\(name) takes no '\(extra)'") }
    if what == .extremum, max == min { throw UsageError("extremum takes either --max or --min") }
    if what == .compare, changes.assignments.isEmpty {
      throw UsageError("compare takes at least one --set PATH=VALUE", remedy: "as in --set bodies.ball.mass=2")
    }
    let given: [(String, Bool, [What])] = [
      ("--at", at != nil, [.state, .distance, .visible]), ("--body", !bodies.isEmpty, [.state, .events]),
      ("--kind", kind != nil, [.events]), ("--when", when != nil, [.first]), ("--of", of != nil, [.extremum]),
      ("--max", max, [.extremum]), ("--min", min, [.extremum]),
    ]
    for (option, isGiven, users) in given where isGiven && !users.contains(what) {
      throw UsageError("\(name) takes no \(option); it belongs to \(users.map(\.rawValue).joined(separator: ", "))")
    }
    if what == .state, bodies.count > 1 { throw UsageError("state takes one --body or none") }
  }

  private func required<Value>(_ value: Value?, _ option: String) throws -> Value {
    guard let value else { throw UsageError("\(what.rawValue) takes \(option)") }
    return value
  }
}

/// `ContactEvent.Kind` as it is typed.
enum ContactKind: String, ExpressibleByArgument, CaseIterable {
  case impact, begin, end, `break`

  var kind: ContactEvent.Kind { ContactEvent.Kind(rawValue: rawValue)! }
}

import SceneDescription

/// A scene made of a prompt in English or Italian: what it names, where it would stand, what it would do.
///
/// Words are looked up and put in order; nothing is guessed beyond that, and what wasn't understood is told. The physics of it is
/// the simulator's: a prompt that says that steel floats gets a ball that sinks.
public struct ScenePlan: Sendable, Equatable {
  /// The scene, in the scene language.
  public let yaml: String
  /// What each thing is taken for, in words.
  public let understood: [String]
  /// What the prompt leaves open, as it was decided.
  public let assumed: [String]
  /// Words of the prompt that mean nothing to the planner.
  public let ignored: [String]

  /// - Throws: `PlanningError` where the prompt names no thing that Mondo has, or too many to place.
  public init(_ prompt: String) throws(PlanningError) {
    guard prompt.count <= Self.longest else {
      throw PlanningError("the prompt has \(prompt.count) letters; at most \(Self.longest) are read")
    }
    let reading = PromptReading(prompt)
    let story = StoryReader(reading).story
    guard !story.things.isEmpty || story.liquid != nil else {
      let unknown = reading.ignored.isEmpty ? "" : " (not known: \(reading.ignored.prefix(5).joined(separator: ", ")))"
      throw PlanningError(
        "the prompt names no thing that can be simulated\(unknown)",
        suggestion: "name a ball, blocks, dominoes, a pendulum, a tank of water, a flag, … and what they do")
    }
    let layout = WorldLayout(story)
    let text = SceneText(prompt, story, layout)
    (yaml, understood) = (text.yaml, text.understood)
    (assumed, ignored) = (layout.assumptions, reading.ignored)
    // What is handed out can be read.
    do { _ = try Scene(yaml: yaml) } catch {
      throw PlanningError(
        "its things come into one another's way: \(error.diagnostics[0].message)", suggestion: "name fewer, or give their sizes"
      )
    }
  }

  private static let longest = 32_000
}

/// Why a prompt can't be planned.
public struct PlanningError: Error, Equatable, CustomStringConvertible {
  public let message: String
  public let suggestion: String?

  init(_ message: String, suggestion: String? = nil) { (self.message, self.suggestion) = (message, suggestion) }

  public var description: String { message + (suggestion.map { "; " + $0 } ?? "") }
}

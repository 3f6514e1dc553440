import ArgumentParser

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a suite: how good is a generator, or the judge itself.",
    usage: """
      mondo evaluate <suite> -o <dir> [--generator <generator>]
      mondo evaluate compare <a> <b>
      """,
    discussion: """
      A suite is a YAML file; Evaluation/Suites holds those that come with Mondo
      and a page about writing more. `violations.yaml` makes pairs of valid and
      broken worlds and measures the judge by them; `likelihood.yaml` asks
      Mondo's own network which of two such twins it expects. The others ask a
      generator for clips and judge these beside their scenes.

      Run again after any end, it goes on where it stopped.

      GENERATORS
        simulator       the scenes rendered: what there is to reach
        mondo           mondo generate
        dir:PATH        clips made elsewhere: CASE-SEED.mp4, or CASE.mp4
        openai:URL      any server that speaks /v1/videos, as in
                        openai:http://localhost:8000/v1#MODEL; the key is in
                        OPENAI_API_KEY

      EXAMPLES
        mondo evaluate Evaluation/Suites/violations.yaml -o calibration
        mondo evaluate Evaluation/Suites/likelihood.yaml -o second-opinion
        mondo evaluate Evaluation/Suites/bounce.yaml -o report
        mondo evaluate Evaluation/Suites/bounce.yaml -o mine \\
          --generator dir:clips
        mondo evaluate compare report mine
      """,
    subcommands: [EvaluateSuite.self, EvaluateCompare.self],
    defaultSubcommand: EvaluateSuite.self)
}

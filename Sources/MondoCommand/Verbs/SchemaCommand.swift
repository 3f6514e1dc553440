import ArgumentParser
import Mondo

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of the scene language.",
    discussion: """
      Editors complete and check scenes with it. In VS Code, with the YAML extension:
        mondo schema > mondo.schema.json
        # yaml-language-server: $schema=mondo.schema.json   (first line of a scene)

      --reference prints the same as a page for people, in Markdown.
      """)

  @Flag(help: "Print the reference page, in Markdown.")
  var reference = false

  func run() throws {
    try StandardStream.output.print(reference ? Schema.referencePage : Schema.jsonSchema)
  }
}

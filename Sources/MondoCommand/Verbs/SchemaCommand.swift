import ArgumentParser
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "schema", abstract: "Print the JSON Schema of the scene language.")
}

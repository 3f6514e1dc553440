import ArgumentParser
import Mondo

/// `512x288`.
struct PictureSize: ExpressibleByArgument {
  var width: Int
  var height: Int

  init?(argument: String) {
    let parts = argument.lowercased().split(whereSeparator: { $0 == "x" || $0 == "×" }).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1], width > 0, height > 0 else { return nil }
    self.width = width
    self.height = height
  }
}

/// `rgb,depth,flow`.
struct PassList: ExpressibleByArgument, CustomStringConvertible {
  private(set) var passes: RenderPasses
  let description: String

  static let colorOnly = PassList(argument: "rgb")!

  static let names: [(name: String, pass: RenderPasses)] = [
    ("rgb", .color), ("depth", .depth), ("segmentation", .segmentation), ("normals", .normals), ("albedo", .albedo),
    ("flow", .flow),
  ]

  static var allValueStrings: [String] { names.map(\.name) }

  init?(argument: String) {
    passes = []
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let known = Self.names.first(where: { $0.name == word.trimmingPrefix(" ") }) else { return nil }
      passes.insert(known.pass)
    }
    description = argument
  }

  var defaultValueDescription: String { description }
}

/// `Stage.Style` as it is typed.
enum StyleName: String, ExpressibleByArgument, CaseIterable {
  case realistic, cinematic, anime

  var style: Stage.Style { Stage.Style(rawValue: rawValue)! }
}

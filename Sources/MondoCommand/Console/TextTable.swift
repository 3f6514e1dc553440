/// Rows of text in aligned columns.
struct TextTable {
  enum Alignment { case left, right }

  private let alignments: [Alignment]
  private var rows: [[String]] = []
  private let header: [String]

  init(_ columns: [(title: String, alignment: Alignment)]) {
    header = columns.map(\.title)
    alignments = columns.map(\.alignment)
  }

  mutating func add(_ row: [String]) {
    precondition(row.count == header.count, "a row has \(header.count) cells, not \(row.count)")
    rows.append(row)
  }

  var isEmpty: Bool { rows.isEmpty }

  /// The lines, indented by two, without the blanks at their ends; the header is faint where colours show.
  func formatted() -> String {
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      var text = "  "
      for (column, cell) in cells.enumerated() {
        let pad = String(repeating: " ", count: widths[column] - cell.count)
        text += (alignments[column] == .right ? pad + cell : cell + pad) + "   "
      }
      while text.last == " " { text.removeLast() }
      return text
    }
    return ([line(header).emphasized(.faint)] + rows.map(line)).joined(separator: "\n")
  }
}

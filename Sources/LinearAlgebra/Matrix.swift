/// A dense matrix in double precision, column after column as LAPACK reads it.
public struct Matrix: Sendable, Equatable {
  public let rows: Int
  public let columns: Int
  /// `rows * columns` elements, column-major.
  public var elements: [Double]

  public init(rows: Int, columns: Int) {
    precondition(rows > 0 && columns > 0, "a matrix has at least one element, not \(rows)×\(columns)")
    self.rows = rows
    self.columns = columns
    elements = Array(repeating: 0, count: rows * columns)
  }

  /// From rows of equal length.
  public init(rows list: [[Double]]) {
    self.init(rows: list.count, columns: list.first?.count ?? 0)
    for (i, row) in list.enumerated() {
      precondition(row.count == columns, "row \(i) has \(row.count) elements, not \(columns)")
      for (j, value) in row.enumerated() { self[i, j] = value }
    }
  }

  public static func identity(_ size: Int) -> Matrix {
    var result = Matrix(rows: size, columns: size)
    for i in 0..<size { result[i, i] = 1 }
    return result
  }

  @inlinable public subscript(row: Int, column: Int) -> Double {
    get { elements[column * rows + row] }
    set { elements[column * rows + row] = newValue }
  }

  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for j in 0..<columns { for i in 0..<rows { result[j, i] = self[i, j] } }
    return result
  }

  /// The largest absolute element.
  public var largestMagnitude: Double { elements.reduce(0) { max($0, abs($1)) } }
}

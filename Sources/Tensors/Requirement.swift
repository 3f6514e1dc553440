/// Stops the program with a sentence when its author asked for something impossible, in release builds too, where a failing
/// `precondition` would stop without a word.
package func require(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
  if !condition() { fatalError(message(), file: file, line: line) }
}

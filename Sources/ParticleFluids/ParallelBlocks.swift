import Dispatch

/// Runs `body` for every block, in pieces of consecutive ones.
///
/// Each block must write to places of its own; then the result doesn't depend on the number of workers. One worker runs in
/// place.
func forEachBlock(of count: Int, workers: Int, _ body: (Int) -> Void) {
  guard workers > 1 && count > 1 else {
    for block in 0..<count { body(block) }
    return
  }
  // More pieces than workers even out what pieces cost.
  let pieces = min(count, 4 * workers)
  withoutActuallyEscaping(body) { body in
    // Only called while this function waits.
    nonisolated(unsafe) let body = body
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
      for block in piece * count / pieces..<(piece + 1) * count / pieces { body(block) }
    }
  }
}

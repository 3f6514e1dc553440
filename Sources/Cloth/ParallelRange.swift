import Dispatch

/// Runs `body` over 0 ..< count cut into one even piece a worker.
///
/// The pieces must write to places of their own; then the result doesn't depend on their number. One worker runs in place.
func forEachPiece(of count: Int, workers: Int, _ body: @Sendable (_ worker: Int, _ range: Range<Int>) -> Void) {
  if workers <= 1 || count < workers {
    body(0, 0..<count)
    return
  }
  DispatchQueue.concurrentPerform(iterations: workers) { worker in
    body(worker, worker * count / workers..<(worker + 1) * count / workers)
  }
}

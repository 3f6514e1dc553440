/// One recorded operation, or a watched tensor: what its gradient needs and where it goes.
///
/// Sendable only so that tensors are: a tape and its nodes belong to the thread that records.
final class TapeNode: @unchecked Sendable {
  unowned let tape: GradientTape
  let inputs: [TapeNode?]
  var gradient: Tensor?
  /// Frees what was saved as soon as it has been used.
  var backward: ((_ gradient: Tensor, _ wanted: [Bool]) -> [Tensor?])?
  /// Reruns a checkpointed block instead; see `GradientTape.checkpoint`.
  var rerun: ((_ gradient: Tensor) -> Void)?

  init(tape: GradientTape, inputs: [TapeNode?]) {
    self.tape = tape
    self.inputs = inputs
  }

  /// Adds to the gradient, in place where it is shared with nobody.
  func accumulate(_ addition: consuming Tensor) {
    guard var sum = gradient else {
      gradient = addition.detached
      return
    }
    gradient = nil
    sum.add(inPlace: addition)
    gradient = sum
  }
}

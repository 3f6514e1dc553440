/// A training that goes step by step, can be put away at any of them, and taken up again without a trace.
public protocol NetworkTraining: AnyObject {
  /// Steps taken, and steps in all.
  var step: Int { get }
  var stepCount: Int { get }

  /// Takes a step; returns its loss. Throws where the data can't be read.
  func advance() throws -> Double

  /// Writes all that is needed to go on; an earlier state stays until this one is whole.
  func writeState(to path: String) throws

  /// Goes on from a state that was written. Throws where it is of another training.
  func resume(from path: String) throws(WeightsError)

  /// Before the first step: takes the parameters of a network of the same configuration instead of random ones. Throws where
  /// they are of another.
  func begin(from path: String) throws(WeightsError)

  /// Writes what was learnt, for use.
  func writeWeights(to path: String) throws
}

public import Tensors
import WorldCore

/// What a network learns from a data set: all in which one training differs from another.
public protocol TrainingObjective {
  associatedtype Network: StoredNetwork
  /// Everything but the schedule that a step's loss depends on.
  associatedtype Settings: Codable, Equatable, Sendable

  static var schedule: TrainingSchedule { get }

  var settings: Settings { get }
  /// Of the network that is trained.
  var configuration: Network.Configuration { get }
  var shards: SampleShards { get }

  /// Before the first step: measures what of the network isn't learnt. Default: nothing is.
  ///
  /// - Parameters:
  ///   - isBegun: whether the network was read from weights.
  ///   - seed: of the order of samples.
  func prepare(_ network: inout Network, isBegun: Bool, seed: UInt64) throws

  /// Before the first step and whenever training is taken up again: puts in what the network has from another and isn't its
  /// own to keep. Default: nothing is.
  func complete(_ network: inout Network)

  /// The loss that a step goes down, with its batch and its noise drawn: a function of the step alone.
  ///
  /// - Parameter network: as it is before the step.
  func loss(at step: TrainingStep, of network: Network) throws -> (Network) -> Tensor

  /// What is kept of the average over the latest steps. Default: all as it is.
  func finished(_ network: Network, seed: UInt64) throws -> Network
}

extension TrainingObjective {
  public func prepare(_ network: inout Network, isBegun: Bool, seed: UInt64) throws {}
  public func complete(_ network: inout Network) {}
  public func finished(_ network: Network, seed: UInt64) throws -> Network { network }
}

/// Step `number` of a training, from 0: whatever is drawn for it comes from this.
public struct TrainingStep: Sendable {
  public let number: Int
  public let seed: UInt64

  /// The samples of the step, by their number in the training, where each step takes `count`.
  func samples(_ count: Int) -> Range<Int> { number * count..<(number + 1) * count }

  func stream(_ name: String, _ index: Int? = nil) -> RandomStream {
    RandomStream(seed: seed, name).substream(index ?? number)
  }
}

/// How long a network is trained, and how fast.
public struct TrainingSchedule: Sendable, Equatable, Codable {
  /// Of the first weights, the order and the noise.
  public var seed: UInt64
  /// In all; the learning rate falls towards the last.
  public var steps: Int
  /// The highest, after a rise over the first steps, and the last.
  public var learningRate: Double
  public var lastLearningRate: Double

  public init(seed: UInt64 = 0, steps: Int, learningRate: Double, lastLearningRate: Double) {
    (self.seed, self.steps, self.learningRate, self.lastLearningRate) = (seed, steps, learningRate, lastLearningRate)
  }
}

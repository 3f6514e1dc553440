import DiffusionSchedulers
import NeuralNetworks
public import Tensors
import WorldCore

/// What a few-step student learns of its teacher: where the teacher's path from a noise ends, at once (Luhman & Luhman 2021).
///
/// The teacher's flow is solved from noise to data in some steps, without guidance; the student, which begins as a copy, is asked at the
/// noise and at a point of the path for the end. So it may jump from either: one to four steps. Its words are its teacher's.
public final class Distillation: TrainingObjective {
  public struct Settings: Sendable, Equatable, Codable {
    /// Stretches of a step, each from another clip.
    package var stretches = 1
    /// Of the teacher's path.
    package var teacherSteps = 6
    package var soundWeight = 1.0
    package var questions = FlowQuestions.Settings()

    public init() {}
  }

  public static let schedule = TrainingSchedule(steps: 4000, learningRate: 2e-4, lastLearningRate: 4e-6)

  public let settings: Settings
  private let teacher: JointTransformer
  private let questions: FlowQuestions

  public init(of teacher: JointTransformer, on clips: ConditionedClips, _ settings: Settings = Settings()) {
    (self.settings, self.teacher) = (settings, teacher)
    questions = FlowQuestions(clips, settings.questions)
  }

  public var configuration: JointTransformer.Configuration {
    var configuration = teacher.configuration
    configuration.borrowsWords = true
    return configuration
  }
  public var shards: SampleShards { questions.clips.shards }

  public func prepare(_ network: inout JointTransformer, isBegun: Bool, seed: UInt64) throws {
    if isBegun {
      network.residual = teacher.residual
    } else {
      network = teacher
      network.configuration = configuration
    }
  }

  public func complete(_ network: inout JointTransformer) { network.words = teacher.words }

  public func loss(at step: TrainingStep, of network: JointTransformer) throws -> (JointTransformer) -> Tensor {
    let lessons = try step.samples(settings.stretches).map { count in
      let question = try questions.question(count, seed: step.seed, for: teacher)
      var stream = step.stream("distillation.time", count)
      return Lesson(question, path: path(question), t: stream.uniform())
    }
    let soundWeight = settings.soundWeight
    return { network in
      let losses = lessons.flatMap { lesson in
        lesson.points.map { point in
          lesson.question.loss(
            of: network(point.sample, t: point.t, lesson.question.given), to: lesson.end, soundWeight: soundWeight)
        }
      }
      return losses.dropFirst().reduce(losses[0]) { $0 + $1 } / Double(losses.count)
    }
  }

  /// The points of the teacher's path from a question's noise, first and last included.
  private func path(_ question: FlowQuestion) -> [(t: Double, sample: JointLatents)] {
    let scheduler = MultistepScheduler(TimeGrid(steps: settings.teacherSteps))
    let steps = Denoising(question.noise, scheduler: scheduler) { [teacher] in .data(teacher($0, t: $1, question.given)) }
    return [(0, question.noise)] + steps.map { ($0.t, $0.sample) }
  }

  /// Two points of a path and its end.
  private struct Lesson {
    let question: FlowQuestion
    let end: JointLatents
    let points: [(t: Double, sample: JointLatents)]

    /// - Parameter t: of the second point, 0 ..< 1, which lies on a chord of the path.
    init(_ question: FlowQuestion, path: [(t: Double, sample: JointLatents)], t: Double) {
      self.question = question
      end = path.last!.sample
      let next = path.firstIndex { $0.t > t }!
      let (a, b) = (path[next - 1], path[next])
      let share = (t - a.t) / (b.t - a.t)
      points = [(0, path[0].sample), (t, JointLatents.combined([(1 - share, a.sample), (share, b.sample)]))]
    }
  }
}

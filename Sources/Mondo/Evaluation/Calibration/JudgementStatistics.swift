/// Pairs summed up.
struct JudgementStatistics {
  let pairs: [JudgedPair]
  /// Valid clips, each with its outcome.
  let films: [(film: JudgedFilm, valid: JudgedPair.Outcome)]
  /// By world, m/s².
  let gravity: [String: Double]
  let alpha: Double

  /// Whether the judge as it is has a law of that name.
  static func isSpokenOf(_ law: String) -> Bool { Judge.lawNames.contains(law) }

  var judgements: CalibrationSummary.Judgements {
    var result = CalibrationSummary.Judgements()
    let valid = films
    let heldOut = pairs.filter { !$0.isTraining && Self.isSpokenOf($0.law) }
    let heldOutValid = valid.filter { !$0.film.isTraining }
    result.pairs = pairs.count
    result.heldOutPairs = pairs.count { !$0.isTraining }
    result.validClips = valid.count
    for severity in Severity.allCases {
      let group = heldOut.filter { $0.severity == severity }
      result.pairAccuracy[severity.rawValue] = RankStatistics.pairAccuracy(group.map { ($0.valid.score, $0.broken.score) })
      result.areaUnderCurve[severity.rawValue] = RankStatistics.areaUnderCurve(
        valid: heldOutValid.map(\.valid.score), broken: group.map(\.broken.score))
      let told = group.filter { ViolationFamilies.named($0.violation)?.isOpenWithoutScene != true }
      if let accuracy = RankStatistics.pairAccuracy(told.map { ($0.valid.score, $0.broken.score) }) {
        result.toldAlone[severity.rawValue] = .init(
          pairAccuracy: accuracy,
          areaUnderCurve: RankStatistics.areaUnderCurve(
            valid: heldOutValid.map(\.valid.score), broken: told.map(\.broken.score)))
      }
      result.found[severity.rawValue] = .init(group.count { $0.broken.verdict == .implausible }, of: group.count)
    }
    func alarms(_ clips: [(film: JudgedFilm, valid: JudgedPair.Outcome)]) -> CalibrationSummary.Share? {
      .init(clips.count { $0.valid.verdict == .implausible }, of: clips.count)
    }
    (result.falseAlarms, result.heldOutFalseAlarms) = (alarms(valid), alarms(heldOutValid))
    result.undetermined = .init(valid.count { $0.valid.verdict == .undetermined }, of: valid.count)
    coverage(&result)

    let delays = pairs.filter { $0.violation != "reversed-time" && $0.violation != "frame-shuffle" }.compactMap(\.broken.delay)
    if !delays.isEmpty { result.delay = [0.5, 0.95].map { RankStatistics.quantile($0, of: delays)! } }
    recalibrate(&result, heldOut: heldOut, heldOutValid: heldOutValid.map(\.valid))
    result.lawWidths = lawWidths
    result.families = families
    result.confusion = confusion
    return result
  }

  private func coverage(_ result: inout CalibrationSummary.Judgements) {
    let measured = films.compactMap { film, valid -> (value: [Double], truth: Double, isTraining: Bool)? in
      guard valid.gravity.count == 3, let truth = gravity[film.world], truth > 0 else { return nil }
      return (valid.gravity, truth, film.isTraining)
    }
    let training = measured.filter(\.isTraining).map { abs($0.value[0] - $0.truth) / (($0.value[2] - $0.value[1]) / 2) }
    result.gravityIntervalScale = RankStatistics.quantile(0.95, of: training)
    result.gravityCoverage = .init(measured.count { $0.value[1] <= $0.truth && $0.truth <= $0.value[2] }, of: measured.count)
    result.gravityError = RankStatistics.quantile(0.5, of: measured.map { abs($0.value[0] / $0.truth - 1) })
  }

  /// Fitted on the training split, measured on the rest.
  private func recalibrate(
    _ result: inout CalibrationSummary.Judgements, heldOut: [JudgedPair], heldOutValid: [JudgedPair.Outcome]
  ) {
    let training = pairs.filter { $0.isTraining && Self.isSpokenOf($0.law) && $0.severity >= .clear }.map(\.broken.score)
    let trainingValid = films.filter(\.film.isTraining).map(\.valid.score)
    guard !training.isEmpty, !trainingValid.isEmpty else { return }
    let fitted = ScoreRecalibration(valid: trainingValid, broken: training, alpha: alpha)
    result.recalibration = fitted
    result.falseAlarmsAtFittedBound = .init(heldOutValid.count { $0.score < fitted.bound }, of: heldOutValid.count)
    let good = heldOutValid.map(\.score)
    let bad = heldOut.filter { $0.severity >= .clear }.map(\.broken.score)
    result.calibrationError = [
      ScoreRecalibration.calibrationError(valid: good, broken: bad),
      ScoreRecalibration.calibrationError(valid: good.map(fitted.probability), broken: bad.map(fitted.probability)),
    ].compactMap { $0 }
  }

  /// Fewer clips have no 1 % quantile to speak of.
  private static let leastClips = 50

  private var lawWidths: [CalibrationSummary.LawWidth] {
    let training = films.filter(\.film.isTraining).map(\.valid.pValues)
    return Judge.lawNames.compactMap { law in
      let values = training.compactMap { $0[law] }
      guard values.count >= Self.leastClips, let bound = RankStatistics.quantile(alpha, of: values) else { return nil }
      let needed = Tails.normalQuantile(above: max(min(bound, 0.5), 1e-300))
      return .init(
        law: law, clips: values.count, failed: .init(values.count { $0 < alpha }, of: values.count),
        scale: needed / Tails.normalQuantile(above: alpha))
    }
  }

  private var families: [CalibrationSummary.FamilyRow] {
    ViolationFamilies.all.compactMap { family in
      let own = pairs.filter { $0.violation == family.name }
      guard !own.isEmpty else { return nil }
      var row = CalibrationSummary.FamilyRow(
        violation: family.name, law: family.law, evidence: family.evidence, isSpokenOf: Self.isSpokenOf(family.law),
        isOpenWithoutScene: family.isOpenWithoutScene)
      for severity in Severity.allCases {
        let group = own.filter { $0.severity == severity }
        guard !group.isEmpty else { continue }
        let key = severity.rawValue
        let found = group.filter { $0.broken.verdict == .implausible }
        row.pairs[key] = group.count
        row.accuracy[key] = RankStatistics.pairAccuracy(group.map { ($0.valid.score, $0.broken.score) })
        row.found[key] = Double(found.count) / Double(group.count)
        if !found.isEmpty { row.named[key] = Double(found.count { $0.broken.law == family.law }) / Double(found.count) }
      }
      return row
    }
  }

  /// Clear and gross violations.
  private var confusion: CalibrationSummary.Confusion {
    let own = pairs.filter { $0.severity >= .clear }
    var confusion = CalibrationSummary.Confusion()
    confusion.laws = Set(own.map(\.law)).sorted()
    let found = own.filter { $0.broken.verdict == .implausible && $0.broken.law != nil }
    confusion.named = Set(found.compactMap(\.broken.law)).sorted() + ["nothing"]
    confusion.counts = confusion.laws.map { law in
      confusion.named.map { named in
        own.count {
          $0.law == law
            && (named == "nothing"
              ? $0.broken.verdict != .implausible || $0.broken.law == nil
              : $0.broken.verdict == .implausible && $0.broken.law == named)
        }
      }
    }
    let spoken = confusion.laws.filter(Self.isSpokenOf)
    let measures = spoken.compactMap { law -> Double? in
      let right = found.count { $0.law == law && $0.broken.law == law }
      let (named, meant) = (found.count { $0.broken.law == law }, found.count { $0.law == law })
      return named + meant > 0 ? 2 * Double(right) / Double(named + meant) : nil
    }
    confusion.macroF1 = measures.isEmpty ? nil : measures.reduce(0, +) / Double(measures.count)
    return confusion
  }
}

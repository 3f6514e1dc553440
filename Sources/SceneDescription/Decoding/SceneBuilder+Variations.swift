import WorldCore

extension SceneBuilder {
  /// What `vary` lists; whether the paths lead anywhere is checked on the document itself.
  func buildVariations() -> [Variation] {
    root.named("vary").compactMap { entry in
      guard let object = entry.object else { return nil }
      func range(_ key: String, isPositive: Bool) -> ClosedRange<Double>? {
        object[key].flatMap { range(of: $0, isPositive: isPositive) }
      }
      func range(of value: CheckedValue, isPositive: Bool) -> ClosedRange<Double>? {
        guard let bounds = value.list?.compactMap(\.number), bounds.count == 2 else { return nil }
        guard bounds[0] <= bounds[1] else {
          log.error(value.place, "the lower bound is above the upper one", "write the smaller one first")
          return nil
        }
        guard !isPositive || bounds[0] > 0 else {
          log.error(value.place, "the bounds of 'loguniform' are greater than 0", "use 'uniform'")
          return nil
        }
        return bounds[0]...bounds[1]
      }
      var distribution: Variation.Distribution?
      if let range = range("uniform", isPositive: false) { distribution = .uniform(range) }
      if let list = object.list("ranges") {
        let ranges = list.compactMap { range(of: $0, isPositive: false) }
        if ranges.count == list.count { distribution = .ranges(ranges) }
      }
      if let range = range("loguniform", isPositive: true) { distribution = .loguniform(range) }
      if let normal = object.object("normal"), let mean = normal.number("mean"), let deviation = normal.number("deviation") {
        if deviation < 0 {
          log.error(normal.valuePlace(of: "deviation"), "a standard deviation is at least 0", nil)
        } else {
          distribution = .normal(mean: mean, standardDeviation: deviation)
        }
      }
      if let choices = object.list("choice") { distribution = .choice(choices.map(\.node.flowText)) }
      return distribution.map { Variation(path: entry.name, distribution: $0, location: entry.place.location) }
    }
  }
}

/// A prompt as meanings one after the other, with what meant nothing.
struct PromptReading {
  enum Element: Equatable {
    case meaning(Meaning)
    /// In SI.
    case quantity(Unit)
    case end
  }

  let elements: [Element]
  /// Words without a meaning, as written in lower case.
  let ignored: [String]
  let putsAdjectivesBehind: Bool

  /// Reads in the language that knows the most of the words; of two that know as many, English.
  init(_ prompt: String) {
    let tokens = PromptWords(prompt).tokens
    let readings = Vocabulary.all.map { Self.read(tokens, $0) }
    let best = readings.indices.min { readings[$0].ignored.count < readings[$1].ignored.count }!
    (elements, ignored) = readings[best]
    putsAdjectivesBehind = Vocabulary.all[best].putsAdjectivesBehind
  }

  private static func read(
    _ tokens: [PromptWords.Token], _ vocabulary: Vocabulary
  ) -> (elements: [Element], ignored: [String]) {
    var elements: [Element] = []
    var ignored: [String] = []
    var index = 0

    /// The longest phrase from a token on.
    func phrase(at start: Int) -> (meaning: Meaning, count: Int)? {
      var words: [String] = []
      for token in tokens[start...].prefix(vocabulary.longest) {
        guard case .word(let word) = token else { break }
        words.append(word)
      }
      // `Thirty-two`.
      let parts = words.first.map { $0.split(separator: "-").map { vocabulary.meanings[String($0)] } } ?? []
      if parts.count == 2, case .number(let a) = parts[0], case .number(let b) = parts[1] { return (.number(a + b), 1) }
      while !words.isEmpty {
        if let meaning = vocabulary.meanings[words.joined(separator: " ")] { return (meaning, words.count) }
        words.removeLast()
      }
      return nil
    }

    while index < tokens.count {
      switch tokens[index] {
      case .end:
        elements.append(.end)
        index += 1
      case .number(let value):
        index += 1
        if index < tokens.count, let (meaning, count) = phrase(at: index), case .unit(let unit) = meaning {
          elements.append(.quantity(unit.times(value)))
          index += count
        } else if value == value.rounded(), (0...Double(most)).contains(value) {
          elements.append(.meaning(.number(Int(value))))
        } else {
          ignored.append("\(value)")
        }
      case .word(let word):
        guard let (meaning, count) = phrase(at: index) else {
          ignored.append(word)
          index += 1
          continue
        }
        index += count
        // `two metres`: a number in words, too, may have a unit.
        if case .unit(let unit) = meaning {
          if case .meaning(.number(let n)) = elements.last {
            elements[elements.count - 1] = .quantity(unit.times(Double(n)))
          }
          continue
        }
        elements.append(.meaning(meaning))
      }
    }
    return (elements, ignored)
  }

  /// No more of a thing are laid out.
  private static let most = 200
}

extension Unit {
  /// What lies beyond all that can be laid out counts as its bound.
  func times(_ value: Double) -> Unit {
    func within(_ range: ClosedRange<Double>, _ unit: Double) -> Double {
      min(range.upperBound, max(range.lowerBound, unit * value))
    }
    switch self {
    case .length(let unit): return .length(within(0.002...200, unit))
    case .speed(let unit): return .speed(within(0...1000, unit))
    case .mass(let unit): return .mass(within(0.0001...1e6, unit))
    case .time(let unit): return .time(within(0...3600, unit))
    case .angle(let unit): return .angle(within(-360...360, unit))
    }
  }
}

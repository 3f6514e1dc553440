/// The words of one language, by the phrase that is looked for.
struct Vocabulary {
  /// Phrases in lower case, words parted by single spaces.
  let meanings: [String: Meaning]
  /// Words of the longest phrase.
  let longest: Int
  /// Whether adjectives follow what they describe by rule.
  let putsAdjectivesBehind: Bool

  /// - Parameter rows: lists of phrases that mean the same, separated by `|`.
  init(_ rows: [(String, Meaning)], putsAdjectivesBehind: Bool) {
    var meanings: [String: Meaning] = [:]
    for (phrases, meaning) in rows {
      for phrase in phrases.split(separator: "|").map({ PromptWords.words(String($0)).joined(separator: " ") }) {
        precondition(meanings[phrase] == nil, "'\(phrase)' has two meanings")
        meanings[phrase] = meaning
      }
    }
    self.meanings = meanings
    self.putsAdjectivesBehind = putsAdjectivesBehind
    longest = meanings.keys.map { $0.split(separator: " ").count }.max() ?? 1
  }

  static let all = [english, italian]

  /// What both languages have: units and what is written in figures.
  static let units: [(String, Meaning)] = [
    ("m", .unit(.length(1))), ("cm", .unit(.length(0.01))), ("mm", .unit(.length(0.001))), ("km", .unit(.length(1000))),
    ("m/s", .unit(.speed(1))), ("km/h", .unit(.speed(1 / 3.6))), ("kg", .unit(.mass(1))), ("g", .unit(.mass(0.001))),
    ("s", .unit(.time(1))), ("°", .unit(.angle(1))), ("deg", .unit(.angle(1))), (",", .and),
  ]

  /// One, two, … in words, from 0.
  static func numbers(_ words: String) -> [(String, Meaning)] {
    words.split(separator: " ").enumerated().map { (String($1), .number($0)) }
  }

  /// A thing, alone and in the plural.
  static func kind(_ kind: ThingKind, _ one: String, _ many: String) -> [(String, Meaning)] {
    [(one, .thing(kind, isPlural: false)), (many, .thing(kind, isPlural: true))]
  }

  /// Thirty, forty, … ninety.
  static func tens(_ words: String) -> [(String, Meaning)] {
    words.split(separator: " ").enumerated().map { (String($1), .number(10 * $0 + 30)) }
  }
}

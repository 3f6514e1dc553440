import Foundation

/// Articles, numbers and lists.
extension EnglishCaptions {
  static func article(_ words: String) -> String {
    // By sound: every noun and adjective of the lexicon that begins with a vowel letter sounds like one.
    ("aeiou".contains(words.first ?? " ") ? "an " : "a ") + words
  }

  package static func number(_ n: Int) -> String {
    let small = [
      "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
      "fourteen",
      "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    if n < small.count { return small[n] }
    guard n < 100 else { return "\(n)" }
    let tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"][n / 10]
    return n % 10 == 0 ? tens : tens + "-" + small[n % 10]
  }

  static func times(_ n: Int) -> String {
    switch n {
    case ...1: ""
    case 2: " twice"
    case 3, 4: " \(number(n)) times"
    default: " several times"
    }
  }

  static func seconds(_ time: Double) -> String { String(format: "%.1f s", time) }

  static func list(_ clauses: [String]) -> String {
    guard clauses.count > 1 else { return clauses.first ?? "" }
    return clauses.dropLast().joined(separator: ", ") + " and " + clauses.last!
  }
}

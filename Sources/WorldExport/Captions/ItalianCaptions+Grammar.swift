import Foundation

/// Articles, prepositions, numbers and lists.
extension ItalianCaptions {
  /// Whether a masculine word takes `uno` and `lo`.
  static func isImpure(_ word: String) -> Bool {
    let letters = Array(word.lowercased().prefix(2))
    guard let first = letters.first else { return false }
    if first == "z" || first == "x" || first == "y" { return true }
    guard letters.count > 1 else { return false }
    if first == "s" { return !"aeiou".contains(letters[1]) }
    return ["gn", "ps", "pn"].contains(String(letters))
  }

  /// As it is heard: the h is silent.
  static func startsWithVowel(_ word: String) -> Bool { "aeiouh".contains(word.lowercased().first ?? " ") }

  static func indefinite(_ noun: Noun) -> String {
    if noun.isFeminine { return startsWithVowel(noun.italian.one) ? "un'" : "una " }
    return isImpure(noun.italian.one) ? "uno " : "un "
  }

  package static func definiteArticle(before word: String, feminine: Bool, plural: Bool) -> String {
    switch (feminine, plural) {
    case (true, true): return "le "
    case (true, false): return startsWithVowel(word) ? "l'" : "la "
    case (false, true): return startsWithVowel(word) || isImpure(word) ? "gli " : "i "
    case (false, false): return startsWithVowel(word) ? "l'" : isImpure(word) ? "lo " : "il "
    }
  }

  /// A preposition grown together with the article behind it: `su` + `il` = `sul`.
  package static func joined(_ preposition: String, _ article: String) -> String {
    let stem = preposition == "di" ? "de" : preposition
    switch article {
    case "il ": return stem + "l "
    case "i ", "gli ": return stem + article
    // lo, la, l', le double their l.
    default: return stem + "l" + article
    }
  }

  static func agreeing(_ stem: String, _ actor: Story.Actor) -> String {
    stem + (actor.noun.isFeminine ? (actor.isPlural ? "e" : "a") : (actor.isPlural ? "i" : "o"))
  }

  package static func number(_ n: Int) -> String {
    let small = [
      "zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici", "dodici", "tredici",
      "quattordici", "quindici", "sedici", "diciassette", "diciotto", "diciannove",
    ]
    if n < small.count { return small[n] }
    guard n < 100 else { return "\(n)" }
    let tens = ["", "", "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta"][n / 10]
    switch n % 10 {
    case 0: return tens
    // The ten loses its vowel before uno and otto; trentatré is stressed at its end.
    case 1, 8: return tens.dropLast() + small[n % 10]
    case 3: return tens + "tré"
    default: return tens + small[n % 10]
    }
  }

  static func times(_ n: Int) -> String {
    switch n {
    case ...1: ""
    case 2...4: " \(number(n)) volte"
    default: " più volte"
    }
  }

  static func decimal(_ value: Double) -> String {
    String(format: "%.1f", value).replacingOccurrences(of: ".", with: ",")
  }

  static func seconds(_ time: Double) -> String { decimal(time) + " s" }

  static func list(_ clauses: [String]) -> String {
    guard clauses.count > 1 else { return clauses.first ?? "" }
    // `ed` where the next word begins with the same vowel.
    return clauses.dropLast().joined(separator: ", ") + (clauses.last!.hasPrefix("e") ? " ed " : " e ") + clauses.last!
  }
}

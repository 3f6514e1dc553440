import Foundation

/// The pictures of a folder that a pattern such as `frames/%04d.png` means.
struct NumberedPictures {
  /// In rising order, at least one.
  let numbers: [Int]

  /// nil where `pattern` is the name of a file, holds no number, or means nothing that is there.
  init?(_ pattern: String) {
    guard pattern.contains("%"), access(pattern, F_OK) != 0 else { return nil }
    let name = (pattern as NSString).lastPathComponent
    guard let place = name.range(of: "%0?[0-9]*d", options: .regularExpression) else { return nil }
    let (before, after) = (String(name[..<place.lowerBound]), String(name[place.upperBound...]))
    let width = Int(name[place].dropFirst().dropLast()) ?? 0
    let folder = (pattern as NSString).deletingLastPathComponent
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    numbers = files.compactMap { file in
      guard file.count > before.count + after.count, file.hasPrefix(before), file.hasSuffix(after) else { return nil }
      let digits = file.dropFirst(before.count).dropLast(after.count)
      // The pattern's own way of writing a number, so that a number has one file.
      guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits), number <= Self.most,
        digits == String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
      else { return nil }
      return number
    }.sorted()
    if numbers.isEmpty { return nil }
  }

  /// FFmpeg counts in 32 bits.
  private static let most = 1_000_000_000

  /// What comes after a missing number and isn't read, in words; nil where none is missing.
  var gap: String? {
    guard let k = numbers.indices.dropFirst().first(where: { numbers[$0] != numbers[$0 - 1] + 1 }) else { return nil }
    let left = numbers.count - k
    return "the pictures' numbers go from \(numbers[k - 1]) to \(numbers[k]): "
      + (left == 1 ? "the one after the gap is left out" : "the \(left) after the gap are left out")
  }
}

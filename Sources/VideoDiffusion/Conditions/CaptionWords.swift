/// A caption as numbers of words: each word's hash, so that no list of words is needed and every language has a place.
package struct CaptionWords: Sendable, Equatable {
  /// FNV-1a over each word's bytes.
  let hashes: [UInt64]

  init(hashes: [UInt64]) { self.hashes = hashes }

  init(_ caption: String) {
    hashes = caption.lowercased().split { !$0.isLetter && !$0.isNumber }.map { word in
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
      return hash
    }
  }

  /// - Parameter vocabulary: how many numbers there are; words that share one are told apart by their neighbours.
  func numbers(vocabulary: Int) -> [Int] { hashes.map { Int($0 % UInt64(vocabulary)) } }
}

/// A caption as numbers of words: each word's hash, so that no list of words is needed and every language has a place.
enum CaptionWords {
  /// - Parameter vocabulary: how many numbers there are; words that share one are told apart by their neighbours.
  static func numbers(of caption: String, vocabulary: Int) -> [Int] {
    caption.lowercased().split { !$0.isLetter && !$0.isNumber }.map { word in
      // FNV-1a over the word's bytes.
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
      return Int(hash % UInt64(vocabulary))
    }
  }
}

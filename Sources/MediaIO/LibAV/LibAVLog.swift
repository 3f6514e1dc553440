import CLibAV

/// What libav has to say, kept for error messages instead of printed.
///
/// All uses stay in this file: the buffer behind it is static in a C header and so exists once per object file.
enum LibAVLog {
  private static let capture: Void = clibav_capture_log()

  /// Forgets this thread's last words; call before the first of a group of libav calls.
  static func clear() {
    capture
    clibav_first_error().pointee = 0
  }

  /// The first error libav reported on this thread since `clear()`, else the words for `code`.
  static func explanation(of code: Int32) -> String {
    capture
    let said = String(cString: clibav_first_error()).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    let trimmed = said.drop(while: { $0 == " " })
    return trimmed.isEmpty ? describe(code) : String(trimmed)
  }

  private static func describe(_ code: Int32) -> String {
    var text = [CChar](repeating: 0, count: 128)
    av_strerror(code, &text, text.count)
    return String(decoding: text.prefix(while: { $0 != 0 }).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

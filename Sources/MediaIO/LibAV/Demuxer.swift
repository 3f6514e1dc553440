import CLibAV
import Foundation

/// An open media file: its streams, and its packets one after another.
final class Demuxer {
  let path: String
  private(set) var context: UnsafeMutablePointer<AVFormatContext>
  /// The file itself; nil where the demuxer opens the many files of an image sequence.
  private var file: UnsafeMutablePointer<AVIOContext>?
  /// nil for a file.
  let pictures: NumberedPictures?

  /// Opens the file and learns its streams.
  ///
  /// A clip can name other files and addresses (playlists, references). Nothing but the one file is opened: it comes in
  /// ready-made, and no protocol is allowed for more.
  init(path: String, imageSequenceRate: Double? = nil) throws(MediaError) {
    self.path = path
    LibAVLog.clear()
    pictures = imageSequenceRate == nil ? nil : NumberedPictures(path)
    var options: OpaquePointer?
    defer { av_dict_free(&options) }
    var format: UnsafePointer<AVInputFormat>?
    if let pictures, let rate = imageSequenceRate {
      av_dict_set(&options, "protocol_whitelist", "file", 0)
      av_dict_set(&options, "framerate", "\(rate)", 0)
      av_dict_set(&options, "start_number", "\(pictures.numbers[0])", 0)
      format = av_find_input_format("image2")
    } else {
      try Self.checkFile(path)
      let code = avio_open2(&file, "file:" + path, AVIO_FLAG_READ, nil, nil)
      guard code >= 0 else { throw .unreadable(path, reason: LibAVLog.explanation(of: code)) }
      av_dict_set(&options, "protocol_whitelist", "none", 0)
    }

    var opened = avformat_alloc_context()
    opened!.pointee.pb = file
    // The name is withheld so that the content alone decides what the file is.
    let code = avformat_open_input(&opened, pictures == nil ? "" : path, format, &options)
    guard code >= 0, let opened else {
      avio_closep(&file)
      if pictures != nil { throw .notMedia(path, detail: LibAVLog.explanation(of: code)) }
      throw .notMedia(path, detail: LibAVLog.explanation(of: code))
    }
    context = opened
    let informed = avformat_find_stream_info(context, nil)
    guard informed >= 0 else { throw .notMedia(path, detail: LibAVLog.explanation(of: informed)) }
    guard context.pointee.nb_streams > 0 else { throw .notMedia(path, detail: LibAVLog.firstWords() ?? "it holds no streams") }
  }

  deinit {
    var closing: UnsafeMutablePointer<AVFormatContext>? = context
    avformat_close_input(&closing)
    avio_closep(&file)
  }

  /// The stream of that kind that a player would show; a cover picture in a sound file is no video.
  func bestStream(_ kind: AVMediaType) -> UnsafeMutablePointer<AVStream>? {
    let index = av_find_best_stream(context, kind, -1, -1, nil, 0)
    guard index >= 0, let stream = context.pointee.streams[Int(index)] else { return nil }
    return stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0 ? stream : nil
  }

  /// Seconds that the container's clock shows at the clip's start: transport streams count from anywhere, files from 0.
  var clockOrigin: Double {
    guard context.pointee.iformat.pointee.flags & AVFMT_TS_DISCONT != 0, context.pointee.start_time != clibav_no_timestamp
    else { return 0 }
    return Double(context.pointee.start_time) / Double(AV_TIME_BASE)
  }

  /// Seconds; nil where the container doesn't say.
  var duration: Double? {
    let ticks = context.pointee.duration
    return ticks == clibav_no_timestamp || ticks <= 0 ? nil : Double(ticks) / Double(AV_TIME_BASE)
  }

  /// A transport stream has no header that promises a length, but it is made of whole packets (of 188 bytes; with time codes or
  /// check bytes 192 or 204): one that ends within a packet was cut.
  var endsWithinPacket: Bool {
    guard let file, String(cString: context.pointee.iformat.pointee.name) == "mpegts" else { return false }
    let size = avio_size(file)
    return size > 0 && [188, 192, 204].allSatisfy { size % $0 != 0 }
  }

  private static func checkFile(_ path: String) throws(MediaError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw .fileNotFound(path) }
      throw .unreadable(path, reason: String(cString: strerror(errno)))
    }
    if status.st_mode & S_IFMT == S_IFDIR { throw .unreadable(path, reason: "it is a folder") }
    if access(path, R_OK) != 0 { throw .unreadable(path, reason: String(cString: strerror(errno))) }
    if status.st_mode & S_IFMT == S_IFREG && status.st_size == 0 { throw .emptyFile(path) }
  }
}

extension AVRational {
  /// `ticks` of this time base in seconds, correctly rounded: k/fps stays k/fps.
  func seconds(_ ticks: Int64) -> Double {
    let (product, overflow) = ticks.multipliedReportingOverflow(by: Int64(num))
    return overflow ? Double(ticks) * Double(num) / Double(den) : Double(product) / Double(den)
  }

  var value: Double { Double(num) / Double(den) }
  /// Neither zero, unknown nor negative.
  var isPositive: Bool { num > 0 && den > 0 }
}

import Foundation
import Safetensors
import Testing

private func file(header: String, data: Int = 0) -> Data {
  let json = Array(header.utf8)
  return Data(withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json + [UInt8](repeating: 0, count: data))
}

private func problem(_ contents: Data) -> String? {
  do throws(SafetensorsError) {
    _ = try SafetensorsFile(contents: contents, path: "f")
    return nil
  } catch {
    guard case .malformed("f", let problem) = error else { return "\(error)" }
    #expect(error.description == "f: no sound safetensors file: \(problem); write or download it again")
    return problem
  }
}

private let sample: [NamedTensor] = [
  NamedTensor("weight", shape: [2, 3], [0, 1, 2, 3, 4, 5] as [Float]),
  NamedTensor("bias", shape: [2], [1.5, -2.5] as [Double]),
  NamedTensor("ids", shape: [2], [7, -8] as [Int64]),
  NamedTensor("mask", element: .bool, shape: [3], bytes: [1, 0, 1]),
  NamedTensor("half", element: .float16, shape: [2], bytes: [0x00, 0x3c, 0x00, 0x40]),
  NamedTensor("bytes \"é\n", shape: [3], [1, 2, 3] as [UInt8]),
  NamedTensor("scalar", shape: [], [5] as [Int32]),
  NamedTensor("empty", shape: [0, 4], [] as [Float]),
  NamedTensor("short", shape: [1], [-3] as [Int16]),
  NamedTensor("tiny", shape: [1], [-1] as [Int8]),
]

@Suite final class SafetensorsFileTests {
  let folder = NSTemporaryDirectory() + "mondo-safetensors-" + UUID().uuidString

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: folder) }

  @Test func roundTrip() throws {
    let path = folder + "/a.safetensors"
    let metadata = ["format": "test", "quote \"": "tab\t, é, 🎱, \u{1}"]
    try SafetensorsFile.write(sample, metadata: metadata, to: path)
    let read = try SafetensorsFile(path: path)
    #expect(read.metadata == metadata)
    #expect(read.tensors.count == sample.count)
    for tensor in sample {
      let found = try #require(read[tensor.name])
      #expect(found.element == tensor.element && found.shape == tensor.shape)
      #expect(try read.withBytes(of: tensor.name) { Array($0) } == tensor.bytes)
      #expect(found.byteRange.lowerBound % tensor.element.byteCount == 0)
    }
    #expect(try read.elements(of: "weight") == [0, 1, 2, 3, 4, 5] as [Float])
    #expect(try read.elements(of: "bias") == [1.5, -2.5])
    #expect(try read.elements(of: "ids", as: Int64.self) == [7, -8])
    #expect(try read.elements(of: "empty", as: Float.self).isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.safetensors"])
  }

  /// Byte for byte what the format's Python package (0.x, `safetensors.numpy.save`) writes for the same tensors.
  @Test func bytesAreThoseOfThePythonPackage() throws {
    let header =
      #"{"__metadata__":{"format":"np"},"ids":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},"#
      + #""bias":{"dtype":"F64","shape":[2],"data_offsets":[16,32]},"empty":{"dtype":"F32","shape":[0,4],"data_offsets":[32,32]},"#
      + #""weight":{"dtype":"F32","shape":[2,3],"data_offsets":[32,56]},"scalar":{"dtype":"I32","shape":[],"data_offsets":[56,60]},"#
      + #""half":{"dtype":"F16","shape":[2],"data_offsets":[60,64]},"short":{"dtype":"I16","shape":[1],"data_offsets":[64,66]},"#
      + #""tiny":{"dtype":"I8","shape":[1],"data_offsets":[66,67]},"bytes \"é\n":{"dtype":"U8","shape":[3],"data_offsets":[67,70]},"#
      + #""mask":{"dtype":"BOOL","shape":[3],"data_offsets":[70,73]}}      "#
    let order = ["ids", "bias", "empty", "weight", "scalar", "half", "short", "tiny", "bytes \"é\n", "mask"]
    let data = order.flatMap { name in sample.first { $0.name == name }?.bytes ?? [] }
    let written = try SafetensorsFile.encode(sample, metadata: ["format": "np"])
    #expect(written == [0x78, 0x02, 0, 0, 0, 0, 0, 0] + Array(header.utf8) + data)
    #expect(written.count == 713)
  }

  @Test func orderOfTensorsDoesNotMatter() throws {
    #expect(try SafetensorsFile.encode(sample) == SafetensorsFile.encode(sample.reversed()))
  }

  @Test func dataStartsAtAMultipleOfEight() throws {
    for length in 1...20 {
      let bytes = try SafetensorsFile.encode([NamedTensor(String(repeating: "n", count: length), shape: [1], [1.0])])
      #expect(bytes[0] % 8 == 0)
    }
  }

  @Test func nothingAtAll() throws {
    let empty = try SafetensorsFile(contents: Data(try SafetensorsFile.encode([])))
    #expect(empty.tensors.isEmpty && empty.metadata.isEmpty)
  }

  @Test(arguments: [
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#, 6,
      "'b' overlaps the tensor before it"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#, 12,
      "'b' leaves a gap before it"
    ),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, "its tensors need 4 bytes of data, it has 5"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4, "its tensors need 8 bytes of data, it has 4"),
    (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8, "'a' has 8 bytes, its shape needs 12"),
    (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0, "the shape of 'a' is too large"),
    (
      #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, 4,
      "a number is too large, at byte 47 of the header"
    ),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "'a' ends before it starts"),
    (
      #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4,
      "a whole number without sign is missing, at byte 29 of the header"
    ),
    (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#, 4, "']' is missing, at byte 30 of the header"),
    (#"{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}"#, 4, "'a' is of the type 'F31', which is not supported"),
    (#"{"a":{"dtype":"F32","shape":[1]}}"#, 0, "'a' lacks its dtype, its shape or its two data_offsets"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, 4, "'a' lacks its dtype, its shape or its two data_offsets"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#, 4, "'a' has an unknown or repeated key 'x'"),
    (#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4, "'a' has an unknown or repeated key 'dtype'"),
    (
      #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#, 0,
      "the name 'a' appears twice"
    ),
    (#"{"__metadata__":{"k":"1","k":"2"}}"#, 0, "the metadata key 'k' appears twice"),
    (#"{"__metadata__":{"k":1}}"#, 0, "'\"' is missing, at byte 21 of the header"),
    (#"{} x"#, 0, "something follows the header's last '}', at byte 3 of the header"),
    (#"[]"#, 0, "the header does not start with '{'"),
    (#"  {}"#, 0, "the header does not start with '{'"),
    (#"{"a"#, 0, "a string does not end, at byte 3 of the header"),
    (#"{"\ud800":{}}"#, 0, "half a character is escaped, at byte 8 of the header"),
    (#"{"\q":{}}"#, 0, "an unknown escape in a string, at byte 4 of the header"),
    ("{\"a\u{1}\":{}}", 0, "a control character stands bare in a string, at byte 4 of the header"),
    ("", 0, "the header does not start with '{'"),
  ])
  func hostileHeaders(header: String, data: Int, message: String) {
    #expect(problem(file(header: header, data: data)) == message)
  }

  @Test func hostileLengths() {
    #expect(problem(Data()) == "it has 0 bytes and cannot hold a header")
    #expect(problem(Data([1, 2, 3])) == "it has 3 bytes and cannot hold a header")
    #expect(
      problem(Data([UInt8](repeating: 0xff, count: 16)))
        == "it claims a header of 18446744073709551615 bytes; 100000000 is the most")
    #expect(problem(Data([100, 0, 0, 0, 0, 0, 0, 0, 0x7b])) == "it claims a header of 100 bytes and has 9 in all")
    #expect(problem(Data([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff])) == "the header is not UTF-8")
    let deep = "{\"a\":" + String(repeating: "[", count: 1_000_000)
    #expect(problem(file(header: deep)) == "'{' is missing, at byte 5 of the header")
  }

  /// Escapes and spaces that other writers may use.
  @Test func headersOfOtherWriters() throws {
    let header = #"{ "\u0061\ud83c\udfb1\/" : { "shape" : [ 1 , 1 ] , "data_offsets" : [ 0 , 1 ] , "dtype" : "U8" } }  "#
    let read = try SafetensorsFile(contents: file(header: header, data: 1))
    #expect(read.tensors.map(\.name) == ["a🎱/"])
    #expect(read.tensors.first?.shape == [1, 1])
  }

  @Test func damageNeverCrashes() throws {
    let whole = try SafetensorsFile.encode(sample, metadata: ["a": "b"])
    var accepted = 0
    for seed in 0..<20_000 {
      var data = whole
      // A plain congruential sequence: the test needs any bytes, not good ones.
      var state = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      func next(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(count))
      }
      for _ in 0..<(1 + seed % 4) { data[next(data.count)] = UInt8(next(256)) }
      if seed % 5 == 0 { data.removeLast(next(data.count)) }
      guard let read = try? SafetensorsFile(contents: Data(data)) else { continue }
      accepted += 1
      for tensor in read.tensors {
        let count = try read.withBytes(of: tensor.name) { $0.reduce(0) { $0 &+ Int($1) } }
        #expect(count >= 0)
      }
    }
    // Damage to the data alone can't be seen; most damage is.
    #expect(accepted > 100 && accepted < 15_000)
  }

  @Test func wrongQuestions() throws {
    let read = try SafetensorsFile(contents: Data(try SafetensorsFile.encode(sample)), path: "f")
    do {
      _ = try read.elements(of: "nobody", as: Float.self)
      Issue.record("a missing tensor was read")
    } catch { #expect(error.description == "f: no tensor is named 'nobody'; list the names with `tensors`") }
    do {
      _ = try read.elements(of: "bias", as: Float.self)
      Issue.record("doubles were read as floats")
    } catch { #expect(error.description == "f: the elements of 'bias' are F64; read them as that") }
  }

  @Test func whatCannotBeWritten() throws {
    func refusal(_ tensors: [NamedTensor], to name: String = "x.safetensors") -> String? {
      do throws(SafetensorsError) {
        try SafetensorsFile.write(tensors, to: folder + "/" + name)
        return nil
      } catch { return error.description.replacingOccurrences(of: folder, with: "") }
    }
    #expect(
      refusal([NamedTensor("a", element: .float32, shape: [2], bytes: [1])])
        == "/x.safetensors: cannot write these tensors: 'a' has 1 bytes, which its shape [2] of F32 does not need; mend the caller"
    )
    let one = NamedTensor("a", shape: [1], [1.0])
    #expect(refusal([one, one]) == "/x.safetensors: cannot write these tensors: the name 'a' is taken; mend the caller")
    #expect(
      refusal([one], to: "none/x.safetensors")
        == "/none/x.safetensors: cannot create the file: No such file or directory; check the path and its permissions")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  @Test func filesThatAreNotThere() {
    for (name, reason) in [("/none.safetensors", "no such file"), ("", "it is a folder")] {
      do {
        _ = try SafetensorsFile(path: folder + name)
        Issue.record("a missing file was read")
      } catch { #expect(error.description == "\(folder + name): \(reason); check the path and its permissions") }
    }
  }
}

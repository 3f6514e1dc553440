import Dispatch
import Synchronization
import Tensors
import Testing
import VideoDiffusion
import WorldCore

@Suite struct EncodedFramesTests {
  @Test("frames are made once each, and whoever asks gets the right ones, whichever thread made them")
  func frames() {
    let made = Mutex([Int](repeating: 0, count: 60))
    let frames = EncodedFrames(60) { index in
      made.withLock { $0[index] += 1 }
      return .init(
        picture: Image(width: 1, height: 1, filledWith: SRGB8(red: UInt8(index), green: 0, blue: 0)),
        latents: Tensor([Float(index)], shape: [1, 1, 1, 1]))
    }
    DispatchQueue.concurrentPerform(iterations: 6) { reader in
      for start in stride(from: reader, to: 55, by: 5) {
        #expect(frames[start..<start + 5].map { Int($0.picture.pixels[0].red) } == Array(start..<start + 5))
        #expect(frames[start..<start + 5].map { $0.latents.floats()[0] } == (start..<start + 5).map(Float.init))
      }
    }
    #expect(frames[0..<60].count == 60)
    #expect(made.withLock { $0 }.allSatisfy { $0 == 1 })
  }
}

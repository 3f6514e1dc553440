import Foundation
import MediaIO
import Testing
import WorldCore

@Suite struct StillPictureTests {
  let folder = ScratchFolder()

  @Test(arguments: [(1, 1), (3, 2), (64, 48), (101, 37)]) func colourSurvivesExactly(width: Int, height: Int) throws {
    var image = pattern(width: width, height: height, frame: 3)
    try PNG.write(image, to: folder.file("opaque.png"))
    #expect(try StillPicture.read(folder.file("opaque.png")) == image)
    // Colour type 2, true colour, at byte 25 of the file.
    #expect(bytes(of: folder.file("opaque.png"))[25] == 2)
    image[0, 0].alpha = 17
    try PNG.write(image, to: folder.file("translucent.png"))
    #expect(try StillPicture.read(folder.file("translucent.png")) == image)
    #expect(bytes(of: folder.file("translucent.png"))[25] == 6)
  }

  @Test func sixteenBitGraySurvivesExactly() throws {
    let values = (0..<65_536).map { UInt16($0) }
    let image = Image(width: 256, height: 256, pixels: values)
    try PNG.write(image, to: folder.file("depth.png"))
    #expect(try StillPicture.readGray16(folder.file("depth.png")) == image)
    // Seen as a picture, black is black and white is white.
    let seen = try StillPicture.read(folder.file("depth.png"))
    #expect(seen.pixels.first == SRGB8(red: 0, green: 0, blue: 0))
    #expect(distance(seen.pixels[65_535], SRGB8(red: 255, green: 255, blue: 255)) <= 1)
  }

  @Test func sameInputGivesSameBytes() throws {
    let image = pattern(width: 33, height: 21, frame: 1)
    let (first, second) = (try PNG.encode(image), try PNG.encode(image))
    #expect(first == second)
    #expect(first.prefix(8) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  }

  @Test func photographs() throws {
    let upright = try StillPicture.read(fixture("photo.jpg"))
    #expect(upright.width == 48 && upright.height == 32)
    #expect(distance(upright[8, 16], SRGB8(red: 200, green: 50, blue: 50)) <= 3)
    let turned = try StillPicture.read(fixture("rotated-photo.jpg"))
    try #require(turned.width == 32 && turned.height == 48)
    // Orientation 6 is shown a quarter turn clockwise: the left half comes to the top.
    #expect(distance(turned[16, 8], SRGB8(red: 200, green: 50, blue: 50)) <= 3)
    #expect(distance(turned[16, 40], SRGB8(red: 50, green: 50, blue: 200)) <= 3)
  }

  @Test func colourIsNoDepth() throws {
    let path = folder.file("colour.png")
    try PNG.write(pattern(width: 8, height: 8, frame: 0), to: path)
    do {
      _ = try StillPicture.readGray16(path)
      Issue.record("a colour picture was read as depth")
    } catch {
      #expect(error.code == .unsupported)
      #expect(error.path == path)
      #expect(error.problem == "its pixels are not 16-bit gray")
    }
  }

  @Test func unwritablePlaces() {
    let path = folder.file("none/picture.png")
    do {
      try PNG.write(pattern(width: 8, height: 8, frame: 0), to: path)
      Issue.record("a picture was written into a missing folder")
    } catch { #expect(error.code == .unwritable) }
  }
}

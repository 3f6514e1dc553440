import ArgumentParser

/// `last.png@2`: a picture, and the second of the clip that shows it; without one, the first frame does.
struct TimedPicture: ExpressibleByArgument {
  let path: String
  let seconds: Double

  init?(argument: String) {
    // Names may hold an @ as well: only a number behind the last one is a time.
    guard let place = argument.lastIndex(of: "@"), let seconds = Double(argument[argument.index(after: place)...]) else {
      (path, seconds) = (argument, 0)
      return
    }
    (path, self.seconds) = (String(argument[..<place]), seconds)
  }
}

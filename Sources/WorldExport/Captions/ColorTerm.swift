import Foundation
import WorldCore

/// A basic colour term: what people call a colour at a glance.
package enum ColorTerm: String, CaseIterable, Sendable {
  case black, white, grey, red, orange, brown, yellow, green, cyan, blue, purple, pink

  /// The term for a surface; nil where its colour is not what one would name: bare metal, clear glass, a pattern of two
  /// colours.
  init?(_ surface: Surface) {
    guard surface.metallic < 0.5, surface.transmission < 0.3 else { return nil }
    switch surface.pattern?.kind {
    case nil, .basketball, .speckle: break
    default: return nil
    }
    self.init(linear: surface.color)
  }

  /// - Parameter linear: linear RGB.
  package init(linear: SIMD3<Float>) {
    let rgb = SIMD3(SRGB.encode(linear.x), SRGB.encode(linear.y), SRGB.encode(linear.z))
    let (high, low) = (rgb.max(), rgb.min())
    let chroma = high - low
    guard high > 0.2 else {
      self = .black
      return
    }
    guard chroma / high > 0.16 else {
      self = high > 0.87 ? .white : .grey
      return
    }
    let sector: Float =
      high == rgb.x ? (rgb.y - rgb.z) / chroma : high == rgb.y ? 2 + (rgb.z - rgb.x) / chroma : 4 + (rgb.x - rgb.y) / chroma
    let hue = (sector * 60 + 360).truncatingRemainder(dividingBy: 360)
    switch hue {
    case 14..<42: self = high < 0.68 ? .brown : .orange
    case 42..<68: self = .yellow
    case 68..<165: self = .green
    case 165..<203: self = .cyan
    case 203..<258: self = .blue
    case 258..<300: self = .purple
    case 300..<343: self = .pink
    default: self = low > 0.55 ? .pink : .red
    }
  }

  package var english: String { self == .cyan ? "light blue" : rawValue }

  /// Agreeing with the noun.
  package func italian(feminine: Bool, plural: Bool) -> String {
    func fourForms(_ stem: String) -> String { stem + (feminine ? (plural ? "e" : "a") : (plural ? "i" : "o")) }
    switch self {
    case .black: return fourForms("ner")
    case .white: return feminine && plural ? "bianche" : !feminine && plural ? "bianchi" : fourForms("bianc")
    case .grey: return feminine && plural ? "grigie" : !feminine && plural ? "grigi" : fourForms("grigi")
    case .red: return fourForms("ross")
    case .orange: return plural ? "arancioni" : "arancione"
    case .brown: return plural ? "marroni" : "marrone"
    case .yellow: return feminine && plural ? "gialle" : fourForms("giall")
    case .green: return plural ? "verdi" : "verde"
    case .cyan: return fourForms("azzurr")
    case .blue: return "blu"
    case .purple: return "viola"
    case .pink: return "rosa"
    }
  }
}

extension Stage.SoundMaterial {
  /// As an adjective before the noun; nil where it says little.
  var english: String? {
    switch self {
    case .wood: "wooden"
    case .metal: "metal"
    case .glass: "glass"
    case .stone: "stone"
    case .rubber: "rubber"
    case .plastic: "plastic"
    case .ceramic: "ceramic"
    case .leather: "leather"
    case .ice: "ice"
    case .cardboard: "cardboard"
    case .cloth, .flesh, .silent: nil
    }
  }

  /// Behind the noun.
  var italian: String? {
    switch self {
    case .wood: "di legno"
    case .metal: "di metallo"
    case .glass: "di vetro"
    case .stone: "di pietra"
    case .rubber: "di gomma"
    case .plastic: "di plastica"
    case .ceramic: "di ceramica"
    case .leather: "di cuoio"
    case .ice: "di ghiaccio"
    case .cardboard: "di cartone"
    case .cloth, .flesh, .silent: nil
    }
  }
}

import Foundation
import SceneDescription
import WorldCore

/// A thing's name in both languages.
struct Noun: Hashable, Sendable {
  var english: (one: String, many: String)
  var italian: (one: String, many: String)
  var isFeminine: Bool

  static func == (a: Noun, b: Noun) -> Bool { a.english.one == b.english.one }
  func hash(into hasher: inout Hasher) { hasher.combine(english.one) }
}

/// What things are called: by the words of their names in the scene, else by their form.
enum Lexicon {
  static func noun(for body: Body) -> Noun {
    let words = body.name.lowercased().split(whereSeparator: { "-_ .".contains($0) }).map(String.init)
    let named = ([words.joined(separator: "-")] + words).lazy.compactMap { nouns[$0] }.first
    // A ball's pattern says what game it is from.
    if case .sphere = body.shape, named == nil || named == nouns["ball"] {
      switch body.material.surface.pattern?.kind {
      case .basketball: return nouns["basketball"]!
      case .football: return nouns["football"]!
      case .billiard: return nouns["billiard"]!
      default: return nouns["ball"]!
      }
    }
    return named ?? noun(for: body.shape, of: body)
  }

  /// What a liquid is called: by its library's name.
  static func noun(for liquid: Liquid) -> Noun { liquids[liquid.name] ?? liquids["liquid"]! }

  private static func noun(for shape: Shape, of body: Body) -> Noun {
    switch shape {
    case .sphere: return nouns["ball"]!
    case .box where body.motion != .fixed && body.material.name.contains("brick"): return nouns["brick"]!
    case .box where body.motion != .fixed && body.material.surface.pattern?.kind == .bricks: return nouns["brick"]!
    case .box: return nouns["block"]!
    case .cylinder(let radius, let height): return nouns[height < radius ? "disc" : "cylinder"]!
    case .capsule: return nouns["rod"]!
    case .cone: return nouns["cone"]!
    case .torus: return nouns["ring"]!
    case .plane: return nouns["ground"]!
    case .tank: return nouns["box"]!
    case .mesh: return nouns["object"]!
    case .compound(let parts):
      // The largest part gives the whole its name: a ball on a thread is a ball.
      let largest = parts.max { volume($0.shape) < volume($1.shape) }
      if body.motion == .fixed { return nouns["obstacle"]! }
      return largest.map { noun(for: $0.shape, of: body) } ?? nouns["object"]!
    }
  }

  private static func volume(_ shape: Shape) -> Double {
    let half = shape.halfExtents
    return half.x * half.y * half.z
  }

  private static func row(_ key: String, _ en: (String, String), _ it: (String, String), feminine: Bool = false) -> (
    String, Noun
  ) {
    (key, Noun(english: en, italian: it, isFeminine: feminine))
  }

  static let nouns: [String: Noun] = Dictionary(
    uniqueKeysWithValues: [
      // What moves.
      row("ball", ("ball", "balls"), ("palla", "palle"), feminine: true),
      row("basketball", ("basketball", "basketballs"), ("pallone da basket", "palloni da basket")),
      row("football", ("football", "footballs"), ("pallone da calcio", "palloni da calcio")),
      row("billiard", ("billiard ball", "billiard balls"), ("palla da biliardo", "palle da biliardo"), feminine: true),
      row("cue", ("cue ball", "cue balls"), ("palla battente", "palle battenti"), feminine: true),
      row("marble", ("marble", "marbles"), ("biglia", "biglie"), feminine: true),
      row("pin", ("pin", "pins"), ("birillo", "birilli")),
      row("domino", ("domino", "dominoes"), ("tessera del domino", "tessere del domino"), feminine: true),
      row("block", ("block", "blocks"), ("blocco", "blocchi")),
      row("brick", ("brick", "bricks"), ("mattone", "mattoni")),
      row("box", ("box", "boxes"), ("scatola", "scatole"), feminine: true),
      row("disc", ("disc", "discs"), ("disco", "dischi")),
      row("cylinder", ("cylinder", "cylinders"), ("cilindro", "cilindri")),
      row("rod", ("rod", "rods"), ("asta", "aste"), feminine: true),
      row("cone", ("cone", "cones"), ("cono", "coni")),
      row("ring", ("ring", "rings"), ("anello", "anelli")),
      row("object", ("object", "objects"), ("oggetto", "oggetti")),
      row("door", ("door", "doors"), ("porta", "porte"), feminine: true),
      row("bob", ("pendulum", "pendulums"), ("pendolo", "pendoli")),
      row("upper", ("double pendulum", "double pendulums"), ("doppio pendolo", "doppi pendoli")),
      row("lower", ("lower arm", "lower arms"), ("braccio inferiore", "bracci inferiori")),
      row("handle", ("T-handle", "T-handles"), ("manopola a T", "manopole a T"), feminine: true),
      row(
        "wreckingball", ("wrecking ball", "wrecking balls"), ("palla da demolizione", "palle da demolizione"), feminine: true),
      row("raft", ("raft", "rafts"), ("zattera", "zattere"), feminine: true),
      row("crate", ("crate", "crates"), ("cassa", "casse"), feminine: true),
      row("barrel", ("barrel", "barrels"), ("barile", "barili")),
      row("log", ("log", "logs"), ("tronco", "tronchi")),
      row("jug", ("jug", "jugs"), ("brocca", "brocche"), feminine: true),
      row("paddle", ("paddle", "paddles"), ("pala", "pale"), feminine: true),
      // What stands.
      row("basin", ("basin", "basins"), ("vasca", "vasche"), feminine: true),
      row("tank", ("tank", "tanks"), ("vasca", "vasche"), feminine: true),
      row("dish", ("dish", "dishes"), ("piatto", "piatti")),
      row("floor", ("floor", "floors"), ("pavimento", "pavimenti")),
      row("ground", ("ground", "grounds"), ("suolo", "suoli")),
      row("table", ("table", "tables"), ("tavolo", "tavoli")),
      row("bed", ("table", "tables"), ("tavolo", "tavoli")),
      row("lane", ("lane", "lanes"), ("pista", "piste"), feminine: true),
      row("pit", ("pit", "pits"), ("fossa", "fosse"), feminine: true),
      row("slab", ("slab", "slabs"), ("lastra", "lastre"), feminine: true),
      row("slope", ("slope", "slopes"), ("piano inclinato", "piani inclinati")),
      row("wall", ("wall", "walls"), ("parete", "pareti"), feminine: true),
      row("board", ("backboard", "backboards"), ("tabellone", "tabelloni")),
      row("rim", ("rim", "rims"), ("ferro", "ferri")),
      row("arm", ("arm", "arms"), ("braccio", "bracci")),
      row("bracket", ("bracket", "brackets"), ("staffa", "staffe"), feminine: true),
      row("post", ("post", "posts"), ("montante", "montanti")),
      row("lintel", ("lintel", "lintels"), ("architrave", "architravi")),
      row("stop", ("door stop", "door stops"), ("battuta", "battute"), feminine: true),
      row("plate", ("plate", "plates"), ("piastra", "piastre"), feminine: true),
      row("chute", ("chute", "chutes"), ("scivolo", "scivoli")),
      row("pipe", ("half-pipe", "half-pipes"), ("half-pipe", "half-pipe")),
      row("cushion", ("cushion", "cushions"), ("sponda", "sponde"), feminine: true),
      row("rail", ("rail", "rails"), ("bordo", "bordi")),
      row("gutter", ("gutter", "gutters"), ("canaletta", "canalette"), feminine: true),
      row("kickback", ("side wall", "side walls"), ("parete laterale", "pareti laterali"), feminine: true),
      row("curtain", ("curtain", "curtains"), ("telo", "teli")),
      row("cup", ("cup", "cups"), ("tazza", "tazze"), feminine: true),
      row("frame", ("frame", "frames"), ("telaio", "telai")),
      row("mast", ("mast", "masts"), ("pilone", "piloni")),
      row("boom", ("boom", "booms"), ("braccio della gru", "bracci della gru")),
      row("back", ("back panel", "back panels"), ("pannello di fondo", "pannelli di fondo")),
      row("stand", ("stand", "stands"), ("sostegno", "sostegni")),
      row("obstacle", ("obstacle", "obstacles"), ("ostacolo", "ostacoli")),
    ])

  /// Liquids aren't counted.
  private static let liquids: [String: Noun] = Dictionary(
    uniqueKeysWithValues: [
      row("water", ("water", "water"), ("acqua", "acqua"), feminine: true),
      row("seawater", ("seawater", "seawater"), ("acqua di mare", "acqua di mare"), feminine: true),
      row("oil", ("oil", "oil"), ("olio", "olio")),
      row("honey", ("honey", "honey"), ("miele", "miele")),
      row("milk", ("milk", "milk"), ("latte", "latte")),
      row("glycerine", ("glycerine", "glycerine"), ("glicerina", "glicerina"), feminine: true),
      row("alcohol", ("alcohol", "alcohol"), ("alcol", "alcol")),
      row("mercury", ("mercury", "mercury"), ("mercurio", "mercurio")),
      row("liquid", ("liquid", "liquid"), ("liquido", "liquido")),
    ])
}

extension Noun {
  /// Whether the name says already what the thing is made of.
  var isOfItself: Bool {
    ["brick", "basketball", "football", "billiard ball", "cue ball", "half-pipe", "double pendulum"].contains(english.one)
  }
}

extension String {
  var uppercasedFirst: String { prefix(1).uppercased() + dropFirst() }
  /// For the middle of a sentence; a name such as `T-handle` keeps its letter.
  var lowercasedFirst: String { dropFirst().first == "-" ? self : prefix(1).lowercased() + dropFirst() }
}

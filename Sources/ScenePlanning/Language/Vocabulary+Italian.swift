extension Vocabulary {
  static let italian = Vocabulary(
    units
      + numbers(
        "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove venti"
      )
      + tens("trenta quaranta cinquanta sessanta settanta ottanta novanta") + things + surroundings + descriptions + deeds
      + grammar,
    putsAdjectivesBehind: true)

  private static let things: [(String, Meaning)] = [
    kind(.ball, "palla|sfera|pallina", "palle|sfere|palline"),
    kind(.basketball, "pallone da basket|palla da basket", "palloni da basket"),
    kind(.football, "pallone|pallone da calcio", "palloni|palloni da calcio"),
    kind(.tennisBall, "pallina da tennis|palla da tennis", "palline da tennis"),
    kind(.billiardBall, "palla da biliardo|palla battente", "palle da biliardo"),
    kind(.bowlingBall, "palla da bowling", "palle da bowling"), kind(.glassMarble, "biglia", "biglie"),
    kind(.pin, "birillo", "birilli"), kind(.domino, "tessera del domino|domino", "tessere del domino|tessere"),
    kind(.block, "blocco|cubo", "blocchi|cubi"), kind(.brick, "mattone", "mattoni"), kind(.box, "scatola", "scatole"),
    kind(.crate, "cassa", "casse"), kind(.barrel, "barile|botte", "barili|botti"),
    kind(.can, "lattina|barattolo", "lattine|barattoli"),
    kind(.log, "tronco", "tronchi"), kind(.disc, "disco", "dischi"), kind(.cylinder, "cilindro", "cilindri"),
    kind(.rod, "asta|bastone|sbarra", "aste|bastoni|sbarre"), kind(.plank, "asse|zattera|tavola", "assi|zattere|tavole"),
    kind(.cone, "cono", "coni"), kind(.ring, "anello|pneumatico", "anelli|pneumatici"),
    kind(.iceCube, "cubetto di ghiaccio", "cubetti di ghiaccio"),
    kind(.stone, "sasso|masso|ciottolo", "sassi|pietre|massi|ciottoli"),
    kind(.pane, "finestra|vetrata|lastra di vetro", "finestre|vetrate"),
    kind(.ramp, "rampa|piano inclinato|discesa", "rampe|piani inclinati"),
    kind(.basin, "vasca|piscina|acquario|laghetto", "vasche|piscine"),
    kind(.hoop, "canestro|tabellone", "canestri"), kind(.flag, "bandiera|stendardo", "bandiere"),
    kind(.sheet, "telo|lenzuolo|tovaglia|coperta|panno", "teli|lenzuola"), kind(.pendulum, "pendolo", "pendoli"),
    kind(.wreckingBall, "palla da demolizione", "palle da demolizione"), kind(.wall, "muro|parete", "muri|pareti"),
  ].flatMap { $0 }

  private static let surroundings: [(String, Meaning)] = [
    ("pavimento", .ground(.floor)), ("suolo|terra|terreno", .ground(.ground)), ("tavolo|scrivania", .ground(.table)),
    ("erba|prato", .ground(.grass)), ("strada|asfalto", .ground(.street)), ("tavolo da biliardo", .ground(.baize)),
    ("sabbia|spiaggia", .ground(.sand)),
    ("neve", .ground(.snow)), ("pista", .ground(.lane)), ("pista di ghiaccio|lago ghiacciato", .ground(.ice)),
    ("tappeto|moquette", .ground(.carpet)), ("acqua", .liquid("water")), ("acqua di mare|mare", .liquid("seawater")),
    ("olio", .liquid("oil")), ("miele", .liquid("honey")), ("latte", .liquid("milk")), ("mercurio", .liquid("mercury")),
    ("alcol", .liquid("alcohol")), ("pila di|torre di|catasta di|colonna di", .arrangement(.stack)),
    ("pila|torre|catasta", .thing(.tower, isPlural: false)), ("pile|torri", .thing(.tower, isPlural: true)),
    ("fila di|riga di", .arrangement(.row)), ("piramide di", .arrangement(.pyramid)),
    ("piramide", .thing(.pyramid, isPlural: false)),
    ("muro di", .arrangement(.wall)), ("muro di mattoni", .thing(.brickWall, isPlural: false)),
    ("luce del giorno|giorno|sole|all'aperto", .setting(.sky("day"))), ("tramonto|alba", .setting(.sky("sunset"))),
    ("notte", .setting(.sky("night"))), ("cielo coperto|nuvoloso|coperto", .setting(.sky("overcast"))),
    ("studio", .setting(.sky("studio"))),
    ("anime|animazione|stile anime|animazione in stile anime|cartone animato", .setting(.style("anime"))),
    ("cinematografico|cinematografica|ripresa cinematografica|film", .setting(.style("cinematic"))),
    ("realistico|realistica|video realistico", .setting(.style("realistic"))),
    ("luna|sulla luna", .setting(.gravity(1.62))), ("marte|su marte", .setting(.gravity(3.71))),
    ("senza peso|senza gravità|assenza di gravità|nello spazio|spazio", .setting(.gravity(0))),
    ("vento|brezza|tempesta", .setting(.wind)), ("palestra", .setting(.ambience("gym"))),
    ("sala|stanza", .setting(.ambience("hall"))), ("stadio", .setting(.ambience("stadium"))),
    ("officina|fabbrica", .setting(.ambience("workshop"))),
  ]

  private static func adjective(_ stem: String, _ meaning: Meaning) -> (String, Meaning) {
    (["o", "a", "i", "e"].map { stem + $0 }.joined(separator: "|"), meaning)
  }

  private static let descriptions: [(String, Meaning)] = [
    adjective("ner", .color("black")), ("bianco|bianca|bianchi|bianche", .color("white")),
    ("grigio|grigia|grigi|grigie", .color("grey")), adjective("ross", .color("red")), ("arancione|arancioni", .color("orange")),
    ("marrone|marroni", .color("brown")), ("giallo|gialla|gialli|gialle", .color("yellow")), ("verde|verdi", .color("green")),
    adjective("azzurr", .color("skyblue")), ("blu", .color("blue")), ("viola", .color("purple")), ("rosa", .color("pink")),
    ("turchese|turchesi", .color("turquoise")),
    ("legno|quercia", .material("oak")), ("acciaio", .material("steel")), ("metallo|ferro", .material("iron")),
    ("vetro", .material("glass")),
    ("gomma", .material("rubber")), ("plastica", .material("plastic")), ("pietra|granito", .material("granite")),
    ("marmo", .material("marble")), ("ghiaccio", .material("ice")), ("cuoio|pelle", .material("leather")),
    ("sughero", .material("cork")),
    ("carta", .material("paper")), ("cartone", .material("cardboard")), ("oro", .material("gold")),
    ("rame", .material("copper")),
    ("ottone", .material("brass")), ("piombo", .material("lead")), ("alluminio", .material("aluminium")),
    ("gommapiuma", .material("foam")),
    ("ceramica|porcellana", .material("ceramic")), ("cemento|calcestruzzo", .material("concrete")),
    ("argilla|creta", .material("clay")), ("a strisce|a righe", .pattern("stripes")),
    ("a scacchi|a quadri", .pattern("checker")),
    ("piastrelle", .material("tiles")),
    ("grande|grandi|grosso|grossa|grossi|grosse", .size(1.6)), ("enorme|enormi|gigante|giganti", .size(2.5)),
    ("piccolo|piccola|piccoli|piccole", .size(0.6)), ("minuscolo|minuscola|minuscoli|minuscole", .size(0.35)),
    ("pesante|pesanti", .weight(4)), ("leggero|leggera|leggeri|leggere", .weight(0.25)),
    ("veloce|velocemente|rapidamente|in fretta|forte", .haste(1.8)), ("lentamente|piano|lento|lenta|dolcemente", .haste(0.5)),
  ]

  private static let deeds: [(String, Meaning)] = [
    (
      "cade|cadono|cadere|cadendo|viene lasciata cadere|viene lasciato cadere|lascia cadere|precipita|si tuffa|si tuffano",
      .verb(.falls)
    ),
    ("rimbalza|rimbalzano|rimbalzando|atterra|atterrano", .verb(.bounces)), ("rotola|rotolano|rotolando", .verb(.rolls)),
    ("scivola|scivolano|scivolando", .verb(.slides)),
    (
      "vola|volano|lanciata|lanciato|lanciati|lanciate|lancia|tirata|tirato|è lanciata|è lanciato|viene lanciata|viene lanciato|sono lanciati|sono lanciate|calciato|calciata",
      .verb(.flies)
    ),
    ("colpisce|colpiscono|urta|urtano|sbatte contro|va a sbattere contro|abbatte|fa cadere|si schianta contro", .verb(.hits)),
    ("è colpita da|è colpito da|viene colpita da|viene colpito da|colpita da|colpito da|colpiti da|colpite da", .verb(.isHit)),
    ("si scontrano|si scontra|collidono|si urtano", .verb(.collides)),
    ("oscilla|oscillano|dondola|dondolano|pende|pendono", .verb(.swings)),
    ("galleggia|galleggiano", .verb(.floats)), ("affonda|affondano", .verb(.sinks)),
    ("gira|girano|ruota|ruotano|gira su se stessa|gira su se stesso", .verb(.spins)),
    ("si rovescia|si rovesciano|crolla|crollano|cadono una dopo l'altra|cadono uno dopo l'altro", .verb(.topples)),
    ("si rompe|si rompono|rompe|va in pezzi|vanno in pezzi|va in frantumi|spacca", .verb(.shatters)),
    (
      "sta|stanno|giace|è fermo|è ferma|si ferma|si fermano|alla fine si ferma|alla fine si fermano",
      .verb(.rests)
    ),
    ("sventola|sventolano|ondeggia", .verb(.flutters)), ("scorre|si versa|cola|versato|versata", .verb(.pours)),
    ("si muove|si muovono", .verb(.moves)), ("manca|sbaglia", .verb(.misses)),
  ]

  private static let grammar: [(String, Meaning)] = [
    ("metro|metri", .unit(.length(1))), ("centimetro|centimetri", .unit(.length(0.01))), ("secondo|secondi", .unit(.time(1))),
    ("chilo|chili|chilogrammi", .unit(.mass(1))), ("grammi", .unit(.mass(0.001))), ("grado|gradi", .unit(.angle(1))),
    ("metri al secondo", .unit(.speed(1))),
    ("su|sul|sulla|sui|sulle|sullo|sugli|sull'|sopra|lungo", .relation(.on)),
    ("in|nel|nella|nei|nelle|nello|nell'|dentro", .relation(.into)),
    ("da|dal|dalla|dall'|dallo|dai|dalle|da un'altezza di|dall'altezza di", .relation(.from)),
    ("giù per|giù da|giù dal|giù dalla|lungo una", .relation(.down)),
    ("contro|verso|addosso a", .relation(.against)), ("accanto a|vicino a|dietro|davanti a|tra", .relation(.beside)),
    ("a|al|alla|ai|alle|allo|all'", .relation(.at)), ("per|dura", .relation(.during)),
    ("a sinistra|verso sinistra|da destra a sinistra", .heading(.left)),
    ("a destra|verso destra|da sinistra a destra", .heading(.right)),
    ("verso la telecamera|verso la camera", .heading(.towards)),
    ("si allontana dalla telecamera|lontano dalla telecamera", .heading(.away)),
    ("il|lo|la|i|gli|le|l'", .definite), ("un|una|un'", .indefinite), ("un paio di", .number(2)),
    ("alcuni|alcune|diverse|diversi", .number(5)),
    ("una dozzina di", .number(12)), ("molti|molte", .number(12)),
    ("esso|essa|essi|esse|l'uno verso l'altro|l'una verso l'altra|tra loro|fra loro", .pronoun),
    ("che|la quale|il quale", .relative), ("e|ed|poi|mentre|ma", .and), ("di|del|della|dei|delle|dell'|d'|con", .of),
    ("dopo", .after),
    (
      "è|sono|viene|vengono|tutti|tutte|tutti e|altri|altre|più volte|due volte|una volta|tre volte|avanti e indietro|alla fine|video|aria|in aria|nell'aria|alto|alta|da solo|si|se|inquadratura|scena|altezza|descrivendo un arco|in moto|mette",
      .filler
    ),
  ]
}

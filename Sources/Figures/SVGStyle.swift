/// The style sheet of an SVG picture.
///
/// Plain class rules, given once for a light and once for a dark page: drawing programs that know no custom
/// properties still show the light ones.
struct SVGStyle {
  /// The shades of regions, light and dark.
  let shades: (light: [Colour], dark: [Colour])
  /// The number of layers.
  let layers: Int
  /// How much thinner and fainter than usual lines are, 0...1.
  let lineScale: Double
  /// Whether a preference for dark pages is followed.
  var followsScheme = true

  /// A serif for titles, from what is installed.
  static let serif = "Charter,'Bitstream Charter','Iowan Old Style',Cambria,Georgia,'DejaVu Serif',serif"
  /// A sans serif for labels, from what is installed.
  static let sans =
    "'Source Sans 3','Helvetica Neue',Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif"

  /// The rules.
  var css: String {
    var text = """
      text{font-family:\(Self.sans);font-size:12px}
      .title{font-family:\(Self.serif);font-size:21px}
      .caption{font-size:13px}.note{font-size:11px}.head{font-size:12px;font-weight:600}
      .end{text-anchor:end}.mid{text-anchor:middle}
      .frame,.tick,.bar{fill:none;stroke-width:1}
      .r{stroke-width:.5;stroke-linejoin:round}
      .wall{fill:none;stroke-linecap:round;stroke-linejoin:round}
      .hit{fill:none;stroke:#000;stroke-opacity:0;stroke-width:9}
      .h{stroke-dasharray:3 3.5;stroke-width:.9;stroke-linecap:butt}
      .level,.halo{fill:none;stroke-linecap:round;stroke-linejoin:round}
      .level{stroke-width:2.2}.halo{stroke-width:5;stroke-opacity:.75}
      .r:hover,.f:hover{stroke-width:2}

      """
    for widthClass in 0...WeightScale.widest {
      let width = WeightScale.width(ofClass: widthClass)
      text += ".w\(widthClass){stroke-width:\(NumberText.code(width, digits: 3))}"
      if lineScale < 1 {
        let thin = NumberText.code(width * max(0.3, lineScale), digits: 3)
        text += ".walls .w\(widthClass){stroke-width:\(thin)}"
      }
    }
    text += "\n.walls{opacity:\(NumberText.code(min(1, max(0.04, 1.6 * lineScale)), digits: 2))}\n"
    text += rules(.light, shades.light)
    if followsScheme {
      text += "@media (prefers-color-scheme:dark){\n" + rules(.dark, shades.dark) + "}\n"
    }
    return text
  }

  private func rules(_ palette: Palette, _ shades: [Colour]) -> String {
    var text = """
      .paper{fill:\(palette.paper.hex)}text{fill:\(palette.ink.hex)}.quiet{fill:\(palette.quietInk.hex)}
      .frame,.tick,.bar{stroke:\(palette.rule.hex)}.none{fill:\(palette.paper.hex);stroke:\(palette.paper.hex)}
      .level{stroke:\(palette.ink.hex)}.halo{stroke:\(palette.paper.hex)}.sample{stroke:\(palette.quietInk.hex)}
      .r:hover,.f:hover{stroke:\(palette.ink.hex)}
      .surface{fill:\(palette.ink.hex);stroke:\(palette.ink.hex)}

      """
    for (index, colour) in shades.enumerated() {
      text += ".v\(index){fill:\(colour.hex);stroke:\(colour.hex)}"
    }
    text += "\n"
    for layer in 1...max(1, min(layers, palette.layers.count)) {
      text += ".l\(layer){stroke:\(palette.layer(layer).hex)}.f.l\(layer){fill:\(palette.layer(layer).hex)}"
    }
    return text + "\n"
  }
}

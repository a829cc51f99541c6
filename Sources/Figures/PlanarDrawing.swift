/// The shapes of a planar figure as SVG elements, in a box of `width` × `height` pixels with y down.
struct PlanarDrawing {
  let figure: PlanarFigure
  let simplification: PlanarSimplification
  let shades: RegionShades
  let weights: WeightScale
  let width: Double
  let height: Double

  /// The drawing of `figure`, `width` pixels wide, with at most `limit` regions as shapes.
  init(of figure: PlanarFigure, width: Double, limit: Int) {
    self.figure = figure
    self.width = width
    // True to scale where that leaves a picture of usable shape; otherwise the axes are scaled apart.
    let ratio = figure.vertical.span / figure.horizontal.span
    height = (ratio >= 0.4 && ratio <= 1.6 ? width * ratio : width).rounded()
    let points = Self.rasterSize(width: width, height: height)
    simplification = PlanarSimplification(
      of: figure, limit: limit, width: points.width, height: points.height)
    shades = RegionShades(of: figure)
    weights = WeightScale(for: figure.walls.filter(\.isVisible).map(\.weight))
  }

  /// The size of a raster with two points to a pixel, within reason.
  static func rasterSize(width: Double, height: Double) -> (width: Int, height: Int) {
    let scale = min(2, 1400 / max(width, height))
    return (Int((width * scale).rounded()), Int((height * scale).rounded()))
  }

  /// The typical distance between walls in pixels: the side of a square as large as the mean region.
  var spacing: Double { (width * height / Double(max(1, figure.regions.count))).squareRoot() }

  /// The layers that occur, increasing, each with its number of neurons.
  var layers: [(layer: Int, neurons: Int)] { FigureNeuron.layers(of: figure.walls.lazy.map(\.neurons)) }

  /// The regions that are shapes; with `describes`, each with a title that tells about it.
  func regions(describes: Bool) -> String {
    var text = ""
    for index in simplification.shapes {
      let region = figure.regions[index]
      text += "<polygon class=\"r \(shadeClass(index))\" data-r=\"\(index)\" points=\""
      for corner in region.corners {
        text += point(figure.fractions(at: corner)) + " "
      }
      text += "\""
      if describes {
        text += "><title>\(FigureText.of(region, in: figure).escapedForMarkup)</title></polygon>\n"
      } else {
        text += "/>"
      }
    }
    return text
  }

  /// All regions as one image; empty where every region is a shape.
  func background(colours: [Colour]) -> String {
    if simplification.isComplete { return "" }
    let size = Self.rasterSize(width: width, height: height)
    let raster = figure.raster(width: size.width, height: size.height) { shades.steps[$0] }
    let image = IndexedPNG(width: size.width, height: size.height, pixels: raster.pixels, colours: colours)
    let box = "width=\"\(NumberText.code(width))\" height=\"\(NumberText.code(height))\""
    return "<image \(box) preserveAspectRatio=\"none\" href=\"\(image.dataURI)\"/>\n"
  }

  /// The walls, deepest layer first, one group for each layer; with `describes`, each with a title.
  func walls(describes: Bool) -> String {
    var byLayer: [Int: [Int]] = [:]
    for (index, curve) in simplification.curves.enumerated() {
      byLayer[curve.neurons.map(\.layer).min() ?? 1, default: []].append(index)
    }
    // Lines of a few pixels are hard to hit; where there are not too many, a clear broad line lies under each.
    let widens = describes && simplification.curves.count <= 3_000
    var text = ""
    for (layer, indices) in byLayer.sorted(by: { $0.key > $1.key }) {
      text += "<g data-layer=\"\(layer)\">\n"
      for index in indices {
        let curve = simplification.curves[index]
        let points = stride(from: 0, to: curve.points.count, by: 2)
          .map { point([curve.points[$0], curve.points[$0 + 1]]) }.joined(separator: " ")
        let line =
          "<polyline class=\"wall \(Self.layerClass(layer)) "
          + (curve.isVisible ? "w\(weights.widthClass(of: curve.weight))" : "h")
          + "\" data-c=\"\(index)\" points=\"\(points)\""
        if !describes {
          text += line + "/>"
          continue
        }
        let name = FigureText.ofWall(neurons: curve.neurons, weight: curve.weight, isVisible: curve.isVisible)
        let title = "<title>\(name.escapedForMarkup)</title>"
        if widens {
          text += "<g>\(title)<polyline class=\"hit\" points=\"\(points)\"/>\(line)/></g>\n"
        } else {
          text += "\(line)>\(title)</polyline>\n"
        }
      }
      text += "</g>\n"
    }
    return text
  }

  /// The level set with a halo.
  var levelSet: String {
    guard let levelSet = figure.levelSet, !levelSet.segments.isEmpty else { return "" }
    var path = ""
    for index in stride(from: 0, to: levelSet.segments.count, by: 4) {
      let ends = [0, 2].map { end in
        point([
          figure.horizontal.fraction(levelSet.segments[index + end]),
          figure.vertical.fraction(levelSet.segments[index + end + 1]),
        ])
      }
      path += "M\(ends[0])L\(ends[1])"
    }
    return "<g class=\"levelset\"><path class=\"halo\" d=\"\(path)\"/><path class=\"level\" d=\"\(path)\">"
      + "<title>\(levelSet.label.escapedForMarkup)</title></path></g>\n"
  }

  /// The class of a layer's colour.
  static func layerClass(_ layer: Int) -> String {
    "l\((max(1, layer) - 1) % Palette.light.layers.count + 1)"
  }

  private func shadeClass(_ region: Int) -> String {
    shades.steps[region] == RegionRaster.empty ? "none" : "v\(shades.steps[region])"
  }

  private func point(_ fractions: [Double]) -> String {
    Self.hundredths(fractions[0] * width) + "," + Self.hundredths((1 - fractions[1]) * height)
  }

  /// `value` with two decimals at most, fast.
  static func hundredths(_ value: Double) -> String {
    let count = Int((max(-1e12, min(1e12, value)) * 100).rounded())
    let (whole, part) = (count.magnitude / 100, count.magnitude % 100)
    let sign = count < 0 ? "-" : ""
    if part == 0 { return "\(sign)\(whole)" }
    return part % 10 == 0 ? "\(sign)\(whole).\(part / 10)" : "\(sign)\(whole).\(part < 10 ? "0" : "")\(part)"
  }
}

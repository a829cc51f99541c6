extension PlanarFigure {
  /// The figure as a self-contained SVG document.
  ///
  /// Regions are shaded, walls are coloured by layer and as wide as their weight, hidden walls are thin and dashed.
  /// Region and walls carry titles, which browsers show under the pointer. The picture follows a preference for
  /// dark pages. Of very many regions the smallest are painted as points, which a line at the bottom says.
  public func svg(options: SVGOptions = SVGOptions()) -> String {
    let drawing = PlanarDrawing(of: self, width: options.plotWidth, limit: options.shapeLimit)
    let isVivid = options.colours.isVivid(regions: regions.count)
    let layers = drawing.layers
    let style = SVGStyle(
      shades: (
        drawing.shades.colours(.light, isVivid: isVivid), drawing.shades.colours(.dark, isVivid: isVivid)
      ),
      layers: layers.last?.layer ?? 1, lineScale: min(1, drawing.spacing / 16))
    var sheet = SVGSheet(title: title, caption: caption, plotWidth: drawing.width, plotHeight: drawing.height)
    sheet.legend = legend(drawing, layers: layers)
    sheet.notes = drawing.simplification.notes
    let description =
      "\(NumberText.grouped(regions.count)) regions shaded by \(shading.title); "
      + "\(NumberText.grouped(walls.count)) walls; "
      + "\(horizontal.title) from \(NumberText.readable(horizontal.range.lowerBound)) to "
      + "\(NumberText.readable(horizontal.range.upperBound)), \(vertical.title) from "
      + "\(NumberText.readable(vertical.range.lowerBound)) to \(NumberText.readable(vertical.range.upperBound))."
    let plot =
      "<g clip-path=\"url(#plot)\">\n"
      + drawing.background(colours: drawing.shades.colours(.light, isVivid: isVivid))
      + "<g class=\"regions\">\n\(drawing.regions(describes: true))</g>\n"
      + "<g class=\"walls\">\n\(drawing.walls(describes: true))</g>\n" + drawing.levelSet + "</g>\n"
      + SVGSheet.axes(horizontal, vertical, width: drawing.width, height: drawing.height)
    return sheet.document(plot: plot, css: style.css, description: description)
  }

  private func legend(_ drawing: PlanarDrawing, layers: [(layer: Int, neurons: Int)]) -> SVGLegend {
    var legend = SVGLegend()
    legend.heading(shading.title)
    legend.shades(drawing.shades.key)
    if !layers.isEmpty {
      legend.heading("Bent hyperplanes")
      for (layer, neurons) in layers.prefix(8) {
        legend.line(
          "wall w3 \(PlanarDrawing.layerClass(layer))",
          "layer \(layer) · \(NumberText.grouped(neurons)) neuron\(neurons == 1 ? "" : "s")")
      }
      if layers.count > 8 { legend.line("", "and \(layers.count - 8) deeper layers") }
      if walls.contains(where: { !$0.isVisible }) { legend.line("wall h sample", "hidden: no bend") }
    }
    if walls.contains(where: \.isVisible) {
      legend.heading("Jump of the gradient")
      legend.widths(drawing.weights)
    }
    if let levelSet {
      legend.heading("Level set")
      legend.line("level", levelSet.label)
    }
    return legend
  }
}

/// The style sheet that all pages share.
enum PageStyle {
  /// The colours as custom properties, light, dark, and light again for paper.
  static var colours: String {
    func properties(_ palette: Palette) -> String {
      let layers = palette.layers.enumerated().map { "--l\($0 + 1):\($1.hex)" }.joined(separator: ";")
      return "--paper:\(palette.paper.hex);--ink:\(palette.ink.hex);--quiet:\(palette.quietInk.hex);"
        + "--rule:\(palette.rule.hex);\(layers)"
    }
    return """
      :root{color-scheme:light dark;\(properties(.light))}
      @media (prefers-color-scheme:dark){:root{\(properties(.dark))}}
      @media print{:root{color-scheme:light;\(properties(.light));--paper:#fff}}

      """
  }

  /// The layout: the plot beside its legend, one under the other where the window is narrow.
  static var layout: String {
    """
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);font:14px/1.45 \(SVGStyle.sans)}
    .page{max-width:1180px;margin:0 auto;padding:28px 28px 20px}
    header{margin:0 0 14px;max-width:62em}
    h1{font:400 24px/1.25 \(SVGStyle.serif);margin:0 0 4px;overflow-wrap:anywhere}
    header p{margin:0;color:var(--quiet)}
    main{display:grid;grid-template-columns:minmax(0,1fr) 250px;gap:30px;align-items:start}
    .stage{position:relative;width:100%;touch-action:none;outline:none;user-select:none;-webkit-user-select:none}
    .stage canvas,.stage svg{position:absolute;left:0;top:0;display:block}
    .stage svg{width:100%;height:100%}
    .stage:focus-visible .frame{stroke:var(--ink);stroke-width:1.8}
    aside section{margin:0 0 18px}
    h2{font-size:12px;font-weight:600;letter-spacing:.02em;margin:0 0 6px}
    .details{min-height:14.5em;border-top:1.5px solid var(--ink);padding-top:9px}
    .details h3{font-size:14px;font-weight:600;margin:0 0 3px}
    .details h3:not(:first-child){margin-top:9px}
    dl{display:grid;grid-template-columns:fit-content(8.5em) minmax(0,1fr);gap:1px 12px;margin:0}
    dt{color:var(--quiet)}dd{margin:0;overflow-wrap:break-word;font-variant-numeric:tabular-nums}
    dd.code{font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;font-size:12px;max-height:5.8em;
    overflow:auto}
    .hint,.keys{color:var(--quiet)}
    .keys,.notes{font-size:12px;margin:12px 0 0;max-width:70em}
    .notes{color:var(--quiet)}.notes p{margin:0 0 3px}
    label.row,.row{display:flex;align-items:center;gap:9px;min-height:23px}
    .row .count{margin-left:auto;color:var(--quiet);font-variant-numeric:tabular-nums}
    .line{display:inline-block;width:22px;border-top:2.5px solid currentColor;flex:none}
    .line.dash{border-top:1.5px dashed var(--quiet)}.line.level{border-top:2.5px solid var(--ink)}
    .box{display:inline-block;width:22px;height:12px;flex:none}
    input[type=checkbox]{margin:0;accent-color:var(--ink)}input[type=range]{width:100%;accent-color:var(--ink)}
    select,button{font:inherit;font-size:13px;color:var(--ink);background:transparent;border:1px solid var(--rule);
    border-radius:3px;padding:3px 8px}
    select{width:100%;margin-bottom:7px}option{background:var(--paper)}
    button{min-width:30px;cursor:pointer}button:hover{border-color:var(--ink)}
    .buttons{display:flex;gap:6px;margin-top:8px;align-items:center}
    .bar{height:13px;border:1px solid var(--rule)}
    .scale{position:relative;height:20px;font-size:12px;font-variant-numeric:tabular-nums}
    .scale span{position:absolute;top:2px;transform:translateX(-50%);white-space:nowrap}
    kbd{font:inherit;border:1px solid var(--rule);border-radius:3px;padding:0 4px}
    @media screen{.paper-only{display:none}}
    [hidden]{display:none!important}
    @media (max-width:820px){.page{padding:16px 14px}main{grid-template-columns:minmax(0,1fr);gap:14px}
    .details{min-height:9em}}
    @media print{.page{padding:0 6px;max-width:none}
    .keys,.buttons,select,.details,input,.screen,#marks{display:none!important}
    main{display:block}.stage{width:640px}aside{display:flex;gap:34px;margin:14px 0 0 66px}
    .row{white-space:nowrap}aside section{min-width:150px}}

    """
  }

  /// The whole document around the body of a page.
  static func document(title: String, style: String, body: String, data: String, script: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width,initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
    script-src 'unsafe-inline'; img-src data:">
    <title>\(title.escapedForMarkup)</title>
    <style>
    \(colours)\(layout)\(style)</style>
    </head>
    <body>
    \(body)
    <script type="application/json" id="figure-data">
    \(data)
    </script>
    <script>
    \(script)
    </script>
    </body>
    </html>

    """
  }

  /// Title and caption.
  static func header(title: String, caption: [String]) -> String {
    "<header><h1>\(title.escapedForMarkup)</h1>\n"
      + caption.map { "<p>\($0.escapedForMarkup)</p>\n" }.joined() + "</header>"
  }

  /// A row with a check box for each layer.
  static func layerRows(_ layers: [(layer: Int, neurons: Int)]) -> String {
    layers.map { layer, neurons in
      let count = "\(NumberText.grouped(neurons)) neuron\(neurons == 1 ? "" : "s")"
      let colour = "var(--\(PlanarDrawing.layerClass(layer)))"
      return "<label class=\"row\"><input type=\"checkbox\" data-layer=\"\(layer)\" checked>"
        + "<span class=\"line\" style=\"color:\(colour)\"></span>layer \(layer)<span class=\"count\">\(count)</span></label>"
    }.joined(separator: "\n")
  }
}

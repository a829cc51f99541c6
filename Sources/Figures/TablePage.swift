/// A page that needs nothing else: a picture with a table of numbers below it.
enum TablePage {
  /// The document.
  ///
  /// - Parameters:
  ///   - title: The title of the window.
  ///   - svg: The picture.
  ///   - columns: The heads of the table.
  ///   - rows: Its rows, of as many cells; the first cell of each is its name.
  static func document(title: String, svg: String, columns: [String], rows: [[String]]) -> String {
    let head = columns.map { "<th scope=\"col\">\($0.escapedForMarkup)</th>" }.joined()
    let body = rows.map { row in
      let cells = row.enumerated().map { place, cell in
        place == 0
          ? "<th scope=\"row\">\(cell.escapedForMarkup)</th>" : "<td>\(cell.escapedForMarkup)</td>"
      }
      return "<tr>\(cells.joined())</tr>"
    }.joined(separator: "\n")
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width,initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>\(title.escapedForMarkup)</title>
      <style>
      \(PageStyle.colours)\(style)</style>
      </head>
      <body>
      <figure>
      \(svg)</figure>
      <div class="table">
      <table>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body)
      </tbody>
      </table>
      </div>
      </body>
      </html>

      """
  }

  private static let style = """
    *{box-sizing:border-box}
    body{margin:0 auto;padding:20px 14px 32px;max-width:1180px;background:var(--paper);color:var(--ink);
    font:14px/1.45 \(SVGStyle.sans)}
    figure{margin:0}figure svg{display:block;width:100%;height:auto}
    .table{overflow-x:auto;margin:18px 0 0;padding:0 14px}
    table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
    th,td{padding:4px 12px 4px 0;text-align:right;white-space:nowrap}
    th:first-child{text-align:left}
    thead th{font-weight:600;border-bottom:1.5px solid var(--ink);vertical-align:bottom}
    tbody th{font-weight:400}tbody tr+tr>*{border-top:1px solid color-mix(in srgb,var(--rule) 35%,transparent)}

    """
}

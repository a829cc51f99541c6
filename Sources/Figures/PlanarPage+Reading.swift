extension PlanarPage {
  /// The script that unpacks the figure: regions, curves, shades.
  static let reading = #"""
    // ---- The figure ----------------------------------------------------------------------------------------
    // Points are in fractions of the axes: (0, 0) at the lower left of the whole picture, (1, 1) at the upper right.

    const [across, up] = data.axes;
    const points = floats(data.points), starts = integers(data.starts), corners = integers(data.corners);
    const values = floats(data.values);
    const functions = data.functions ? floats(data.functions) : null;
    const categories = data.categories ? integers(data.categories) : null;
    const ids = data.ids ? integers(data.ids) : null;
    const labels = data.labels;
    const regionCount = starts.length - 1;
    const usesElements = data.mode === 'elements';

    const curveStarts = integers(data.curveStarts), curvePoints = floats(data.curvePoints);
    const curveSets = integers(data.curveSets), curveWeights = floats(data.curveWeights);
    const curveCount = curveStarts.length - 1;
    const level = data.level ? floats(data.level) : null;

    // The box around each region and each curve: left, low, right, high.
    function boxes(count, box) {
      const array = new Float32Array(4 * count);
      for (let i = 0; i < count; i++) {
        let left = Infinity, low = Infinity, right = -Infinity, high = -Infinity;
        box(i, (x, y) => {
          if (x < left) left = x;
          if (x > right) right = x;
          if (y < low) low = y;
          if (y > high) high = y;
        });
        array.set([left, low, right, high], 4 * i);
      }
      return array;
    }
    const regionBoxes = boxes(regionCount, (i, add) => {
      for (let j = starts[i]; j < starts[i + 1]; j++) add(points[2 * corners[j]], points[2 * corners[j] + 1]);
    });
    const curveBoxes = boxes(curveCount, (i, add) => {
      for (let j = curveStarts[i]; j < curveStarts[i + 1]; j++) add(curvePoints[2 * j], curvePoints[2 * j + 1]);
    });

    // Curves by colour and width: those of one bucket are stroked in one go.
    const isHidden = (curve) => curveWeights[curve] < 0;
    const widthClass = (weight) => Math.round(5 * Math.min(1, Math.max(0, weight / data.fullWeight)));
    const widthOf = (step) => 0.7 + 0.46 * step;
    const buckets = new Map();
    for (let i = 0; i < curveCount; i++) {
      const layer = lowestLayer(data.neuronSets[curveSets[i]]);
      const width = isHidden(i) ? 'hidden' : widthClass(curveWeights[i]);
      const key = layer + ' ' + width;
      if (!buckets.has(key)) buckets.set(key, { layer, width, curves: [] });
      buckets.get(key).curves.push(i);
    }
    const bucketList = [...buckets.values()].sort((a, b) => b.layer - a.layer);

    // Neurons in order, and the curves of each.
    const curvesOfSet = data.neuronSets.map(() => []);
    for (let i = 0; i < curveCount; i++) curvesOfSet[curveSets[i]].push(i);
    const neurons = [];
    const neuronNumber = new Map();
    data.neuronSets.forEach((set, index) => {
      for (let j = 0; j < set.length; j += 2) {
        const name = set[j] + ' ' + set[j + 1];
        if (!neuronNumber.has(name)) {
          neuronNumber.set(name, neurons.length);
          neurons.push({ layer: set[j], index: set[j + 1], sets: [] });
        }
        neurons[neuronNumber.get(name)].sets.push(index);
      }
    });
    const neuronOrder = neurons.map((_, i) => i).sort(
      (a, b) => neurons[a].layer - neurons[b].layer || neurons[a].index - neurons[b].index);

    // ---- What is shown -------------------------------------------------------------------------------------

    const shown = { layers: new Set(neurons.map((n) => n.layer)), hidden: true, level: true };
    let shading = data.shading, strength = data.vivid ? 'vivid' : 'quiet';
    const steps = new Uint8Array(regionCount);
    const shadings = [['value', data.valueTitle]];
    if (functions) shadings.push(['gradient', 'Length of the gradient']);
    if (categories) shadings.unshift(['category', 'Class']);
    shadings.push(['none', 'no shade']);
    if (data.valueTitle === 'Length of the gradient' && functions) shadings.splice(1, 1);

    const gradient = (i) => Math.hypot(functions[3 * i], functions[3 * i + 1]);
    const scale = () => shading === 'gradient' ? data.gradientScale : data.valueScale;
    const colours = () => table(shading === 'category' ? 'category' : strength);
    function chooseSteps() {
      for (let i = 0; i < regionCount; i++) {
        if (shading === 'none') steps[i] = 255;
        else if (shading === 'category') steps[i] = categories[i] > 1e9 ? 255 : categories[i] % 8;
        else steps[i] = stepOf(shading === 'gradient' ? gradient(i) : values[i], scale(), 64);
      }
    }
    chooseSteps();

    """#

  /// The script that finds what lies under a point.
  static let finding = #"""
    // ---- Finding -------------------------------------------------------------------------------------------
    // A grid of cells over the picture, each with the regions and the pieces of curves that may meet it.

    const cells = Math.max(4, Math.min(256, Math.ceil(Math.sqrt(regionCount))));
    const cellOf = (x) => Math.max(0, Math.min(cells - 1, Math.floor(x * cells)));

    // Lists by cell, packed in two arrays: `visit` calls back with each cell and item, the same twice over.
    function pack(visit) {
      const begin = new Uint32Array(cells * cells + 1);
      visit((cell) => begin[cell + 1]++);
      for (let i = 0; i < cells * cells; i++) begin[i + 1] += begin[i];
      const fill = begin.slice(), items = new Uint32Array(begin[cells * cells]);
      visit((cell, item) => { items[fill[cell]++] = item; });
      return { begin, items };
    }

    const regionGrid = pack((put) => {
      for (let i = 0; i < regionCount; i++) {
        const [left, low, right, high] = regionBoxes.subarray(4 * i, 4 * i + 4);
        for (let row = cellOf(low); row <= cellOf(high); row++) {
          for (let column = cellOf(left); column <= cellOf(right); column++) put(row * cells + column, i);
        }
      }
    });

    // Pieces of curves are numbered by their first point; long ones only enter the cells near their line.
    const pieceCurve = new Uint32Array(curvePoints.length / 2);
    for (let i = 0; i < curveCount; i++) pieceCurve.fill(i, curveStarts[i], curveStarts[i + 1]);
    const pieceGrid = pack((put) => {
      for (let i = 0; i < curveCount; i++) {
        for (let j = curveStarts[i]; j + 1 < curveStarts[i + 1]; j++) {
          const x0 = curvePoints[2 * j], y0 = curvePoints[2 * j + 1];
          const x1 = curvePoints[2 * j + 2], y1 = curvePoints[2 * j + 3];
          const first = cellOf(Math.min(x0, x1)), last = cellOf(Math.max(x0, x1));
          for (let column = first; column <= last; column++) {
            const at = (x) => x1 === x0 ? y0 : y0 + (y1 - y0) * Math.max(0, Math.min(1, (x - x0) / (x1 - x0)));
            let a = at(column / cells), b = at((column + 1) / cells);
            if (x1 === x0) { a = y0; b = y1; }
            for (let row = cellOf(Math.min(a, b)); row <= cellOf(Math.max(a, b)); row++) put(row * cells + column, j);
          }
        }
      }
    });

    function regionAt(x, y) {
      if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return -1;
      const cell = cellOf(y) * cells + cellOf(x);
      for (let k = regionGrid.begin[cell]; k < regionGrid.begin[cell + 1]; k++) {
        const i = regionGrid.items[k];
        let inside = false;
        for (let j = starts[i], last = starts[i + 1] - 1; j < starts[i + 1]; last = j++) {
          const ax = points[2 * corners[j]], ay = points[2 * corners[j] + 1];
          const bx = points[2 * corners[last]], by = points[2 * corners[last] + 1];
          if (ay > y !== by > y && x < ax + (bx - ax) * (y - ay) / (by - ay)) inside = !inside;
        }
        if (inside) return i;
      }
      return -1;
    }

    function isShown(curve) {
      if (isHidden(curve) && !shown.hidden) return false;
      return shown.layers.has(lowestLayer(data.neuronSets[curveSets[curve]]));
    }

    // The curve nearest to (x, y) within `reach` pixels, where a unit of x is `wide` and of y `tall` pixels.
    function curveAt(x, y, wide, tall, reach) {
      let best = -1, least = reach * reach;
      const seen = (lowX, highX, lowY, highY) => {
        for (let row = lowY; row <= highY; row++) {
          for (let column = lowX; column <= highX; column++) {
            const cell = row * cells + column;
            for (let k = pieceGrid.begin[cell]; k < pieceGrid.begin[cell + 1]; k++) {
              const j = pieceGrid.items[k];
              const ax = (curvePoints[2 * j] - x) * wide, ay = (curvePoints[2 * j + 1] - y) * tall;
              const dx = (curvePoints[2 * j + 2] - x) * wide - ax, dy = (curvePoints[2 * j + 3] - y) * tall - ay;
              const square = dx * dx + dy * dy;
              const t = square > 0 ? Math.max(0, Math.min(1, -(ax * dx + ay * dy) / square)) : 0;
              const miss = (ax + t * dx) ** 2 + (ay + t * dy) ** 2;
              if (miss < least && isShown(pieceCurve[j])) {
                least = miss;
                best = pieceCurve[j];
              }
            }
          }
        }
      };
      seen(cellOf(x - reach / wide), cellOf(x + reach / wide), cellOf(y - reach / tall), cellOf(y + reach / tall));
      return best;
    }

    """#
}

extension PlanarPage {
  /// The script that paints regions, walls, axes and marks in the present view.
  static let painting = #"""
    // ---- View ----------------------------------------------------------------------------------------------
    // (left, top) is the point of the picture at the upper left of the plot, y counted down from its upper edge;
    // `zoom` is how much larger than whole it is.

    const stage = byId('plot'), drawing = byId('drawing'), canvas = byId('canvas');
    const world = byId('world'), marks = byId('marks'), axes = byId('axes');
    const margin = { left: 66, top: 10, right: 16, bottom: 52 };
    const view = { left: 0, top: 0, zoom: 1 };
    let wide = 100, tall = 100;
    const screenX = (x) => (x - view.left) * view.zoom * wide;
    const screenY = (y) => (1 - y - view.top) * view.zoom * tall;
    const pictureX = (px) => px / (view.zoom * wide) + view.left;
    const pictureY = (py) => 1 - (py / (view.zoom * tall) + view.top);

    function fit() {
      const room = roomAcross(stage), narrow = room < 520;
      margin.left = narrow ? 50 : 66;
      wide = Math.max(50, room - margin.left - margin.right);
      // On a low window the picture gets less high rather than out of sight.
      tall = Math.max(50, Math.min(wide * data.height / data.width, roomBelow(215)));
      wide = Math.min(wide, tall * data.width / data.height);
      stage.style.height = tall + margin.top + margin.bottom + 'px';
      drawing.removeAttribute('viewBox');
      byId('origin').setAttribute('transform', `translate(${margin.left} ${margin.top})`);
      const clip = document.querySelector('#inside rect');
      clip.setAttribute('width', wide);
      clip.setAttribute('height', tall);
      if (canvas) {
        const ratio = devicePixelRatio || 1;
        canvas.width = Math.round(wide * ratio);
        canvas.height = Math.round(tall * ratio);
        canvas.style.cssText =
          `left:${margin.left}px;top:${margin.top}px;width:${wide}px;height:${tall}px`;
      }
    }

    // Typical distance between walls in pixels; lines get thinner and fainter where it is small.
    const spacing = () => Math.sqrt(wide * tall / Math.max(1, data.regionCount)) * view.zoom;
    const lineScale = () => Math.max(0.3, Math.min(1, spacing() / 14));
    const lineOpacity = () => Math.max(0.04, Math.min(1, spacing() / 9));

    // ---- Shapes as elements --------------------------------------------------------------------------------

    const regionElements = usesElements ? [...document.querySelectorAll('#regions polygon')] : [];
    function paintElements() {
      const shades = colours();
      regionElements.forEach((shape, i) => {
        const colour = steps[i] === 255 ? 'none' : shades[steps[i]];
        shape.style.fill = colour;
        shape.style.stroke = colour;
      });
      for (const line of document.querySelectorAll('#walls polyline')) {
        line.style.display = isShown(Number(line.dataset.c)) ? '' : 'none';
      }
      const curve = document.querySelector('.levelset');
      if (curve) curve.style.display = shown.level ? '' : 'none';
      document.body.dataset.drawnRegions = regionElements.length;
    }
    function placeElements() {
      const sx = view.zoom * wide / data.width, sy = view.zoom * tall / data.height;
      world.setAttribute('transform',
        `matrix(${sx} 0 0 ${sy} ${-view.left * view.zoom * wide} ${-view.top * view.zoom * tall})`);
    }

    // ---- Shapes on the canvas ------------------------------------------------------------------------------

    const pen = canvas && canvas.getContext('2d', { alpha: true });
    const snapshot = canvas && document.createElement('canvas');
    let snapshotView = null, cost = 0, later = 0;
    const rasters = {};

    // All regions as points, coloured for the present shading.
    function raster() {
      const source = { value: data.rasterValue, gradient: data.rasterGradient, category: data.rasterCategory }[shading];
      if (!source) return null;
      const key = [shading, strength, isDark()].join();
      if (!rasters[key]) {
        const made = document.createElement('canvas');
        made.width = data.rasterWidth;
        made.height = data.rasterHeight;
        const context = made.getContext('2d'), image = context.createImageData(made.width, made.height);
        const target = new Uint32Array(image.data.buffer), from = bytes(source);
        const palette = new Uint32Array(256);
        colours().forEach((colour, i) => {
          const code = parseInt(colour.slice(1), 16);
          palette[i] = 0xff000000 | (code & 255) << 16 | code & 0xff00 | code >> 16;
        });
        for (let i = 0; i < from.length; i++) target[i] = palette[from[i]];
        context.putImageData(image, 0, 0);
        rasters[key] = made;
      }
      return rasters[key];
    }

    function paintCanvas() {
      const began = performance.now(), ratio = canvas.width / wide;
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, canvas.width, canvas.height);
      const behind = raster();
      const kx = view.zoom * wide * ratio, ky = view.zoom * tall * ratio;
      const ox = -view.left * kx, oy = (1 - view.top) * ky;
      if (behind) {
        pen.imageSmoothingEnabled = view.zoom < 2;
        pen.drawImage(behind, ox, -view.top * ky, kx, ky);
      }
      const x0 = view.left, x1 = view.left + 1 / view.zoom, y1 = 1 - view.top, y0 = y1 - 1 / view.zoom;
      const inView = (box, i) =>
        box[4 * i] <= x1 && box[4 * i + 2] >= x0 && box[4 * i + 1] <= y1 && box[4 * i + 3] >= y0;

      // Regions of one step together, a few hundred to a path. A hairline of the same colour closes the seams.
      const shades = colours(), lists = shades.map(() => []);
      let drawn = 0;
      for (let i = 0; i < regionCount; i++) {
        if (steps[i] !== 255 && inView(regionBoxes, i)) lists[steps[i]].push(i);
      }
      pen.lineWidth = 0.7 * ratio;
      pen.lineJoin = 'round';
      lists.forEach((list, step) => {
        pen.fillStyle = pen.strokeStyle = shades[step];
        for (let from = 0; from < list.length; from += 300) {
          pen.beginPath();
          for (const i of list.slice(from, from + 300)) {
            for (let j = starts[i]; j < starts[i + 1]; j++) {
              const x = points[2 * corners[j]] * kx + ox, y = oy - points[2 * corners[j] + 1] * ky;
              if (j === starts[i]) pen.moveTo(x, y); else pen.lineTo(x, y);
            }
            pen.closePath();
          }
          pen.fill();
          if (!behind || view.zoom > 1) pen.stroke();
        }
        drawn += list.length;
      });

      pen.globalAlpha = lineOpacity();
      pen.lineCap = 'round';
      for (const bucket of bucketList) {
        if (!shown.layers.has(bucket.layer) || bucket.width === 'hidden' && !shown.hidden) continue;
        pen.strokeStyle = layerColour(bucket.layer);
        pen.lineWidth = (bucket.width === 'hidden' ? 0.8 : widthOf(bucket.width)) * lineScale() * ratio;
        pen.setLineDash(bucket.width === 'hidden' ? [3 * ratio, 3.5 * ratio] : []);
        let open = 0;
        pen.beginPath();
        for (const i of bucket.curves) {
          if (!inView(curveBoxes, i)) continue;
          for (let j = curveStarts[i]; j < curveStarts[i + 1]; j++) {
            const x = curvePoints[2 * j] * kx + ox, y = oy - curvePoints[2 * j + 1] * ky;
            if (j === curveStarts[i]) pen.moveTo(x, y); else pen.lineTo(x, y);
          }
          if (++open % 400 === 0) {
            pen.stroke();
            pen.beginPath();
          }
        }
        pen.stroke();
      }
      pen.globalAlpha = 1;
      pen.setLineDash([]);
      if (level && shown.level) {
        pen.beginPath();
        for (let i = 0; i < level.length; i += 4) {
          pen.moveTo(level[i] * kx + ox, oy - level[i + 1] * ky);
          pen.lineTo(level[i + 2] * kx + ox, oy - level[i + 3] * ky);
        }
        for (const [colour, width] of [['--paper', 5], ['--ink', 2.2]]) {
          pen.strokeStyle = property(colour);
          pen.lineWidth = width * ratio;
          pen.stroke();
        }
      }
      snapshot.width = canvas.width;
      snapshot.height = canvas.height;
      snapshot.getContext('2d').drawImage(canvas, 0, 0);
      snapshotView = Object.assign({}, view);
      cost = performance.now() - began;
      document.body.dataset.drawnRegions = drawn;
      document.body.dataset.paintMilliseconds = Math.round(cost);
    }

    // While the picture moves, a slow one is shown as its last snapshot, moved and stretched.
    function paintQuickly() {
      if (cost < 25 || !snapshotView) return paintCanvas();
      const ratio = canvas.width / wide, grow = view.zoom / snapshotView.zoom;
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(snapshot,
        (snapshotView.left - view.left) * view.zoom * wide * ratio,
        (snapshotView.top - view.top) * view.zoom * tall * ratio,
        canvas.width * grow, canvas.height * grow);
      clearTimeout(later);
      later = setTimeout(paintCanvas, 140);
    }

    // ---- Axes ----------------------------------------------------------------------------------------------

    function paintAxes() {
      axes.replaceChildren(graphic('rect', { class: 'frame', width: wide, height: tall }));
      const value = (axis, share) => axis[2] + share * (axis[3] - axis[2]);
      const span = (axis) => axis[3] - axis[2] || 1;
      for (const [v, text] of ticks(value(across, view.left), value(across, view.left + 1 / view.zoom), wide / 110)) {
        const x = screenX((v - across[2]) / span(across));
        axes.append(graphic('path', { class: 'tick', d: `M${x} ${tall}v5` }),
          graphic('text', { class: 'mid', x, y: tall + 20 }, text));
      }
      const low = 1 - view.top - 1 / view.zoom;
      for (const [v, text] of ticks(value(up, low), value(up, low + 1 / view.zoom), tall / 90)) {
        const y = screenY((v - up[2]) / span(up));
        axes.append(graphic('path', { class: 'tick', d: `M0 ${y}h-5` }),
          graphic('text', { class: 'end', x: -9, y: y + 4 }, text));
      }
      const title = (axis) => axis[1] ? `${axis[0]} (${axis[1]})` : axis[0];
      axes.append(graphic('text', { class: 'mid', x: wide / 2, y: tall + 43 }, title(across)),
        graphic('text', { class: 'mid', transform: `translate(${14 - margin.left} ${tall / 2}) rotate(-90)` }, title(up)));
      byId('place').textContent = view.zoom > 1.001 ? `enlarged ${readable(view.zoom, 3)} times` : '';
    }

    // Everything; `moving` while more is to come at once.
    function paint(moving) {
      if (canvas) { if (moving) paintQuickly(); else paintCanvas(); } else placeElements();
      if (!canvas) byId('walls').style.opacity = lineOpacity();
      paintAxes();
      paintMarks();
    }

    """#
}

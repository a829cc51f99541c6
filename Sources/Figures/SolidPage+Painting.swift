extension SolidPage {
  /// The script that paints.
  static let painting = #"""
    // ---- Painting ------------------------------------------------------------------------------------------

    const stage = byId('plot'), canvas = byId('canvas'), over = byId('marks');
    const pen = canvas.getContext('2d'), overPen = over.getContext('2d');
    let ratio = 1, cost = 0, costPerFace = 0.004, later = 0;

    function fit() {
      sidePixels = Math.max(240, Math.min(roomAcross(stage), roomBelow(190)));
      ratio = devicePixelRatio || 1;
      stage.style.height = sidePixels + 'px';
      for (const each of [canvas, over]) {
        each.width = each.height = Math.round(sidePixels * ratio);
        each.style.width = each.style.height = sidePixels + 'px';
        each.style.left = Math.max(0, (roomAcross(stage) - sidePixels) / 2) + 'px';
      }
    }

    const mix = (a, b, t) => {
      const [p, q] = [a, b].map((c) => parseInt(c.slice(1), 16));
      const part = (shift) => Math.round((p >> shift & 255) * (1 - t) + (q >> shift & 255) * t);
      return `rgb(${part(16)},${part(8)},${part(0)})`;
    };

    function trace(target, polygon) {
      target.beginPath();
      for (let i = 0; i < polygon.length; i += 3) {
        const x = screenX(polygon[i], polygon[i + 1]), y = screenY(polygon[i], polygon[i + 1], polygon[i + 2]);
        if (i) target.lineTo(x, y); else target.moveTo(x, y);
      }
      target.closePath();
    }

    function isShown(i) {
      if (weights[i] < 0 && !shown.hidden) return false;
      return shown.layers.has(lowestLayer(data.neuronSets[sets[i]]));
    }

    // The walls to paint, farthest first, at most `most` of them; negative numbers are pieces of the level set.
    function inOrder(most) {
      const list = [], depths = [];
      let left = most;
      for (const i of largestFirst) {
        if (!left) break;
        if (!isShown(i)) continue;
        let sum = 0;
        for (let j = starts[i]; j < starts[i + 1]; j++) {
          const c = 3 * corners[j];
          sum += depth(points[c], points[c + 1], points[c + 2]);
        }
        list.push(i);
        depths.push(sum / (starts[i + 1] - starts[i]));
        left--;
      }
      if (shown.level) {
        for (let t = 0; t < levelCount; t++) {
          let sum = 0;
          for (let k = 0; k < 9; k += 3) sum += depth(level[9 * t + k], level[9 * t + k + 1], level[9 * t + k + 2]);
          list.push(-1 - t);
          depths.push(sum / 3);
        }
      }
      return [...list.keys()].sort((a, b) => depths[b] - depths[a]).map((k) => list[k]);
    }

    const shadeOf = (r, shades) => {
      if (categories) return categories[r] > 1e9 ? null : shades[categories[r] % shades.length];
      const step = stepOf(values[r], data.valueScale, 64);
      return step === 255 ? null : shades[step];
    };
    const shades = () => table(categories ? 'category' : data.vivid ? 'vivid' : 'quiet');

    // The edges of the box; those behind everything first, the others last.
    function paintBox(isFar) {
      const direction = away().map((d) => d > 0 ? 1 : -1);
      pen.strokeStyle = property('--rule');
      pen.lineWidth = 1;
      pen.setLineDash(isFar ? [] : [1, 3]);
      for (let axis = 0; axis < 3; axis++) {
        for (let corner = 0; corner < 4; corner++) {
          const [a, b] = edge(axis, corner);
          const nearness = [0, 1, 2].filter((k) => k !== axis && a[k] === direction[k]).length;
          if ((nearness > 0) !== isFar) continue;
          pen.beginPath();
          pen.moveTo(screenX(a[0], a[1]), screenY(...a));
          pen.lineTo(screenX(b[0], b[1]), screenY(...b));
          pen.stroke();
        }
      }
      pen.setLineDash([]);
    }

    function edge(axis, corner) {
      return [-1, 1].map((end) => {
        const point = [0, 0, 0];
        point[axis] = end;
        point[(axis + 1) % 3] = corner & 1 ? 1 : -1;
        point[(axis + 2) % 3] = corner & 2 ? 1 : -1;
        return point;
      });
    }

    // Ticks and names on the outside of the lowest edges, and of the leftmost upright one.
    function paintLabels() {
      pen.fillStyle = property('--ink');
      pen.strokeStyle = property('--rule');
      pen.lineWidth = 1;
      pen.font = '12px ' + getComputedStyle(document.body).fontFamily;
      pen.textAlign = 'center';
      pen.textBaseline = 'middle';
      const taken = [];
      for (let axis = 0; axis < 3; axis++) {
        const place = (p) => [screenX(p[0], p[1]), screenY(...p)];
        const rank = (e) => {
          const [a, b] = e.map(place);
          return axis === 2 ? a[0] + b[0] : -a[1] - b[1];
        };
        const chosen = [0, 1, 2, 3].map((c) => edge(axis, c)).sort((a, b) => rank(a) - rank(b))[0];
        const [a, b] = chosen.map(place);
        const length = Math.hypot(a[0] - b[0], a[1] - b[1]);
        if (length < 40) continue;
        // Outwards at a right angle, so that labels of two axes do not meet at a corner.
        let dx = (b[1] - a[1]) / length, dy = (a[0] - b[0]) / length;
        if (dx * ((a[0] + b[0]) / 2 - sidePixels / 2) + dy * ((a[1] + b[1]) / 2 - sidePixels / 2) < 0) {
          dx = -dx;
          dy = -dy;
        }
        const [label, unitName, lower, upper] = data.axes[axis];
        for (const [value, text] of ticks(lower, upper, 4)) {
          const t = (value - lower) / (upper - lower || 1);
          const x = a[0] + t * (b[0] - a[0]), y = a[1] + t * (b[1] - a[1]);
          pen.beginPath();
          pen.moveTo(x, y);
          pen.lineTo(x + 5 * dx, y + 5 * dy);
          pen.stroke();
          const side = pen.textAlign = dx < -0.15 ? 'right' : dx > 0.15 ? 'left' : 'center';
          // Near a corner two axes may want the same place; the first has it.
          const [tx, ty] = [x + 10 * dx, y + 15 * dy];
          if (taken.some(([ox, oy, align]) => Math.abs(tx - ox) < (align === side ? 30 : 8) && Math.abs(ty - oy) < 11)) continue;
          taken.push([tx, ty, side]);
          pen.fillText(text, tx, ty);
        }
        pen.textAlign = 'center';
        pen.fillText(unitName ? `${label} (${unitName})` : label,
          (a[0] + b[0]) / 2 + 44 * dx, (a[1] + b[1]) / 2 + 44 * dy);
      }
    }

    function paintSection() {
      makeSection();
      const palette = shades();
      pen.globalAlpha = 1;
      for (const { region, polygon } of section.regions) {
        const colour = shadeOf(region, palette);
        if (!colour) continue;
        trace(pen, polygon);
        pen.fillStyle = pen.strokeStyle = colour;
        pen.lineWidth = 0.7;
        pen.fill();
        pen.stroke();
      }
      for (const { face, ends } of section.walls) {
        if (!isShown(face)) continue;
        pen.strokeStyle = layerColour(lowestLayer(data.neuronSets[sets[face]]));
        pen.lineWidth = weights[face] < 0 ? 0.9 : 1.5;
        pen.setLineDash(weights[face] < 0 ? [3, 3.5] : []);
        strokeSegment(ends);
      }
      pen.setLineDash([]);
      for (const [colour, width] of shown.level ? [['--paper', 5], ['--ink', 2.2]] : []) {
        pen.strokeStyle = property(colour);
        pen.lineWidth = width;
        pen.lineCap = 'round';
        for (const ends of section.level) strokeSegment(ends);
        pen.lineCap = 'butt';
      }
    }

    function strokeSegment([a, b]) {
      pen.beginPath();
      pen.moveTo(screenX(a[0], a[1]), screenY(...a));
      pen.lineTo(screenX(b[0], b[1]), screenY(...b));
      pen.stroke();
    }

    function paint(moving) {
      const began = performance.now();
      aim();
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, sidePixels, sidePixels);
      paintBox(true);
      // While turning, no more walls than can be painted in 30 milliseconds.
      const most = moving ? Math.max(300, Math.floor(30 / costPerFace)) : innerCount;
      const list = inOrder(most), side = keptSide(), eye = away(), paper = property('--paper');
      const colour = new Map();
      for (const n of neurons) {
        if (colour.has(n.layer)) continue;
        const plain = layerColour(n.layer);
        colour.set(n.layer, [0, 1, 2, 3, 4, 5, 6, 7].map((k) => mix(plain, paper, 0.45 - 0.45 * k / 7)));
      }
      const ink = property('--ink'), outlined = list.length <= 6000;
      pen.lineJoin = 'round';
      let drawn = 0;
      for (const i of list) {
        const polygon = clip(i >= 0 ? facePolygon(i) : level.subarray(9 * (-1 - i), 9 * (-1 - i) + 9), side);
        if (polygon.length < 9) continue;
        trace(pen, polygon);
        if (i < 0) {
          pen.fillStyle = pen.strokeStyle = ink;
          pen.globalAlpha = 0.42;
          pen.fill();
          continue;
        }
        drawn++;
        const facing = Math.abs(
          normals[3 * i] * eye[0] + normals[3 * i + 1] * eye[1] + normals[3 * i + 2] * eye[2]);
        pen.fillStyle = colour.get(lowestLayer(data.neuronSets[sets[i]]))[Math.min(7, Math.floor(facing * 8))];
        pen.globalAlpha = weights[i] < 0 ? opacity * 0.25 : opacity;
        pen.fill();
        if (outlined) {
          pen.strokeStyle = pen.fillStyle;
          pen.globalAlpha = Math.min(0.8, 2.2 * opacity + 0.12);
          pen.lineWidth = 0.7;
          if (weights[i] < 0) pen.setLineDash([3, 3]);
          pen.stroke();
          if (weights[i] < 0) pen.setLineDash([]);
        }
      }
      pen.globalAlpha = 1;
      if (cut.axis >= 0) paintSection();
      paintBox(false);
      paintLabels();
      paintMarks();
      cost = performance.now() - began;
      if (list.length > 200) costPerFace = cost / list.length;
      document.body.dataset.drawnFaces = drawn;
      document.body.dataset.sectionRegions = section.regions.length;
      document.body.dataset.paintMilliseconds = Math.round(cost);
      clearTimeout(later);
      if (moving && most < innerCount) later = setTimeout(paint, 160);
    }

    """#
}

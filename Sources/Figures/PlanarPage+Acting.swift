extension PlanarPage {
  /// The script that marks a region and a neuron and tells about them.
  static let telling = #"""
    // ---- Marks and words -----------------------------------------------------------------------------------

    let region = -1, curve = -1, neuron = -1, place = null;

    const outline = (i) => {
      let path = '';
      for (let j = starts[i]; j < starts[i + 1]; j++) {
        path += (path ? 'L' : 'M') + screenX(points[2 * corners[j]]).toFixed(1) + ' '
          + screenY(points[2 * corners[j] + 1]).toFixed(1);
      }
      return path + 'Z';
    };

    function course(curves) {
      const parts = [];
      for (const i of curves) {
        for (let j = curveStarts[i]; j < curveStarts[i + 1]; j++) {
          parts.push(j === curveStarts[i] ? 'M' : 'L', screenX(curvePoints[2 * j]).toFixed(1), ' ',
            screenY(curvePoints[2 * j + 1]).toFixed(1));
        }
      }
      return parts.join('');
    }

    // The neurons to mark: the one chosen by key, or those of the wall under the pointer.
    function markedNeurons() {
      if (neuron >= 0) return [neuron];
      if (curve < 0) return [];
      const set = data.neuronSets[curveSets[curve]], found = [];
      for (let j = 0; j < set.length; j += 2) found.push(neuronNumber.get(set[j] + ' ' + set[j + 1]));
      return found;
    }

    function paintMarks() {
      marks.replaceChildren();
      for (const number of markedNeurons()) {
        const curves = neurons[number].sets.flatMap((set) => curvesOfSet[set]);
        const d = course(curves), colour = layerColour(neurons[number].layer);
        marks.append(graphic('path', { class: 'mark halo', d, 'stroke-width': 8 }),
          graphic('path', { class: 'mark', d, stroke: colour, 'stroke-width': 3.4 }));
      }
      if (region >= 0) {
        const d = outline(region);
        marks.append(graphic('path', { class: 'mark halo', d, 'stroke-width': 5.5 }),
          graphic('path', { class: 'mark', d, stroke: 'var(--ink)', 'stroke-width': 2 }));
      }
    }

    function functionText(i) {
      let text = '';
      [[0, '·' + across[0]], [1, '·' + up[0]], [2, '']].forEach(([k, name]) => {
        const factor = functions[3 * i + k];
        if (factor === 0) return;
        const size = readable(Math.abs(factor), 4) + name;
        text += text ? (factor < 0 ? ' − ' : ' + ') + size : (factor < 0 ? '−' : '') + size;
      });
      return text || '0';
    }

    function tell() {
      const parts = [];
      const named = markedNeurons();
      if (curve >= 0 && neuron < 0) {
        parts.push(element('h3', {}, neuronsInWords(data.neuronSets[curveSets[curve]])));
        parts.push(definitions(isHidden(curve)
          ? [['Wall', 'hidden: the function does not bend here']] : [['Jump', readable(curveWeights[curve])]]));
      } else if (named.length) {
        const { layer, index, sets } = neurons[named[0]];
        const curves = sets.flatMap((set) => curvesOfSet[set]);
        const seen = curves.filter((c) => !isHidden(c)).map((c) => curveWeights[c]);
        parts.push(element('h3', {}, `Layer ${layer}, neuron ${index}`));
        const rows = [[data.joined ? 'Curves' : 'Walls', `${grouped(curves.length)}, ${grouped(curves.length - seen.length)} hidden`]];
        const range = seen.reduce(([a, b], w) => [Math.min(a, w), Math.max(b, w)], [Infinity, -Infinity]);
        if (seen.length) rows.push(['Jump', `${readable(range[0])} to ${readable(range[1])}`]);
        parts.push(definitions(rows));
      }
      if (region >= 0) {
        const number = (ids ? ids[region] : region) + 1;
        parts.push(element('h3', {}, `Region ${grouped(number)} of ${grouped(data.regionCount)}`));
        const rows = [];
        if (categories && categories[region] < 1e9) {
          rows.push(['Class', data.classes[categories[region]] || String(categories[region])]);
        }
        rows.push([data.valueTitle, readable(values[region])]);
        if (functions) {
          rows.push(['Function', functionText(region)]);
          if (data.valueTitle !== 'Length of the gradient') rows.push(['Gradient', readable(gradient(region))]);
        }
        rows.push(['Sides', String(starts[region + 1] - starts[region])]);
        if (labels[region]) rows.push(['Pattern', labels[region], 'code']);
        parts.push(definitions(rows));
      } else if (place && place.inside && !named.length && !usesElements) {
        parts.push(element('p', { class: 'hint' }, 'A region too small to be kept as a shape.'));
      }
      if (place && place.inside) {
        const value = (axis, share) => readable(axis[2] + share * (axis[3] - axis[2]), 4);
        parts.push(element('p', { class: 'hint' },
          `at ${across[0]} = ${value(across, place.x)}, ${up[0]} = ${value(up, place.y)}`));
      }
      if (!parts.length) parts.push(element('p', { class: 'hint' }, 'Point at a region or at a wall.'));
      byId('details').replaceChildren(...parts);
      document.body.dataset.region = region;
      document.body.dataset.neurons = named.map((n) => `${neurons[n].layer}:${neurons[n].index}`).join(' ');
    }

    """#

  /// The script that answers to pointer, wheel, keys and check boxes.
  static let acting = #"""
    // ---- Pointer -------------------------------------------------------------------------------------------

    function local(event) {
      const box = stage.getBoundingClientRect();
      return [event.clientX - box.left - margin.left, event.clientY - box.top - margin.top];
    }

    function point(px, py) {
      const x = pictureX(px), y = pictureY(py);
      place = { x, y, inside: px >= 0 && py >= 0 && px <= wide && py <= tall };
      neuron = -1;
      const reach = Math.max(1.2, Math.min(5, spacing() / 5));
      curve = place.inside ? curveAt(x, y, wide * view.zoom, tall * view.zoom, reach) : -1;
      region = place.inside ? regionAt(x, y) : -1;
      paintMarks();
      tell();
    }

    function keepInside() {
      view.zoom = Math.max(1, Math.min(20000, view.zoom));
      view.left = Math.max(0, Math.min(1 - 1 / view.zoom, view.left));
      view.top = Math.max(0, Math.min(1 - 1 / view.zoom, view.top));
    }

    // Enlarges by `factor`; what lies at (px, py) stays there.
    function enlarge(factor, px, py) {
      const x = px / (view.zoom * wide) + view.left, y = py / (view.zoom * tall) + view.top;
      view.zoom = Math.max(1, Math.min(20000, view.zoom * factor));
      view.left = x - px / (view.zoom * wide);
      view.top = y - py / (view.zoom * tall);
      keepInside();
      paint(true);
    }

    function move(px, py) {
      view.left -= px / (view.zoom * wide);
      view.top -= py / (view.zoom * tall);
      keepInside();
      paint(true);
    }

    function whole() {
      Object.assign(view, { left: 0, top: 0, zoom: 1 });
      paint();
    }

    const held = new Map();
    stage.addEventListener('pointerdown', (event) => {
      held.set(event.pointerId, local(event));
      try { stage.setPointerCapture(event.pointerId); } catch (error) { /* A pointer that is already gone. */ }
      stage.classList.add('moving');
    });
    stage.addEventListener('pointermove', (event) => {
      const here = local(event), before = held.get(event.pointerId);
      if (!before) return point(here[0], here[1]);
      held.set(event.pointerId, here);
      if (held.size === 1) return move(here[0] - before[0], here[1] - before[1]);
      const other = [...held].find(([id]) => id !== event.pointerId)[1];
      const distance = (p) => Math.max(8, Math.hypot(p[0] - other[0], p[1] - other[1]));
      enlarge(distance(here) / distance(before), other[0], other[1]);
    });
    for (const name of ['pointerup', 'pointercancel']) {
      stage.addEventListener(name, (event) => {
        held.delete(event.pointerId);
        if (!held.size) stage.classList.remove('moving');
        if (name === 'pointerup') point(...local(event));
      });
    }
    stage.addEventListener('pointerleave', () => { if (!held.size && neuron < 0) letGo(); });
    stage.addEventListener('wheel', (event) => {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 18 : 1;
      enlarge(Math.exp(-Math.max(-120, Math.min(120, event.deltaY * lines)) / 300), ...local(event));
    }, { passive: false });
    stage.addEventListener('dblclick', (event) => enlarge(2, ...local(event)));

    // ---- Keys ----------------------------------------------------------------------------------------------

    function letGo() {
      region = curve = neuron = -1;
      place = null;
      paintMarks();
      tell();
    }

    // Brings a box of the picture into view, if it is out of it.
    function reveal(left, low, right, high) {
      const x = (left + right) / 2, y = 1 - (low + high) / 2, side = 1 / view.zoom;
      if (x >= view.left && x <= view.left + side && y >= view.top && y <= view.top + side) return;
      view.left = x - side / 2;
      view.top = y - side / 2;
      keepInside();
      paint(true);
    }

    function walkRegions(by) {
      if (!regionCount) return;
      region = region < 0 ? (by > 0 ? 0 : regionCount - 1) : (region + by + regionCount) % regionCount;
      curve = neuron = -1;
      place = null;
      reveal(...regionBoxes.subarray(4 * region, 4 * region + 4));
      paintMarks();
      tell();
    }

    function walkNeurons(by) {
      if (!neurons.length) return;
      const at = neuronOrder.indexOf(neuron);
      neuron = neuronOrder[at < 0 ? (by > 0 ? 0 : neurons.length - 1) : (at + by + neurons.length) % neurons.length];
      region = curve = -1;
      place = null;
      paintMarks();
      tell();
    }

    stage.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const acts = {
        ArrowLeft: () => move(60, 0), ArrowRight: () => move(-60, 0),
        ArrowUp: () => move(0, 60), ArrowDown: () => move(0, -60),
        '+': () => enlarge(1.4, wide / 2, tall / 2), '=': () => enlarge(1.4, wide / 2, tall / 2),
        '-': () => enlarge(1 / 1.4, wide / 2, tall / 2), '0': whole, Escape: letGo,
        n: () => walkRegions(1), p: () => walkRegions(-1), N: () => walkNeurons(1), P: () => walkNeurons(-1),
      };
      if (!acts[event.key]) return;
      event.preventDefault();
      acts[event.key]();
    });
    byId('closer').addEventListener('click', () => enlarge(1.6, wide / 2, tall / 2));
    byId('farther').addEventListener('click', () => enlarge(1 / 1.6, wide / 2, tall / 2));
    byId('whole').addEventListener('click', whole);

    // ---- Choices -------------------------------------------------------------------------------------------

    function refresh() {
      chooseSteps();
      byId('shade-name').textContent = ': ' + shadings.find(([name]) => name === shading)[1];
      showLegend(byId('legend'), shading, colours(), scale(), data.classes || []);
      byId('strength').hidden = shading === 'none' || shading === 'category';
      if (!canvas) paintElements();
      paint();
    }

    for (const [value, text] of shadings) byId('shading').append(element('option', { value }, text));
    byId('shading').value = shading;
    byId('strength').value = strength;
    byId('shading').addEventListener('change', (event) => { shading = event.target.value; refresh(); });
    byId('strength').addEventListener('change', (event) => { strength = event.target.value; refresh(); });
    for (const box of document.querySelectorAll('input[data-layer]')) {
      box.addEventListener('change', () => {
        shown.layers[box.checked ? 'add' : 'delete'](Number(box.dataset.layer));
        refresh();
      });
    }
    for (const [id, name] of [['hidden-walls', 'hidden'], ['level-set', 'level']]) {
      const box = byId(id);
      if (box) box.addEventListener('change', () => { shown[name] = box.checked; refresh(); });
    }
    for (const step of [1, 3, 5]) {
      const row = element('div', { class: 'row' }), line = element('span', { class: 'line' });
      line.style.cssText = `border-top-width:${widthOf(step)}px;color:var(--quiet)`;
      row.append(line, readable(data.fullWeight * step / 5, 2) + (step === 5 ? ' or more' : ''));
      byId('widths').append(row);
    }

    // ---- Start ---------------------------------------------------------------------------------------------

    const start = () => { fit(); refresh(); };
    darkQuery.addEventListener('change', refresh);
    addEventListener('beforeprint', () => { printing = true; start(); });
    addEventListener('afterprint', () => { printing = false; start(); });
    let resizing = 0;
    addEventListener('resize', () => {
      cancelAnimationFrame(resizing);
      if (isPrinting()) start(); else resizing = requestAnimationFrame(start);
    });
    start();
    document.body.dataset.ready = 'true';

    """#
}

extension SolidPage {
  /// The script that marks a neuron or a region and tells about it.
  static let telling = #"""
    // ---- Marks and words -----------------------------------------------------------------------------------

    let face = -1, region = -1, neuron = -1;

    function markedNeurons() {
      if (neuron >= 0) return [neurons[neuron].name];
      if (face < 0) return [];
      const set = data.neuronSets[sets[face]], names = [];
      for (let j = 0; j < set.length; j += 2) names.push(set[j] + ' ' + set[j + 1]);
      return names;
    }

    function paintMarks() {
      overPen.setTransform(ratio, 0, 0, ratio, 0, 0);
      overPen.clearRect(0, 0, sidePixels, sidePixels);
      overPen.lineJoin = 'round';
      const side = keptSide();
      for (const name of markedNeurons()) {
        const colour = layerColour(Number(name.split(' ')[0]));
        for (const i of neuronFaces.get(name)) {
          const polygon = clip(facePolygon(i), side);
          if (polygon.length < 9) continue;
          trace(overPen, polygon);
          overPen.fillStyle = overPen.strokeStyle = colour;
          overPen.globalAlpha = i === face ? 0.6 : 0.34;
          overPen.fill();
          overPen.globalAlpha = 0.95;
          overPen.lineWidth = i === face ? 2 : 0.9;
          overPen.stroke();
        }
      }
      const cell = section.regions.find((each) => each.region === region);
      if (region >= 0 && cell) {
        trace(overPen, cell.polygon);
        overPen.globalAlpha = 1;
        for (const [colour, width] of [['--paper', 5], ['--ink', 2]]) {
          overPen.strokeStyle = property(colour);
          overPen.lineWidth = width;
          overPen.stroke();
        }
      }
      overPen.globalAlpha = 1;
    }

    function tell() {
      const parts = [];
      if (face >= 0 && neuron < 0) {
        parts.push(element('h3', {}, neuronsInWords(data.neuronSets[sets[face]])));
        parts.push(definitions([weights[face] < 0
          ? ['Wall', 'hidden: the function does not bend here'] : ['Jump', readable(weights[face])],
          ['Sides', String(starts[face + 1] - starts[face])]]));
      } else if (neuron >= 0) {
        const { layer, index, name } = neurons[neuron], list = neuronFaces.get(name);
        parts.push(element('h3', {}, `Layer ${layer}, neuron ${index}`));
        parts.push(definitions([['Walls',
          `${grouped(list.length)}, ${grouped(list.filter((i) => weights[i] < 0).length)} hidden`]]));
      }
      if (region >= 0) {
        parts.push(element('h3', {}, 'Region on the cut'));
        const rows = [];
        if (categories && categories[region] < 1e9) {
          rows.push(['Class', data.classes[categories[region]] || String(categories[region])]);
        }
        rows.push([data.valueTitle, readable(values[region])]);
        rows.push(['Faces', String(regionStarts[region + 1] - regionStarts[region])]);
        if (data.labels[region]) rows.push(['Pattern', data.labels[region], 'code']);
        parts.push(definitions(rows));
      }
      if (!parts.length) parts.push(element('p', { class: 'hint' }, 'Point at a wall or at the cut.'));
      byId('details').replaceChildren(...parts);
      document.body.dataset.neurons = markedNeurons().join(', ').replace(/(\d+) (\d+)/g, '$1:$2');
      document.body.dataset.region = region;
    }

    """#

  /// The script that answers to pointer, wheel, keys and controls.
  static let acting = #"""
    // ---- Pointer -------------------------------------------------------------------------------------------

    function contains(polygon, px, py) {
      let inside = false;
      const count = polygon.length / 3;
      for (let i = 0, j = count - 1; i < count; j = i++) {
        const ax = screenX(polygon[3 * i], polygon[3 * i + 1]);
        const ay = screenY(polygon[3 * i], polygon[3 * i + 1], polygon[3 * i + 2]);
        const bx = screenX(polygon[3 * j], polygon[3 * j + 1]);
        const by = screenY(polygon[3 * j], polygon[3 * j + 1], polygon[3 * j + 2]);
        if (ay > py !== by > py && px < ax + (bx - ax) * (py - ay) / (by - ay)) inside = !inside;
      }
      return inside;
    }

    // The cut lies before all that is kept, so a region on it is found first; else the nearest wall.
    function point(px, py) {
      face = region = neuron = -1;
      for (const each of section.regions) {
        if (contains(each.polygon, px, py)) region = each.region;
      }
      if (region < 0) {
        const list = inOrder(innerCount), side = keptSide();
        for (let k = list.length - 1; k >= 0 && face < 0; k--) {
          if (list[k] < 0) continue;
          const polygon = clip(facePolygon(list[k]), side);
          if (polygon.length >= 9 && contains(polygon, px, py)) face = list[k];
        }
      }
      paintMarks();
      tell();
    }

    function local(event) {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    }

    function turn(across, up) {
      view.turn = (view.turn + across) % 360;
      view.lift = Math.max(-90, Math.min(90, view.lift + up));
      paint(true);
    }

    function enlarge(factor) {
      view.zoom = Math.max(0.4, Math.min(12, view.zoom * factor));
      paint(true);
    }

    function letGo() {
      face = region = neuron = -1;
      paintMarks();
      tell();
    }

    const held = new Map();
    let waiting = 0;
    stage.addEventListener('pointerdown', (event) => {
      held.set(event.pointerId, local(event));
      try { stage.setPointerCapture(event.pointerId); } catch (error) { /* A pointer that is already gone. */ }
      stage.classList.add('moving');
    });
    stage.addEventListener('pointermove', (event) => {
      const here = local(event), before = held.get(event.pointerId);
      if (!before) {
        cancelAnimationFrame(waiting);
        waiting = requestAnimationFrame(() => point(...here));
        return;
      }
      held.set(event.pointerId, here);
      if (held.size === 1) return turn((before[0] - here[0]) * 0.4, (here[1] - before[1]) * 0.4);
      const other = [...held].find(([id]) => id !== event.pointerId)[1];
      const distance = (p) => Math.max(8, Math.hypot(p[0] - other[0], p[1] - other[1]));
      enlarge(distance(here) / distance(before));
    });
    for (const name of ['pointerup', 'pointercancel']) {
      stage.addEventListener(name, (event) => {
        held.delete(event.pointerId);
        if (!held.size) stage.classList.remove('moving');
      });
    }
    stage.addEventListener('pointerleave', () => {
      cancelAnimationFrame(waiting);
      if (!held.size && neuron < 0) letGo();
    });
    stage.addEventListener('wheel', (event) => {
      event.preventDefault();
      enlarge(Math.exp(-Math.max(-120, Math.min(120, event.deltaY * (event.deltaMode === 1 ? 18 : 1))) / 400));
    }, { passive: false });

    // ---- Keys ----------------------------------------------------------------------------------------------

    function walk(by) {
      if (!neurons.length) return;
      neuron = neuron < 0 ? (by > 0 ? 0 : neurons.length - 1) : (neuron + by + neurons.length) % neurons.length;
      face = region = -1;
      paintMarks();
      tell();
    }

    function moveCut(by) {
      if (cut.axis < 0) chooseAxis(1);
      byId('cut').value = Number(byId('cut').value) + by;
      placeCut();
    }

    function whole() {
      Object.assign(view, first);
      paint();
    }

    stage.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const acts = {
        ArrowLeft: () => turn(6, 0), ArrowRight: () => turn(-6, 0),
        ArrowUp: () => turn(0, -5), ArrowDown: () => turn(0, 5),
        '+': () => enlarge(1.2), '=': () => enlarge(1.2), '-': () => enlarge(1 / 1.2), '0': whole,
        n: () => walk(1), p: () => walk(-1), N: () => walk(1), P: () => walk(-1),
        '[': () => moveCut(-20), ']': () => moveCut(20), Escape: letGo,
      };
      if (!acts[event.key]) return;
      event.preventDefault();
      acts[event.key]();
    });
    byId('closer').addEventListener('click', () => enlarge(1.25));
    byId('farther').addEventListener('click', () => enlarge(1 / 1.25));
    byId('whole').addEventListener('click', whole);

    // ---- Choices -------------------------------------------------------------------------------------------

    function chooseAxis(axis) {
      cut.axis = axis;
      byId('cut-axis').value = String(axis);
      byId('cutting').classList.toggle('screen', axis < 0);
      byId('cut').hidden = byId('legend').hidden = byId('cut-place').hidden = axis < 0;
      placeCut();
    }

    function placeCut() {
      const share = byId('cut').value / 1000;
      // A hair off round places, where vertices are likely to be.
      cut.at = 2 * share - 1 + 1.1e-5;
      if (cut.axis >= 0) {
        const [label, unitName, lower, upper] = data.axes[cut.axis];
        byId('cut-place').textContent =
          `${label} = ${readable(lower + share * (upper - lower), 3)}${unitName ? ' ' + unitName : ''}`;
      }
      face = region = -1;
      makeSection();
      paint(true);
      tell();
    }

    function refresh() {
      showLegend(byId('legend'), categories ? 'category' : 'value', shades(), data.valueScale, data.classes || []);
      if (!categories) byId('legend').prepend(element('div', { class: 'hint' }, data.valueTitle));
      paint();
    }

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
    byId('cut-axis').addEventListener('change', (event) => chooseAxis(Number(event.target.value)));
    byId('cut').addEventListener('input', placeCut);
    byId('opacity').addEventListener('input', (event) => {
      opacity = Math.min(1, data.opacity * Math.pow(2, (event.target.value - 50) / 15));
      paint(true);
    });

    // ---- Start ---------------------------------------------------------------------------------------------

    darkQuery.addEventListener('change', refresh);
    addEventListener('beforeprint', () => { printing = true; fit(); refresh(); });
    addEventListener('afterprint', () => { printing = false; fit(); refresh(); });
    let resizing = 0;
    addEventListener('resize', () => {
      cancelAnimationFrame(resizing);
      const again = () => { fit(); paint(); };
      if (isPrinting()) again(); else resizing = requestAnimationFrame(again);
    });
    fit();
    aim();
    refresh();
    chooseAxis(-1);
    document.body.dataset.ready = 'true';

    """#
}

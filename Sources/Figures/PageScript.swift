/// The script that all pages share.
enum PageScript {
  /// Reading the data, writing numbers, round ticks, colours.
  static let shared = #"""
    const data = JSON.parse(document.getElementById('figure-data').textContent);
    const byId = (id) => document.getElementById(id);

    // ---- Numbers from base64 -------------------------------------------------------------------------------

    function bytes(text) {
      const raw = atob(text || '');
      const array = new Uint8Array(raw.length);
      for (let i = 0; i < raw.length; i++) array[i] = raw.charCodeAt(i);
      return array;
    }
    const floats = (text) => new Float32Array(bytes(text).buffer);
    const integers = (text) => new Uint32Array(bytes(text).buffer);

    // ---- Numbers for people --------------------------------------------------------------------------------

    const minus = (text) => text.replace('-', '\u2212');
    const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');

    function readable(value, digits) {
      if (!isFinite(value)) return Number.isNaN(value) ? 'undefined' : value > 0 ? '∞' : '−∞';
      if (value === 0) return '0';
      const size = Math.floor(Math.log10(Math.abs(value)));
      if (size >= -5 && size < 7) return minus(String(Number(value.toPrecision(digits || 4))));
      const parts = value.toExponential((digits || 4) - 1).split('e');
      const power = String(Number(parts[1])).replace(/./g, (c) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[c] || '⁻');
      return minus(String(Number(parts[0]))) + '×10' + power;
    }

    // Multiples of 1, 2 or 5 times a power of ten between two numbers, as pairs of value and label.
    function ticks(lower, upper, target) {
      const rough = (upper - lower) / target;
      if (!(rough > 1e-13 * Math.max(Math.abs(lower), Math.abs(upper))) || rough < 1e-290) return [];
      const exponent = Math.floor(Math.log10(rough));
      const lead = rough / Math.pow(10, exponent);
      const factor = lead <= 1.5 ? 1 : lead <= 3.5 ? 2 : lead <= 7.5 ? 5 : 10;
      const step = factor * Math.pow(10, exponent);
      const decimals = Math.min(20, Math.max(0, factor === 10 ? -exponent - 1 : -exponent));
      const result = [];
      for (let i = Math.ceil(lower / step - 1e-9); i * step <= upper + 1e-9 * step; i++) {
        const value = i * step;
        const plain = Math.abs(value) < 1e7 && decimals <= 7;
        result.push([value, i === 0 ? '0' : plain ? minus(value.toFixed(decimals)) : readable(value, 12)]);
      }
      return result;
    }

    // ---- Elements ------------------------------------------------------------------------------------------

    // Text always enters the page as text, never as markup.
    function element(name, attributes, text) {
      const made = document.createElement(name);
      for (const key in attributes || {}) made.setAttribute(key, attributes[key]);
      if (text !== undefined) made.textContent = text;
      return made;
    }

    function graphic(name, attributes, text) {
      const made = document.createElementNS('http://www.w3.org/2000/svg', name);
      for (const key in attributes || {}) made.setAttribute(key, attributes[key]);
      if (text !== undefined) made.textContent = text;
      return made;
    }

    function definitions(rows) {
      const list = element('dl');
      for (const [term, value, style] of rows) {
        list.append(element('dt', {}, term), element('dd', style ? { class: style } : {}, value));
      }
      return list;
    }

    // ---- Colours -------------------------------------------------------------------------------------------

    const darkQuery = matchMedia('(prefers-color-scheme: dark)'), printQuery = matchMedia('print');
    let printing = false;
    const isPrinting = () => printing || printQuery.matches;
    const isDark = () => darkQuery.matches && !isPrinting();
    // The room for a plot. On paper it has the width that the style sheet gives it there, and any height.
    const roomAcross = (stage) => isPrinting() ? 640 : stage.clientWidth;
    const roomBelow = (rest) => isPrinting() ? Infinity : Math.max(320, innerHeight - rest);
    const property = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const layerColour = (layer) => property('--l' + ((Math.max(1, layer) - 1) % 6 + 1));
    const table = (name) => data.colours[name][isDark() ? 1 : 0];

    // The step of a value among those of a colour map; 255 where it has none.
    function stepOf(value, scale, steps) {
      if (!isFinite(value)) return 255;
      if (!(scale[1] > scale[0])) return steps / 2;
      return Math.max(0, Math.min(steps - 1, Math.floor((value - scale[0]) / (scale[1] - scale[0]) * steps)));
    }

    // A bar of the colour map with ticks, or a list of classes.
    function showLegend(target, kind, colours, scale, classes) {
      target.replaceChildren();
      if (kind === 'none') return;
      if (kind === 'category') {
        classes.forEach((name, index) => {
          const row = element('div', { class: 'row' });
          const box = element('span', { class: 'box' });
          box.style.background = colours[index % colours.length];
          row.append(box, element('span', {}, name));
          if (index < 24) target.append(row);
        });
        if (classes.length > 24) target.append(element('div', { class: 'hint' }, `and ${classes.length - 24} more`));
        return;
      }
      const bar = element('div', { class: 'bar' });
      bar.style.background = `linear-gradient(to right, ${colours.join(',')})`;
      const labels = element('div', { class: 'scale' });
      const marks = ticks(scale[0], scale[1], 4);
      for (const [value, text] of marks.length ? marks : [[scale[0], readable(scale[0])]]) {
        const label = element('span', {}, text);
        const share = scale[1] > scale[0] ? (value - scale[0]) / (scale[1] - scale[0]) : 0.5;
        label.style.left = Math.max(4, Math.min(96, 100 * share)) + '%';
        labels.append(label);
      }
      target.append(bar, labels);
      if (scale[2] || scale[3]) target.append(element('div', { class: 'hint' }, 'The ends stand for all beyond.'));
    }

    // ---- Neurons -------------------------------------------------------------------------------------------

    // A set is a flat list layer, index, layer, index, …
    function neuronsInWords(set) {
      const layers = new Map();
      for (let i = 0; i < set.length; i += 2) {
        if (!layers.has(set[i])) layers.set(set[i], []);
        layers.get(set[i]).push(set[i + 1]);
      }
      const parts = [];
      for (const [layer, list] of layers) {
        const names = list.length === 1 ? list[0] : list.slice(0, -1).join(', ') + ' and ' + list[list.length - 1];
        parts.push(`layer ${layer}, neuron${list.length === 1 ? '' : 's'} ${names}`);
      }
      const words = parts.join('; ');
      return words.charAt(0).toUpperCase() + words.slice(1);
    }
    const lowestLayer = (set) => set.length ? set[0] : 1;

    """#
}

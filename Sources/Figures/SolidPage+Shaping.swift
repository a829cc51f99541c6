extension SolidPage {
  /// The script that unpacks the figure and turns, clips and cuts it.
  static let shaping = #"""
    // ---- The figure ----------------------------------------------------------------------------------------
    // Points lie in the cube from −1 to 1. Faces are first the walls, then the boundary of the domain.

    const points = floats(data.points), starts = integers(data.starts), corners = integers(data.corners);
    const sets = integers(data.sets), weights = floats(data.weights);
    const faceCount = starts.length - 1, innerCount = data.innerCount;
    const regionStarts = integers(data.regionStarts), regionFaces = integers(data.regionFaces);
    const values = floats(data.values), categories = data.categories ? integers(data.categories) : null;
    const level = data.level ? floats(data.level) : new Float32Array(0);
    const levelCount = level.length / 9;

    const neurons = [], neuronFaces = new Map();
    for (let i = 0; i < innerCount; i++) {
      const set = data.neuronSets[sets[i]];
      for (let j = 0; j < set.length; j += 2) {
        const name = set[j] + ' ' + set[j + 1];
        if (!neuronFaces.has(name)) {
          neuronFaces.set(name, []);
          neurons.push({ name, layer: set[j], index: set[j + 1] });
        }
        neuronFaces.get(name).push(i);
      }
    }
    neurons.sort((a, b) => a.layer - b.layer || a.index - b.index);

    // The unit normal and the size of each wall, for light and for drawing the largest first while turning.
    const normals = new Float32Array(3 * innerCount), sizes = new Float32Array(innerCount);
    for (let i = 0; i < innerCount; i++) {
      const sum = [0, 0, 0];
      for (let j = starts[i], last = starts[i + 1] - 1; j < starts[i + 1]; last = j++) {
        const a = 3 * corners[last], b = 3 * corners[j];
        for (let k = 0; k < 3; k++) {
          const m = (k + 1) % 3, n = (k + 2) % 3;
          sum[k] += points[a + m] * points[b + n] - points[a + n] * points[b + m];
        }
      }
      sizes[i] = Math.hypot(...sum) / 2;
      for (let k = 0; k < 3; k++) normals[3 * i + k] = sizes[i] > 0 ? sum[k] / (2 * sizes[i]) : 0;
    }
    const largestFirst = Uint32Array.from(sizes.keys()).sort((a, b) => sizes[b] - sizes[a]);

    // ---- View ----------------------------------------------------------------------------------------------

    const first = { turn: -35, lift: 24, zoom: 1 };
    const view = Object.assign({}, first);
    const cut = { axis: -1, at: 0 };
    const shown = { layers: new Set(neurons.map((n) => n.layer)), hidden: true, level: true };
    let opacity = data.opacity, sidePixels = 400;
    let ct = 1, st = 0, cl = 1, sl = 0, unit = 1;

    function aim() {
      const turn = view.turn * Math.PI / 180, lift = view.lift * Math.PI / 180;
      [ct, st, cl, sl] = [Math.cos(turn), Math.sin(turn), Math.cos(lift), Math.sin(lift)];
      // Room for the labels beside the cube, and for its corners in most positions.
      unit = Math.min((sidePixels - 110) / 2.9, sidePixels / 3.4) * view.zoom;
    }
    const screenX = (x, y) => sidePixels / 2 + (x * ct - y * st) * unit;
    const screenY = (x, y, z) => sidePixels / 2 - (z * cl + (x * st + y * ct) * sl) * unit;
    const depth = (x, y, z) => (x * st + y * ct) * cl - z * sl;
    // The direction away from the eye.
    const away = () => [st * cl, ct * cl, -sl];

    // What of a polygon (x, y, z, x, …) lies on the kept side of the cut: coordinate at most cut.at, or at least
    // where the eye is on the other side, so that the cut is always open towards the eye.
    function keptSide() { return cut.axis < 0 || away()[cut.axis] < 0 ? 1 : -1; }
    function clip(polygon, side) {
      if (cut.axis < 0) return polygon;
      const height = (i) => side * (cut.at - polygon[3 * i + cut.axis]);
      const count = polygon.length / 3, result = [];
      for (let i = 0; i < count; i++) {
        const j = (i + 1) % count, a = height(i), b = height(j);
        if (a >= 0) result.push(polygon[3 * i], polygon[3 * i + 1], polygon[3 * i + 2]);
        if (a >= 0 !== b >= 0) {
          const t = a / (a - b);
          for (let k = 0; k < 3; k++) result.push(polygon[3 * i + k] + t * (polygon[3 * j + k] - polygon[3 * i + k]));
        }
      }
      return result;
    }

    function facePolygon(i) {
      const polygon = [];
      for (let j = starts[i]; j < starts[i + 1]; j++) {
        const c = 3 * corners[j];
        polygon.push(points[c], points[c + 1], points[c + 2]);
      }
      return polygon;
    }

    // Where the cut meets a polygon: two ends, or nothing.
    function crossing(polygon) {
      const ends = [], count = polygon.length / 3;
      for (let j = 0, i = count - 1; j < count; i = j++) {
        const p = polygon[3 * i + cut.axis] - cut.at, q = polygon[3 * j + cut.axis] - cut.at;
        if (p > 0 === q > 0) continue;
        const t = p / (p - q);
        ends.push([0, 1, 2].map((k) =>
          k === cut.axis ? cut.at : polygon[3 * i + k] + t * (polygon[3 * j + k] - polygon[3 * i + k])));
      }
      return ends.length >= 2 ? ends : null;
    }

    // The regions on the cut as convex polygons, and the walls on it as segments; kept until the cut moves.
    let section = { key: '', regions: [], walls: [], level: [] };
    function makeSection() {
      const key = cut.axis + ' ' + cut.at;
      if (section.key === key) return;
      section = { key, regions: [], walls: [], level: [] };
      if (cut.axis < 0) return;
      const crossings = [];
      for (let i = 0; i < faceCount; i++) {
        crossings.push(crossing(facePolygon(i)));
        if (crossings[i] && i < innerCount) section.walls.push({ face: i, ends: crossings[i] });
      }
      for (let t = 0; t < levelCount; t++) {
        const ends = crossing(level.subarray(9 * t, 9 * t + 9));
        if (ends) section.level.push(ends);
      }
      const m = (cut.axis + 1) % 3, n = (cut.axis + 2) % 3;
      for (let r = 0; r + 1 < regionStarts.length; r++) {
        const found = [];
        for (let j = regionStarts[r]; j < regionStarts[r + 1]; j++) {
          if (crossings[regionFaces[j]]) found.push(...crossings[regionFaces[j]]);
        }
        if (found.length < 3) continue;
        const a = found.reduce((s, p) => s + p[m], 0) / found.length;
        const b = found.reduce((s, p) => s + p[n], 0) / found.length;
        found.sort((p, q) => Math.atan2(p[n] - b, p[m] - a) - Math.atan2(q[n] - b, q[m] - a));
        section.regions.push({ region: r, polygon: found.flat() });
      }
    }

    """#
}

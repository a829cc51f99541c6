import ExactArithmetic
import Networks
import Polyhedra

extension SubdivisionWalker {
  /// What a form does to a cell that it cuts: the side of each vertex, and the new vertices on it.
  struct SplitPlan {
    /// The sign of the form at each vertex of the cell.
    let signs: UnsafeMutablePointer<Int8>
    /// The number of vertices on the positive side, on the negative one, and on the form.
    let positive: Int
    let negative: Int
    let zero: Int
    /// The vertices where edges of the cell cross the form, as a cell of their own.
    let crossing: Cell
    /// The slot of the form's constraint.
    let slot: Int
    let constraint: Int
  }

  /// Finds the signs at the vertices of a cell and the vertices where the form crosses its edges.
  mutating func prepareSplit(_ cell: inout Cell, by form: Form) -> SplitPlan {
    scratch.reserve(cell.stride)
    for v in Swift.stride(from: 0, to: cell.stride, by: 4) {
      let (value, bound) = evaluate(form, cell, at: v)
      store(value, scratch.values + v)
      store(bound, scratch.bounds + v)
    }
    let signs = arena.allocate(Int8.self, cell.count)
    scratch.positive.removeAll(keepingCapacity: true)
    scratch.negative.removeAll(keepingCapacity: true)
    var zero = 0
    for v in 0..<cell.count {
      let value = scratch.values[v]
      let bound = scratch.bounds[v]
      var sign = value > bound ? 1 : value < -bound ? -1 : 0
      if sign == 0 {
        sign = self.sign(of: form, at: v, of: cell)
        (scratch.values[v], scratch.bounds[v]) = self.value(of: form, at: v, of: cell)
      }
      signs[v] = Int8(sign)
      if sign > 0 {
        scratch.positive.append(Int32(v))
      } else if sign < 0 {
        scratch.negative.append(Int32(v))
      } else {
        zero += 1
      }
    }
    findCutEdges(cell)
    let slot = self.slot(for: form.constraint, in: &cell)
    return SplitPlan(
      signs: signs, positive: scratch.positive.count, negative: scratch.negative.count, zero: zero,
      crossing: crossing(cell, slot: slot), slot: slot, constraint: form.constraint)
  }

  /// The edges of the cell from a positive to a negative vertex.
  ///
  /// Two vertices span an edge when d − 1 of their common constraints are independent. In a simple cell that is so
  /// when they have d − 1 in common; otherwise when moreover no third vertex lies on all of these.
  private mutating func findCutEdges(_ cell: Cell) {
    let need = dimension - 1
    let words = cell.words
    let masks = cell.masks
    var edges = scratch.edges
    scratch.edges = []
    edges.removeAll(keepingCapacity: true)
    scratch.positive.withUnsafeBufferPointer { positive in
      scratch.negative.withUnsafeBufferPointer { negative in
        if words == 1 {
          for u in positive {
            let mask = masks[Int(u)]
            for v in negative where (mask & masks[Int(v)]).nonzeroBitCount >= need {
              edges.append((u, v))
            }
          }
        } else {
          for u in positive {
            for v in negative {
              var common = 0
              for word in 0..<words {
                common += (masks[Int(u) * words + word] & masks[Int(v) * words + word]).nonzeroBitCount
              }
              if common >= need { edges.append((u, v)) }
            }
          }
        }
      }
    }
    if !cell.isSimple {
      edges.removeAll { u, v in
        (0..<cell.count).contains { w in
          w != Int(u) && w != Int(v)
            && (0..<words).allSatisfy { word in
              let common = masks[Int(u) * words + word] & masks[Int(v) * words + word]
              return common & ~masks[w * words + word] == 0
            }
        }
      }
    }
    scratch.edges = edges
  }

  /// The vertices on the cut edges.
  private mutating func crossing(_ cell: Cell, slot: Int) -> Cell {
    let d = dimension
    let words = cell.words
    let new = Cell(count: scratch.edges.count, words: words, dimension: d, in: &arena)
    let stride = new.stride
    for k in 0..<scratch.edges.count {
      let u = Int(scratch.edges[k].0)
      let v = Int(scratch.edges[k].1)
      for word in 0..<words {
        new.masks[k * words + word] = cell.masks[u * words + word] & cell.masks[v * words + word]
      }
      new.masks[k * words + slot >> 6] |= UInt64(1) << UInt64(slot & 63)
      new.exact[k] = Cell.interpolated
      let place = new.lanes + k
      var isReliable = interpolate(cell, u, v, into: place, stride: stride)
      if !isReliable || isBeyond(SubdivisionWalker.workingAccuracy, place, stride: stride) {
        let isRay = place[d * stride] == 0
        // A solution needs no start, but a direction is told from its opposite by the interpolated one.
        if !isReliable {
          for c in 0..<d where !isRay { place[c * stride] = 0 }
          place[(d + 1) * stride] = .infinity
        }
        isReliable =
          (isReliable || !isRay)
          && refine(place, stride: stride, mask: new.masks + k * words, cell: cell, blocks)
          && !isBeyond(SubdivisionWalker.requiredAccuracy, place, stride: stride)
        new.exact[k] = Cell.refined
      }
      if !isReliable {
        let homogeneous = exactVertex(new.masks + k * words, of: cell)
        new.exact[k] = Int32(exactVertices.count)
        exactVertices.append(homogeneous)
        write(homogeneous, to: new.lanes + k, stride: stride)
      }
    }
    return new
  }

  /// Writes the point of the edge from u to v where the form is zero, with a bound of its error.
  ///
  /// With p > 0 at u and −q < 0 at v, known within P and Q, it is (q·u + p·v) / (q t_u + p t_v). For two vertices or
  /// two directions this is a convex combination whose weight λ = p/(p+q) is off by at most
  /// Δ = ((1−λ)P + λQ) / (p+q−P−Q); for a vertex and a direction r it is u + ρr, with ρ = p/q off by
  /// (P + ρQ) / (q−Q) when the direction is v. Products of two values are avoided, since they could overflow.
  ///
  /// - Returns: whether the bound is worth anything; if not, the vertex is to be computed exactly.
  private func interpolate(
    _ cell: Cell, _ u: Int, _ v: Int, into place: UnsafeMutablePointer<Double>, stride: Int
  ) -> Bool {
    let d = dimension
    let lanes = cell.lanes
    let p = scratch.values[u]
    let q = -scratch.values[v]
    let boundP = scratch.bounds[u]
    let boundQ = scratch.bounds[v]
    let errorU = lanes[(d + 1) * cell.stride + u]
    let errorV = lanes[(d + 1) * cell.stride + v]
    let uIsVertex = lanes[d * cell.stride + u] == 1
    let vIsVertex = lanes[d * cell.stride + v] == 1
    var size = 0.0
    var error = 0.0
    if uIsVertex == vIsVertex {
      let sum = p + q
      let weight = p / sum
      let delta =
        (q / sum * boundP + weight * boundQ) / (sum - boundP - boundQ) * (1 + 0x1p-40) + 0x1p-1060
      // From the nearer end, so that the rounding is that of the new point, not of the farther end.
      let isNearU = weight < 0.5
      let base = lanes + (isNearU ? u : v)
      let other = lanes + (isNearU ? v : u)
      let part = isNearU ? weight : q / sum
      var span = 0.0
      for c in 0..<d {
        let difference = other[c * cell.stride] - base[c * cell.stride]
        let x = base[c * cell.stride] + part * difference
        place[c * stride] = x
        size = max(size, x.magnitude)
        span = max(span, difference.magnitude)
      }
      // The weights themselves are rounded, in proportion to their size.
      let room = delta + 0x1p-50
      error =
        (weight + room) * errorV + (q / sum + room) * errorU + (delta + part * 0x1p-50) * span
        + (size + part * span) * 0x1p-51
      place[d * stride] = uIsVertex ? 1 : 0
    } else {
      let vertex = uIsVertex ? u : v
      let ray = uIsVertex ? v : u
      let (ownValue, ownBound, rayValue, rayBound) =
        uIsVertex ? (p, boundP, q, boundQ) : (q, boundQ, p, boundP)
      let factor = ownValue / rayValue
      let delta =
        (ownBound + factor * rayBound) / (rayValue - rayBound) * (1 + 0x1p-40) + factor * 0x1p-51
      for c in 0..<d {
        let x = lanes[c * cell.stride + vertex] + factor * lanes[c * cell.stride + ray]
        place[c * stride] = x
        size = max(size, x.magnitude)
      }
      error =
        lanes[(d + 1) * cell.stride + vertex] + (factor + delta) * lanes[(d + 1) * cell.stride + ray]
        + delta * lanes[(d + 2) * cell.stride + ray] + (size + 2 * factor) * 0x1p-51
      place[d * stride] = 1
    }
    error = error * (1 + 0x1p-40) + 0x1p-1000
    if !uIsVertex, !vIsVertex, size > 0 {
      // Directions are kept near length one, by an exact power of two.
      let scale = Double(sign: .plus, exponent: -size.exponent - 1, significand: 1)
      for c in 0..<d { place[c * stride] *= scale }
      error *= scale
      size *= scale
    }
    place[(d + 1) * stride] = error
    place[(d + 2) * stride] = max((size + error) * (1 + 0x1p-40), CompiledNetwork.floorOfMagnitudes)
    return boundP < 0.5 * p && boundQ < 0.5 * q
      && error <= SubdivisionWalker.requiredAccuracy * max(size, scale)
      && place[(d + 2) * stride] < CompiledNetwork.limitOfMagnitudes
  }

  /// One side of a split cell: its vertices on that side, those on the form, and the new ones.
  mutating func child(of cell: Cell, _ plan: SplitPlan, side: Int8) -> Cell {
    let d = dimension
    let words = cell.words
    let kept = side > 0 ? plan.positive : plan.negative
    let new = plan.crossing
    var child = Cell(count: kept + plan.zero + new.count, words: words, dimension: d, in: &arena)
    let bit = UInt64(1) << UInt64(plan.slot & 63)
    var target = 0
    for v in 0..<cell.count where plan.signs[v] != -side {
      for lane in 0..<d + 3 {
        child.lanes[lane * child.stride + target] = cell.lanes[lane * cell.stride + v]
      }
      for word in 0..<words {
        child.masks[target * words + word] = cell.masks[v * words + word]
      }
      if plan.signs[v] == 0 { child.masks[target * words + plan.slot >> 6] |= bit }
      child.exact[target] = cell.exact[v]
      target += 1
    }
    for lane in 0..<d + 3 {
      (child.lanes + lane * child.stride + target).update(
        from: new.lanes + lane * new.stride, count: new.count)
    }
    (child.masks + target * words).update(from: new.masks, count: new.count * words)
    (child.exact + target).update(from: new.exact, count: new.count)
    child.slots.update(from: cell.slots, count: 64 * words)
    child.pad(dimension: d)
    if cell.isSimple, plan.zero == 0 {
      child.isSimple = true
    } else {
      child.updateSimplicity(dimension: d)
    }
    if cell.hasRays { child.hasRays = (0..<child.count).contains { child.lanes[d * child.stride + $0] == 0 } }
    return child
  }
}

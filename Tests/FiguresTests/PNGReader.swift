/// A reader of 8-bit PNG images, so that tests see what a picture shows.
struct PNGReader {
  private(set) var width = 0
  private(set) var height = 0
  /// The colours of the pixels as 0xRRGGBB, row by row.
  private(set) var colours: [UInt32] = []

  /// The image in `bytes`; none if anything about it is not as it should be.
  init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { return nil }
    func word(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    var place = 8
    var palette: [UInt8] = []
    var stream: [UInt8] = []
    var kind = 0
    while place + 12 <= bytes.count {
      let length = word(place)
      guard place + 12 + length <= bytes.count else { return nil }
      let name = String(decoding: bytes[place + 4..<place + 8], as: UTF8.self)
      let content = bytes[place + 8..<place + 8 + length]
      guard Self.crc(bytes[place + 4..<place + 8 + length]) == word(place + 8 + length) else { return nil }
      switch name {
      case "IHDR":
        (width, height, kind) = (word(place + 8), word(place + 12), Int(bytes[place + 17]))
        guard bytes[place + 16] == 8 else { return nil }
      case "PLTE": palette = Array(content)
      case "IDAT": stream += content
      default: break
      }
      place += 12 + length
    }
    guard let channels = [2: 3, 3: 1, 6: 4][kind], stream.count > 6 else { return nil }
    var inflater = Inflater(bytes: Array(stream[2...]))
    guard let rows = inflater.inflated(), rows.count == height * (width * channels + 1) else { return nil }
    let pixels = Self.unfiltered(rows, stride: width * channels, height: height, channels: channels)
    colours.reserveCapacity(width * height)
    for pixel in 0..<width * height {
      let at = kind == 3 ? 3 * Int(pixels[pixel]) : channels * pixel
      let source = kind == 3 ? palette : pixels
      colours.append(UInt32(source[at]) << 16 | UInt32(source[at + 1]) << 8 | UInt32(source[at + 2]))
    }
  }

  private static func crc(_ bytes: ArraySlice<UInt8>) -> Int {
    var value: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return Int(~value)
  }

  private static func unfiltered(_ rows: [UInt8], stride: Int, height: Int, channels: Int) -> [UInt8] {
    var pixels = [UInt8](repeating: 0, count: stride * height)
    for row in 0..<height {
      let filter = rows[row * (stride + 1)]
      for column in 0..<stride {
        let left = column >= channels ? Int(pixels[row * stride + column - channels]) : 0
        let above = row > 0 ? Int(pixels[(row - 1) * stride + column]) : 0
        let corner = row > 0 && column >= channels ? Int(pixels[(row - 1) * stride + column - channels]) : 0
        let guess: Int
        switch filter {
        case 1: guess = left
        case 2: guess = above
        case 3: guess = (left + above) / 2
        case 4:
          let misses = [left, above, corner].map { (left + above - corner - $0).magnitude }
          guess =
            misses[0] <= misses[1] && misses[0] <= misses[2] ? left : misses[1] <= misses[2] ? above : corner
        default: guess = 0
        }
        pixels[row * stride + column] = rows[row * (stride + 1) + 1 + column] &+ UInt8(guess)
      }
    }
    return pixels
  }
}

/// The decompression of RFC 1951.
private struct Inflater {
  let bytes: [UInt8]
  private var bit = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func bits(_ count: Int) -> Int {
    var value = 0
    for shift in 0..<count where bit >> 3 < bytes.count {
      value |= Int(bytes[bit >> 3] >> UInt8(bit & 7) & 1) << shift
      bit += 1
    }
    return value
  }

  /// Symbols in canonical order with the number of codes of each length.
  private struct Code {
    var counts = [Int](repeating: 0, count: 16)
    var symbols: [Int] = []
    init(_ lengths: [Int]) {
      for length in lengths where length > 0 { counts[length] += 1 }
      symbols = lengths.indices.filter { lengths[$0] > 0 }.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
    }
  }

  private mutating func symbol(_ code: Code) -> Int? {
    var (value, first, index) = (0, 0, 0)
    for length in 1..<16 {
      value |= bits(1)
      let count = code.counts[length]
      if value - count < first { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    return nil
  }

  mutating func inflated() -> [UInt8]? {
    var output: [UInt8] = []
    while true {
      let isLast = bits(1) == 1
      switch bits(2) {
      case 0:
        bit = (bit + 7) & ~7
        let length = bits(16)
        guard bits(16) == ~length & 0xFFFF, bit >> 3 + length <= bytes.count else { return nil }
        output += bytes[bit >> 3..<bit >> 3 + length]
        bit += 8 * length
      case 1:
        let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
        guard block(Code(lengths), Code([Int](repeating: 5, count: 30)), into: &output) else { return nil }
      case 2:
        let (literals, distances, lengths) = (bits(5) + 257, bits(5) + 1, bits(4) + 4)
        var order = [Int](repeating: 0, count: 19)
        for place in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15].prefix(lengths) {
          order[place] = bits(3)
        }
        let code = Code(order)
        var all: [Int] = []
        while all.count < literals + distances {
          guard let symbol = symbol(code) else { return nil }
          switch symbol {
          case 16: all += [Int](repeating: all.last ?? 0, count: 3 + bits(2))
          case 17: all += [Int](repeating: 0, count: 3 + bits(3))
          case 18: all += [Int](repeating: 0, count: 11 + bits(7))
          default: all.append(symbol)
          }
        }
        guard block(Code(Array(all[..<literals])), Code(Array(all[literals...])), into: &output) else {
          return nil
        }
      default: return nil
      }
      if isLast { return output }
    }
  }

  private mutating func block(_ literals: Code, _ distances: Code, into output: inout [UInt8]) -> Bool {
    while let symbol = symbol(literals) {
      if symbol < 256 {
        output.append(UInt8(symbol))
        continue
      }
      if symbol == 256 { return true }
      let step = symbol - 257
      let extra = step < 8 || step == 28 ? 0 : step / 4 - 1
      let base = step < 8 ? 3 + step : step == 28 ? 258 : 3 + (4 + step % 4) << extra
      let length = base + bits(extra)
      guard let far = self.symbol(distances) else { return false }
      let more = far < 4 ? 0 : far / 2 - 1
      let distance = (far < 4 ? 1 + far : 1 + (2 + far % 2) << more) + bits(more)
      guard distance <= output.count else { return false }
      for _ in 0..<length { output.append(output[output.count - distance]) }
    }
    return false
  }
}

// What an MP4 says of itself: enough to see that it is the video that was asked for.

function* boxes(bytes, from, to) {
  for (let at = from; at + 8 <= to;) {
    let size = bytes.readUInt32BE(at);
    let head = 8;
    if (size === 1) {
      size = Number(bytes.readBigUInt64BE(at + 8));
      head = 16;
    } else if (size === 0) {
      size = to - at;
    }
    if (size < head || at + size > to) throw new Error(`a broken box at byte ${at}`);
    yield { type: bytes.toString('latin1', at + 4, at + 8), begin: at + head, end: at + size };
    at += size;
  }
}

function find(bytes, box, ...path) {
  for (const type of path) {
    box = [...boxes(bytes, box.begin, box.end)].find((one) => one.type === type);
    if (!box) return undefined;
  }
  return box;
}

/** {width, height, seconds, frames, audio}. Throws if the bytes are no whole MP4. */
export function probe(data) {
  const bytes = Buffer.from(data);
  const whole = { begin: 0, end: bytes.length };
  if (!find(bytes, whole, 'ftyp') || !find(bytes, whole, 'mdat')) throw new Error('no MP4');
  const moov = find(bytes, whole, 'moov');
  const movie = find(bytes, moov, 'mvhd').begin;
  const wide = bytes[movie] === 1;
  const scale = bytes.readUInt32BE(movie + (wide ? 20 : 12));
  const length = wide ? Number(bytes.readBigUInt64BE(movie + 24)) : bytes.readUInt32BE(movie + 16);
  const facts = { seconds: length / scale, audio: false };
  for (const track of boxes(bytes, moov.begin, moov.end)) {
    if (track.type !== 'trak') continue;
    const kind = find(bytes, track, 'mdia', 'hdlr').begin;
    if (bytes.toString('latin1', kind + 8, kind + 12) === 'soun') facts.audio = true;
    if (bytes.toString('latin1', kind + 8, kind + 12) !== 'vide') continue;
    const head = find(bytes, track, 'tkhd');
    facts.width = bytes.readUInt32BE(head.end - 8) >> 16;
    facts.height = bytes.readUInt32BE(head.end - 4) >> 16;
    facts.frames = bytes.readUInt32BE(find(bytes, track, 'mdia', 'minf', 'stbl', 'stsz').begin + 8);
  }
  return facts;
}

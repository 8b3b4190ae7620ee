//! A file in blocks of whole lines, so that a long one is read by several threads and never held in full.

use std::io::{self, Read};

/// Bytes of a block, if no line is longer.
const BLOCK: usize = 4 << 20;
/// A longer line is no row of a table.
const MOST: usize = 64 << 20;

/// Gives blocks that end with a line.
pub(super) struct Blocks<R> {
    input: R,
    /// The begin of a line whose end is in the next block.
    rest: Vec<u8>,
    done: bool,
}

impl<R: Read> Blocks<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, rest: Vec::new(), done: false }
    }

    /// The next block; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut block = std::mem::take(&mut self.rest);
        let mut wanted = BLOCK;
        loop {
            if !self.done && block.len() < wanted {
                let missing = (wanted - block.len()) as u64;
                self.done = (&mut self.input).take(missing).read_to_end(&mut block)? < missing as usize;
            }
            if self.done {
                return Ok(Some(block).filter(|b| !b.is_empty()));
            }
            if let Some(end) = memchr::memrchr(b'\n', &block) {
                self.rest = block.split_off(end + 1);
                return Ok(Some(block));
            }
            if wanted >= MOST {
                return Err(io::Error::other("a line of more than 64 MiB"));
            }
            wanted *= 2;
        }
    }
}

/// Cells of a row. Quoted ones are taken out of their quotes, into `spare`.
#[derive(Default)]
pub(super) struct Cells {
    ends: Vec<(usize, usize)>,
    spare: Vec<u8>,
}

impl Cells {
    /// Cuts a line; an error for a quote that does not end.
    pub(super) fn split<'a>(
        &'a mut self,
        line: &'a [u8],
        separator: u8,
        out: &mut Vec<&'a [u8]>,
    ) -> Result<(), String> {
        out.clear();
        if memchr::memchr(b'"', line).is_none() {
            let mut start = 0;
            for at in memchr::memchr_iter(separator, line) {
                out.push(&line[start..at]);
                start = at + 1;
            }
            out.push(&line[start..]);
            return Ok(());
        }
        self.ends.clear();
        self.spare.clear();
        let mut bytes = line.iter().copied().peekable();
        let (mut start, mut quoted) = (0, false);
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' if quoted && bytes.peek() == Some(&b'"') => {
                    bytes.next();
                    self.spare.push(b'"');
                }
                b'"' => quoted = !quoted,
                b if b == separator && !quoted => {
                    self.ends.push((start, self.spare.len()));
                    start = self.spare.len();
                }
                b => self.spare.push(b),
            }
        }
        if quoted {
            return Err("a quote does not end on its line: left out".to_owned());
        }
        self.ends.push((start, self.spare.len()));
        out.extend(self.ends.iter().map(|(from, to)| &self.spare[*from..*to]));
        Ok(())
    }
}

/// Lines of a block without their ends, each with its number within the block, from 0.
pub(super) fn lines(block: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', block).chain((!block.ends_with(b"\n")).then_some(block.len()));
    ends.map(move |end| {
        let line = &block[start..end];
        start = end + 1;
        line.strip_suffix(b"\r").unwrap_or(line)
    })
    .zip(0..)
    .map(|(line, number)| (number, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_with_quotes() {
        let mut cells = Cells::default();
        let mut out = Vec::new();
        cells.split(b"a,\"b,\"\"c\"\"\",,d", b',', &mut out).unwrap();
        assert_eq!(out, [b"a".as_slice(), b"b,\"c\"", b"", b"d"]);
        let mut out = Vec::new();
        assert!(Cells::default().split(b"a,\"b", b',', &mut out).is_err());
    }

    #[test]
    fn blocks_end_with_lines() {
        let text: String = (0..700_000).map(|n| format!("line {n}\n")).collect();
        let mut blocks = Blocks::new(text.as_bytes());
        let (mut all, mut count, mut seen) = (Vec::new(), 0, 0);
        while let Some(block) = blocks.next().unwrap() {
            assert!(block.ends_with(b"\n"));
            seen += lines(&block).count();
            all.extend(block);
            count += 1;
        }
        assert_eq!((all == text.as_bytes(), seen), (true, 700_000));
        assert!(count > 1, "{count}");
        assert_eq!(
            lines(b"a\r\nb").map(|(n, l)| (n, l.to_vec())).collect::<Vec<_>>(),
            [(0, b"a".to_vec()), (1, b"b".to_vec())]
        );
        assert_eq!(lines(b"").count(), 1);
    }
}

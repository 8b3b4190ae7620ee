//! From YAML events to entries, without recursion and with bounded aliases.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Input, Marker, Parser, ScalarStyle};

use crate::facts::Note;
use crate::parse::flat::{Document, MAX_DEPTH, MAX_ENTRIES, MAX_KEY};
use crate::text::Span;

/// More events than this are data.
const MAX_EVENTS: usize = 400_000;
/// Steps through events, aliases expanded: an alias bomb ends here.
const MAX_STEPS: usize = 1_000_000;
/// Aliases within aliases.
const MAX_ALIASES: usize = 16;

/// What the flattening needs of an event; places count characters of the chunk.
pub(super) enum Ev {
    Document,
    Alias(usize),
    Scalar { text: String, plain: bool, anchor: usize, from: usize, to: usize },
    Sequence(usize),
    Mapping(usize),
    End,
}

/// All events of a chunk, or what is wrong with it.
pub(super) fn collect<'t, T: Input>(parser: Parser<'t, T>) -> Result<Vec<Ev>, String> {
    let mut events = Vec::new();
    for event in parser {
        let (event, span) = event.map_err(|e| describe(e.info(), e.marker()))?;
        events.push(match event {
            Event::DocumentStart(_) => Ev::Document,
            Event::Alias(id) => Ev::Alias(id),
            Event::Scalar(text, style, anchor, _) => Ev::Scalar {
                text: text.into_owned(),
                plain: matches!(style, ScalarStyle::Plain),
                anchor,
                from: span.start.index(),
                to: span.end.index(),
            },
            Event::SequenceStart(anchor, _) => Ev::Sequence(anchor),
            Event::MappingStart(anchor, _) => Ev::Mapping(anchor),
            Event::SequenceEnd | Event::MappingEnd => Ev::End,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => continue,
        });
        if events.len() > MAX_EVENTS {
            return Err("too large".to_owned());
        }
    }
    Ok(events)
}

fn describe(info: &str, marker: &Marker) -> String {
    format!("{info} (line {} of the document)", marker.line())
}

/// Flattens the events of a chunk that begins at byte `start` of the file. Where `masked` differs
/// from `chunk`, the original text is the value.
pub(super) fn flatten(
    events: &[Ev],
    chunk: &str,
    start: usize,
    masked: Option<&str>,
    notes: &mut Vec<Note>,
) -> Vec<Document> {
    let places = Places::new(events, chunk);
    let anchors = anchors(events);
    let mut documents = Vec::new();
    let mut at = 0;
    while at < events.len() {
        let end = events[at + 1..].iter().position(|e| matches!(e, Ev::Document)).map_or(events.len(), |i| at + 1 + i);
        if matches!(events[at], Ev::Document) {
            let mut walk = Walk {
                events,
                anchors: &anchors,
                places: &places,
                chunk,
                masked,
                start,
                document: Document::default(),
                path: String::new(),
                frames: Vec::new(),
                merges: Merges { active: chunk.contains("<<"), ..Merges::default() },
                truncated: None,
            };
            walk.run(at + 1, end);
            if let Some(reason) = walk.truncated {
                notes.push(Note::at(Span::new(start, start + chunk.len()), reason));
            }
            documents.push(walk.merges.settle(walk.document));
        }
        at = end;
    }
    documents
}

/// Event ranges of anchored nodes by anchor id.
fn anchors(events: &[Ev]) -> HashMap<usize, (usize, usize)> {
    let mut found = HashMap::new();
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (at, event) in events.iter().enumerate() {
        match event {
            Ev::Scalar { anchor, .. } if *anchor > 0 => {
                found.insert(*anchor, (at, at + 1));
            }
            Ev::Sequence(anchor) | Ev::Mapping(anchor) => open.push((*anchor, at)),
            Ev::End => {
                if let Some((anchor, from)) = open.pop()
                    && anchor > 0
                {
                    found.insert(anchor, (from, at + 1));
                }
            }
            _ => {}
        }
    }
    found
}

/// Byte offsets of scalars: the parser counts characters.
struct Places {
    /// Sorted character positions of interest and their bytes; empty for ASCII, where both are the same.
    bytes: HashMap<usize, usize>,
    ascii: bool,
    length: usize,
}

impl Places {
    fn new(events: &[Ev], chunk: &str) -> Self {
        let mut places = Self { bytes: HashMap::new(), ascii: chunk.is_ascii(), length: chunk.len() };
        if places.ascii {
            return places;
        }
        let mut wanted: Vec<usize> = Vec::new();
        for event in events {
            if let Ev::Scalar { from, to, .. } = event {
                wanted.extend([*from, *to]);
            }
        }
        wanted.sort_unstable();
        wanted.dedup();
        let mut wanted = wanted.into_iter().peekable();
        for (nth, (byte, _)) in chunk.char_indices().enumerate() {
            while wanted.next_if(|w| *w == nth).is_some() {
                places.bytes.insert(nth, byte);
            }
        }
        places
    }

    fn byte(&self, character: usize) -> usize {
        if self.ascii { character.min(self.length) } else { self.bytes.get(&character).copied().unwrap_or(self.length) }
    }
}

enum Frame {
    /// `key`: the pending key's byte range, once it was read.
    Map {
        path: usize,
        key: Option<usize>,
        merged: Option<usize>,
    },
    Seq {
        path: usize,
        next: usize,
        merging: bool,
        merged: Option<usize>,
    },
}

struct Walk<'e> {
    events: &'e [Ev],
    anchors: &'e HashMap<usize, (usize, usize)>,
    places: &'e Places,
    chunk: &'e str,
    masked: Option<&'e str>,
    start: usize,
    document: Document,
    path: String,
    frames: Vec<Frame>,
    merges: Merges,
    truncated: Option<&'static str>,
}

/// How a node is entered: its path is set; `merged` is the length of the path that a `<<` merges into.
struct Slot {
    key_start: Option<usize>,
    merged: Option<usize>,
    merging: bool,
}

impl Walk<'_> {
    fn run(&mut self, from: usize, to: usize) {
        let mut cursors = vec![(from, to)];
        let mut steps = 0;
        while let Some((at, end)) = cursors.pop() {
            if at >= end {
                continue;
            }
            steps += 1;
            if steps > MAX_STEPS || self.document.entries.len() >= MAX_ENTRIES {
                self.truncated = Some("too many settings: the rest is left out");
                return;
            }
            cursors.push((at + 1, end));
            match &self.events[at] {
                Ev::Document => {}
                Ev::Alias(id) => match self.anchors.get(id) {
                    // An alias within its own anchor has no end.
                    Some(range) if cursors.len() <= MAX_ALIASES && !(range.0..range.1).contains(&at) => {
                        cursors.push(*range)
                    }
                    _ => {
                        self.enter();
                    }
                },
                Ev::Scalar { text, plain, from, to, .. } => self.scalar(text, *plain, *from, *to),
                Ev::Sequence(_) | Ev::Mapping(_) if self.frames.len() >= MAX_DEPTH => {
                    self.truncated = Some("nested too deep: the inner levels are left out");
                    self.enter();
                    cursors.pop();
                    cursors.push((after(self.events, at).min(end), end));
                }
                Ev::Sequence(_) => {
                    let slot = self.enter();
                    let empty = matches!(self.events.get(at + 1), Some(Ev::End));
                    self.leave_empty(empty, &slot);
                    self.frames.push(Frame::Seq {
                        path: self.path.len(),
                        next: 0,
                        merging: slot.merging,
                        merged: slot.merged,
                    });
                }
                Ev::Mapping(_) => {
                    let slot = self.enter();
                    let empty = matches!(self.events.get(at + 1), Some(Ev::End));
                    self.leave_empty(empty, &slot);
                    self.frames.push(Frame::Map { path: self.path.len(), key: None, merged: slot.merged });
                }
                Ev::End => {
                    self.frames.pop();
                }
            }
        }
    }

    /// Sets the path for a node that is a value, and says how it hangs there. In a mapping that waits for a key the
    /// node is a complex key and gets an odd but harmless name.
    fn enter(&mut self) -> Slot {
        match self.frames.last_mut() {
            None => {
                self.path.clear();
                Slot { key_start: None, merged: None, merging: false }
            }
            Some(Frame::Seq { path, next, merging, merged }) => {
                self.path.truncate(*path);
                if !*merging {
                    self.path.push_str(&format!("[{next}]"));
                }
                *next += 1;
                Slot { key_start: None, merged: *merged, merging: false }
            }
            Some(Frame::Map { path, key, merged }) => match key.take() {
                Some(start) => {
                    let merging = self.merges.pending;
                    self.merges.pending = false;
                    let merged = if merging { Some(*path) } else { *merged };
                    Slot { key_start: Some(start), merged, merging }
                }
                None => {
                    self.path.truncate(*path);
                    self.path.push_str(".?");
                    *key = Some(usize::MAX);
                    Slot { key_start: None, merged: *merged, merging: false }
                }
            },
        }
    }

    fn scalar(&mut self, text: &str, plain: bool, from: usize, to: usize) {
        let from = self.places.byte(from);
        let to = scalar_end(self.chunk, from, self.places.byte(to));
        let text = self.original(text, from, to);
        let text = text.as_str();
        if let Some(Frame::Map { path, key: key @ None, merged }) = self.frames.last_mut() {
            self.path.truncate(*path);
            *key = Some(from);
            if plain && text == "<<" {
                self.merges.pending = true;
                return;
            }
            // Spring: a key in brackets joins without a dot.
            if !self.path.is_empty() && !text.starts_with('[') {
                self.path.push('.');
            }
            // Entries with longer keys are dropped: what stands for the rest does not matter.
            if self.path.len() <= MAX_KEY {
                self.path.push_str(if text.len() <= MAX_KEY { text } else { "…" });
            }
            if merged.is_none() {
                self.merges.explicit(&self.path);
            }
            return;
        }
        let slot = self.enter();
        let start = slot.key_start.filter(|s| *s != usize::MAX).unwrap_or(from);
        self.put(text, start, from, to, &slot);
    }

    /// Where a template was masked, the text as it stands in the file.
    fn original(&self, text: &str, from: usize, to: usize) -> String {
        let (Some(masked), Some(raw)) = (self.masked, self.chunk.get(from..to)) else {
            return text.to_owned();
        };
        if masked.get(from..to) == Some(raw) {
            return text.to_owned();
        }
        let raw = raw.trim();
        let inner = |quote: char| raw.strip_prefix(quote).and_then(|r| r.strip_suffix(quote));
        inner('"').or_else(|| inner('\'')).unwrap_or(raw).to_owned()
    }

    /// `emptyDir: {}` says something too.
    fn leave_empty(&mut self, empty: bool, slot: &Slot) {
        if let (true, Some(start)) = (empty, slot.key_start)
            && start != usize::MAX
        {
            self.put("", start, start, start, slot);
        }
    }

    fn put(&mut self, value: &str, start: usize, from: usize, to: usize, slot: &Slot) {
        if self.path.is_empty() {
            return;
        }
        // An alias stands far from its value; an empty value has a place after its line.
        let line_end = self.chunk[start.min(self.chunk.len())..].find('\n').map_or(self.chunk.len(), |i| start + i);
        let mut end = if from < start || from > line_end { line_end } else { to.min(line_end) };
        if value.is_empty() || end <= start {
            end = line_end;
        }
        let line = self.chunk.get(start..end).unwrap_or("").trim_end();
        let span = Span::new(self.start + start, self.start + start + line.len());
        if self.path.len() <= MAX_KEY {
            self.merges.note(self.document.entries.len(), slot.merged, &self.path);
            self.document.push(&self.path, value, span);
        }
    }
}

/// The parser's end of a quoted scalar lies behind the blanks and comments that follow it.
fn scalar_end(chunk: &str, from: usize, to: usize) -> usize {
    let bytes = &chunk.as_bytes()[..to];
    let Some(quote @ (b'"' | b'\'')) = bytes.get(from).copied() else {
        return to;
    };
    let mut at = from + 1;
    while at < to {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            b if b == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 1,
            b if b == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    to
}

/// The index after the node that begins at `at`.
fn after(events: &[Ev], at: usize) -> usize {
    let mut depth = 0_usize;
    for (i, event) in events.iter().enumerate().skip(at) {
        match event {
            Ev::Sequence(_) | Ev::Mapping(_) => depth += 1,
            Ev::End => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return i + 1;
        }
    }
    events.len()
}

/// `<<: *common`: keys set in place win over merged ones, as a whole and not level by level.
#[derive(Default)]
struct Merges {
    /// The document merges anything at all.
    active: bool,
    /// The key just read was `<<`.
    pending: bool,
    /// Paths of keys set in place.
    explicit: HashSet<String>,
    /// Entry index, and the merged key's path at the level of the merge.
    merged: Vec<(usize, String)>,
}

impl Merges {
    fn explicit(&mut self, path: &str) {
        if self.active {
            self.explicit.insert(path.to_owned());
        }
    }

    fn note(&mut self, entry: usize, merged: Option<usize>, path: &str) {
        if let Some(level) = merged {
            let rest = path.get(level..).unwrap_or("");
            let inner = rest.trim_start_matches('.');
            let end = level + (rest.len() - inner.len()) + inner.find(['.', '[']).unwrap_or(inner.len());
            self.merged.push((entry, path[..end].to_owned()));
        }
    }

    fn settle(self, mut document: Document) -> Document {
        if self.merged.is_empty() {
            return document;
        }
        let dropped: HashSet<usize> =
            self.merged.iter().filter(|(_, key)| self.explicit.contains(key)).map(|(entry, _)| *entry).collect();
        let mut at = 0;
        document.entries.retain(|_| {
            at += 1;
            !dropped.contains(&(at - 1))
        });
        document
    }
}

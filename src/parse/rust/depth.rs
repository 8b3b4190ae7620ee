//! How deep a text can nest: an upper bound, found without recursion.
//!
//! A tree of Rust code grows deeper by delimiters and, between two separators, by operators and
//! keywords (`!!!!x`, `a.b().c()`, `if … else if …`, `Box<Box<…`). Counting those in every open group
//! bounds what `syn`, our walker and the tree's destructor can need of the stack.

/// What a text needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Any thread will do.
    Shallow,
    /// A thread with [`BIG_STACK`].
    Deep,
    /// Not to be parsed; the offset where the limit is passed.
    TooDeep(usize),
}

/// Up to this bound the default stack of a worker thread (2 MiB) is ample: a level takes at most
/// 8 KiB, five times as much without optimisation. All but a few files in a thousand stay below.
const SHALLOW: usize = if cfg!(debug_assertions) { 40 } else { 120 };
/// Real code stays below 400, generated code included.
const LIMIT: usize = 1500;
/// Bytes of stack for a text up to [`LIMIT`]; reserved by the system, used only as far as needed.
pub(super) const BIG_STACK: usize = 128 << 20;

/// One open group: its run of operators since the last separator.
#[derive(Default)]
struct Level {
    run: usize,
    /// Runs that ended in a `,` which may stand within `<…>`.
    carried: usize,
    angles: usize,
    in_closure_head: bool,
    /// `x < y` was seen in this run: a comparison, most likely.
    spaced_less: bool,
    /// The group is the body of a match arm, which ends with it.
    arm: bool,
}

/// Reads the bound of a text.
pub(super) fn of(text: &str) -> Depth {
    Scan {
        text: text.as_bytes(),
        at: 0,
        levels: vec![Level::default()],
        total: 0,
        max: 0,
        operand: false,
        arrow: false,
    }
    .run()
}

struct Scan<'t> {
    text: &'t [u8],
    at: usize,
    levels: Vec<Level>,
    total: usize,
    max: usize,
    /// The last token was an operand (name, literal, closing delimiter).
    operand: bool,
    /// The last token was `=>`.
    arrow: bool,
}

impl Scan<'_> {
    fn run(mut self) -> Depth {
        let mut after_brace = false;
        while let Some(&byte) = self.text.get(self.at) {
            if byte.is_ascii_whitespace() || self.comment() {
                self.at += usize::from(byte.is_ascii_whitespace());
                continue;
            }
            if std::mem::take(&mut after_brace) && self.starts_statement() {
                self.reset();
            }
            let arrow = std::mem::take(&mut self.arrow);
            match byte {
                b'"' => self.string(),
                b'\'' => self.quote(),
                b'(' | b'[' | b'{' => self.open(arrow),
                b')' | b']' | b'}' => after_brace = self.close() || byte == b'}',
                b';' => self.separator(true),
                b',' => self.separator(false),
                _ if byte == b'_' || byte.is_ascii_alphanumeric() || byte >= 0x80 => self.word(),
                _ => self.operator(byte),
            }
            if self.total > self.max {
                self.max = self.total;
                if self.max > LIMIT {
                    return Depth::TooDeep(self.at.min(self.text.len().saturating_sub(1)));
                }
            }
        }
        if self.max > SHALLOW { Depth::Deep } else { Depth::Shallow }
    }

    fn top(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.levels.push(Level::default());
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    fn count(&mut self) {
        self.top().run += 1;
        self.total += 1;
    }

    fn reset(&mut self) {
        let arm = self.top().arm;
        let level = std::mem::replace(self.top(), Level { arm, ..Level::default() });
        self.total -= level.run + level.carried;
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Skips a comment, if here is one.
    fn comment(&mut self) -> bool {
        match (self.peek(0), self.peek(1)) {
            (b'/', b'/') => {
                while self.at < self.text.len() && self.peek(0) != b'\n' {
                    self.at += 1;
                }
                true
            }
            (b'/', b'*') => {
                let mut open = 0usize;
                while self.at < self.text.len() {
                    match (self.peek(0), self.peek(1)) {
                        (b'/', b'*') => (open, self.at) = (open + 1, self.at + 2),
                        (b'*', b'/') => (open, self.at) = (open - 1, self.at + 2),
                        _ => self.at += 1,
                    }
                    if open == 0 {
                        break;
                    }
                }
                true
            }
            _ => false,
        }
    }

    fn string(&mut self) {
        self.operand = true;
        self.at += 1;
        while self.at < self.text.len() {
            match self.peek(0) {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
    }

    fn raw_string(&mut self, hashes: usize) {
        self.at += hashes + 1;
        while self.at < self.text.len() {
            self.at += 1;
            if self.text[self.at - 1] == b'"' && (0..hashes).all(|i| self.peek(i) == b'#') {
                self.at += hashes;
                return;
            }
        }
    }

    /// A character or a lifetime.
    fn quote(&mut self) {
        self.operand = true;
        self.at += 1;
        if self.peek(0) == b'\\' {
            self.at += 2;
            while self.at < self.text.len() && !matches!(self.peek(0), b'\'' | b'\n') {
                self.at += 1;
            }
            self.at += 1;
            return;
        }
        let width = match self.peek(0) {
            0..0x80 => 1,
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            _ => 4,
        };
        if self.peek(width) == b'\'' {
            self.at += width + 1;
        } else {
            self.skip_word();
        }
    }

    fn skip_word(&mut self) {
        while self.peek(0) == b'_' || self.peek(0).is_ascii_alphanumeric() || self.peek(0) >= 0x80 {
            self.at += 1;
        }
    }

    fn word(&mut self) {
        let start = self.at;
        self.skip_word();
        let word = &self.text[start..self.at];
        let hashes = (0..).take_while(|i| self.peek(*i) == b'#').count();
        if matches!(word, b"r" | b"br" | b"cr") && self.peek(hashes) == b'"' {
            self.raw_string(hashes);
        } else if word == b"r" && hashes == 1 {
            self.at += 1;
            self.skip_word();
        } else if nests(word) {
            self.operand = false;
            self.count();
            return;
        }
        self.operand = true;
    }

    fn open(&mut self, arrow: bool) {
        self.count();
        self.levels.push(Level { arm: arrow && self.peek(0) == b'{', ..Level::default() });
        self.operand = false;
        self.at += 1;
    }

    /// Closes a group; was it the body of a match arm?
    fn close(&mut self) -> bool {
        self.reset();
        let arm = self.top().arm && self.peek(0) == b'}';
        if self.levels.len() > 1 {
            self.levels.pop();
        }
        self.operand = true;
        self.at += 1;
        if arm {
            self.reset();
        }
        arm
    }

    /// After a `}`: does a new statement, item or arm begin here?
    fn starts_statement(&self) -> bool {
        let rest = &self.text[self.at..];
        let word = |w: &[u8]| rest.starts_with(w) && !rest.get(w.len()).is_some_and(u8::is_ascii_alphanumeric);
        match rest[0] {
            b'#' | b'"' | b'\'' => true,
            byte => (byte == b'_' || byte.is_ascii_alphanumeric()) && !word(b"else") && !word(b"as"),
        }
    }

    fn separator(&mut self, hard: bool) {
        let level = self.top();
        if hard {
            self.reset();
        } else if level.angles == 0 && !level.in_closure_head {
            let run = std::mem::take(&mut level.run);
            if std::mem::take(&mut level.spaced_less) {
                level.carried += run;
            } else {
                self.total -= run;
            }
        }
        self.operand = false;
        self.at += 1;
    }

    fn operator(&mut self, byte: u8) {
        let operand = std::mem::take(&mut self.operand);
        let next = self.peek(1);
        let before = if self.at == 0 { 0 } else { self.text[self.at - 1] };
        if byte == b'=' && next == b'>' {
            self.reset();
            self.arrow = true;
            self.at += 2;
            return;
        }
        match byte {
            b'|' => {
                let level = self.top();
                level.in_closure_head = !level.in_closure_head && !operand;
            }
            b'<' if next == b'<' && (self.peek(2).is_ascii_digit() || matches!(self.peek(2), b' ' | b'=')) => {
                self.count();
                self.at += 1;
            }
            b'<' if next.is_ascii_whitespace() && before.is_ascii_whitespace() => self.top().spaced_less = true,
            b'<' => self.top().angles += 1,
            b'>' if !matches!(before, b'-' | b'=') => {
                let level = self.top();
                level.angles = level.angles.saturating_sub(1);
            }
            _ => {}
        }
        if byte != b':' || before == b':' {
            self.count();
        }
        self.at += 1;
    }
}

/// Keywords that can stand before another expression, pattern or type without an operator.
fn nests(word: &[u8]) -> bool {
    matches!(
        word,
        b"as"
            | b"async"
            | b"auto"
            | b"become"
            | b"box"
            | b"break"
            | b"const"
            | b"do"
            | b"dyn"
            | b"else"
            | b"fn"
            | b"for"
            | b"gen"
            | b"if"
            | b"impl"
            | b"in"
            | b"let"
            | b"loop"
            | b"match"
            | b"move"
            | b"mut"
            | b"raw"
            | b"ref"
            | b"return"
            | b"static"
            | b"try"
            | b"unsafe"
            | b"while"
            | b"yield"
    )
}

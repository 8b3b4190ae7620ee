//! Cuts a script into statements and keeps the blocks around them. No recursion: depth is the input's.

use std::ops::Range;

use super::context::{Context, Kind};
use super::lexer::{self, Kind as T, Token};
use super::statement::Reader;

/// Blocks deeper than this are skipped.
const MAX_DEPTH: usize = 200;

struct Frame<'t> {
    context: Context,
    /// The statement so far; a block within it is one `{}`.
    statement: Vec<Token<'t>>,
    /// Open brackets of the statement.
    brackets: usize,
    /// The statement was read when its block began.
    emitted: Option<Range<usize>>,
}

impl Frame<'_> {
    fn new(context: Context) -> Self {
        Self { context, statement: Vec::new(), brackets: 0, emitted: None }
    }
}

/// Feeds the statements of `text` to `reader`.
pub(super) fn walk(text: &str, kotlin: bool, reader: &mut Reader) {
    let tokens = lexer::tokens(text, kotlin);
    let mut frames = vec![Frame::new(Context::default())];
    for (i, token) in tokens.iter().enumerate() {
        let depth = frames.len();
        let Some(frame) = frames.last_mut() else { return };
        match (token.kind, token.text) {
            (T::Newline, _) => {
                if frame.brackets == 0 && !continues(&frame.statement, &tokens[i..]) {
                    end(frame, reader);
                }
            }
            (T::Op, ";") if frame.brackets == 0 => end(frame, reader),
            (T::Op, "{") => {
                let inner = open(frame, depth, reader);
                frame.statement.push(Token { text: "{}", ..*token });
                frames.push(Frame::new(inner));
            }
            (T::Op, "}") => {
                end(frame, reader);
                if frames.len() > 1 {
                    frames.pop();
                }
            }
            // Parameters of a lambda, or the condition of a `when` branch.
            (T::Op, "->") if frame.brackets == 0 => frame.statement.clear(),
            _ => {
                if token.opens() {
                    frame.brackets += 1;
                } else if token.closes() {
                    frame.brackets = frame.brackets.saturating_sub(1);
                }
                frame.statement.push(*token);
            }
        }
    }
    while let Some(mut frame) = frames.pop() {
        end(&mut frame, reader);
    }
}

fn open(frame: &mut Frame<'_>, depth: usize, reader: &mut Reader) -> Context {
    if depth >= MAX_DEPTH {
        return Context { kind: Kind::Skip, ..Context::default() };
    }
    if frame.context.kind == Kind::Dependencies && frame.emitted.is_none() {
        frame.emitted = reader.dependencies(&frame.context, &frame.statement);
    }
    // A head is short; without a bound `a {} {} {} …` would be read again and again.
    let head = &frame.statement[..frame.statement.len().min(256)];
    frame.context.enter(head, frame.emitted.clone())
}

fn end(frame: &mut Frame<'_>, reader: &mut Reader) {
    frame.brackets = 0;
    let emitted = frame.emitted.take();
    if !frame.statement.is_empty() && emitted.is_none() {
        reader.statement(&frame.context, &frame.statement);
    }
    frame.statement.clear();
}

/// Does the statement go on after this line end?
fn continues(statement: &[Token<'_>], rest: &[Token<'_>]) -> bool {
    let Some(last) = statement.last() else { return true };
    if last.kind == T::Op && matches!(last.text, "," | "=" | "+" | ":" | "." | "?." | "&&" | "||" | "?" | "?:") {
        return true;
    }
    let Some(next) = rest.iter().take(64).find(|t| t.kind != T::Newline) else { return false };
    next.kind == T::Op && matches!(next.text, "." | "?." | "?:" | "," | "+" | "&&" | "||" | "{")
}

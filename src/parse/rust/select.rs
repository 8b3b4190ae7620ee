//! `select!`: the arms of tokio, futures and crossbeam.

use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, Macro, Pat, Token};

use crate::facts::code::{ExprIx, ExprKind, Usage};
use crate::text::{Name, Span};

use super::walker::{Value, Walker};

/// `pattern = future, if condition => body`.
struct Arm {
    pat: Option<Pat>,
    future: Option<Expr>,
    condition: Option<Expr>,
    body: Expr,
}

impl Walker<'_> {
    /// The futures are the arguments; the bodies are walked as code of the callable around.
    pub(super) fn select_macro(&mut self, mac: &Macro, name: Name, span: Span, at: Span) -> Value {
        let arms = arms.parse2(mac.tokens.clone()).unwrap_or_default();
        let mut futures = Vec::new();
        let mut sources = Vec::new();
        let mut waits_for_end = self.waits_for_end;
        for arm in &arms {
            if let Some(condition) = &arm.condition {
                self.expr(condition);
            }
            let source = arm.future.as_ref().map(|future| {
                let future = self.value(future, Usage::Awaited).ix;
                let (then, otherwise) = self.stops(future);
                (future, then || otherwise)
            });
            futures.extend(source.map(|(future, _)| future));
            waits_for_end |= source.is_some_and(|(_, ends)| ends);
            sources.push(source);
        }
        let outside = std::mem::replace(&mut self.waits_for_end, waits_for_end);
        for (arm, source) in arms.iter().zip(sources) {
            self.scoped(|walker| {
                // Without a source it is `else`: every source has ended.
                let mut ends = source.map_or(arm.pat.is_none(), |(_, ends)| ends);
                if let (Some((future, _)), Some(pat)) = (source, &arm.pat) {
                    let any = matches!(pat, Pat::Wild(_));
                    ends |= !any && walker.ends_when_matched(future, pat);
                    walker.bind(pat, None, Some(future));
                }
                let deadline = source.is_some_and(|(future, _)| walker.is_deadline(future));
                let before = std::mem::replace(&mut walker.deadline, deadline);
                walker.guarded(ends, |walker| walker.run(&arm.body));
                walker.deadline = before;
            });
        }
        self.waits_for_end = outside;
        self.push(ExprKind::Macro { name, args: futures.into() }, span, at)
    }
}

impl Walker<'_> {
    /// `_ = &mut timeout`: a sleep that was begun before, and not one for this round.
    fn is_deadline(&self, future: ExprIx) -> bool {
        let mut at = future;
        for _ in 0..8 {
            at = match &self.facts[at].kind {
                ExprKind::Unary { base, .. } => *base,
                ExprKind::Local(local) => match self.facts[*local].init {
                    Some(init) => init,
                    None => return false,
                },
                ExprKind::Call { base: None, name, args } if name.last_segment() == "pin" && args.len() == 1 => args[0],
                ExprKind::Call { base: None, name, .. } => {
                    return at != future && matches!(name.last_segment(), "sleep" | "sleep_until");
                }
                _ => return false,
            };
        }
        false
    }
}

fn arms(input: ParseStream<'_>) -> syn::Result<Vec<Arm>> {
    if input.peek(Ident) && input.peek2(Token![;]) {
        // `biased;`
        input.parse::<Ident>()?;
        input.parse::<Token![;]>()?;
    }
    let mut arms = Vec::new();
    while !input.is_empty() {
        match arm(input) {
            Ok(arm) => arms.push(arm),
            // What was read so far counts.
            Err(_) => {
                input.parse::<proc_macro2::TokenStream>()?;
            }
        }
    }
    Ok(arms)
}

fn arm(input: ParseStream<'_>) -> syn::Result<Arm> {
    let mut arm = Arm { pat: None, future: None, condition: None, body: Expr::Verbatim(Default::default()) };
    if input.peek(Token![else]) {
        input.parse::<Token![else]>()?;
    } else if input.peek(Ident) && input.peek2(Token![=>]) {
        // `complete =>`, `default =>`: nothing is ready.
        let word = input.parse::<Ident>()?;
        if word != "complete" {
            arm.pat = Some(Pat::Verbatim(Default::default()));
        }
    } else if takes_call(input) {
        // crossbeam: `recv(rx) -> message =>`
        arm.future = Some(input.parse()?);
        if input.parse::<Option<Token![->]>>()?.is_some() {
            arm.pat = Some(Pat::parse_multi_with_leading_vert(input)?);
        }
    } else {
        arm.pat = Some(Pat::parse_multi_with_leading_vert(input)?);
        input.parse::<Token![=]>()?;
        arm.future = Some(input.parse()?);
        if input.peek(Token![,]) && input.peek2(Token![if]) {
            input.parse::<Token![,]>()?;
            input.parse::<Token![if]>()?;
            arm.condition = Some(input.parse()?);
        }
    }
    input.parse::<Token![=>]>()?;
    arm.body = Expr::parse_with_earlier_boundary_rule(input)?;
    input.parse::<Option<Token![,]>>()?;
    Ok(arm)
}

fn takes_call(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let word = ahead.parse::<Ident>();
    matches!(word, Ok(word) if word == "recv" || word == "send" || word == "default")
        && ahead.peek(syn::token::Paren)
        && {
            let ended = ahead.parse::<proc_macro2::TokenTree>().is_ok();
            ended && (ahead.peek(Token![->]) || ahead.peek(Token![=>]))
        }
}

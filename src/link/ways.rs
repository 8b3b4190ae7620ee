//! The shortest way from a request handler to each piece of code that a request reaches.

use std::collections::VecDeque;

/// No request comes here.
const NONE: u32 = u32::MAX;

/// Nobody reads a longer one.
const LONGEST: usize = 256;

/// By callable, the one that comes before it on the way; a handler comes before itself.
#[derive(Default)]
pub(super) struct Ways {
    before: Vec<u32>,
}

impl Ways {
    /// One search in breadth from all handlers at once: each callable is looked at once.
    pub(super) fn new(edges: &[Vec<u32>], handlers: &[bool]) -> Self {
        let mut before = vec![NONE; edges.len()];
        let mut todo = VecDeque::new();
        for (id, _) in handlers.iter().enumerate().filter(|(_, is)| **is) {
            before[id] = id as u32;
            todo.push_back(id as u32);
        }
        while let Some(at) = todo.pop_front() {
            for next in &edges[at as usize] {
                if before[*next as usize] == NONE {
                    before[*next as usize] = at;
                    todo.push_back(*next);
                }
            }
        }
        Self { before }
    }

    /// From the handler to this callable, both told; empty where no request comes, or only from afar.
    pub(super) fn to(&self, id: usize) -> Vec<u32> {
        let mut way = Vec::new();
        let mut at = id as u32;
        while let Some(before) = self.before.get(at as usize).filter(|before| **before != NONE) {
            way.push(at);
            if *before == at {
                way.reverse();
                return way;
            }
            if way.len() == LONGEST {
                break;
            }
            at = *before;
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_way_wins_and_circles_end() {
        // 0 and 5 serve requests; 1, 2 and 3 call each other in a circle.
        let edges = [vec![1], vec![2], vec![3], vec![1, 4], vec![], vec![3, 3], vec![0]];
        let ways = Ways::new(&edges, &[true, false, false, false, false, true, false]);
        assert_eq!(ways.to(4), [5, 3, 4]);
        assert_eq!(ways.to(2), [0, 1, 2]);
        assert_eq!(ways.to(0), [0]);
        let chain: Vec<Vec<u32>> = (1..400).map(|to| vec![to]).chain([Vec::new()]).collect();
        let ways_of_chain = Ways::new(&chain, &[&[true][..], &[false; 399]].concat());
        assert_eq!((ways_of_chain.to(255).len(), ways_of_chain.to(256).len()), (256, 0));
        assert!(ways.to(6).is_empty() && ways.to(99).is_empty());
    }
}

//! Where in a document the reader stands, as a JSON Pointer.

use std::fmt::Write;

/// Where the reader stands, from the inside out.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    outer: Option<&'p Path<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Key(&'p str),
    Item(u32),
}

impl<'p> Path<'p> {
    pub(super) fn key(outer: Option<&'p Path<'p>>, key: &'p str) -> Self {
        Self { outer, step: Step::Key(key) }
    }

    pub(super) fn item(outer: &'p Path<'p>, item: u32) -> Self {
        Self { outer: Some(outer), step: Step::Item(item) }
    }

    pub(super) fn pointer(path: Option<&Path<'_>>) -> String {
        let mut steps = Vec::new();
        let mut at = path;
        while let Some(path) = at {
            steps.push(path.step);
            at = path.outer;
        }
        let mut pointer = String::new();
        for step in steps.into_iter().rev() {
            match step {
                Step::Key(key) => {
                    pointer.push('/');
                    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                }
                Step::Item(item) => {
                    let _ = write!(pointer, "/{item}");
                }
            }
        }
        pointer
    }
}

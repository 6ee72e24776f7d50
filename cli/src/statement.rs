//! A decision as a statement that a partner could read.
//!
//! Each section is one file that adds its lines to the [`Sheet`]. What people call things comes from the
//! rulebook, the fixed words from [`Words`]; nothing here decides anything.

mod benefits;
mod credits;
mod deadlines;
mod figures;
mod heading;
mod ladder;
pub(crate) mod layout;
mod obligations;
mod open;
mod points;
mod receipt;
mod rulings;
mod standing;
mod title;
mod value;

use crate::output::{FAINT, STRONG, styled};
use crate::words::Words;
use std::cell::RefCell;
use tierline_engine::date::Date;
use tierline_engine::evaluate::Decision;
use tierline_engine::model::Model;
use tierline_engine::rulebook::piece::{Language, Phrase};

/// What was asked.
pub struct Sent<'q> {
    /// The facts as they were sent.
    pub document: &'q [u8],
    /// Whether nobody chose the day.
    pub today: bool,
    /// The record that alone is to be spoken of.
    pub only: Option<&'q str>,
    /// The day after the last of the version, where one is known.
    pub until: Option<Date>,
}

/// The statement of a decision.
pub fn of<'d>(decision: &'d Decision<'d>, model: &'d Model, sent: &Sent<'_>, language: Language) -> String {
    let mut sheet = Sheet::new(model, language);
    sheet.others = decision.rulings.0.iter().flat_map(|(_, answers)| answers).map(|answer| answer.model).collect();
    heading::add(&mut sheet, decision, sent);
    if sent.only.is_some() {
        rulings::add(&mut sheet, decision, true);
        points::add_lines(&mut sheet, decision);
        credits::add(&mut sheet, decision);
        deadlines::add(&mut sheet, decision, sent.until);
        figures::add_steps(&mut sheet, decision);
        receipt::add(&mut sheet, decision);
        return sheet.text;
    }
    standing::add(&mut sheet, decision);
    let pressing = obligations::press(decision);
    if pressing {
        obligations::add(&mut sheet, decision);
    }
    ladder::add(&mut sheet, decision);
    points::add(&mut sheet, decision);
    rulings::add(&mut sheet, decision, false);
    figures::add(&mut sheet, decision);
    credits::add(&mut sheet, decision);
    benefits::add(&mut sheet, decision);
    if !pressing {
        obligations::add(&mut sheet, decision);
    }
    deadlines::add(&mut sheet, decision, sent.until);
    open::add(&mut sheet, decision);
    figures::add_steps(&mut sheet, decision);
    receipt::add(&mut sheet, decision);
    sheet.text
}

/// What is written so far, and what is needed to write on.
struct Sheet<'m> {
    model: &'m Model,
    words: &'static Words,
    language: Language,
    /// What other versions say that judged something.
    others: Vec<&'m Model>,
    text: String,
    /// The documents that were cited; an empty name is the default one.
    cited: RefCell<Vec<String>>,
}

impl<'m> Sheet<'m> {
    fn new(model: &'m Model, language: Language) -> Self {
        Self {
            model,
            words: Words::of(language),
            language,
            others: Vec::new(),
            text: String::new(),
            cited: RefCell::default(),
        }
    }

    fn phrase<'p>(&self, phrase: &'p Phrase) -> &'p str {
        phrase.text(self.language)
    }

    /// Adds a line; spaces at its end are left out.
    fn line(&mut self, line: impl AsRef<str>) {
        self.text.push_str(line.as_ref().trim_end());
        self.text.push('\n');
    }

    /// Begins a section: its name, the clauses that it rests on, and a rule across the sheet.
    fn section(&mut self, name: &str, clauses: &str) {
        let clauses = if clauses.is_empty() { String::new() } else { format!(" {clauses}") };
        let rest = layout::page().saturating_sub(layout::width(name) + layout::width(&clauses) + 1).max(2);
        let rule = styled(FAINT, format!("{}{clauses}", "─".repeat(rest)));
        self.line("");
        self.line(format!("{} {rule}", styled(STRONG, name)));
    }
}

//! Credits: who is credited with what, and how it is shared.

use super::Checker;
use super::scope::Scope;
use crate::document::Name;
use crate::finding::{Finding, code};
use crate::model::node::Node;
use crate::model::{CREDIT_KEYS, Credit, CreditRow, RowsOf, SHARE};
use crate::rulebook::credit;
use crate::rulebook::piece::Formula;
use crate::rulebook::row::Row;
use crate::value::currency::smallest_places;
use crate::value::{DomainId, Kind};

/// To how many places shares of a plain number are rounded.
const PLACES: u32 = 2;

impl Checker<'_> {
    pub(super) fn read_credits(&mut self) {
        for written in &self.rulebook.credits {
            match self.credit(written) {
                Some(credit) => self.model.credits.push(credit),
                None => self.lost.push(written.id.span),
            }
        }
    }

    fn credit(&mut self, written: &credit::Credit) -> Option<Credit> {
        let each = self.each(&written.each)?;
        let (domain, to) = self.of_record(&written.to)?;
        self.check_period(written.effective.as_ref());
        let own = Scope::of(self, &each);
        let mut domains = each.clone();
        domains.retain(|other| *other != domain);
        domains.push(domain);
        let scope = Scope::of(self, &domains);
        let to = self.node(&to, &scope);
        let subject = self.subject(written.subject.as_ref(), &scope);
        let filter = self.maybe_condition(written.r#where.as_ref(), &scope);
        let met = self.where_so(written.r#where.as_ref(), true, &scope);
        let requires: Vec<_> = written.requires.iter().map(|required| self.requirement(required, &met)).collect();
        self.unique_ids(&written.requires);
        let once_per = self.once_per(&written.once_per, &scope);
        let share = self.word_setting(written.share.as_ref(), "share", &SHARE, 0, written.id.span);
        let value = match &written.value {
            Some(value) => self.expression(value, &own).map(Some),
            None => Some(None),
        };
        let rows = self.credit_rows(written, &own);
        let to = to?;
        if !self.names_somebody(&to.ty.kind) {
            self.mismatch(&Kind::Text, &to);
            return None;
        }
        let value = value?;
        let places = match value.as_ref().map(|value| &value.ty.kind) {
            Some(Kind::Count) => 0,
            Some(Kind::Money) => self.model.currency.as_deref().map_or(PLACES, smallest_places),
            Some(kind) if !kind.is_numeric() => {
                value.iter().for_each(|value| self.mismatch(&Kind::Number, value));
                return None;
            }
            _ => PLACES,
        };
        if let (None, Some(share)) = (&value, &written.share) {
            let message = "there is nothing to be shared: `value` is missing";
            let finding = Finding::new(&code::INCOMPLETE_RULE, share.0.span, message);
            self.findings.add(finding.help("write what is credited as `value = '…'`, or leave `share` out"));
            return None;
        }
        let dated = |domain: &DomainId| self.own_happening(*domain);
        let happened = each.iter().chain([&domain].into_iter().filter(|domain| !each.contains(domain)));
        let happened: Vec<_> = happened.filter_map(dated).collect();
        let period = written.effective.as_ref();
        Some(Credit {
            id: written.id.text.clone(),
            span: written.id.span,
            title: written.title.clone(),
            inside: own.holder_of(self, domain),
            dated: each.iter().find_map(dated),
            each,
            domain,
            to,
            subject: subject?,
            happened,
            filter: filter?,
            requires: requires.into_iter().collect::<Option<_>>()?,
            once_per: once_per?,
            share: share?,
            value,
            places,
            from: period.and_then(|period| period.from).map(|day| day.date),
            until: period.and_then(|period| period.until).map(|day| day.date),
            rows: rows?,
            source: written.source.clone(),
            note: written.note.as_ref().map(|note| note.text.clone()),
        })
    }

    /// What each line is about: something that has a name.
    fn subject(&mut self, written: Option<&Formula>, scope: &Scope) -> Option<Option<Node>> {
        let Some(written) = written else { return Some(None) };
        let subject = self.expression(written, scope)?;
        if !matches!(subject.ty.kind, Kind::Text | Kind::Word(_) | Kind::Row(_)) {
            self.mismatch(&Kind::Text, &subject);
            return None;
        }
        Some(Some(subject))
    }

    /// Whether a value of `kind` tells who is credited: a text, or a reference to a record.
    fn names_somebody(&self, kind: &Kind) -> bool {
        match kind {
            Kind::Text => true,
            Kind::Row(domain) => matches!(self.model.domain(*domain).rows, RowsOf::Records(_)),
            _ => false,
        }
    }

    fn credit_rows(&mut self, written: &credit::Credit, scope: &Scope) -> Option<Vec<CreditRow>> {
        if written.rows.0.is_empty() {
            return Some(vec![CreditRow {
                rule: written.id.text.clone(),
                span: written.id.span,
                title: written.title.clone(),
                applies: Vec::new(),
                columns: Vec::new(),
                about: Vec::new(),
                source: written.source.clone(),
                note: written.note.as_ref().map(|note| note.text.clone()),
            }]);
        }
        let mut rows: Vec<CreditRow> = Vec::new();
        let mut whole = true;
        for row in &written.rows.0 {
            match self.credit_row(row, written, scope, &rows) {
                Some(row) => rows.push(row),
                None => whole = false,
            }
        }
        whole.then_some(rows)
    }

    fn credit_row(
        &mut self,
        row: &Row,
        written: &credit::Credit,
        scope: &Scope,
        before: &[CreditRow],
    ) -> Option<CreditRow> {
        let (asked, about): (Vec<_>, Vec<_>) =
            row.cells.iter().cloned().partition(|(name, _)| self.is_column(name, scope));
        let named = Row { cells: asked.clone(), ..row.clone() };
        let Some(id) = super::name::row_id(&named) else {
            let message = "the row has no `id`, and no selecting cell to name it by";
            let finding = Finding::new(&code::MISSING_KEY, row.span, message);
            self.findings.add(finding.help("write `id = …` in the row"));
            return None;
        };
        let rule = format!("{}.{}", written.id.text, id.text);
        if let Some(first) = before.iter().find(|first| first.rule == rule) {
            let message = format!("the rule has two rows `{}`", id.text);
            let finding = Finding::new(&code::DUPLICATE_ID, id.span, message).and(first.span, "the first is here");
            self.findings.add(finding.help("rows that select the same need an `id` of their own each"));
        }
        let described = self.described(&about, scope);
        let taken = about.iter().find(|(name, _)| CREDIT_KEYS.contains(&name.text.as_str()));
        if let Some((name, _)) = taken {
            let message = format!("`{}` has a meaning of its own in the answer", name.text);
            self.findings
                .add(Finding::new(&code::DUPLICATE_ID, name.span, message).help("give the column another name"));
            return None;
        }
        let when = self.maybe_condition(row.when.as_ref(), scope);
        if let Some(unless) = &row.unless {
            let finding = Finding::new(&code::UNKNOWN_KEY, unless.span, "`unless` means nothing in a row of credits");
            self.findings.add(finding.help("say in `when` for what the row is"));
            return None;
        }
        let tests = self.tests(&named, scope, &format!("credits.{rule}"))?;
        let columns = tests.iter().filter(|(_, test)| test.selects).map(|(name, _)| name);
        let columns: Vec<Name> = columns.cloned().collect();
        let columns = columns.into_iter().map(|name| Some((name.text.clone(), self.column(&name, scope)?)));
        let columns = columns.collect::<Option<Vec<_>>>()?;
        Some(CreditRow {
            rule,
            span: row.span,
            title: row.title.clone(),
            applies: tests.into_iter().map(|(_, test)| test.that).chain(when?).collect(),
            columns,
            about: described?,
            source: row.source.clone().or_else(|| written.source.clone()),
            note: row.note.as_ref().map(|note| note.text.clone()),
        })
    }
}

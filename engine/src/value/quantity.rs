//! Numbers with their units, as people write them: `25_000 USD`, `7 %`, `36 months`.

use super::{Decimal, Duration};

/// A number with its unit.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// `25_000`
    Number(Decimal),
    /// `25_000 USD`
    Money(Decimal, String),
    /// `7 %`
    Percent(Decimal),
    /// `36 months`
    Duration(Duration),
}

/// The quantity that `text` means; `None` when it is none.
pub fn quantity(text: &str) -> Option<Quantity> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '_' | '.' | '-' | '+'))).unwrap_or(text.len());
    let (number, unit) = (text[..end].replace('_', ""), text[end..].trim());
    let number = Decimal::from_str_exact(number.strip_prefix('+').unwrap_or(&number)).ok()?;
    let whole = || (number.fract().is_zero()).then(|| i32::try_from(number.trunc()).ok())?;
    Some(match unit {
        "" => Quantity::Number(number),
        "%" => Quantity::Percent(number),
        "day" | "days" => Quantity::Duration(Duration::days(whole()?)),
        "week" | "weeks" => Quantity::Duration(Duration::days(whole()?.checked_mul(7)?)),
        "month" | "months" => Quantity::Duration(Duration::months(whole()?)),
        "year" | "years" => Quantity::Duration(Duration::months(whole()?.checked_mul(12)?)),
        code if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) => {
            Quantity::Money(number, code.to_owned())
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_carry_their_units() {
        let number = |n: i64| Decimal::from(n);
        assert_eq!(quantity("25_000 USD"), Some(Quantity::Money(number(25_000), "USD".into())));
        assert_eq!(quantity("7 %"), Some(Quantity::Percent(number(7))));
        assert_eq!(quantity("7%"), Some(Quantity::Percent(number(7))));
        assert_eq!(quantity("36 months"), Some(Quantity::Duration(Duration::months(36))));
        assert_eq!(quantity("2 years"), Some(Quantity::Duration(Duration::months(24))));
        assert_eq!(quantity("1.5 years"), None);
        assert_eq!(quantity("points"), None);
        assert_eq!(quantity("2024-08-01"), None);
        assert_eq!(quantity(""), None);
    }
}

//! Numbers of a document, exactly or not at all.

use crate::value::Decimal;

/// The number that `text` is, if it can be held exactly.
pub fn exact(text: &str) -> Option<Decimal> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    if plain {
        return Decimal::from_str_exact(text).ok();
    }
    if !is_number(text) {
        return None;
    }
    // An exponent is exact as long as no digit is lost on the way.
    let (digits, exponent) = text.split_once(['e', 'E'])?;
    let exponent: i64 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
    let digits = Decimal::from_str_exact(digits).ok()?;
    if !(-28..=28).contains(&exponent) {
        return digits.is_zero().then_some(Decimal::ZERO);
    }
    let power = (0..exponent.unsigned_abs()).try_fold(Decimal::ONE, |power, _| power.checked_mul(Decimal::TEN))?;
    if exponent >= 0 {
        return digits.checked_mul(power);
    }
    let result = digits.checked_div(power)?;
    (result.checked_mul(power)? == digits).then_some(result)
}

/// Whether `text` is written as JSON writes a number, however long.
pub fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    digits(whole) && digits(fraction) && digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_from_what_only_looks_like_one() {
        for number in ["0", "-1.50", "1e3", "1.5E-3", "2e+4", "123456789012345678901234567890123"] {
            assert!(is_number(number), "{number}");
        }
        for text in ["", "-", ".5", "5.", "1.000.000", "2024-09-01", "+5", "1e", "e3", "1_000", "--5", "0x1f"] {
            assert!(!is_number(text), "{text}");
        }
    }
}

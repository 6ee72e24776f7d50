//! Numbers of a document, exactly or not at all.

use crate::value::Decimal;

/// The number that `text` is, if it can be held exactly.
pub fn exact(text: &str) -> Option<Decimal> {
    if let Some((number, len)) = short(text.as_bytes())
        && len == text.len()
    {
        return Some(number);
    }
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

/// The most digits that surely fit in 64 bits.
const FEW: usize = 19;

/// The number with which `bytes` begin, if it is written as in JSON with few digits, no sign and no exponent; and how
/// many bytes it takes.
#[inline]
pub fn short(bytes: &[u8]) -> Option<(Decimal, usize)> {
    let mut number = 0u64;
    let mut len = 0;
    let mut point = None;
    loop {
        match bytes.get(len) {
            Some(digit @ b'0'..=b'9') if len < FEW => number = number * 10 + u64::from(digit - b'0'),
            Some(b'.') if point.is_none() => point = Some(len),
            Some(b'0'..=b'9' | b'.' | b'e' | b'E') => return None,
            _ => break,
        }
        len += 1;
    }
    let whole = point.unwrap_or(len);
    let scale = len - point.map_or(len, |point| point + 1);
    if whole == 0 || (whole > 1 && bytes[0] == b'0') || point == Some(len - 1) {
        return None;
    }
    Some((Decimal::from_parts(number as u32, (number >> 32) as u32, 0, false, scale as u32), len))
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
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_short_number_is_what_the_long_way_finds(text in "0?[0-9]{0,20}[.]?[0-9]{0,20}") {
            let Some((number, len)) = short(text.as_bytes()) else { return Ok(()) };
            prop_assert_eq!(len, text.len());
            let exact = Decimal::from_str_exact(&text).expect("a number");
            prop_assert_eq!(number.serialize(), exact.serialize());
            prop_assert!(is_number(&text));
        }
    }

    #[test]
    fn a_short_number_is_plain_and_ends_where_it_ends() {
        let short = |text: &str| short(text.as_bytes()).map(|(number, len)| (number.to_string(), len));
        assert_eq!(short("42000}"), Some(("42000".to_owned(), 5)));
        assert_eq!(short("0.50,"), Some(("0.50".to_owned(), 4)));
        assert_eq!(short("0"), Some(("0".to_owned(), 1)));
        assert_eq!(short("9999999999999999999"), Some(("9999999999999999999".to_owned(), 19)));
        for text in ["", "-1", "01", ".5", "5.", "5.}", "1.2.3", "1e3", "1.5E3", "10000000000000000000", "x"] {
            assert_eq!(short(text), None, "{text}");
        }
    }

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

//! A decimal as text, without a detour through the heap or through formatters.

use super::Decimal;

/// As many as the digits of the longest decimal, its point, its sign and a zero before the point.
const MOST: usize = 32;

/// The text of a decimal, as `Display` gives it.
#[derive(Clone, Copy, Debug)]
pub struct Digits {
    /// The text stands at the end.
    bytes: [u8; MOST],
    start: usize,
}

impl Digits {
    /// The text of `number`.
    pub fn of(number: Decimal) -> Self {
        let mut digits = Self { bytes: [0; MOST], start: MOST };
        let mut rest = number.mantissa().unsigned_abs();
        let mut point = number.scale();
        loop {
            // Few are too long for the short division.
            let last = match u64::try_from(rest) {
                Ok(short) => {
                    rest = u128::from(short / 10);
                    (short % 10) as u8
                }
                Err(_) => {
                    let last = (rest % 10) as u8;
                    rest /= 10;
                    last
                }
            };
            digits.put(b'0' + last);
            match point {
                0 if rest == 0 => break,
                0 => {}
                1 => {
                    digits.put(b'.');
                    point = 0;
                    if rest == 0 {
                        digits.put(b'0');
                        break;
                    }
                }
                _ => point -= 1,
            }
        }
        if number.is_sign_negative() {
            digits.put(b'-');
        }
        digits
    }

    fn put(&mut self, byte: u8) {
        self.start -= 1;
        self.bytes[self.start] = byte;
    }

    /// The text as ASCII.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    /// The text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(self.bytes()).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_that_of_the_decimal() {
        let mantissas = [0, 1, 9, 10, 100, 13_948_184, i128::from(u64::MAX), i128::from(u64::MAX) + 1, (1 << 96) - 1];
        for mantissa in mantissas.into_iter().flat_map(|mantissa| [mantissa, -mantissa]) {
            for scale in 0..=28 {
                let mut number = Decimal::from_i128_with_scale(mantissa, scale);
                assert_eq!(Digits::of(number).text(), number.to_string());
                number.set_sign_negative(true);
                assert_eq!(Digits::of(number).text(), number.to_string());
            }
        }
    }
}

//! Currencies by their ISO 4217 codes.

/// The codes of ISO 4217 (list one of the maintenance agency, SIX, as amended through January 2026), and
/// those withdrawn since 2020, for rulebooks of the years in which they were money. `XXX` stands for none.
pub const CODES: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF",
    "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHE", "CHF", "CHW", "CLF",
    "CLP", "CNY", "COP", "COU", "CRC", "CUC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB",
    "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HRK", "HTG", "HUF",
    "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD",
    "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU",
    "MUR", "MVR", "MWK", "MXN", "MXV", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN",
    "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD",
    "SHP", "SLE", "SLL", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY",
    "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "USN", "UYI", "UYU", "UYW", "UZS", "VED", "VES", "VND", "VUV", "WST",
    "XAD", "XAF", "XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XCD", "XCG", "XDR", "XOF", "XPD", "XPF", "XPT", "XSU",
    "XTS", "XUA", "YER", "ZAR", "ZMW", "ZWG", "ZWL",
];

/// Whether `text` is written as the code of a currency is: three capital letters.
pub fn is_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether `text` is the code of a currency.
pub fn is_currency(text: &str) -> bool {
    CODES.binary_search(&text).is_ok()
}

/// The code that `text` is in capital letters, or with its letters in another order.
pub fn meant_code(text: &str) -> Option<&'static str> {
    let letters = |code: &str| {
        let mut letters: Vec<u8> = code.bytes().map(|letter| letter.to_ascii_uppercase()).collect();
        letters.sort_unstable();
        letters
    };
    let text = text.trim();
    let same = CODES.iter().find(|code| code.eq_ignore_ascii_case(text));
    same.or_else(|| CODES.iter().find(|code| letters(code) == letters(text))).copied()
}

/// How many decimals the smallest unit of a currency has.
pub fn smallest_places(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_in_order_and_are_written_as_codes() {
        assert!(CODES.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(CODES.iter().all(|code| is_code(code)));
    }

    #[test]
    fn a_currency_is_one_of_the_codes_and_a_slip_is_told_from_a_word() {
        assert!(is_currency("USD") && is_currency("JPY"));
        assert!(!is_currency("UDS") && !is_currency("usd") && !is_currency("XXX"));
        assert_eq!(meant_code("usd"), Some("USD"));
        assert_eq!(meant_code("UDS"), Some("USD"));
        assert_eq!(meant_code("EUO"), None);
        assert_eq!(meant_code("points"), None);
    }
}

//! Currencies by their ISO 4217 codes.

/// Whether `text` is written as the code of a currency is: three capital letters.
pub fn is_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The code that `text` would be in capital letters.
pub fn meant_code(text: &str) -> Option<String> {
    let capitals = text.trim().to_ascii_uppercase();
    is_code(&capitals).then_some(capitals)
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

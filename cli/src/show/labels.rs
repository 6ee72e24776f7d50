//! The words around a rule: headings and labels, in the language of the reader.

use tierline_engine::describe::Kind;
use tierline_engine::rulebook::piece::Language;

/// What stands around a rule.
pub struct Labels {
    pub source: &'static str,
    pub note: &'static str,
    pub reads: &'static str,
    pub read_by: &'static str,
    /// Around the words of a document.
    pub quotes: (&'static str, &'static str),
}

/// The labels in `language`.
pub fn labels(language: Language) -> Labels {
    match language {
        Language::En => {
            Labels { source: "Source", note: "Note", reads: "Reads", read_by: "Read by", quotes: ("“", "”") }
        }
        Language::Ja => {
            Labels {
                source: "出典", note: "注記", reads: "参照先", read_by: "参照元", quotes: ("「", "」")
            }
        }
        Language::Fr => {
            Labels { source: "Source", note: "Note", reads: "Lit", read_by: "Lu par", quotes: ("« ", " »") }
        }
    }
}

/// A note in a line of its own.
pub fn noted(note: &str, language: Language) -> String {
    match language {
        Language::En => format!("Note: {note}"),
        Language::Ja => format!("注記: {note}"),
        Language::Fr => format!("Note : {note}"),
    }
}

/// The heading over things of a kind, in the singular.
pub fn kind(kind: Kind, language: Language) -> &'static str {
    let [en, ja, fr] = match kind {
        Kind::Rulebook => ["rulebook", "ルールブック", "règlement"],
        Kind::Ladder => ["ladder", "階層", "échelle"],
        Kind::Level => ["level", "レベル", "niveau"],
        Kind::Award => ["award", "ポイント付与", "attribution de points"],
        Kind::AwardRow => ["row of an award", "ポイント付与の行", "ligne d’attribution"],
        Kind::Credit => ["credit", "評価の付与", "attribution de résultats"],
        Kind::Ruling => ["ruling", "判定", "décision"],
        Kind::Obligation => ["obligation", "義務", "obligation"],
        Kind::Standing => ["standing", "ステータス", "statut"],
        Kind::Exception => ["exception", "例外", "exception"],
        Kind::Measure => ["measure", "指標", "mesure"],
        Kind::Parameter => ["parameter", "パラメーター", "paramètre"],
        Kind::Table => ["table", "表", "table"],
        Kind::Choice => ["choice", "選択肢", "choix"],
        Kind::Benefit => ["benefit", "特典", "avantage"],
        Kind::Record => ["record", "レコード", "enregistrement"],
        Kind::Script => ["script", "スクリプト", "script"],
        Kind::BuiltIn => ["name in every rulebook", "共通の名前", "nom de tout règlement"],
    };
    match language {
        Language::En => en,
        Language::Ja => ja,
        Language::Fr => fr,
    }
}

/// The heading over things of a kind, in the plural.
pub fn kinds(kind: Kind, language: Language) -> &'static str {
    let [en, ja, fr] = match kind {
        Kind::Rulebook => ["Rulebook", "ルールブック", "Règlement"],
        Kind::Ladder | Kind::Level => ["Ladders", "階層", "Échelles"],
        Kind::Award | Kind::AwardRow => ["Awards", "ポイント付与", "Attributions de points"],
        Kind::Credit => ["Credits", "評価の付与", "Attributions de résultats"],
        Kind::Ruling => ["Rulings", "判定", "Décisions"],
        Kind::Obligation => ["Obligations", "義務", "Obligations"],
        Kind::Standing => ["Standings", "ステータス", "Statuts"],
        Kind::Exception => ["Exceptions", "例外", "Exceptions"],
        Kind::Measure => ["Measures", "指標", "Mesures"],
        Kind::Parameter => ["Parameters", "パラメーター", "Paramètres"],
        Kind::Table => ["Tables", "表", "Tables"],
        Kind::Choice => ["Choices", "選択肢", "Choix"],
        Kind::Benefit => ["Benefits", "特典", "Avantages"],
        Kind::Record => ["Records", "レコード", "Enregistrements"],
        Kind::Script => ["Scripts", "スクリプト", "Scripts"],
        Kind::BuiltIn => ["Names in every rulebook", "共通の名前", "Noms de tout règlement"],
    };
    match language {
        Language::En => en,
        Language::Ja => ja,
        Language::Fr => fr,
    }
}

//! How the names are said that every rulebook has.

use crate::describe::message::messages;

messages! {
    POINTS: "All points that the awards give in the cycle, up to the as-of date, added up.", "サイクル内で基準日までに付与されたすべてのポイントの合計。", "Tous les points que donnent les attributions dans le cycle, jusqu’à la date demandée, additionnés.";
    NO_AWARDS: "The points that awards give, added up; this rulebook has no awards.", "付与されたポイントの合計。このルールブックにはポイント付与がない。", "Les points que donnent les attributions, additionnés ; ce règlement n’en a aucune.";
    STANDING: "The standing that a partner is in on the as-of date.", "基準日におけるパートナーのステータス。", "Le statut d’un partenaire à la date demandée.";
    NO_STANDINGS: "The standing that a partner is in; this rulebook has no standings.", "パートナーのステータス。このルールブックにはステータスがない。", "Le statut d’un partenaire ; ce règlement n’en a aucun.";
    NO_CYCLE: "The time in which points count; this rulebook has no cycle.", "ポイントを集計する期間。このルールブックにはサイクルがない。", "La période où les points comptent ; ce règlement n’en a aucune.";
}

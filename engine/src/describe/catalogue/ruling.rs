//! How rulings are said: what they require, what they give, how long they last.

use crate::describe::message::messages;

messages! {
    GRANTED: "granted", "承認", "accordé";
    REFUSED: "refused", "却下", "refusé";
    NEEDS_APPROVAL: "needs approval", "要承認", "à valider";

    OUTCOME_OF: "the outcome of “{0}”", "「{0}」の結果", "la décision « {0} »";
    RATE_OF: "the rate of “{0}”", "「{0}」の率", "le taux de « {0} »";
    AMOUNT_OF: "the amount of “{0}”", "「{0}」の額", "le montant de « {0} »";

    DATED: "Each is judged by the rules of its day: {0}.", "適用するルールを決める日付: {0}。", "Chaque cas relève des règles de sa date : {0}.";
    REQUIRES: "It requires:", "要件:", "Exige :";
    REQUIRES_NOTHING: "It requires nothing.", "要件はない。", "N’exige rien.";
    ASKS: "{0} must agree", "{0}の承認が必要", "accord nécessaire : {0}";
    EVERY: "all of these:", "次のすべて:", "tout ceci :";
    ANY: "one of these:", "次のいずれか:", "l’un de ceux-ci :";
    AT_LEAST: "at least {0} of these:", "次のうち{0}つ以上:", "au moins {0} parmi :";
    FOR_EACH: "{0}, for every {1}", "{1}ごとに{0}", "{0}, pour chaque « {1} »";
    GIVES: "It gives:", "内容:", "Donne :";
    GIVES_ALL: "It gives, added up:", "内容(合算):", "Donne, additionné :";
    PERCENT_OF: "{0} of {1}", "{1}の{0}", "{0} de {1}";
    PERCENT: "a rate of {0}", "率: {0}", "un taux de {0}";
    CAPPED: "{0}, at most {1}", "{0}(上限{1})", "{0}, au plus {1}";
    ROUNDED: "{0}, rounded: {1}", "{0}(端数処理: {1})", "{0}, arrondi : {1}";
    STARTS: "It is active from this date: {0}.", "有効になる日: {0}。", "Actif à partir de cette date : {0}.";
    LASTS: "It lasts {0} from then, the last day included.", "有効期間: その日から{0}(最終日を含む)。", "Dure {0} à compter de là, dernier jour compris.";
    EXTENDED: "A request made while it is active adds {0} ({1}).", "有効な間の申請({1})により{0}延長。", "Une demande faite tant qu’il est actif ajoute {0} ({1}).";
    EXTENDED_AT_MOST: "Requests that count: at most {0}.", "延長の上限回数: {0}。", "Demandes prises en compte : au plus {0}.";
    USED: "It is used on this date: {0}.", "使用日: {0}。", "Utilisé à cette date : {0}.";
    LIMIT: "At most {0} are granted, the first ones by date.", "承認は日付順に{0}件まで。", "Au plus {0} sont accordés, les premiers par date.";
    LIMIT_PER: "At most {0} are granted, counted apart for {1}, the first ones by date.", "{1}ごとに、承認は日付順に{0}件まで。", "Au plus {0} sont accordés, décomptés à part pour {1}, les premiers par date.";
    LIMIT_CYCLE: "They are counted over the cycle of each.", "それぞれのサイクル内で数える。", "Décompte sur le cycle de chacun.";
    LIMIT_LAST: "They are counted over the {0} up to each.", "それぞれの日までの{0}で数える。", "Décompte sur la période de {0} jusqu’à chacun.";
    LIMIT_SPAN: "They are counted over a span of days.", "一定の期間で数える。", "Décompte sur une période fixe.";
    ALL_RULINGS: "Rulings: {0}.", "判定: {0}。", "Décisions : {0}.";
}

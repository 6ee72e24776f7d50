//! How obligations, standings and exceptions are said.

use crate::describe::message::messages;

messages! {
    DUE_YEARLY: "Due once a year, on {0}.", "年1回、期限は{0}。", "À faire une fois par an, échéance : {0}.";
    DUE_QUARTERLY: "Due once a quarter, on {0}.", "四半期に1回、期限は{0}。", "À faire une fois par trimestre, échéance : {0}.";
    DUE_MONTHLY: "Due once a month, on {0}.", "月1回、期限は{0}。", "À faire une fois par mois, échéance : {0}.";
    FIRST: "No due date before this day counts: {0}.", "次の日より前の期限は対象外: {0}。", "Aucune échéance ne compte avant cette date : {0}.";
    WITHIN: "It may be done in the {0} up to the due date.", "期限までの{0}の間に行う。", "À faire dans la période de {0} qui finit à l’échéance.";
    OVERDUE: "From the day after the due date it is overdue, until every step is done.", "期限の翌日から、すべての手順が完了するまで期限超過。", "Dès le lendemain de l’échéance elle est en retard, jusqu’à ce que chaque étape soit faite.";
    GRACE: "It is overdue after {0} more than the due date, until every step is done.", "期限から{0}を過ぎると、すべての手順が完了するまで期限超過。", "Elle est en retard passé l’échéance plus ce délai : {0}, jusqu’à ce que chaque étape soit faite.";
    STEPS: "Every one of these steps must be done, each by a {0}:", "次の手順をすべて行う(それぞれ{0}による):", "Chacune de ces étapes est à faire, par un « {0} » :";

    IN_STANDING: "A partner is in it when {0}.", "該当する条件: {0}。", "Un partenaire a ce statut quand {0}.";
    MEANWHILE: "While it lasts:", "その間:", "Tant qu’il dure :";
    NO_EFFECT: "It changes nothing else.", "ほかには影響しない。", "Il ne change rien d’autre.";
    FROZEN: "points are frozen: what is dated in this time earns nothing, and the balance stays", "ポイントは凍結される(この間の日付のものは加算されず、残高は残る)", "les points sont gelés : ce qui est daté de cette période ne rapporte rien, et le solde reste";
    COUNTED: "points go on counting", "ポイントは引き続き加算される", "les points continuent de compter";
    NO_LEVEL: "no level is in force", "適用されるレベルはない", "aucun niveau n’est en vigueur";
    LEVELS_KEPT: "levels stay in force", "レベルは引き続き適用される", "les niveaux restent en vigueur";
    REVOKED: "benefits are revoked", "特典は取り消される", "les avantages sont retirés";
    BENEFITS_KEPT: "benefits are kept", "特典は維持される", "les avantages sont conservés";

    FROM_ON: "In force from {0}.", "{0}から有効。", "En vigueur à partir du {0}.";
    INSTEAD: "For them these values hold instead:", "次の値が代わりに適用される:", "Ces valeurs s’appliquent alors :";
    SET: "{0}: {1} (usually {2})", "{0}: {1}(通常は{2})", "{0} : {1} (sinon {2})";
    CELL: "{0}, {1}, {2}", "{0}「{1}」の{2}", "{0}, {1}, {2}";

    ALL_OBLIGATIONS: "Obligations: {0}.", "義務: {0}。", "Obligations : {0}.";
    ALL_STANDINGS: "Standings, of which the first that matches holds: {0}; for all others: {1}.", "ステータス(最初に該当するもの): {0}。それ以外: {1}。", "Statuts, dont le premier qui convient s’applique : {0} ; pour les autres : {1}.";
    ALL_EXCEPTIONS: "Exceptions for some partners: {0}.", "一部のパートナーに対する例外: {0}。", "Exceptions pour certains partenaires : {0}.";
}

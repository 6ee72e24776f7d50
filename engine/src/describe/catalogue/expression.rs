//! How expressions are said: values as nouns, conditions as clauses.

use crate::describe::message::messages;

messages! {
    // Names
    NAMED: "the {0}", "「{0}」", "« {0} »";
    NAMED_PLAIN: "{0}", "「{0}」", "« {0} »";
    QUOTED: "“{0}”", "「{0}」", "« {0} »";
    COUNT_NAMED: "the count “{0}”", "「{0}」", "« {0} »";
    FIELD: "the {0}", "{0}", "« {0} »";
    FULL_DATE_FIELD: "the {0} date", "{0}", "« {0} »";
    DATE_FIELD: "the date {0}", "{0}", "« {0} »";
    OWN_FIELD: "{0}’s {1}", "{0} の {1}", "« {1} » de {0}";
    OWN_DATE: "{0}’s {1} date", "{0} の {1}", "« {1} » de {0}";
    RECORD: "the {0}", "{0}", "« {0} »";
    OF: "{0} of {1}", "{1} の{0}", "{0} de {1}";
    VALUED: "{0} ({1})", "{0}({1})", "{0} ({1})";
    KEYED: "{0} for {1}", "{1} に応じた{0}", "{0} selon {1}";
    POINTS: "the point total of the cycle", "サイクルの合計ポイント", "le total de points du cycle";
    POINTS_OF: "the points from “{0}”", "「{0}」のポイント", "les points de « {0} »";
    IN_FORCE: "{0} in force", "{0}(適用中)", "{0} en vigueur";
    STATE_OF: "the obligation “{0}”", "義務「{0}」", "l’obligation « {0} »";
    STANDING: "the standing", "ステータス", "le statut";
    EARNED: "{0} earned by the requirements alone", "{0}(要件だけで判定したもの)", "{0} acquis par les seuls critères";
    AS_OF: "the as-of date", "基準日", "la date d’évaluation";
    CYCLE_START: "the first day of the cycle", "サイクルの初日", "le premier jour du cycle";
    CYCLE_END: "the first day of the next cycle", "次のサイクルの初日", "le premier jour du cycle suivant";

    // Comparisons
    IS: "{0} is {1}", "{0}が{1}", "{0} est {1}";
    IS_NOT: "{0} is not {1}", "{0}が{1}でない", "{0} n’est pas {1}";
    AT_LEAST: "{0} is at least {1}", "{0}が{1}以上", "{0} est d’au moins {1}";
    AT_MOST: "{0} is at most {1}", "{0}が{1}以下", "{0} est d’au plus {1}";
    MORE: "{0} is more than {1}", "{0}が{1}より大きい", "{0} dépasse {1}";
    LESS: "{0} is less than {1}", "{0}が{1}未満", "{0} est de moins de {1}";
    LEVEL_AT_MOST: "{0} is {1} or lower", "{0}が{1}以下", "{0} est au plus {1}";
    LEVEL_AT_LEAST: "{0} is {1} or higher", "{0}が{1}以上", "{0} est au moins {1}";
    LEVEL_MORE: "{0} is higher than {1}", "{0}が{1}より上", "{0} dépasse {1}";
    LEVEL_LESS: "{0} is lower than {1}", "{0}が{1}より下", "{0} est en dessous de {1}";
    NO_EARLIER: "{0} is no earlier than {1}", "{0}が{1}以降", "{0} ne tombe pas avant {1}";
    NO_LATER: "{0} is no later than {1}", "{0}が{1}以前", "{0} ne tombe pas après {1}";
    AFTER: "{0} is after {1}", "{0}が{1}より後", "{0} tombe après {1}";
    BEFORE: "{0} is before {1}", "{0}が{1}より前", "{0} tombe avant {1}";

    // Conditions
    HOLDS: "{0} holds", "{0}が真", "{0} est vrai";
    HOLDS_NOT: "{0} does not hold", "{0}が偽", "{0} est faux";
    HOLDS_OF: "“{1}” holds for {0}", "{0} の {1} が真", "« {1} » de {0} est vrai";
    HOLDS_NOT_OF: "“{1}” does not hold for {0}", "{0} の {1} が偽", "« {1} » de {0} est faux";
    EXISTS: "{0} exists", "{0}がある", "{0} existe";
    EXISTS_NOT: "{0} does not exist", "{0}がない", "{0} n’existe pas";
    ONE_OF: "{0} is one of {1}", "{0}が{1}のいずれか", "{0} est l’un de {1}";
    NONE_OF: "{0} is none of {1}", "{0}が{1}のいずれでもない", "{0} n’est aucun de {1}";
    INCLUDES: "{0} include {1}", "{0}に{1}が含まれる", "{0} contient {1}";
    INCLUDES_NOT: "{0} do not include {1}", "{0}に{1}が含まれない", "{0} ne contient pas {1}";
    HAS_ANY: "{0} include at least one of {1}", "{0}に{1}のいずれかが含まれる", "{0} contient au moins un de {1}";
    HAS_ALL: "{0} include all of {1}", "{0}に{1}がすべて含まれる", "{0} contient chacun de {1}";
    HAS_SOME: "{0} include at least {2} of {1}", "{0}に{1}のうち{2}つ以上が含まれる", "{0} contient au moins {2} de {1}";
    THERE_IS: "there is a {0} for which {1}", "({1})に当てはまる{0}がある", "il y a un « {0} » pour lequel {1}";
    THERE_IS_NONE: "there is no {0} for which {1}", "({1})に当てはまる{0}がない", "il n’y a aucun « {0} » pour lequel {1}";
    THERE_IS_ANY: "there is a {0}", "{0}がある", "il y a un « {0} »";
    THERE_IS_NOT_ANY: "there is no {0}", "{0}がない", "il n’y a aucun « {0} »";
    FOR_EVERY: "for every {0}, {1}", "すべての{0}が({1})に当てはまる", "pour chaque « {0} », {1}";
    FOR_SOME: "for at least one {0}, {1}", "少なくとも1つの{0}が({1})に当てはまる", "pour au moins un « {0} », {1}";
    ANY_DAY: "on at least one day from {0} to {1}, {2}", "{0}から{1}までのいずれかの日に、{2}", "au moins un jour de la période (début : {0} ; fin : {1}), {2}";
    EVERY_DAY: "on every day from {0} to {1}, {2}", "{0}から{1}までの毎日、{2}", "chaque jour de la période (début : {0} ; fin : {1}), {2}";
    WHETHER: "whether {0}", "{0}かどうか", "le fait que {0}";
    ALWAYS: "always", "常に成立", "toujours";
    NEVER: "never", "決して成立しない", "jamais";

    // Values
    IF: "{1} if {0}, otherwise {2}", "({0})の場合は{1}、それ以外は{2}", "{1} si {0}, sinon {2}";
    EITHER: "{1} if {0}, otherwise {2}", "({0})の場合は{1}、それ以外は{2}", "{1} si {0}, sinon {2}";
    OR_IF_NONE: "{0} (or, if there is none, {1})", "{0}(なければ{1})", "{0} (à défaut, {1})";
    GROUP: "({0})", "({0})", "({0})";
    PLUS: "{0} plus {1}", "{0}+{1}", "{0} plus {1}";
    MINUS: "{0} minus {1}", "{0}−{1}", "{0} moins {1}";
    TIMES: "{0} times {1}", "{0}×{1}", "{0} fois {1}";
    OVER: "{0} divided by {1}", "{0}÷{1}", "{0} divisé par {1}";
    PERCENT_OF: "{0} of {1}", "{1}の{0}", "{0} de {1}";
    NEGATIVE: "minus {0}", "−{0}", "moins {0}";
    DATE_PLUS: "{0} plus {1}", "{0}に{1}を足した日", "{0} plus {1}";
    DATE_MINUS: "{0} minus {1}", "{0}から{1}を引いた日", "{0} moins {1}";
    SMALLEST: "the smallest of {0}", "{0}のうち最小のもの", "le plus petit de {0}";
    GREATEST: "the greatest of {0}", "{0}のうち最大のもの", "le plus grand de {0}";
    EARLIEST: "the earliest of {0}", "{0}のうち最も早い日", "la date la plus proche parmi {0}";
    LATEST: "the latest of {0}", "{0}のうち最も遅い日", "la date la plus tardive parmi {0}";
    EARLIER: "the earlier of (a) {0} and (b) {1}", "(a) {0} と (b) {1} のうち早い方", "la première de ces dates : (a) {0} ; (b) {1}";
    LATER: "the later of (a) {0} and (b) {1}", "(a) {0} と (b) {1} のうち遅い方", "la dernière de ces dates : (a) {0} ; (b) {1}";
    LOWEST: "the lowest of {0}", "{0}のうち最も下のもの", "le plus bas de {0}";
    HIGHEST: "the highest of {0}", "{0}のうち最も上のもの", "le plus élevé de {0}";
    ABSOLUTE: "{0} without its sign", "{0}の絶対値", "{0} en valeur absolue";
    FLOOR: "{0} rounded down to a whole number", "{0}を整数に切り捨てた値", "{0} arrondi à l’entier inférieur";
    CEIL: "{0} rounded up to a whole number", "{0}を整数に切り上げた値", "{0} arrondi à l’entier supérieur";
    ROUND: "{0} rounded to {1} decimals", "{0}を小数第{1}位に丸めた値", "{0} arrondi à la décimale {1}";
    ROUND_TO: "{0} brought to a whole number ({1})", "{0}を整数にした値({1})", "{0} ramené à l’entier ({1})";
    DAYS: "{0} days", "{0}日", "{0} jours";
    MONTHS: "{0} months", "{0}か月", "{0} mois";
    YEARS: "{0} years", "{0}年", "{0} ans";
    DAYS_BETWEEN: "the number of days from {0} to {1}", "{0}から{1}までの日数", "le nombre de jours entre {0} et {1}";
    MONTHS_BETWEEN: "the number of whole months from {0} to {1}", "{0}から{1}までの満月数", "le nombre de mois entiers entre {0} et {1}";
    MONTH_START: "the first day of the month of {0}", "{0}の月の初日", "le premier jour du mois ({0})";
    MONTH_END: "the last day of the month of {0}", "{0}の月の末日", "le dernier jour du mois ({0})";
    ANNIVERSARY_CYCLE: "the anniversary in the cycle of {0}", "{0}のサイクル内の応当日", "l’anniversaire dans le cycle ({0})";
    ANNIVERSARY_YEAR: "the anniversary in the year of the as-of date of {0}", "{0}の基準日の年における応当日", "l’anniversaire dans l’année de la date d’évaluation ({0})";
    MARGINAL: "each part of {0} at the value of its own band of {1}, added up", "{0}の各部分にそれぞれの帯の{1}を適用した合計", "chaque part de {0} à la valeur de sa tranche de {1}, additionnée";
    SIZE: "the size of {0}", "{0}の個数", "le nombre d’éléments de {0}";
    OVERLAP: "what {0} and {1} share", "{0}と{1}の共通部分", "ce que {0} et {1} ont en commun";
    HOW_MANY: "how many of these hold: {0}", "次のうち成立する数: {0}", "combien de ces conditions sont remplies : {0}";
    NUMBER_OF: "the number of {0}", "{0}の数", "le nombre de « {0} »";
    NUMBER_WHERE: "the number of {0} for which {1}", "({1})に当てはまる{0}の数", "le nombre de « {0} » pour lesquels {1}";
    SUM_OVER: "the sum of {1} over the {0}", "{0}の{1}の合計", "la somme de {1} sur les « {0} »";
    SUM_WHERE: "the sum of {1} over the {0} for which {2}", "({2})に当てはまる{0}の{1}の合計", "la somme de {1} sur les « {0} » pour lesquels {2}";
    SCRIPT: "the result of the script “{0}” for {1}", "スクリプト「{0}」の結果({1})", "le résultat du script « {0} » pour {1}";
    SCRIPT_ALONE: "the result of the script “{0}”", "スクリプト「{0}」の結果", "le résultat du script « {0} »";
    AS_IT_WAS: "{1} as it was on {0}", "{0}時点の{1}", "{1} (situation à cette date : {0})";
}

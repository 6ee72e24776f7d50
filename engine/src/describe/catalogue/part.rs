//! The small words: lists, units, dates, types, and what absence means.

use crate::describe::message::messages;

messages! {
    LIST_TWO_AND: "{0} and {1}", "{0}、{1}", "{0} et {1}";
    LIST_TWO_OR: "{0} or {1}", "{0}または{1}", "{0} ou {1}";
    CLAUSE_AND: "{0} and {1}", "{0}、かつ{1}", "{0} et {1}";
    CLAUSE_OR: "{0} or {1}", "{0}、または{1}", "{0} ou {1}";
    COMMA: ", ", "、", ", ";
    ITEM: "{0}: {1}", "{0}: {1}", "{0} : {1}";
    NONE: "none", "なし", "aucun";
    UNSPECIFIED: "not specified by the guide", "ガイドに記載なし", "non précisé par le guide";
    YES: "yes", "はい", "oui";
    NO: "no", "いいえ", "non";
    EMPTY: "nothing", "空", "vide";

    DAY_ONE: "{0} day", "{0}日", "{0} jour";
    DAY_MANY: "{0} days", "{0}日", "{0} jours";
    MONTH_ONE: "{0} month", "{0}か月", "{0} mois";
    MONTH_MANY: "{0} months", "{0}か月", "{0} mois";
    YEAR_ONE: "{0} year", "{0}年", "{0} an";
    YEAR_MANY: "{0} years", "{0}年", "{0} ans";
    DATE: "{0} {1} {2}", "{2}年{1}月{0}日", "{0} {1} {2}";
    DAY_OF_YEAR: "{0} {1}", "{1}月{0}日", "{0} {1}";
    PERCENT: "{0}%", "{0}%", "{0} %";
    AMOUNT: "{0} {1}", "{0} {1}", "{0} {1}";

    // Settings
    FLOOR: "rounded down", "切り捨て", "arrondi à l’inférieur";
    CEIL: "rounded up", "切り上げ", "arrondi au supérieur";
    HALF_UP: "to the nearest, halves up", "四捨五入", "au plus proche, demi vers le haut";
    HALF_EVEN: "to the nearest, halves to even", "最近接偶数への丸め", "au plus proche, demi au pair";
    PRORATE: "pro rata", "按分", "au prorata";
    IMMEDIATELY: "at once", "直ちに", "immédiatement";
    AT_CYCLE_END: "at the end of the cycle", "サイクルの終わりに", "à la fin du cycle";
    AT_CYCLE_START: "on the first day of a cycle", "サイクルの初日に", "au premier jour d’un cycle";
    QUARTERLY: "on the first day of each quarter", "各四半期の初日に", "au premier jour de chaque trimestre";
    MONTHLY: "on the first day of each month", "毎月1日に", "au premier jour de chaque mois";
    TO_EARNED: "to the level that is still earned", "なお満たしているレベルまで", "jusqu’au niveau encore obtenu";
    ONE_LEVEL: "by one level", "1段階", "d’un niveau";
    DUE: "due", "期限前", "à faire";
    DONE: "done", "完了", "faite";
    OVERDUE: "overdue", "期限超過", "en retard";
    AFFILIATED: "affiliated", "関連 (affiliated)", "affilié";
    ON_DAYS: "every year on {0}", "毎年{0}に", "chaque année le {0}";
    MOST_POINTS: "the module in which it earns most", "最も多くのポイントになるモジュール", "le module où il rapporte le plus";
    FIRST_MODULE: "the first of its modules", "最初のモジュール", "le premier de ses modules";
    PER_CYCLE: "everything in the cycle together", "サイクル内の合計", "tout le cycle ensemble";
    PER_RECORD: "each record for itself", "1件ごと", "chaque enregistrement séparément";

    // Types
    TYPE_FLAG: "yes or no", "はい・いいえ", "oui ou non";
    TYPE_COUNT: "a whole number", "整数", "un nombre entier";
    TYPE_NUMBER: "a number", "数", "un nombre";
    TYPE_MONEY: "an amount of money", "金額", "un montant";
    TYPE_PERCENT: "a percentage", "百分率", "un pourcentage";
    TYPE_DATE: "a date", "日付", "une date";
    TYPE_DURATION: "a length of time", "期間", "une durée";
    TYPE_TEXT: "text", "テキスト", "un texte";
    TYPE_ID: "text that names the record", "レコードを識別するテキスト", "le texte qui identifie l’enregistrement";
    TYPE_WORD: "one of {0}", "{0}のいずれか", "l’un de {0}";
    TYPE_LEVEL: "a level of {0}", "{0}のレベル", "un niveau de {0}";
    TYPE_REFERENCE: "the id of a {0}", "{0}のID", "l’identifiant d’un « {0} »";
    TYPE_ROW: "a row of {0}", "{0}の行", "une ligne de « {0} »";
    TYPE_INSIDE: "a {0} inside the record", "レコード内の{0}", "un « {0} » dans l’enregistrement";
    TYPE_SET: "several values, each {0}", "複数の値(それぞれ{0})", "plusieurs valeurs, chacune {0}";
    ABSENT_UNKNOWN: "absent: not known", "未記入: 不明", "absent : inconnu";
    ABSENT_NONE: "absent: none", "未記入: なし", "absent : aucun";
    ABSENT_IS: "absent: {0}", "未記入: {0}", "absent : {0}";
}

//! How rules are said: what is counted, paid, required, and when.

use crate::describe::message::messages;

messages! {
    // Frame
    IN_FORCE_FROM: "In force from {0}, until the next version starts.", "{0}から次の版の開始まで有効。", "En vigueur à partir du {0}, jusqu’à la version suivante.";
    IN_FORCE_SPAN: "In force from {0} until the day before {1}.", "{0}から{1}の前日まで有効。", "En vigueur du {0} à la veille du {1}.";
    IN_FORCE_UNTIL: "In force until the day before {0}.", "{0}の前日まで有効。", "En vigueur jusqu’à la veille du {0}.";
    IN_FORCE_ALWAYS: "In force from the beginning, until the next version starts.", "最初から次の版の開始まで有効。", "En vigueur depuis le début, jusqu’à la version suivante.";
    BINDS: "It binds each partner from its own day: {0}, or the next anniversary of that. Until then the version before does.", "各パートナーには、そのパートナー自身の日({0}、過ぎていれば次の応当日)から適用する。それまでは前の版を適用する。", "Elle lie chaque partenaire à partir de son propre jour : {0}, ou le prochain anniversaire de cette date. Jusque-là, la version précédente s’applique.";
    STATUS_DRAFT: "A draft.", "下書き。", "Un brouillon.";
    STATUS_PUBLISHED: "Published.", "公開済み。", "Publié.";
    STATUS_RETIRED: "Retired.", "廃止済み。", "Retiré.";
    CURRENCY: "Amounts without a currency are in {0}.", "通貨の指定がない金額は{0}。", "Les montants sans devise sont en {0}.";
    PROVISIONAL: "Provisional: {0}", "暫定: {0}", "Provisoire : {0}";
    CYCLE_DAY: "Points run over a cycle that starts every year on {0} and lasts {1}.", "ポイントのサイクルは毎年{0}に始まり、期間は{1}。", "Les points courent sur un cycle qui commence chaque année le {0} et dure {1}.";
    CYCLE_ANNIVERSARY: "Points run over a cycle that starts on each anniversary of {0} and lasts {1}.", "ポイントのサイクルは{0}の応当日に始まり、期間は{1}。", "Les points courent sur un cycle qui commence à chaque anniversaire ({0}) et dure {1}.";
    CYCLE_FIRST: "The first cycle starts on {0}.", "最初のサイクルの開始: {0}。", "Le premier cycle commence ainsi : {0}.";
    MODULES: "Modules: {0}.", "モジュール: {0}。", "Modules : {0}.";
    EARN_ONCE: "A record that fits several modules earns once, in {0}.", "複数のモジュールに当てはまる記録は一度だけポイントになる: {0}。", "Ce qui relève de plusieurs modules ne rapporte qu’une fois : {0}.";
    NOT_SPECIFIED: "The guide does not say: {0}", "ガイドに記載なし: {0}", "Le guide ne précise pas : {0}";
    RATE: "1 {0} is {1}", "1 {0} = {1}", "1 {0} vaut {1}";
    RATE_FROM: "1 {0} is {1} from {2}", "1 {0} = {1}({2}から)", "1 {0} vaut {1} à partir du {2}";
    FROM_ON: "From {0}: {1}", "{0}から: {1}", "À partir du {0} : {1}";

    // Measures
    EACH: "One value for every {0}.", "{0}ごとに1つの値。", "Une valeur pour chaque « {0} ».";
    EACH_ANSWER: "One answer for every {0}.", "{0}ごとに1つの結果。", "Une réponse pour chaque « {0} ».";
    VALUE: "It is {0}.", "値: {0}。", "Valeur : {0}.";
    CONDITION: "It holds when {0}.", "成立する条件: {0}。", "Vrai quand {0}.";
    COUNTS: "The number of {0}.", "{0}の数。", "Le nombre de « {0} ».";
    SUMS: "The sum of {1} over the {0}.", "{0}の{1}の合計。", "La somme de {1} sur les « {0} ».";
    LEAST: "The least of {1} among the {0}.", "{0}のうち最小の{1}。", "La plus petite valeur de {1} parmi les « {0} ».";
    MOST: "The greatest of {1} among the {0}.", "{0}のうち最大の{1}。", "La plus grande valeur de {1} parmi les « {0} ».";
    MIDDLE: "The median of {1} over the {0}.", "{0}の{1}の中央値。", "La médiane de {1} sur les « {0} ».";
    LAST: "The value of {1} from the latest of the {0}.", "最後の{0}の{1}の値。", "La valeur de {1} pour le dernier des « {0} ».";
    HOLDS_FOR_ANY: "It holds when, for at least one of the {0}, {1}.", "{0}の少なくとも1つが({1})に当てはまれば成立。", "Vrai quand, pour au moins un des « {0} », {1}.";
    HOLDS_FOR_ALL: "It holds when, for every one of the {0}, {1}.", "{0}のすべてが({1})に当てはまれば成立。", "Vrai quand, pour chacun des « {0} », {1}.";
    COLLECTS: "The different values of {1} among the {0}.", "{0}の{1}の異なる値すべて。", "Les valeurs distinctes de {1} parmi les « {0} ».";
    INSIDE: "Only the {0} of that {1}.", "その{1}の{0}だけ。", "Seulement les « {0} » de ce « {1} ».";
    WHERE: "Only where {0}.", "条件: {0}。", "Condition : {0}.";
    ONCE_PER: "Those with the same {0} count once.", "同じ{0}のものは1回だけ数える。", "Ceux qui ont en commun {0} comptent une seule fois.";
    ONCE_PER_SETTING: "Those with the same {0} count once ({1}).", "同じ{0}のものは1回だけ数える({1})。", "Ceux qui ont en commun {0} comptent une seule fois ({1}).";
    IN_CYCLE: "Only those of the cycle, by {0}.", "サイクル内のものだけ(基準: {0})。", "Seulement ceux du cycle, d’après {0}.";
    IN_PREVIOUS: "Only those of the previous cycle, by {0}.", "前のサイクルのものだけ(基準: {0})。", "Seulement ceux du cycle précédent, d’après {0}.";
    IN_LAST: "Only those of the last {1} up to the as-of date, by {0}.", "基準日までの{1}のものだけ(基準: {0})。", "Seulement ceux de la période de {1} qui finit à la date d’évaluation, d’après {0}.";
    FROM: "Only from {1} on, by {0}.", "{1}以降のものだけ(基準: {0})。", "Seulement à partir de : {1}, d’après {0}.";
    UNTIL: "Only before {1}, by {0}.", "{1}より前のものだけ(基準: {0})。", "Seulement avant : {1}, d’après {0}.";
    ITS_DATE: "its date", "その日付", "sa date";
    EMPTY: "When there are none, it is {0}.", "1件もなければ{0}。", "S’il n’y en a aucun : {0}.";
    IN_MODULE: "Earns in the module {0}: only where {1}.", "モジュール「{0}」で獲得(条件: {1})。", "Rapporte dans le module « {0} » (condition : {1}).";
    RUNNING: "Up to and with each {0}, by date, then by the order of the list.", "各{0}までの累計(日付順、同日はリスト順)。", "Jusqu’à chaque « {0} » inclus, par date puis dans l’ordre de la liste.";
    RANKED: "The place among all partners by {0}, the greatest first.", "全パートナー中の順位(基準: {0}、大きい順)。", "Le rang parmi tous les partenaires d’après {0}, du plus grand au plus petit.";
    RANKED_AMONG: "Only those with the same {0} are compared.", "{0}が同じパートナーの間で比べる。", "Seuls ceux qui ont en commun {0} sont comparés.";
    RANK_TOLD: "Those that are equal share the better place. It is a fact, or follows from a whole file of partners.", "同値は上位の順位を共有する。順位はファクトで渡すか、全パートナーのファイルから求める。", "Les ex æquo partagent le meilleur rang. Le rang est un fait, ou résulte d’un fichier de tous les partenaires.";
    ROW_WHERE: "{0}: where {1}", "{0}: {1}", "{0} : {1}";

    // Awards
    PAYS_EACH: "Points for each of the {0}.", "{0} 1件ごとにポイント。", "Des points pour chacun des « {0} ».";
    PAYS_EACH_BLOCK: "Points for every {1} {0}, the number of such blocks {2}.", "{0} {1}件ごとにポイント(単位数は{2})。", "Des points par lot de {1} « {0} », nombre de lots {2}.";
    PAYS_UNIT: "Points for each unit of {0}, {1}.", "{0}の1単位ごとにポイント({1})。", "Des points par unité de {0}, {1}.";
    PAYS_BLOCK_FULL: "Points for each full block of {0} of {1}, {2}.", "{1}について、{0}に達するごとにポイント({2}、端数は切り捨て)。", "Des points par tranche pleine de {0} de {1}, {2}.";
    PAYS_BLOCK_BEGUN: "Points for each block of {0}, full or begun, of {1}, {2}.", "{1}について、{0}ごとにポイント({2}、端数は切り上げ)。", "Des points par tranche, pleine ou entamée, de {0} de {1}, {2}.";
    PAYS_BLOCK_RATA: "Points for each block of {0} of {1}, a part of a block pro rata, {2}.", "{1}について、{0}ごとにポイント({2}、端数は按分)。", "Des points par tranche de {0} de {1}, au prorata pour une tranche entamée, {2}.";
    PAYS_BLOCK_ROUNDED: "Points for each block of {0} of {1}, the number of blocks {3}, {2}.", "{1}について、{0}ごとにポイント({2}、単位数は{3})。", "Des points par tranche de {0} de {1}, nombre de tranches {3}, {2}.";
    OVER_CYCLE: "of all {0} of the cycle together", "サイクル内の{0}を合計", "tous les « {0} » du cycle ensemble";
    OVER_RECORD: "of each of the {0} by itself", "{0}1件ごとに計算", "chacun des « {0} » séparément";
    OVER_UNKNOWN: "over a scope that the guide does not specify", "集計範囲はガイドに記載なし", "sur une base que le guide ne précise pas";
    ROUNDING_UNKNOWN: "rounded in a way that the guide does not specify", "丸め方はガイドに記載なし", "avec un arrondi que le guide ne précise pas";
    ROW_PAYS: "{0}: {1}, where {2}", "{0}: {1}(条件: {2})", "{0} : {1} (condition : {2})";
    ROW_PAYS_ALL: "{0}: {1}", "{0}: {1}", "{0} : {1}";
    POINTS_ONE: "{0} point", "{0}ポイント", "{0} point";
    POINTS_MANY: "{0} points", "{0}ポイント", "{0} points";
    SENTENCE: "{0}.", "{0}。", "{0}.";
    CATEGORY: "Category: {0}.", "カテゴリー: {0}。", "Catégorie : {0}.";
    AT_MOST: "Each row earns at most {0} points.", "各行の上限は{0}ポイント。", "Chaque ligne rapporte au plus {0} points.";
    PART_OF: "Part of “{0}”:", "「{0}」の一部:", "Fait partie de « {0} » :";

    // Credits
    EACH_CREDITED: "For every {0}:", "{0}ごとに:", "Pour chaque « {0} » :";
    CREDITS: "Credits {0} with {1}.", "{0}に{1}を評価として付与する。", "Attribue à {0} : {1}.";
    CREDITS_ALONE: "It goes to {0}.", "対象: {0}。", "Revient à {0}.";
    CREDITS_ABOUT: "Each line is about {0}, and is by itself.", "各行の主題: {0}(それぞれ別々に扱う)。", "Chaque ligne porte sur {0}, séparément.";
    CREDITS_NEED: "To be credited it takes:", "評価の条件:", "Pour en bénéficier, il faut :";
    SHARE_FULL: "Each of them is credited with the whole.", "各パートナーに全量を付与する。", "Chacun reçoit la totalité.";
    SHARE_SPLIT: "They share it equally.", "均等に分ける。", "Ils se le partagent à parts égales.";
    SHARE_UNKNOWN: "How several of them share it, the guide does not specify.", "複数の場合の分け方はガイドに記載なし。", "Le guide ne précise pas comment plusieurs se le partagent.";
    CREDIT_ROW: "{0}: {1}", "{0}: {1}", "{0} : {1}";
    CREDIT_ROW_ALL: "{0}", "{0}", "{0}";

    // Ladders
    LEVELS: "Levels, lowest first: {0}.", "レベル(低い順): {0}。", "Niveaux, du plus bas au plus haut : {0}.";
    EARNED_HIGHEST: "A partner earns the highest level all of whose requirements hold.", "要件をすべて満たす最も高いレベルを獲得する。", "Un partenaire obtient le niveau le plus élevé dont tous les critères sont remplis.";
    EARNED_BUILDING: "A partner earns the highest level all of whose requirements hold, those of every lower level too.", "要件を(下位レベルのものも含めて)すべて満たす最も高いレベルを獲得する。", "Un partenaire obtient le niveau le plus élevé dont tous les critères sont remplis, ceux des niveaux inférieurs aussi.";
    BELOW: "A partner that meets no level: {0}.", "どのレベルも満たさない場合: {0}。", "Si aucun niveau n’est atteint : {0}.";
    UP: "A level that is earned comes into force {0}.", "獲得したレベルの適用: {0}。", "Un niveau obtenu prend effet : {0}.";
    DOWN: "A level that is no longer earned is lost {0}.", "満たさなくなったレベルの喪失: {0}。", "Un niveau qui n’est plus obtenu est perdu : {0}.";
    FALLS: "How far it falls at once: {0}.", "一度に下がる幅: {0}。", "Ampleur de la baisse : {0}.";
    NOTE: "Note: {0}", "注記: {0}", "Note : {0}";
    CARRIED: "The level brought along is {0}.", "引き継ぐレベル: {0}。", "Le niveau d’entrée : {0}.";
    ASSIGNED: "The vendor says the level: {0}.", "レベルはベンダーが指定: {0}。", "Le fournisseur fixe le niveau : {0}.";
    LEVEL: "{0} requires:", "{0}の要件:", "{0} exige :";
    LEVEL_VIA: "{0}, by way of “{1}”, requires:", "{0}(「{1}」による場合)の要件:", "{0}, par la voie « {1} », exige :";
    LEVEL_FREE: "{0} requires nothing.", "{0}に要件はない。", "{0} n’exige rien.";
    EVERY_LEVEL: "Every level requires:", "すべてのレベルに共通の要件:", "Chaque niveau exige :";
    NEEDS_POINTS: "at least {0} points in the cycle", "サイクルで{0}ポイント以上", "au moins {0} points dans le cycle";
    NEEDS: "{0}: at least {1}", "{0}: {1}以上", "{0} : au moins {1}";
    NEEDS_UNSPECIFIED: "{0}: not specified by the guide", "{0}: ガイドに記載なし", "{0} : non précisé par le guide";
    NEEDS_NONE: "{0}: no minimum", "{0}: 下限なし", "{0} : pas de minimum";
    APPLIES: "Only for those for whom {0}.", "対象の条件: {0}。", "Pour ceux qui remplissent cette condition : {0}.";
    ONLY_IF: "{0} (only if {1})", "{0}(条件: {1})", "{0} (seulement si {1})";
    UNLESS: "{0} (waived if {1})", "{0}(免除の条件: {1})", "{0} (dispense si {1})";
    SINCE: "{0} (from {1} on)", "{0}({1}から)", "{0} (à partir du {1})";
    BEFORE: "{0} (until the day before {1})", "{0}({1}の前日まで)", "{0} (jusqu’à la veille du {1})";
    OTHERWISE: "If not: {0}", "満たさない場合: {0}", "Sinon : {0}";

    // Parameters and tables
    IS: "It is {0}.", "値: {0}。", "Valeur : {0}.";
    BAND_BELOW: "below {0}", "{0}未満", "moins de {0}";
    BAND_UP_TO: "up to {0}", "{0}まで", "jusqu’à {0}";
    BAND_BEFORE: "before {0}", "{0}より前", "avant le {0}";
    BAND_THROUGH: "through {0}", "{0}まで", "jusqu’au {0} inclus";
    BAND_AFTER: "after that", "それより後", "ensuite";
    BAND_OPEN: "above that", "それより上", "au-delà";
    READING_IN_USE: "Reading in use: {0}", "採用している解釈: {0}", "Lecture retenue : {0}";
    READING_OTHER: "Other reading: {0}", "別の解釈: {0}", "Autre lecture : {0}";
    WORDS: "One of {0}.", "{0}のいずれか。", "L’un de {0}.";
    ROWS: "{0} rows.", "{0}行。", "{0} lignes.";

    // Records, benefits, scripts
    RECORD_LIST: "A list, “{0}” in the facts.", "ファクトのリスト「{0}」。", "Une liste, « {0} » dans les faits.";
    RECORD_ONE: "One record, “{0}” in the facts.", "ファクトの単一レコード「{0}」。", "Un enregistrement unique, « {0} » dans les faits.";
    RECORD_INSIDE: "It lives inside each {0}.", "各{0}の中にある。", "Il se trouve dans chaque « {0} ».";
    RECORD_DATE: "It happened on its {0}.", "発生日: {0}。", "Il a eu lieu à la date « {0} ».";
    LIST_ABSENT_NONE: "Without the list there are none.", "リストがなければ0件。", "Sans la liste, il n’y en a aucun.";
    LIST_ABSENT_UNKNOWN: "Without the list it is not known whether there are any.", "リストがなければ有無は不明。", "Sans la liste, on ne sait pas s’il y en a.";
    BENEFIT_FREE: "It requires nothing.", "要件はない。", "N’exige rien.";
    BENEFIT_NEEDS: "It requires:", "要件:", "Exige :";
    SCRIPT_TAKES: "A function of {0}.", "引数: {0}。", "Une fonction de {0}.";
    SCRIPT_GIVES: "It gives {0}; its text is in {1}.", "結果: {0}(本文: {1})。", "Elle donne {0} ; son texte est dans {1}.";
}

//! How rulings are said: what they require, what they give, how long they last.

use crate::describe::message::messages;

messages! {
    OUTCOME_OF: "the outcome of “{0}”", "「{0}」の結果", "la décision « {0} »";
    RATE_OF: "the rate of “{0}”", "「{0}」の率", "le taux de « {0} »";
    AMOUNT_OF: "the amount of “{0}”", "「{0}」の額", "le montant de « {0} »";
}

//! The JSON Schema of what a decision writes by hand; the rest is derived from its types.

use super::RequirementAnswer;
use super::{Answer, BenefitAnswer, Change, CreditAnswer, Deadline, IsoDate, LadderAnswer, LadderAnswers, Named};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

impl JsonSchema for IsoDate {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "A day, such as `2024-12-31`", "type": "string", "format": "date" })
    }
}

impl JsonSchema for Answer<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Answer".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let bound =
            json_schema!({ "description": "A count as a number, an amount as text", "type": ["integer", "string"] });
        json_schema!({
            "description": "A value: a count is a number; an amount, a rate, points, a day, a level and a text are text; null does not exist, or is not determined where `state` says so; an object holds the bounds of what is not known exactly; a set is a list",
            "anyOf": [
                { "type": ["null", "boolean", "integer", "string"] },
                {
                    "type": "object",
                    "properties": { "at_least": bound, "at_most": bound },
                    "additionalProperties": false,
                },
                { "type": "array", "items": { "type": ["null", "boolean", "integer", "string"] } },
            ],
        })
    }
}

impl<T: JsonSchema> JsonSchema for Named<'_, T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Named_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<T>() })
    }
}

impl JsonSchema for LadderAnswers<'_> {
    fn schema_name() -> Cow<'static, str> {
        "LadderAnswers".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<LadderAnswer<'_>>();
        json_schema!({
            "description": "One answer, or one for each of something, by name",
            "anyOf": [one, { "type": "object", "additionalProperties": one }],
        })
    }
}

impl JsonSchema for BenefitAnswer<'_> {
    fn schema_name() -> Cow<'static, str> {
        "BenefitAnswer".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A benefit and whether the subject has it; beside `id` and `state`, what the rulebook says of it",
            "type": "object",
            "properties": {
                "id": { "description": "The benefit", "type": "string" },
                "state": { "description": "`met`, `not_met`, `undetermined`", "type": "string" },
            },
            "required": ["id", "state"],
            "additionalProperties": { "type": "string" },
        })
    }
}

impl JsonSchema for Deadline<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Deadline".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A day on which the answer will change",
            "type": "object",
            "properties": {
                "on": generator.subschema_for::<IsoDate>(),
                "rule": { "description": "The rule", "type": "string" },
                "subject": { "description": "The record", "type": "string" },
                "effect": { "description": "What happens, in a sentence", "type": "string" },
                "changes": { "description": "What changes", "type": "array", "items": generator.subschema_for::<Change<'_>>() },
            },
            "required": ["on", "rule", "effect"],
        })
    }
}

impl JsonSchema for CreditAnswer<'_> {
    fn schema_name() -> Cow<'static, str> {
        "CreditAnswer".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let answer = generator.subschema_for::<Answer<'_>>();
        let reasons = generator.subschema_for::<RequirementAnswer<'_>>();
        json_schema!({
            "description": "What one partner is credited with; beside these keys, what it is for, as the rulebook names it",
            "type": "object",
            "properties": {
                "rule": { "description": "The rule and its row", "type": "string" },
                "subject": { "description": "What it is about, where the rule says so; null where that is not known", "type": ["string", "null"] },
                "partner": answer,
                "value": answer,
                "state": { "description": "`undetermined` where it is not certain", "type": "string" },
                "reasons": { "description": "How what it takes came out, where the partner is not credited", "type": "array", "items": reasons },
                "facts": { "description": "The records that name the partner", "type": "array", "items": { "type": "string" } },
            },
            "required": ["rule", "partner", "facts"],
            "additionalProperties": answer,
        })
    }
}

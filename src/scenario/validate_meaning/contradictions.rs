//! Rules whose constraints exclude each other, so that they match nothing in any run.

use super::Checker;
use crate::scenario::kind::Kind;
use crate::scenario::schema::{self, ChoiceOf};
use crate::scenario::source::Path;
use crate::scenario::{Rule, diagnostic::list};

impl Checker<'_> {
    /// Reports a rule that can never match; `checked` has its constraints as masks.
    pub(super) fn contradictions(&mut self, path: &Path, rule: &schema::RuleEntry, checked: &Rule) {
        let non_users = checked.non_users && !checked.users;
        let (acts, suffers) = (checked.actor && !checked.counterparty, checked.counterparty && !checked.actor);
        // Kinds that name nobody but their actor, if the rule is about such alone.
        let alone: Vec<&str> = rule
            .kinds
            .iter()
            .flatten()
            .filter_map(|id| Kind::from_id(id))
            .map(|k| if k.has_counterparty() { "" } else { k.id() })
            .collect();
        let alone = if alone.contains(&"") { &[] } else { &alone[..] };
        let never = "the rule never matches";
        if non_users && matches!(checked.choice, Some((_, ChoiceOf::Subject | ChoiceOf::Both))) {
            let help =
                "take `choice` out, or write choice_of = \"actor\": the choice of whoever shares the address book";
            self.error(&path.key("choice"), format!("{never}: a non-user has no choice"), "of non-users", help.into());
            self.hint("who never joined was never asked: neither `objects` nor `agrees` matches them");
        }
        if non_users && acts {
            let help = "write roles = [\"counterparty\"], or take `roles` out";
            self.error(&path.key("roles"), format!("{never}: a non-user never acts"), "of non-users", help.into());
            self.hint("data about people who never joined come from the address books of others");
        } else if non_users && !alone.is_empty() {
            let help = "name kinds that concern others, such as \"contact_sync\", or take `kinds` out";
            let message = format!("{never}: events of kind {} are about their actor alone, a user", list(alone, "and"));
            self.error(&path.key("kinds"), message, "nobody else is concerned", help.into());
        }
        if suffers && !alone.is_empty() {
            let message = format!("{never}: events of kind {} have no counterparty", list(alone, "and"));
            let help = "write roles = [\"actor\"], or take `roles` out";
            self.error(&path.key("roles"), message, "nobody else is concerned", help.into());
        }
        let (of_subject, of_actor) = (checked.jurisdictions, checked.actor_jurisdictions);
        if acts && of_subject != 0 && of_actor != 0 && of_subject & of_actor == 0 {
            let help = "take one of the two lists out, or write roles = [\"counterparty\"]";
            let message = format!("{never}: the subject is the one who acts, and can't be in two places");
            self.error(&path.key("actor_jurisdictions"), message, "none of `jurisdictions`", help.into());
        }
    }
}

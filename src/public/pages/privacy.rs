//! What is stored about people, whom to ask, and for how long: for reading, and for the wall.

use maud::html;

use crate::public::frame::{Content, View};

/// What the page says, in its order: heading and text.
const PARTS: [(&str, &str); 5] = [
    ("privacyWhat", "privacyWhatText"),
    ("privacyPublic", "privacyPublicText"),
    ("privacyWho", "privacyWhoText"),
    ("privacyWhere", "privacyWhereText"),
    ("privacyRights", "privacyRightsText"),
];

pub fn draw(view: &View) -> Content {
    let t = view.t;
    let organiser = view.site.name.as_deref().unwrap_or(t.get("privacyOrganiser"));
    let main = html! {
        div.hello { h1 { (t.get("privacy")) } p.soft { (t.fill("privacyText", &[("name", organiser)])) } }
        @for (heading, text) in PARTS {
            section.block { h2 { (t.get(heading)) } p.pad { (t.get(text)) } }
        }
        section.block {
            h2 { (t.get("privacyLong")) }
            p.pad { @match view.site.keep_contacts_days {
                Some(days) => (t.fill("privacyDaysText", &[("days", &days.to_string())])),
                None => (t.get("privacyLongText")),
            } }
        }
        section.block {
            h2 { (t.get("privacyAsk")) }
            p.pad {
                @match &view.site.name {
                    Some(name) => (t.fill("privacyAskText", &[("name", name)])),
                    None => (t.get("privacyAskDesk")),
                }
            }
            @if let Some(contact) = &view.site.privacy_contact { p.pad { b { (contact) } } }
        }
    };
    Content::new(t.get("privacy"), main)
}

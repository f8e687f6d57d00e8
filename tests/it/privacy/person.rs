//! What is stored about a person, for the person; and the page that tells everybody.

use athsys::auth::policy::Role;
use serde_json::json;

use super::{NAME, meet_of, rows};
use crate::support::TestServer;

#[tokio::test]
async fn a_person_gets_everything_that_is_stored() {
    let server = TestServer::demo().await;
    let [athlete, ..] = meet_of(&server).await;
    let file = "name,country,bib_number,club\r\nZebedee Quuxmarker,KEN,Q777,Other Club\r\n";
    let import = server.upload("/api/admin/import/athletes-csv?on_duplicate=update", "club.csv", file);
    import.by(&server.admin().await).await.is(200);
    server.put("/api/admin/users/6", &json!({"athleteIds": [athlete]})).by(&server.admin().await).await.is(200);
    let registrar = server.token(Role::Registrar).await;
    let sheet = server.get(&format!("/api/athletes/{athlete}/personal-data")).by(&registrar).await;
    assert_eq!(sheet.is(200).body["athlete"]["dateOfBirth"], "2011-07-23");
    assert_eq!(rows(&sheet, "registrations")[0]["eventName"], "600m");
    assert_eq!(rows(&sheet, "results")[0]["timeSeconds"], 101.25);
    assert_eq!(rows(&sheet, "imports")[0]["fileName"], "club.csv");
    assert_eq!(rows(&sheet, "coaches"), &[json!("Sarah Whitfield")]);
    let done: Vec<_> = rows(&sheet, "history").iter().map(|change| change["action"].clone()).collect();
    assert_eq!(done, ["import", "create"]);
    let told = server.audit(&format!("action=export&entity=athlete/{athlete}")).await;
    assert_eq!((told.len(), &told[0]["details"]["personalData"]), (1, &json!(true)));
    assert!(!told[0].to_string().contains(NAME));
}

/// Athletes get their own sheet, nobody else's, and others below a registrar none.
#[tokio::test]
async fn athletes_get_their_own_sheet_alone() {
    let server = TestServer::demo().await;
    let athlete = server.token(Role::Athlete).await;
    let own = server.get("/api/athletes/1/personal-data").by(&athlete).await;
    assert_eq!(own.is(200).body["athlete"]["email"], "john@athsys.com");
    server.get("/api/athletes/2/personal-data").by(&athlete).await.refused(404, "not-found");
    for role in [Role::Coach, Role::Official, Role::Starter, Role::Viewer] {
        let sheet = server.get("/api/athletes/1/personal-data").by(&server.token(role).await).await;
        sheet.refused(403, "forbidden");
    }
}

/// The page for the poster: who stores what, whom to ask, how long; in every language, linked from every page.
#[tokio::test]
async fn everybody_can_read_what_is_stored_and_whom_to_ask() {
    let server = TestServer::demo().await;
    let admin = server.admin().await;
    let settings = json!({"organisationName": "Kisumu AC", "privacyContact": "office@kisumu.example, +254 700 1", "keepContactsDays": 90});
    server.put("/api/admin/settings", &settings).by(&admin).await.is(200);
    for (language, words) in [
        ("en", "What we store about you"),
        ("fr", "Ce que nous enregistrons"),
        ("es", "Qué guardamos sobre usted"),
        ("sw", "Tunachohifadhi kukuhusu"),
    ] {
        let page = server.get(&format!("/privacy?lang={language}")).await;
        for part in [words, "Kisumu AC", "office@kisumu.example, +254 700 1", "90"] {
            assert!(page.is(200).text.contains(part), "{language} lacks {part}: {}", page.text);
        }
    }
    server.put("/api/admin/settings", &json!({"keepContactsDays": 0, "privacyContact": ""})).by(&admin).await.is(200);
    let page = server.get("/privacy?lang=en").await;
    assert!(!page.is(200).text.contains("90 days") && !page.text.contains("office@"), "{}", page.text);
    for path in ["/", "/races/1", "/events/1", "/athletes/1", "/find"] {
        assert!(server.get(path).await.text.contains("href=\"/privacy\""), "{path}");
    }
}

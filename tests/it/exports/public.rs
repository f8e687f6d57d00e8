//! Who gets which rows and columns by the `/export` of each entity.

use athsys::auth::policy::Role;

use super::book::Book;
use crate::access::no_private_data;
use crate::support::TestServer;

#[tokio::test]
async fn no_format_shows_the_public_how_to_reach_somebody() {
    let server = TestServer::shared();
    for entity in ["athletes", "races", "events", "results"] {
        for role in [None, Some(Role::Viewer), Some(Role::Coach), Some(Role::Official)] {
            let token = match role {
                Some(role) => Some(server.token(role).await),
                None => None,
            };
            for format in ["csv", "json", "ndjson"] {
                let call = server.get(&format!("/api/{entity}/export?format={format}"));
                let answer = match &token {
                    Some(token) => call.by(token).await,
                    None => call.await,
                };
                no_private_data(answer.is(200));
            }
            let path = format!("/api/{entity}/export?format=xlsx");
            let book = Book::get(&server, &path, token.as_deref(), entity).await;
            for private in ["john@athsys.com", "700 000 001", "1998-04-12", "2003", "date_of_birth", "email", "coach"] {
                assert!(!book.text().contains(private), "{private} is in {entity}");
            }
            assert!(!book.rows().is_empty(), "{entity}");
        }
    }
}

#[tokio::test]
async fn registrations_go_out_to_those_who_may_read_them() {
    let server = TestServer::shared();
    let path = "/api/registrations/export";
    server.get(path).await.refused(401, "authentication-required");
    server.get(path).by(&server.token(Role::Viewer).await).await.refused(403, "forbidden");
    for role in [Role::Admin, Role::ChiefRegistrar, Role::Registrar] {
        let answer = server.get(path).by(&server.token(role).await).await;
        assert!(answer.is(200).text.contains(",date_of_birth,") && answer.text.contains(",1998-04-12,"), "{role:?}");
    }
    for (role, own) in [
        (Role::Official, &["1", "2", "3", "4", "5", "6"][..]),
        (Role::Starter, &["1", "2", "3", "4", "5", "6"]),
        (Role::Coach, &["1", "3", "6"]),
        (Role::Athlete, &["1", "6"]),
    ] {
        let token = server.token(role).await;
        let answer = server.get(path).by(&token).await;
        no_private_data(answer.is(200));
        let ids: Vec<&str> = answer.text.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        assert_eq!(ids, own, "{role:?}");
        let lines = server.get(&format!("{path}?format=ndjson")).by(&token).await;
        assert_eq!(lines.is(200).text.lines().count(), own.len(), "{role:?}");
        let book = Book::get(&server, &format!("{path}?format=xlsx"), Some(&token), "registrations").await;
        assert_eq!(book.rows().len(), own.len(), "{role:?}");
        assert!(!book.text().contains("1998-04-12"), "{role:?}");
        let foreign = server.get(&format!("{path}?athleteId=3")).by(&token).await;
        assert_eq!(foreign.text.lines().count() - 1, usize::from(own.len() == 6), "{role:?}");
    }
}

#[tokio::test]
async fn accounts_go_out_to_administrators_alone() {
    let server = TestServer::shared();
    for format in ["csv", "json", "ndjson", "xlsx"] {
        let path = format!("/api/admin/export/users-{format}");
        server.get(&path).await.refused(401, "authentication-required");
        // Who manages accounts sees them page by page.
        server.get(&path).by(&server.token(Role::ChiefRegistrar).await).await.refused(403, "forbidden");
    }
    let admin = server.admin().await;
    for format in ["csv", "json", "ndjson"] {
        let answer = server.get(&format!("/api/admin/export/users-{format}")).by(&admin).await;
        assert!(answer.is(200).text.contains("admin@athsys.com"), "{}", answer.text);
        for secret in ["argon2", "password", "hash", "token"] {
            assert!(!answer.text.to_lowercase().contains(secret), "{secret} is in {}", answer.text);
        }
    }
}

//! What every request and every answer has in common.

use athsys::auth::policy::Role;

use crate::support::TestServer;

#[tokio::test]
async fn a_request_id_of_the_caller_comes_back() {
    let server = TestServer::shared();
    let answer = server.get("/api/athletes").header("x-request-id", "finish-17").await;
    assert_eq!(answer.header("x-request-id"), "finish-17");
    assert_eq!(answer.body["meta"]["request_id"], "finish-17");
    let token = server.token(Role::Official).await;
    server.get("/api/auth/me").by(&token).await.is(200);
}

#[tokio::test]
async fn restart_keeps_rows() {
    let server = TestServer::start().await;
    let id = server.add_athlete("Jane Okoye", "7").await;
    let server = server.restart().await;
    server.get(&format!("/api/athletes/{id}")).await.is(200);
}

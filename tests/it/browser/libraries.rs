//! The two client libraries, as scripts and consoles use them.

use serde_json::{Value, json};

use super::window::{Window, quoted};
use crate::support::TestServer;

const SHEET: &str = r#""name,country,gender\nJane Kipchoge,KEN,F\nAlice Smith,USA,F""#;

#[tokio::test]
async fn a_script_without_a_token_reads_the_health_of_the_demo_server() {
    let server = TestServer::demo().await;
    let answer = server.get("/api/admin/database/health").await;
    answer.is(200);
    let health = &answer.body["health_check"];
    assert_eq!((&health["status"], &health["connected"]), (&json!("healthy"), &json!(true)));
    for (table, count) in [("users", 7), ("athletes", 5), ("races", 3)] {
        assert_eq!(
            (&health["tables"][table], &health["record_counts"][table]),
            (&json!(true), &json!(count)),
            "{table}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_imports_a_list_of_athletes_once() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin-pro.html").await;
    let import = format!("new DataImportExportService().importAthletesCsv({SHEET})");
    let first: Value = window.js(&import).await;
    assert_eq!((&first["imported"], &first["failed"]), (&json!(2), &json!(0)), "{first}");
    let second: Value = window.js(&import).await;
    let counts = ["status", "imported", "unchanged", "failed"].map(|name| &second[name]);
    assert_eq!(counts, [&json!("success"), &json!(0), &json!(2), &json!(0)], "{second}");
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 7);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_exports_files_and_looks_after_the_database() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin-pro.html").await;
    let text: String = window.js("new DataImportExportService().exportAthletesCsv()").await;
    assert!(text.starts_with("id,name,country,gender,email,phone,club,coach,bib_number,date_of_birth\r\n"), "{text}");
    let (name, content) = window.downloaded().await;
    assert!(is_dated(&name, "athletes_", ".csv"), "{name}");
    assert_eq!(content, text);
    let data: Value = window.js("new DataImportExportService().exportAllJson().then((all) => all.data)").await;
    let counts = ["users", "athletes", "races", "events", "registrations", "results"]
        .map(|name| data[name].as_array().map_or(0, Vec::len));
    assert_eq!(counts, [7, 5, 3, 9, 6, 3]);
    assert!(window.downloaded().await.0.ends_with(".json"));
    let health: Value = window.js("new DataImportExportService().checkDatabaseHealth()").await;
    assert_eq!((&health["health_check"]["status"], &health["status"]), (&json!("healthy"), &json!("healthy")));
    window.close().await;
}

/// `athletes_20260222_123456.csv`
fn is_dated(name: &str, start: &str, end: &str) -> bool {
    let stamp = name.strip_prefix(start).and_then(|rest| rest.strip_suffix(end)).unwrap_or_default();
    let digits = |text: &str, n: usize| text.len() == n && text.bytes().all(|byte| byte.is_ascii_digit());
    stamp.split_once('_').is_some_and(|(day, time)| digits(day, 8) && digits(time, 6))
}

/// Every name that api.md promises, with a call of it.
const API_CALLS: &str = r"
    const api = new AthSysAPI();
    const id = {};
    const calls = {
      setTokens: () => api.setTokens(localStorage.authToken, localStorage.refreshToken),
      request: () => api.request('/api/info'),
      get: () => api.get('/api/version'),
      post: () => api.post('/api/admin/sync/status'),
      put: () => api.put('/api/events/1', { maxParticipants: 40 }),
      delete: () => api.delete('/api/registrations/6'),
      getDashboardStats: () => api.getDashboardStats(),
      getRaces: () => api.getRaces(1, { status: 'ongoing' }),
      getRaceById: () => api.getRaceById(1),
      createRace: async () => { id.race = (await api.createRace({ name: 'New', date: '2026-09-01', location: 'Here' })).race.id; },
      updateRace: () => api.updateRace(id.race, { location: 'There' }),
      deleteRace: () => api.deleteRace(id.race),
      bulkDeleteRaces: () => api.bulkDeleteRaces([id.race]),
      exportRaces: () => api.exportRaces('json'),
      getAthletes: () => api.getAthletes({ page: 1, sort: '-name' }),
      getAthleteById: () => api.getAthleteById(1),
      createAthlete: async () => { id.athlete = (await api.createAthlete({ name: 'New One', country: 'KEN' })).athlete.id; },
      updateAthlete: () => api.updateAthlete(id.athlete, { coach: 'Someone' }),
      createResult: async () => { id.result = (await api.createResult({ athleteId: id.athlete, eventId: 2, timeSeconds: 12.1 })).result.id; },
      updateResult: () => api.updateResult(id.result, { position: 3 }),
      getResults: () => api.getResults(),
      getResultById: () => api.getResultById(id.result),
      deleteResult: () => api.deleteResult(id.result),
      bulkDeleteResults: () => api.bulkDeleteResults([id.result]),
      exportResults: () => api.exportResults('csv'),
      deleteAthlete: () => api.deleteAthlete(id.athlete),
      bulkDeleteAthletes: () => api.bulkDeleteAthletes([id.athlete]),
      exportAthletes: () => api.exportAthletes('csv'),
      getUsers: () => api.getUsers(),
      getUserById: () => api.getUserById(1),
      createUser: async () => { id.user = (await api.createUser({ name: 'New', email: 'new@example.org', role: 'viewer' })).user.id; },
      updateUser: () => api.updateUser(id.user, { name: 'Newer' }),
      resetUserPassword: () => api.resetUserPassword(id.user),
      deleteUser: () => api.deleteUser(id.user),
      bulkDeleteUsers: () => api.bulkDeleteUsers([id.user]),
      getAuditLogs: () => api.getAuditLogs({ action: 'create' }),
      getSystemStatus: () => api.getSystemStatus(),
      getSystemHealth: () => api.getSystemHealth(),
      backupDatabase: () => api.backupDatabase(),
      getBackups: () => api.getBackups(),
      search: () => api.search('kamau'),
      // The last one: it signs everybody out.
      restoreDatabase: async () => api.restoreDatabase((await api.getBackups()).backups[0].id),
      clearTokens: () => new AthSysAPI('', localStorage.authToken).clearTokens(),
    };";

const SERVICE_CALLS: &str = r"
    const service = new DataImportExportService();
    const file = (text) => new File([text], 'a.json');
    const form = new FormData();
    form.append('file', new File(['name,country\nAda,KEN'], 'a.csv'));
    const seen = [];
    const calls = {
      checkDatabaseHealth: () => service.checkDatabaseHealth(),
      validateDatabase: () => service.validateDatabase(),
      initializeDatabase: () => service.initializeDatabase(),
      importAthletesCsv: () => service.importAthletesCsv('name,country\nOne New,KEN', (progress) => seen.push(progress.phase)),
      importRacesJson: () => service.importRacesJson({ races: [{ name: 'R', date: '2026-09-02', location: 'X' }] }, () => {}),
      importBulkJson: () => service.importBulkJson({ athletes: [{ name: 'Two New', country: 'UGA' }] }, () => {}),
      importFile: () => service.importFile('events', new File(['race,name,gender\nR,100m,F'], 'events.tsv')),
      previewFile: () => service.previewFile('events', new File(['race,name,gender\nR,100m,F'], 'events.csv')),
      exportAthletesCsv: () => service.exportAthletesCsv(),
      exportRacesCsv: () => service.exportRacesCsv(),
      exportAllJson: () => service.exportAllJson(),
      exportFile: () => service.exportFile('events', 'csv'),
      getAthletesImportTemplate: () => service.getAthletesImportTemplate(),
      getRacesImportTemplate: () => service.getRacesImportTemplate(),
      getBulkImportTemplate: () => service.getBulkImportTemplate(),
      getSyncStatus: () => service.getSyncStatus(),
      csvToJson: () => service.csvToJson('a\n1'),
      jsonToCsv: () => service.jsonToCsv([{ a: 1 }], ['a']),
      validateAthleteData: () => service.validateAthleteData({}),
      validateRaceData: () => service.validateRaceData({}),
      isValidEmail: () => service.isValidEmail('a@b.org'),
      readFileAsText: () => service.readFileAsText(file('text')),
      readFileAsJson: () => service.readFileAsJson(file('[1]')),
      sendForm: () => service.sendForm('/api/admin/import/athletes-csv/preview', form, { size: 20 }),
      downloadFile: () => service.downloadFile(new Blob(['x']), 'x.txt'),
    };";

/// Makes every call and tells which failed, which asked for what is not there, and which method nobody calls.
const CALL_ALL: &str = r"
    const failed = {};
    for (const [name, call] of Object.entries(calls)) {
      try { await call(); } catch (error) { failed[name] = `${error.status} ${error.message}`; }
    }
    return { called: Object.keys(calls), failed };";

#[tokio::test(flavor = "multi_thread")]
async fn every_method_of_the_api_client_finds_its_route() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let outcome: Value = window.js(&format!("(async () => {{ {API_CALLS} {CALL_ALL} }})()")).await;
    assert_eq!(outcome["failed"], json!({}));
    assert_eq!(
        uncalled(&window, "AthSysAPI", &outcome).await,
        [
            // Inside, or other ways to do what is called above.
            "token", "headers", "send", "renew", "prepare", "attempt", "export"
        ]
    );
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_method_of_the_import_and_export_service_finds_its_route() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let outcome: Value = window
        .js(&format!("(async () => {{ {SERVICE_CALLS} {} }})()", CALL_ALL.replace("{ called", "{ seen, called")))
        .await;
    assert_eq!(outcome["failed"], json!({}));
    let inside = uncalled(&window, "DataImportExportService", &outcome).await;
    assert!(inside.iter().all(|name| name.starts_with('_') || name == "token" || name == "headers"), "{inside:?}");
    // Not only at the end; an import may be over before anybody asks how far it is.
    let mut phases: Vec<&str> = outcome["seen"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let last = phases.pop();
    assert_eq!((phases.first(), last), (Some(&"uploading"), Some("done")), "{phases:?}");
    assert!(phases.iter().any(|phase| ["waiting", "importing"].contains(phase)), "{phases:?}");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_told_during_the_import_and_not_only_at_its_end() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let script = "(async () => {
        const seen = [];
        const rows = Array.from({ length: 10_000 }, (_, i) => `Runner ${i},KEN,B${i}`);
        const csv = `name,country,bib_number\\n${rows.join('\\n')}`;
        const report = await new DataImportExportService().importAthletesCsv(csv, (progress) => seen.push(progress));
        return { seen, report };
    })()";
    let outcome: Value = window.js(script).await;
    let seen = outcome["seen"].as_array().unwrap();
    let counts: Vec<u64> = seen.iter().filter_map(|one| one["imported"].as_u64()).collect();
    assert!(counts.is_sorted(), "{counts:?}");
    let mut between: Vec<u64> = counts.iter().copied().filter(|count| (1..10_000).contains(count)).collect();
    between.dedup();
    assert!(between.len() >= 2, "{counts:?}");
    // The last word is the report's.
    let last = seen.last().unwrap();
    assert_eq!((&last["phase"], &last["imported"], &last["total"]), (&json!("done"), &json!(10_000), &json!(10_000)));
    let report = &outcome["report"];
    assert_eq!((&report["status"], &report["imported"]), (&json!("success"), &json!(10_000)));
    assert_eq!(report["imported_ids"].as_array().map(Vec::len), Some(10_000));
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_watched_fails_as_one_that_is_waited_for() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.sign_in_as_admin("/admin").await;
    let admin = server.admin().await;
    for (csv, mode) in [("no,table\n1,2\n", "partial"), ("name,country\nA,KEN\nB,QQQ\n", "atomic")] {
        let path = format!("/api/admin/import/athletes-csv?mode={mode}");
        let waited_for = server.upload(&path, "athletes.csv", csv).by(&admin).await;
        let call = format!(
            "new DataImportExportService().importAthletesCsv({}, () => {{}}, {{ mode: '{mode}' }}).then(() => null,
                ({{ status, code, message, body }}) => ({{ status, code, message, details: body.error_details ?? null }}))",
            quoted(csv)
        );
        let watched: Value = window.js(&call).await;
        assert_eq!(watched["status"], waited_for.status, "{watched}");
        assert_eq!(watched["code"], waited_for.body["code"], "{watched}");
        let message = |value: &Value| value.as_str().unwrap().trim_start_matches("\u{274c} ").to_owned();
        assert_eq!(message(&watched["message"]), message(&waited_for.body["message"]), "{watched}");
        assert_eq!(watched["details"], waited_for.body["error_details"], "{watched}");
    }
    assert_eq!(server.number("SELECT count(*) FROM athletes").await, 5);
    window.close().await;
}

/// Members of the class that the calls leave out.
async fn uncalled(window: &Window, class: &str, outcome: &Value) -> Vec<String> {
    let members: Vec<String> = window.js(&format!("Object.getOwnPropertyNames({class}.prototype)")).await;
    let called: Vec<&str> = outcome["called"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for name in &called {
        assert!(members.iter().any(|member| member == name), "{class} has no {name}");
    }
    members.into_iter().filter(|name| name != "constructor" && !called.contains(&name.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn csv_survives_the_way_there_and_back() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.go("/admin").await;
    let hard = json!([
        {"name": "Smith, \"Al\"", "note": "two\r\nlines", "empty": "", "n": "0"},
        {"name": "O'Neil", "note": "\"", "empty": " spaces ", "n": "false"},
        {"name": "Łukasz Þór", "note": ",", "empty": "", "n": "1;2\t3"},
        {"name": "", "note": "\n", "empty": "", "n": ""},
    ]);
    let back: Value = window
        .js(&format!(
            "(() => {{ const s = new DataImportExportService(); return s.csvToJson(s.jsonToCsv({hard})); }})()"
        ))
        .await;
    assert_eq!(back, hard);
    let one_column: Value = window
        .js("(() => { const s = new DataImportExportService(); return s.csvToJson(s.jsonToCsv([{ a: '' }, { a: 'x' }])); })()")
        .await;
    assert_eq!(one_column, json!([{"a": ""}, {"a": "x"}]));
    let zero_and_false: String =
        window.js("new DataImportExportService().jsonToCsv([{ a: 0, b: false, c: null }], ['a', 'b', 'c'])").await;
    assert_eq!(zero_and_false, "a,b,c\r\n0,false,\r\n");
    let marked: Value =
        window.js(r"new DataImportExportService().csvToJson('\uFEFFname,country\r\nA,KEN\n\nB,UGA')").await;
    assert_eq!(marked, json!([{"name": "A", "country": "KEN"}, {"name": "B", "country": "UGA"}]));
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_validators_say_what_is_missing() {
    let server = TestServer::demo().await;
    let Some(window) = Window::open(&server).await else { return };
    window.go("/admin").await;
    let say = async |method: &str, row: Value| -> Vec<String> {
        window.js(&format!("new DataImportExportService().{method}({row})")).await
    };
    assert_eq!(say("validateAthleteData", json!({})).await, ["Name is required", "Country is required"]);
    let wrong = json!({"name": "A", "country": "KEN", "email": "no at sign"});
    assert_eq!(say("validateAthleteData", wrong).await, ["Invalid email format"]);
    let right = json!({"name": "A", "country": "KEN", "email": "a@b.org"});
    assert_eq!(say("validateAthleteData", right).await, Vec::<String>::new());
    assert_eq!(
        say("validateRaceData", json!({})).await,
        ["Name is required", "Date is required", "Location is required"]
    );
    let impossible = json!({"name": "A", "date": "2026-02-30", "location": "X"});
    assert_eq!(say("validateRaceData", impossible).await, ["Invalid date format"]);
    window.close().await;
}

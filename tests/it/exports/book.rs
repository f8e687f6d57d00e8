//! A downloaded workbook as rows of cells.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::is_stamped;
use crate::support::TestServer;

/// The sheets of a workbook in their order, each with its headings as first row.
pub struct Book {
    pub sheets: Vec<(String, Vec<Vec<Data>>)>,
    /// As it was sent.
    pub bytes: Vec<u8>,
}

impl Book {
    /// Downloads a workbook whose name starts with `entity`.
    pub async fn get(server: &TestServer, path: &str, token: Option<&str>, entity: &str) -> Book {
        let request = server.client.get(server.url(path)).header("accept-encoding", "gzip");
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
        assert!(is_stamped(&header("content-disposition"), entity, "xlsx"), "{}", header("content-disposition"));
        assert_eq!(answer.headers().get("content-encoding"), None, "it is compressed inside");
        Book::read(answer.bytes().await.unwrap().to_vec())
    }

    pub fn read(bytes: Vec<u8>) -> Book {
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
        let sheets = workbook.sheet_names().into_iter().map(|name| {
            let range = workbook.worksheet_range(&name).unwrap();
            (name, range.rows().map(<[Data]>::to_vec).collect())
        });
        Book { sheets: sheets.collect(), bytes }
    }

    /// The only sheet's rows below its headings.
    #[track_caller]
    pub fn rows(&self) -> &[Vec<Data>] {
        assert_eq!(self.sheets.len(), 1);
        &self.sheets[0].1[1..]
    }

    /// The only sheet's headings, with commas between them.
    #[track_caller]
    pub fn header(&self) -> String {
        assert_eq!(self.sheets.len(), 1);
        header(&self.sheets[0].1)
    }

    /// Every text of every sheet, for somebody who looks for what must not be there.
    pub fn text(&self) -> String {
        let cells = self.sheets.iter().flat_map(|(_, rows)| rows.iter().flatten());
        cells.map(|cell| format!("{cell}\n")).collect()
    }
}

/// The first row of a sheet, with commas between the cells.
pub fn header(rows: &[Vec<Data>]) -> String {
    rows[0].iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

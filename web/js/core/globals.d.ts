/** The two client libraries are classic scripts; integrations reach the app's state as `window.athsys`. */
interface Window {
  AthSysAPI: any;
  DataImportExportService: any;
  athsys: any;
}

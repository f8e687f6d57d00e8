/** Only what `js/core/html.js` needs: the tag function before it is bound to a node factory. */
declare const htm: (strings: TemplateStringsArray, ...values: unknown[]) => unknown;
export default htm;

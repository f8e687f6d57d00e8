// @ts-check

/** @type {Record<string, string>} */
const OTHER_NAME = { '127.0.0.1': 'localhost', localhost: '127.0.0.1' };

/**
 * Where the demo beside this server is found. Browsers keep cookies by the name of a computer, whatever the port: on the laptop
 * itself the demo goes by its other name, so that signing in there ends no session here.
 *
 * @param {number} port
 */
export const demoAddress = (port) => `http://${OTHER_NAME[location.hostname] ?? location.hostname}:${port}/admin`;

/** The account of a demo that may do everything. Its password stands in the documentation. */
export const DEMO_ADMIN = { email: 'admin@athsys.com', password: 'Admin@123' };

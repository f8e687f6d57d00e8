// @ts-check

/** Under such a name nobody else reaches the server, and nobody else can listen either. */
export const isLoopback = () => /^(localhost|127\.|\[::1\])/.test(location.hostname);

/** Whether others on the network could read what is typed here. */
export const isPlain = () => location.protocol === 'http:' && !isLoopback();
